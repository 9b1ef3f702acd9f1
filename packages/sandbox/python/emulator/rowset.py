"""Results in Snowflake's JSON form: every value a string, described by a row type.

Drivers of every language read it, and unlike Arrow it carries 38-digit numbers to Node without loss.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

MICROSECONDS = 1_000_000
VARCHAR_BYTES = 16_777_216
BINARY_BYTES = 8_388_608

KIND_BY_TYPE = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp_ntz",
    "TIMESTAMP_S": "timestamp_ntz",
    "TIMESTAMP_MS": "timestamp_ntz",
    "TIMESTAMP_NS": "timestamp_ntz",
    "TIMESTAMP WITH TIME ZONE": "timestamp_tz",
    "FLOAT": "real",
    "DOUBLE": "real",
    "BLOB": "binary",
    "JSON": "variant",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "fixed"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "fixed"),
}


def row_type(name: str, duck_type: str) -> dict[str, Any]:
    """One column of a result as Snowflake describes it, from DuckDB's name of its type."""
    column: dict[str, Any] = {
        "name": name,
        "database": "",
        "schema": "",
        "table": "",
        "nullable": True,
        "type": KIND_BY_TYPE.get(duck_type, "text"),
        "byteLength": None,
        "length": None,
        "scale": None,
        "precision": None,
        "collation": None,
    }
    if duck_type.endswith("]"):
        column["type"] = "array"
    elif duck_type.startswith(("STRUCT", "MAP")):
        column["type"] = "object"
    elif decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duck_type):
        column |= {"type": "fixed", "precision": int(decimal[1]), "scale": int(decimal[2])}
    elif column["type"] == "fixed":
        column |= {"precision": 38, "scale": 0}
    elif column["type"].startswith("time"):
        column |= {"precision": 0, "scale": 9}
    elif column["type"] == "text":
        column |= {"length": VARCHAR_BYTES, "byteLength": VARCHAR_BYTES}
    elif column["type"] == "binary":
        column |= {"length": BINARY_BYTES, "byteLength": BINARY_BYTES}
    return column


def json_rows(columns: list[dict[str, Any]], table: pa.Table) -> list[list[str | None]]:
    """The rows of an Arrow table as lists of strings, null for NULL, in the order of the row type."""
    written = [WRITERS[column["type"]](values) for column, values in zip(columns, table.columns, strict=True)]
    return [list(row) for row in zip(*written, strict=True)]


def _each(write: Callable[[Any], str]) -> Callable[[pa.ChunkedArray], list[str | None]]:
    return lambda values: [None if value is None else write(value) for value in values.to_pylist()]


def _fixed(values: pa.ChunkedArray) -> list[str | None]:
    if pa.types.is_decimal(values.type):
        # Arrow writes small decimals with an exponent.
        return _each(lambda value: format(value, "f"))(values)
    return pc.cast(values, pa.string()).to_pylist()


def _real(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return ("inf" if value > 0 else "-inf") if math.isinf(value) else repr(value)


def _seconds(microseconds: int) -> str:
    sign = "-" if microseconds < 0 else ""
    whole, fraction = divmod(abs(microseconds), MICROSECONDS)
    return f"{sign}{whole}.{fraction:06d}000"


def _epoch(values: pa.ChunkedArray) -> list[int | None]:
    zone = values.type.tz
    return pc.cast(pc.cast(values, pa.timestamp("us", tz=zone), safe=False), pa.int64()).to_pylist()


def _timestamp(values: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else _seconds(value) for value in _epoch(values)]


def _zoned_timestamp(values: pa.ChunkedArray) -> list[str | None]:
    # The second number is the offset in minutes plus 1440: every session runs in UTC.
    return [None if value is None else f"{_seconds(value)} 1440" for value in _epoch(values)]


def _time(values: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else _seconds(value) for value in pc.cast(values, pa.int64()).to_pylist()]


def _days(values: pa.ChunkedArray) -> list[str | None]:
    return pc.cast(pc.cast(values, pa.int32()), pa.string()).to_pylist()


WRITERS: dict[str, Callable[[pa.ChunkedArray], list[str | None]]] = {
    "boolean": _each(lambda value: "1" if value else "0"),
    "date": _days,
    "time": _time,
    "timestamp_ntz": _timestamp,
    "timestamp_tz": _zoned_timestamp,
    "fixed": _fixed,
    "real": _each(_real),
    "binary": _each(lambda value: bytes(value).hex().upper()),
    "variant": _each(str),
    "text": _each(str),
    "array": _each(lambda value: json.dumps(value, default=str, ensure_ascii=False)),
    "object": _each(lambda value: json.dumps(value, default=str, ensure_ascii=False)),
}
