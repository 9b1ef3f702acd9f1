"""CREATE DATABASE, which makes a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakesnow import transforms
from sqlglot import Expr, exp

from emulator.errors import sql_error, unsupported

if TYPE_CHECKING:
    from emulator.session import Session


def create_databases(statement: Expr, session: Session) -> Expr:
    """Make the file of a new database; fakesnow would keep it in memory and lose it at the end."""
    if isinstance(statement, exp.Drop) and statement.kind == "DATABASE":
        raise unsupported("DROP DATABASE")
    if not (isinstance(statement, exp.Create) and statement.kind == "DATABASE"):
        return statement
    name = statement.this.name.upper()
    if session.warehouse.has_database(name):
        if statement.args.get("replace"):
            raise unsupported("CREATE OR REPLACE DATABASE of one that exists")
        if not statement.args.get("exists"):
            raise sql_error(2002, "42710", f"SQL compilation error:\nObject '{name}' already exists.")
    else:
        session.warehouse.open_database(name)
    return transforms.SUCCESS_NOP.copy()
