"""Statements about tables that DuckDB spells otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import Expr, exp

if TYPE_CHECKING:
    from emulator.session import Session

SWAP_NAME = "_EMULATOR_SWAP"


def untemporary_tables(statement: Expr, session: Session) -> Expr:
    """DuckDB has temporary tables in its catalog `temp` only: a qualified one becomes a plain one of this session."""
    if not (isinstance(statement, exp.Create) and statement.kind in ("TABLE", "VIEW")):
        return statement
    table = statement.find(exp.Table)
    properties = statement.args.get("properties")
    if table is None or not table.db or properties is None:
        return statement
    for temporary in list(properties.find_all(exp.TemporaryProperty)):
        temporary.pop()
        session.temporary_objects.append((statement.kind, table.sql("duckdb")))
    return statement


def plain_truncate(statement: Expr, _: Session) -> Expr:
    """DuckDB has no TRUNCATE TABLE IF EXISTS; a missing table is an error here."""
    if isinstance(statement, exp.TruncateTable):
        statement.set("exists", None)
    return statement


def swap_statements(statement: Expr) -> list[Expr]:
    """ALTER TABLE a SWAP WITH b as three renames; empty for any other statement."""
    if not (isinstance(statement, exp.Alter) and (swap := statement.find(exp.SwapTable))):
        return []
    first, second = statement.this, swap.this
    between = first.copy()
    between.set("this", exp.to_identifier(SWAP_NAME))

    def rename(table: Expr, name: str) -> Expr:
        return sqlglot.parse_one(f"ALTER TABLE {table.sql('snowflake')} RENAME TO {name}", read="snowflake")

    return [
        rename(first, SWAP_NAME),
        rename(second, first.this.sql("snowflake")),
        rename(between, second.this.sql("snowflake")),
    ]
