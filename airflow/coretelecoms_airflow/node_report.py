"""What dbt made of each model and test, as a table for the task's log."""

from __future__ import annotations

from typing import Any

from tabulate import tabulate

#: What went wrong comes last, where a reader of a log looks first.
ORDER = {"success": 0, "pass": 0, "no-op": 0, "skipped": 1, "warn": 2}


def node_table(nodes: list[dict[str, Any]]) -> str:
    """A line a node: passed ones first, failed ones last with what dbt said of them."""
    ordered = sorted(nodes, key=lambda node: (ORDER.get(node["status"], 3), node["resource_type"], node["name"]))
    rows = [
        (
            node["status"],
            node["resource_type"],
            node["name"],
            node["rows"],
            node["seconds"],
            first_line(node["message"]),
        )
        for node in ordered
    ]
    return tabulate(rows, headers=("status", "type", "name", "rows", "seconds", "message"), disable_numparse=True)


def first_line(message: str | None) -> str:
    """The beginning of a message; the whole of it is in the log above and in the result."""
    return (message or "").strip().split("\n")[0][:160]
