"""Runs the statement of one query request and shapes its answer."""

from __future__ import annotations

from typing import Any

from fakesnow.converter import from_binding
from fakesnow.dialect import parse_one
from fakesnow.statement_type import DML_TYPE_IDS, statement_type_id
from snowflake.connector.errors import Error as ConnectorError
from sqlglot.errors import SqlglotError

from emulator.administration import is_administration, without_leading_comments
from emulator.cursor import EmulatorCursor
from emulator.errors import as_sql_error
from emulator.rewrites.placeholders import spaced_placeholders
from emulator.rowset import json_rows, row_type
from emulator.session import Session

# The Node driver writes dates, times and binary values by these and fails without them.
OUTPUT_PARAMETERS = [
    {"name": name, "value": value}
    for name, value in {
        "TIMEZONE": "Etc/UTC",
        "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
        "TIME_OUTPUT_FORMAT": "HH24:MI:SS",
        "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
        "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3",
        "TIMESTAMP_LTZ_OUTPUT_FORMAT": "",
        "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
        "BINARY_OUTPUT_FORMAT": "HEX",
        "CLIENT_RESULT_CHUNK_SIZE": 160,
    }.items()
]


def run_statement(session: Session, request: dict[str, Any]) -> dict[str, Any]:
    """The whole answer to a query request, an SQL error included."""
    try:
        data = _run(
            session,
            spaced_placeholders(request["sqlText"]),
            request.get("bindings") or {},
            bool(request.get("describeOnly")),
        )
    except Exception as error:  # every failure is an SQL error to the client
        return failure(as_sql_error(error))
    return {"data": data, "code": None, "message": None, "success": True}


def failure(error: ConnectorError) -> dict[str, Any]:
    """An SQL error in the form of an answer."""
    code = f"{error.errno or 0:06d}"
    return {
        "data": {"errorCode": code, "sqlState": error.sqlstate},
        "code": code,
        "message": error.msg,
        "success": False,
    }


def _run(session: Session, sql: str, bindings: dict[str, Any], describe_only: bool) -> dict[str, Any]:
    cursor = session.cursor()
    type_id = _type_id(sql)
    affected = None
    if describe_only and (described := cursor._describe_only(without_leading_comments(sql))) is not None:
        columns = [row_type(str(name), str(kind)) for name, kind, *_ in described]
        rows: list[list[str | None]] = []
    else:
        affected = _execute(cursor, sql, bindings)
        columns = [row_type(name, str(kind)) for name, kind, *_ in session.duck.description or []]
        table = cursor._arrow_table
        rows = json_rows(columns, table) if table is not None else []
    if affected is not None and type_id in DML_TYPE_IDS:
        rows = [[str(affected)]]
    return {
        "parameters": OUTPUT_PARAMETERS,
        "rowtype": columns,
        "rowset": rows,
        "queryResultFormat": "json",
        "total": len(rows),
        "returned": len(rows),
        "queryId": cursor.sfqid,
        "statementTypeId": type_id,
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
        "finalRoleName": session.role,
        "finalWarehouseName": session.warehouse_name,
        "numberOfBinds": len(bindings),
        "arrayBindSupported": False,
    }


def _execute(cursor: EmulatorCursor, sql: str, bindings: dict[str, Any]) -> int | None:
    """Run the statement, once for each row of an array binding; the rows affected over all of those."""
    values = {name: _bound(binding) for name, binding in bindings.items()}
    if not all(name.isdigit() for name in values):
        cursor.execute(sql, binding_params=values, server=True)
        return None
    positional = [values[str(position)] for position in range(1, len(values) + 1)]
    if not any(isinstance(value, list) for value in positional):
        cursor.execute(sql, binding_params=tuple(positional), server=True)
        return None
    affected = 0
    for row in zip(*positional, strict=True):
        cursor.execute(sql, binding_params=row, server=True)
        affected += cursor.rowcount or 0
    return affected


def _bound(binding: dict[str, Any]) -> Any:
    value = binding["value"]
    if isinstance(value, list):
        return [_bound({**binding, "value": item}) for item in value]
    if value is None:
        return None
    return float(value) if binding["type"] == "REAL" else from_binding(binding)


def _type_id(sql: str) -> int:
    if is_administration(sql):
        return 0
    try:
        return statement_type_id(parse_one(sql))
    except (ConnectorError, SqlglotError):
        # Reported with its position when the statement runs.
        return 0
