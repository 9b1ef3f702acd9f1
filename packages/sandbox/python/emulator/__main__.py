"""python -m emulator: serve until SIGTERM or SIGINT, then leave whole database files behind."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

import duckdb
import uvicorn

from emulator.copy_into import ParquetCopy
from emulator.key_pairs import KeyRing
from emulator.log import open_log
from emulator.rewrites.dialect import adapt_dialects
from emulator.server import Server
from emulator.stage_files import StageFiles
from emulator.warehouse import Warehouse

DRAIN_SECONDS = 5


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the database files")
    parser.add_argument("--user", action="append", default=[], metavar="NAME=FILE", help="public key; twice to rotate")
    parser.add_argument("--database", action="append", default=[], help="a database to make if it is missing")
    parser.add_argument("--s3-endpoint", help="address of S3; this and the credentials else from AWS_… variables")
    parser.add_argument("--memory-limit", default="1GB", help="what DuckDB may hold before it spills to disk")
    parser.add_argument("--threads", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument(
        "--abandoned-after", type=float, default=10, metavar="SECONDS", help="silence of a dead session"
    )
    parser.add_argument("--log-file", type=Path)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Serve; returns the exit code."""
    options = parse_arguments(arguments)
    log = open_log(options.log_file)
    try:
        key_ring = KeyRing(options.user)
        warehouse = Warehouse(
            folder=options.data,
            databases=[name.upper() for name in options.database],
            memory_limit=options.memory_limit,
            threads=options.threads,
        )
    except (ValueError, OSError, duckdb.Error) as error:
        log.error("cannot start: %s", error)
        print(f"cannot start: {error}", file=sys.stderr)
        return 1
    adapt_dialects()
    ParquetCopy(files=StageFiles(options.s3_endpoint), folder=options.data).install()
    server = Server(warehouse, key_ring, log, options.abandoned_after)
    # uvicorn raises the signal that ended it once more; an orderly end is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.run(
        server.app(),
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
