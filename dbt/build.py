"""Runs dbt as a step of the platform: what became of each node on stdout, logs on stderr, an exit code to act on.

    python dbt/build.py [build|test] [--run-id R] [--date DAY] [--select WORDS] [--exclude-unit-tests] [--full-refresh]

stdout holds one JSON line a node as it ends, and the whole result as its last line. Exit codes: 0 all passed, 1 a
retry may help (the warehouse was not reached, the run was stopped), 2 a retry cannot help (a model or test failed, a
setting is missing). Settings come from the environment, see README.md; what dbt writes goes under TMPDIR unless
DBT_TARGET_PATH says where.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult

PROJECT = Path(__file__).resolve().parent

# dbt's words for how a node ended, in the four that its readers need.
PASSED = frozenset({"success", "pass", "no-op"})
WARNED = frozenset({"warn"})
SKIPPED = frozenset({"skipped"})

# Snowflake answers these to a login that is wrong and stays wrong: user or password, key, role, network policy.
REFUSED_LOGIN = re.compile(
    r"\b3901\d\d\b|\b390422\b|JWT token is invalid|Incorrect username or password", re.IGNORECASE
)
# 2500xx: the driver did not reach the account, or lost it. As the driver writes it, `250001 (08001): ` or `250001: `: a
# test that failed tells how many rows it found, and that number may be any.
LOST_CONNECTION = re.compile(r"\b2500\d\d(?: \(\w+\))?: |Connection (refused|reset|aborted)", re.IGNORECASE)


def exit_code_of_message(message: str, *, otherwise: int) -> int:
    """The exit code that an error of the warehouse asks for; `otherwise` when the words tell of no connection."""
    if REFUSED_LOGIN.search(message):
        return 2
    if LOST_CONNECTION.search(message):
        return 1
    return otherwise


def exit_code_of_exception(exception: BaseException) -> int:
    """The exit code of what kept dbt from running at all."""
    from dbt.exceptions import DbtInternalError
    from dbt_common.exceptions import DbtBaseException, DbtDatabaseError

    passing = (DbtDatabaseError, DbtInternalError)
    is_lasting = isinstance(exception, DbtBaseException) and not isinstance(exception, passing)
    # Settings, profile and the project itself fail alike again; but dbt wraps a lost connection in the same class.
    return exit_code_of_message(str(exception), otherwise=2 if is_lasting else 1)


def class_of_status(status: str) -> str:
    """`passed`, `warned`, `skipped` or `failed`."""
    if status in PASSED:
        return "passed"
    if status in WARNED:
        return "warned"
    return "skipped" if status in SKIPPED else "failed"


def describe_node(result: NodeResult) -> dict[str, Any]:
    """What became of one node, as plain data; `rows` are those a seed wrote or a test found."""
    status = str(result.status)
    response = result.adapter_response
    # A statement that only says SUCCESS counts itself as one row: CREATE VIEW, CREATE TABLE AS.
    written = response.get("rows_affected") if response.get("code") != "SUCCESS" else None
    rows = written if result.failures is None else result.failures
    return {
        "name": result.node.name,
        "resource_type": str(result.node.resource_type),
        "status": status,
        "seconds": round(result.execution_time, 3),
        "rows": rows if isinstance(rows, int) else None,
        # A skipped or passed node has no news in its message; a failed one is told in dbt's own words.
        "message": result.message if class_of_status(status) in ("failed", "warned") else None,
    }


def summarize(nodes: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many nodes passed, warned, failed and were skipped."""
    counts = {"passed": 0, "warned": 0, "failed": 0, "skipped": 0}
    for node in nodes:
        counts[class_of_status(node["status"])] += 1
    return counts


def name_failures(nodes: Iterable[dict[str, Any]]) -> str:
    """One sentence that names the nodes that failed."""
    failed = [node["name"] for node in nodes if class_of_status(node["status"]) == "failed"]
    shown = ", ".join(failed[:10]) + (f" and {len(failed) - 10} more" if len(failed) > 10 else "")
    return f"{len(failed)} failed: {shown}"


