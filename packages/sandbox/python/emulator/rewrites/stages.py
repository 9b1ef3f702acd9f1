"""LIST of a path in a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import Expr, exp

if TYPE_CHECKING:
    from emulator.session import Session


def list_whole_stage(statement: Expr, session: Session) -> Expr:
    """`LIST @stage/path/` as `LIST @stage`: fakesnow takes the path for a part of the name, and looks into no bucket."""
    if isinstance(statement, exp.ListStage) and statement.this.name.startswith("@"):
        statement.set("this", exp.Var(this=statement.this.name.split("/", 1)[0]))
    return statement
