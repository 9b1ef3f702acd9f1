"""Constraints that Snowflake records and does not enforce."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import Expr, exp

if TYPE_CHECKING:
    from emulator.session import Session

UNENFORCED = (
    exp.PrimaryKey,
    exp.PrimaryKeyColumnConstraint,
    exp.UniqueColumnConstraint,
    exp.ForeignKey,
    exp.Reference,
    # Column comments in line; DuckDB has no such syntax.
    exp.CommentColumnConstraint,
)


def drop_unenforced_constraints(statement: Expr, _: Session) -> Expr:
    """DuckDB would refuse the duplicate keys that Snowflake lets in; only NOT NULL holds in both."""
    if isinstance(statement, exp.Create) and isinstance(statement.this, exp.Schema):
        for constraint in list(statement.this.find_all(*UNENFORCED)):
            wrapper = constraint.parent
            (wrapper if isinstance(wrapper, (exp.ColumnConstraint, exp.Constraint)) else constraint).pop()
    return statement
