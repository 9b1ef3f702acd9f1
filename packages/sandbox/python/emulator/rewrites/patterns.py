"""REGEXP_REPLACE with all of its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import Expr, exp

from emulator.errors import unsupported

if TYPE_CHECKING:
    from emulator.session import Session

ALL, FIRST = "0", "1"


def replace_patterns(statement: Expr, _: Session) -> Expr:
    """Snowflake replaces every occurrence, or the numbered one: the first is the only number DuckDB can do.

    fakesnow refuses every argument after the replacement.
    """

    def convert(node: Expr) -> Expr:
        if not isinstance(node, exp.RegexpReplace):
            return node
        position, occurrence, parameters = (node.args.get(name) for name in ("position", "occurrence", "modifiers"))
        if position is not None and position.name != "1":
            raise unsupported("REGEXP_REPLACE from another position than 1")
        number = occurrence.name if occurrence is not None else ALL
        if number not in (ALL, FIRST):
            raise unsupported("REGEXP_REPLACE of another occurrence than the first or all")
        options = (parameters.name if parameters is not None else "") + ("g" if number == ALL else "")
        replacement = node.args.get("replacement") or exp.Literal.string("")
        arguments = [node.this, node.expression, replacement, exp.Literal.string(options)]
        return exp.Anonymous(this="regexp_replace", expressions=arguments)

    return statement.transform(convert, copy=False)
