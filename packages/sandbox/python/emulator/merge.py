"""MERGE by DuckDB's own statement."""

from __future__ import annotations

from typing import Any

import duckdb
import sqlglot
from sqlglot import Expr, exp

DONE = {"INSERT": "inserted", "UPDATE": "updated", "DELETE": "deleted"}


def run_merge(connection: duckdb.DuckDBPyConnection, merge: exp.Merge, params: Any) -> Expr:
    """Run the MERGE and return the statement that shows its counts as Snowflake does."""
    present: list[str] = []
    for branch in merge.find_all(exp.When):
        action = branch.args["then"]
        present.append(
            "INSERT" if isinstance(action, exp.Insert) else "UPDATE" if isinstance(action, exp.Update) else "DELETE"
        )
        _unqualify_targets(action)
    rows = connection.execute(f"{merge.sql(dialect='duckdb')} RETURNING merge_action", params).fetchall()
    actions = [action for (action,) in rows]
    counts = ", ".join(
        f'{actions.count(action)} AS "number of rows {done}"' for action, done in DONE.items() if action in present
    )
    shown = sqlglot.parse_one(f"SELECT {counts}", read="duckdb")
    shown.set("merge_counts", True)
    return shown


def _unqualify_targets(action: Expr) -> None:
    """Drop the alias before assigned columns, which Snowflake allows and DuckDB does not."""
    targets: list[exp.Column] = []
    if isinstance(action, exp.Update):
        targets = [pair.this for pair in action.expressions if isinstance(pair.this, exp.Column)]
    elif isinstance(action, exp.Insert) and action.this is not None:
        targets = list(action.this.find_all(exp.Column))
    for column in targets:
        for part in ("table", "db", "catalog"):
            column.set(part, None)
