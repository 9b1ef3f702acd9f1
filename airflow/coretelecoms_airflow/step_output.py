"""Collects what a step says while it runs: results from stdout, logs from stderr."""

from __future__ import annotations

import json
import logging
from typing import Any

from coretelecoms_airflow.step_log import parse_log_line, parse_object

#: XCom values stand in Airflow's database and in the UI: a result over this is cut down to what went wrong.
RESULT_LIMIT_BYTES = 48_000


class StepOutput:
    """Takes a step's lines as they come: keeps the last result and the last error, logs the rest if it has a log."""

    def __init__(self, log: logging.Logger | None) -> None:
        self._log = log
        self.result: dict[str, Any] | None = None
        self.last_error: str | None = None

    def take_stdout(self, line: str) -> None:
        """Takes a line of stdout: one result a dataset, day or model, the whole result last."""
        if not line.strip():
            return
        event = parse_object(line)
        if event.get("type") == "run":
            self.result = event
        elif event.get("type") == "node":
            pass  # dbt's own log tells of each node, and the table after the run of all
        elif event:
            self._write(logging.INFO, describe_result(event))
        else:
            self._write(logging.WARNING, f"stdout holds a line that is no result: {line[:200]}")

    def take_stderr(self, line: str) -> None:
        """Takes a line of stderr."""
        if not line.strip():
            return
        parsed = parse_log_line(line)
        if parsed.level >= logging.ERROR:
            self.last_error = parsed.text
        self._write(parsed.level, parsed.text)

    def take_mixed(self, line: str) -> None:
        """Takes a line where both streams arrive as one, as from a pod: results are told by their type."""
        if parse_object(line).get("type") in ("run", "partition", "node"):
            self.take_stdout(line)
        else:
            self.take_stderr(line)

    def _write(self, level: int, text: str) -> None:
        if self._log is not None and text:
            self._log.log(level, "%s", text)


def describe_result(event: dict[str, Any]) -> str:
    """One result as a sentence for the log."""
    facts = {
        name: value for name, value in event.items() if isinstance(value, int | str) and name not in ("type", "app")
    }
    return "result " + " ".join(f"{name}={value}" for name, value in facts.items())


def fit_result(result: dict[str, Any]) -> dict[str, Any]:
    """The result as it goes to XCom: whole, or without its items that went well when that is too big."""
    for keep in (None, ("failed", "error", "fail", "warn", "not_delivered", "runtime error"), ()):
        fitted = dict(result)
        for name in ("results", "nodes"):
            items = result.get(name)
            if keep is not None and isinstance(items, list):
                fitted[name] = [item for item in items if item.get("status") in keep]
                fitted[f"{name}_left_out"] = len(items) - len(fitted[name])
        if len(json.dumps(fitted)) <= RESULT_LIMIT_BYTES:
            break
    return fitted
