"""Session settings that have an effect here: LOCK_TIMEOUT and the role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakesnow import transforms
from sqlglot import Expr, exp

from emulator.errors import sql_error, unsupported

if TYPE_CHECKING:
    from emulator.session import Session


def set_lock_timeout(statement: Expr, session: Session) -> Expr:
    """Take the seconds for which a statement waits for a table that another transaction writes."""
    if not (isinstance(statement, exp.Alter) and statement.kind == "SESSION"):
        return statement
    setting = re.search(r"LOCK_TIMEOUT\s*(?:=\s*(\d+))?", statement.sql(dialect="snowflake"), re.IGNORECASE)
    if setting is None:
        raise unsupported(statement.sql(dialect="snowflake"))
    session.lock_timeout_seconds = float(setting[1] or 0)
    return transforms.SUCCESS_NOP.copy()


def keep_own_role(statement: Expr, session: Session) -> Expr:
    """USE ROLE of a role that the user does not have is an error, although no role changes anything here."""
    kind = statement.args.get("kind") if isinstance(statement, exp.Use) else None
    if kind is None or kind.name.upper() != "ROLE":
        return statement
    role = statement.this.name.upper()
    if role not in (session.user, "PUBLIC"):
        raise sql_error(2043, "02000", f"Role '{role}' does not exist or is not granted to user {session.user}.")
    session.role = role
    return transforms.SUCCESS_NOP.copy()
