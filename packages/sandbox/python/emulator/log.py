"""The server's log: one JSON object a line, without a value of anyone's data and without a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import warnings
from pathlib import Path

LITERALS = re.compile(r"'(?:[^'\\]|\\.|'')*'|\$\$.*?\$\$", re.DOTALL)
SHOWN_CHARACTERS = 400


def open_log(file: Path | None) -> logging.Logger:
    """The log of this process, appended to a file or else on stderr."""
    handler = logging.FileHandler(file) if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logger = logging.getLogger("emulator")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO)
    # Both write statements, with all their literals, to stderr.
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore")
    return logger


def redacted(statement: str) -> str:
    """A statement without its literals: keys, tokens and data stand in those."""
    return re.sub(r"\s+", " ", LITERALS.sub("'…'", statement)).strip()[:SHOWN_CHARACTERS]


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "time": f"{stamp}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
        }
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False)
