"""CURRENT_ROLE() and its kind: facts of the session that DuckDB does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import Expr, exp

from emulator.errors import unsupported

if TYPE_CHECKING:
    from emulator.session import Session


def inline_context_functions(statement: Expr, session: Session) -> Expr:
    """Replace context functions by their value; raises in a view, where the creator's value would stay for ever."""
    values = {
        "CURRENT_USER": session.user,
        "CURRENT_ROLE": session.role,
        "CURRENT_WAREHOUSE": session.warehouse_name,
        "CURRENT_SESSION": session.session_id,
        "CURRENT_ACCOUNT": session.account,
        "CURRENT_ACCOUNT_NAME": session.account,
        "CURRENT_ORGANIZATION_NAME": session.account,
        "CURRENT_REGION": "LOCAL",
        "CURRENT_SECONDARY_ROLES": "",
        "CURRENT_AVAILABLE_ROLES": f'["{session.role}"]',
    }

    def inline(node: Expr) -> Expr:
        if isinstance(node, exp.Anonymous):
            name = str(node.this).upper()
        elif isinstance(node, exp.Func):
            name = node.sql_name()
        else:
            return node
        if name not in values:
            return node
        if isinstance(statement, exp.Create) and statement.kind == "VIEW":
            raise unsupported(f"{name}() inside a view")
        value = values[name]
        return exp.null() if value is None else exp.Literal.string(value)

    return statement.transform(inline, copy=False)
