"""Date functions that keep the type of their argument, and the TRY_ forms that fakesnow lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import Expr, exp
from sqlglot.dialects.snowflake import Snowflake

from emulator.errors import unsupported

if TYPE_CHECKING:
    from emulator.session import Session

DATE_FORMAT = re.compile(r"YY|MM|MON|DD|DY|HH|MI|SS", re.IGNORECASE)
WHOLE_DAY_UNITS = {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}


def macros_sql(database: str) -> str:
    """The macros behind these rewrites; they live in the database file, so that its views need nothing else."""
    return f"""
        CREATE OR REPLACE MACRO {database}._date_add(value DATE, step INTERVAL) AS (value + step)::DATE,
            (value TIMESTAMP, step INTERVAL) AS value + step,
            (value TIMESTAMPTZ, step INTERVAL) AS value + step,
            (value VARCHAR, step INTERVAL) AS value::TIMESTAMP + step;
        CREATE OR REPLACE MACRO {database}._date_trunc(part VARCHAR, value DATE) AS date_trunc(part, value)::DATE,
            (part VARCHAR, value TIMESTAMP) AS date_trunc(part, value),
            (part VARCHAR, value TIMESTAMPTZ) AS date_trunc(part, value);
    """


def keep_dates(statement: Expr, _: Session) -> Expr:
    """DATEADD by whole days and DATE_TRUNC of a DATE are a DATE in Snowflake and a TIMESTAMP in DuckDB."""

    def convert(node: Expr) -> Expr:
        if isinstance(node, exp.DateAdd) and _unit(node) in WHOLE_DAY_UNITS:
            step = exp.Interval(this=exp.Paren(this=node.expression), unit=exp.var(_unit(node)))
            return exp.Anonymous(this="_date_add", expressions=[node.this, step])
        if isinstance(node, (exp.DateTrunc, exp.TimestampTrunc)):
            return exp.Anonymous(this="_date_trunc", expressions=[exp.Literal.string(_unit(node)), node.this])
        return node

    return statement.transform(convert, copy=False)


def try_timestamps(statement: Expr, _: Session) -> Expr:
    """TRY_TO_TIMESTAMP and TRY_TO_TIMESTAMP_NTZ of a column, which fakesnow does not know."""

    def convert(node: Expr) -> Expr:
        if not isinstance(node, exp.Anonymous) or str(node.this).upper() not in (
            "TRY_TO_TIMESTAMP",
            "TRY_TO_TIMESTAMP_NTZ",
        ):
            return node
        if len(node.expressions) != 1:
            raise unsupported(f"{node.this} with this format")
        return exp.TryCast(this=node.expressions[0], to=exp.DataType.build("TIMESTAMP"))

    return statement.transform(convert, copy=False)


def dates_to_text(statement: Expr, _: Session) -> Expr:
    """TO_CHAR and TO_VARCHAR of a date with a format; sqlglot drops the format where it does not know the type."""

    def convert(node: Expr) -> Expr:
        written = node.args.get("format") if isinstance(node, exp.ToChar) else None
        if written is None:
            return node
        if not (isinstance(written, exp.Literal) and DATE_FORMAT.search(written.name)):
            raise unsupported("TO_CHAR with a format other than a date's")
        return exp.TimeToStr(this=node.this, format=Snowflake.format_time(written))

    return statement.transform(convert, copy=False)


def _unit(node: Expr) -> str:
    unit = node.args.get("unit")
    return (unit.name if unit is not None else "DAY").upper()
