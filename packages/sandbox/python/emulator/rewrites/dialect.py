"""Changes to fakesnow and sqlglot themselves, for the whole process: what cannot be said of one statement alone."""

from __future__ import annotations

from typing import Any

from fakesnow import info_schema, transforms
from sqlglot import Expr, exp
from sqlglot.dialects.duckdb import DuckDB

from emulator.errors import unsupported
from emulator.rewrites.numbers import exact_aggregates, md5_number, whole_number_types

# Options of a table or view that only Snowflake has and that change no row.
HARMLESS = ("Unsupported property", "Column constraint")

_to_timestamp = transforms.to_timestamp
_insert_table_comment_sql = info_schema.insert_table_comment_sql


def plain_timestamp_casts(node: Expr) -> Expr:
    """Leave casts to timestamps as they are.

    fakesnow makes a macro of each, TRY_CAST included, which then fails instead of giving NULL.
    """
    return node if isinstance(node, exp.Cast) else _to_timestamp(node)


def quoted_table_comment_sql(catalog: str, schema: str, table: str, comment: str | None) -> str:
    """Double the quotes in a comment, and make none of NULL: fakesnow pastes both into its SQL as they are."""
    return _insert_table_comment_sql(catalog, schema, table, (comment or "").replace("'", "''"))


def refuse_untranslated(_: Any, message: str) -> None:
    """Fail where sqlglot would leave out what DuckDB lacks, with only a warning: the rows would be wrong."""
    if not message.startswith(HARMLESS):
        raise unsupported(f"this statement: {message}")


def adapt_dialects() -> None:
    """Put these in the place of the originals, once a process."""
    transforms.integer_precision = lambda node: md5_number(whole_number_types(node))  # type: ignore[assignment]
    transforms.numeric_agg_implicit_cast = exact_aggregates  # type: ignore[assignment]
    transforms.to_timestamp = plain_timestamp_casts  # type: ignore[assignment]
    info_schema.insert_table_comment_sql = quoted_table_comment_sql
    DuckDB.Generator.unsupported = refuse_untranslated  # type: ignore[method-assign]
