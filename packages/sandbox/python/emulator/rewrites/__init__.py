"""Snowflake's SQL where fakesnow or DuckDB read it in another way; each rewrite states its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import Expr

from emulator.rewrites.constraints import drop_unenforced_constraints
from emulator.rewrites.context import inline_context_functions
from emulator.rewrites.databases import create_databases
from emulator.rewrites.dates import dates_to_text, keep_dates, try_timestamps
from emulator.rewrites.patterns import replace_patterns
from emulator.rewrites.session_settings import keep_own_role, set_lock_timeout
from emulator.rewrites.stages import list_whole_stage
from emulator.rewrites.tables import plain_truncate, swap_statements, untemporary_tables

if TYPE_CHECKING:
    from emulator.session import Session

__all__ = ["rewrite", "swap_statements"]

REWRITES = (
    set_lock_timeout,
    keep_own_role,
    create_databases,
    untemporary_tables,
    drop_unenforced_constraints,
    plain_truncate,
    inline_context_functions,
    keep_dates,
    try_timestamps,
    dates_to_text,
    replace_patterns,
    list_whole_stage,
)


def rewrite(statement: Expr, session: Session) -> Expr:
    """The statement as fakesnow understands it."""
    for apply in REWRITES:
        statement = apply(statement, session)
    return statement