def dbt_arguments(options: argparse.Namespace, target: Path) -> list[str]:
    """The words that dbt is called with."""
    words = ["--log-format", "json", "--log-level", "info", "--log-level-file", "none", "--no-use-colors"]
    words += [options.command, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    words += ["--target-path", str(target), "--log-path", str(target)]
    if options.date:
        words += ["--vars", json.dumps({"as_of_date": options.date})]
    if options.select:
        words += ["--select", *options.select.split()]
    if options.exclude_unit_tests:
        words += ["--exclude-resource-type", "unit_test"]
    if options.full_refresh:
        words.append("--full-refresh")
    return words


def run_dbt(options: argparse.Namespace, emit: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Runs dbt to its end, emits each node, and returns the whole result."""
    from dbt.cli.main import dbtRunner

    target = Path(os.environ.get("DBT_TARGET_PATH") or Path(tempfile.gettempdir()) / "dbt-target")
    target.mkdir(parents=True, exist_ok=True)
    if options.run_id:
        os.environ["CX_RUN_ID"] = options.run_id

    def report_node(event: Any) -> None:
        if event.info.name in ENDED_NODE_EVENTS:
            emit(
                {
                    "type": "node",
                    "name": event.data.node_info.node_name,
                    "status": event.data.node_info.node_status,
                    "index": getattr(event.data, "index", None),
                    "total": getattr(event.data, "total", None),
                }
            )

    started_at = time.monotonic()
    outcome = dbtRunner(callbacks=[report_node]).invoke(dbt_arguments(options, target))
    nodes = [describe_node(result) for result in getattr(outcome.result, "results", None) or []]
    whole: dict[str, Any] = {"type": "run", "app": "dbt", "command": options.command, "run_id": options.run_id}
    whole |= {
        "status": "passed",
        "exit_code": 0,
        **summarize(nodes),
        "seconds": round(time.monotonic() - started_at, 1),
    }
    if isinstance(outcome.exception, KeyboardInterrupt) or stop_signals:
        message = "stopped by a signal; models that were finished stay, run again"
        whole |= failure("stopped", message, exit_code=1)
    elif outcome.exception is not None:
        # dbt sets its words in several indented lines.
        message = " ".join(str(outcome.exception).split()) or type(outcome.exception).__name__
        whole |= failure("dbt", message, exit_code=exit_code_of_exception(outcome.exception))
    elif not outcome.success:
        failed = [node for node in nodes if class_of_status(node["status"]) == "failed"]
        # Only a run that failed for nothing but lost connections is worth another try.
        codes = {exit_code_of_message(str(node["message"]), otherwise=2) for node in failed}
        whole |= failure("nodes", name_failures(nodes), exit_code=1 if codes == {1} else 2)
    return whole | {"nodes": nodes}


def failure(code: str, message: str, *, exit_code: int) -> dict[str, Any]:
    """The parts of the result that tell of a failure."""
    return {
        "status": "failed",
        "exit_code": exit_code,
        "error": {"code": code, "message": message, "is_retryable": exit_code == 1},
    }


ENDED_NODE_EVENTS = frozenset(
    {
        "LogModelResult",
        "LogTestResult",
        "LogSeedResult",
        "LogSnapshotResult",
        "LogNodeResult",
        "LogUnitTestResult",
        "LogNodeNoOpResult",
        "SkippingDetails",
    }
)

stop_signals: list[int] = []


def stop(number: int, _frame: object) -> None:
    """Ends the run as Ctrl-C does: dbt cancels the statements at hand and closes its sessions."""
    is_first = not stop_signals
    stop_signals.append(number)
    # A second one must not cut the first one's cleaning short.
    if is_first:
        raise KeyboardInterrupt


def take_stdout() -> TextIO:
    """Keeps stdout for results: whatever else prints there, dbt's own log first of all, goes to stderr."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return output


def parse_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The flags of this program; words that it does not know end it with exit code 2."""
    parser = argparse.ArgumentParser(prog="build.py", description="Builds and tests the models.")
    parser.add_argument("command", nargs="?", default="build", choices=["build", "test"])
    parser.add_argument("--run-id", help="name of this run in the comment of every query")
    parser.add_argument("--date", help="day that ages are measured on, YYYY-MM-DD; default: the newest partition")
    parser.add_argument("--select", help="nodes to run, as dbt's own --select")
    parser.add_argument("--exclude-unit-tests", action="store_true", help="leave out what does not depend on the data")
    parser.add_argument("--full-refresh", action="store_true", help="build every model anew")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Runs the program and returns its exit code."""
    options = parse_arguments(words)
    output = take_stdout()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)

    def emit(line: dict[str, Any]) -> None:
        output.write(json.dumps(line) + "\n")

    try:
        whole = run_dbt(options, emit)
    except KeyboardInterrupt:
        # Before dbt was there to take it: imports take seconds.
        whole = {"type": "run", "app": "dbt", **summarize([]), **failure("stopped", "stopped by a signal", exit_code=1)}
    emit(whole)
    output.flush()
    return int(whole["exit_code"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
