"""What a step writes on stderr, one JSON object a line, made readable for the task's log."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

LEVELS = {
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "fatal": logging.CRITICAL,
}

# Airflow's own columns tell these already, or every line would repeat them.
KNOWN_ELSEWHERE = frozenset({"level", "time", "app", "run_id", "msg", "pid", "hostname"})


@dataclass(frozen=True)
class LogLine:
    """One line, with the level it deserves."""

    level: int
    text: str


def parse_log_line(line: str) -> LogLine:
    """Reads a line of an app (`level`, `msg`, facts) or of dbt (`info.level`, `info.msg`); any other is a warning."""
    event = parse_object(line)
    info = event.get("info")
    if isinstance(info, dict) and "msg" in info:
        return LogLine(LEVELS.get(str(info.get("level")), logging.INFO), str(info["msg"]).strip())
    if "msg" not in event:
        # Not ours: a warning of Node or Python, or a stack that ends the process.
        return LogLine(logging.WARNING, line)
    facts = [f"{name}={value}" for name, value in event.items() if name not in KNOWN_ELSEWHERE and value is not None]
    level = LEVELS.get(str(event.get("level")), logging.INFO)
    return LogLine(level, " ".join([str(event["msg"]), *facts]))


def parse_object(line: str) -> dict[str, Any]:
    """The JSON object that a line holds; an empty one when it holds none."""
    if not line.startswith("{"):
        return {}
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
