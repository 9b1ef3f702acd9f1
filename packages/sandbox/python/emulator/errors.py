"""Failures as Snowflake reports them: a number, an SQL state and a message inside an HTTP 200."""

from __future__ import annotations

import re

import duckdb
from snowflake.connector.errors import Error as ConnectorError
from snowflake.connector.errors import ProgrammingError
from sqlglot.errors import SqlglotError

LOCK_NOT_RELEASED = 625
CANCELED = 604
UNSUPPORTED = 2
INTERNAL = 603


def sql_error(number: int, state: str, message: str) -> ProgrammingError:
    """An SQL error with Snowflake's number and five-character SQL state."""
    return ProgrammingError(msg=message, errno=number, sqlstate=state)


def unsupported(what: str) -> ProgrammingError:
    """The error of a feature that Snowflake has and this emulator does not."""
    return sql_error(UNSUPPORTED, "0A000", f"The Snowflake emulator does not support {what}.")


def as_sql_error(failure: Exception) -> ConnectorError:
    """Any failure of a statement as an SQL error.

    Nothing may leave as HTTP 500: the drivers take that for a broken network and retry it for more than a minute.
    """
    first_line = str(failure).split("\n")[0]
    match failure:
        case ConnectorError():
            return failure
        case duckdb.InterruptException():
            return sql_error(CANCELED, "57014", "SQL execution canceled")
        case duckdb.TransactionException():
            return sql_error(LOCK_NOT_RELEASED, "57014", f"The transaction conflicts with another one: {first_line}")
        case duckdb.ConstraintException():
            return sql_error(100072, "22000", first_line)
        case duckdb.ConversionException() | duckdb.OutOfRangeException() | duckdb.InvalidInputException():
            return sql_error(100038, "22018", first_line)
        case duckdb.ParserException() | SqlglotError():
            return sql_error(1003, "42000", f"SQL compilation error: {re.sub(chr(27) + '[[0-9;]*m', '', first_line)}")
        case duckdb.CatalogException() | duckdb.BinderException():
            return sql_error(2043, "02000", first_line)
        case duckdb.Error():
            # No disk, no memory, a file that cannot be read: trying again may help.
            return sql_error(INTERNAL, "XX000", f"SQL execution internal error: {first_line}")
        case NotImplementedError() | AssertionError():
            return unsupported(first_line or type(failure).__name__)
        case _:
            return sql_error(
                INTERNAL, "XX000", f"The Snowflake emulator failed: {type(failure).__name__}: {first_line}"
            )
