"""COPY INTO of Parquet files by column name, every file in one INSERT.

https://docs.snowflake.com/en/sql-reference/sql/copy-into-table
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import fakesnow.cursor
from fakesnow.copy_into import stage_url_from_var
from fakesnow.transforms.stage import TableStages
from sqlglot import exp

from emulator.copy_statement import CopyStatement, parse_copy
from emulator.errors import sql_error
from emulator.stage_files import StageFiles

RESULT_COLUMNS = (
    "file, status, rows_parsed, rows_loaded, error_limit, errors_seen, "
    "first_error, first_error_line, first_error_character, first_error_column_name"
)


class ParquetCopy:
    """Loads files of external stages into tables."""

    def __init__(self, *, files: StageFiles, folder: Path) -> None:
        self._files = files
        self._folder = folder

    def install(self) -> None:
        """Take the place of fakesnow's COPY.

        That one reads every file twice by itself, casts text to VARIANT by parsing it, takes FORCE = FALSE for TRUE
        and lets every file option pass.
        """
        fakesnow.cursor.copy_into = self.run  # type: ignore[assignment]

    def run(
        self,
        connection: duckdb.DuckDBPyConnection,
        database: str | None,
        schema: str | None,
        copy: exp.Copy,
        table_stages: TableStages,
        _params: Any = None,
    ) -> str:
        """Load, leave the result rows on the connection, and return their SQL."""
        statement = parse_copy(copy)
        table = _Target(statement.table, database, schema)
        urls = self._urls(connection, statement, table, table_stages)
        loaded_before = set() if statement.is_forced else _loaded_before(connection, table, urls)
        fresh = [url for url in urls if url not in loaded_before]
        rows: dict[str, int] = {}
        if fresh:
            with tempfile.TemporaryDirectory(prefix=".copy-", dir=self._folder) as folder:
                paths = self._files.download(fresh, Path(folder))
                rows = dict(zip(fresh, _insert(connection, table, fresh, paths), strict=True))
            _remember(connection, table, rows)
        sql = _result_sql(urls, rows)
        connection.execute(sql)
        return sql

    def _urls(
        self,
        connection: duckdb.DuckDBPyConnection,
        statement: CopyStatement,
        table: _Target,
        table_stages: TableStages,
    ) -> list[str]:
        source = statement.source
        if source.startswith("@"):
            source = stage_url_from_var(
                source[1:], connection, table.database, table.schema, table_stages, statement.table
            )
        if not source.startswith("s3://"):
            raise sql_error(1011, "42601", f"SQL compilation error:\ninvalid URL prefix found in: '{source}'")
        return [f"{source.rstrip('/')}/{file}" for file in statement.files]


class _Target:
    def __init__(self, table: exp.Table, database: str | None, schema: str | None) -> None:
        self.database = table.catalog or database
        self.schema = table.db or schema
        self.name = table.name
        self.sql = ".".join(_quoted(str(part)) for part in (self.database, self.schema, self.name))
        self.history = f'{_quoted(str(self.database))}."_fs_information_schema"."_fs_load_history"'

    def columns(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {self.sql}").fetchall()}


def _insert(
    connection: duckdb.DuckDBPyConnection, table: _Target, urls: Sequence[str], paths: Sequence[Path]
) -> list[int]:
    """Insert every file and return the rows of each, in order."""
    listed = "[" + ", ".join(_text(str(path)) for path in paths) + "]"
    source = f"read_parquet({listed}, union_by_name = true, hive_partitioning = false)"
    try:
        in_files = {
            name.upper(): (name, kind)
            for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        }
        counted = dict(
            connection.execute(f"SELECT file_name, num_rows FROM parquet_file_metadata({listed})").fetchall()
        )
    except duckdb.Error as error:
        raise sql_error(100142, "22000", f"Error parsing a Parquet file of {urls[0]} …: {error}") from error
    matched = {
        column: _converted(*in_files[column.upper()], kind)
        for column, kind in table.columns(connection).items()
        if column.upper() in in_files
    }
    if not matched:
        raise sql_error(2019, "0A000", f"No column of the files is one of table {table.name}.")
    columns = ", ".join(_quoted(column) for column in matched)
    (inserted,) = connection.execute(
        f"INSERT INTO {table.sql} ({columns}) SELECT {', '.join(matched.values())} FROM {source}"
    ).fetchall()[0]
    rows = [int(counted[str(path)]) for path in paths]
    if inserted != sum(rows):
        raise sql_error(100142, "22000", f"{inserted} rows were loaded; the files' footers say {sum(rows)}.")
    return rows


def _converted(name: str, kind: str, target: str) -> str:
    """A column of the files as the table's type takes it: anything may become a VARIANT, text as a JSON string."""
    return f"to_json({_quoted(name)})" if target == "JSON" and kind != "JSON" else _quoted(name)


def _loaded_before(connection: duckdb.DuckDBPyConnection, table: _Target, urls: Sequence[str]) -> set[str]:
    found = connection.execute(
        f"SELECT DISTINCT file_name FROM {table.history} "
        "WHERE schema_name = ? AND table_name = ? AND list_contains(?::VARCHAR[], file_name)",
        [table.schema, table.name, list(urls)],
    ).fetchall()
    return {name for (name,) in found}


def _remember(connection: duckdb.DuckDBPyConnection, table: _Target, rows: dict[str, int]) -> None:
    now = datetime.datetime.now(datetime.UTC)
    connection.execute(
        f"INSERT INTO {table.history} BY NAME SELECT ? AS schema_name, unnest(?::VARCHAR[]) AS file_name, "
        "? AS table_name, ?::TIMESTAMPTZ AS last_load_time, 'LOADED' AS status, unnest(?::INTEGER[]) AS row_count, "
        "unnest(?::INTEGER[]) AS row_parsed, 0 AS error_count, 1 AS error_limit",
        [table.schema, list(rows), table.name, now, list(rows.values()), list(rows.values())],
    )


def _result_sql(urls: Sequence[str], rows: dict[str, int]) -> str:
    lines = [
        f"({_text(url)}, 'LOADED', {rows[url]}, {rows[url]}, 1, 0, NULL, NULL, NULL, NULL)"
        if url in rows
        else f"({_text(url)}, 'LOAD_SKIPPED', 0, 0, NULL, 1, 'File was loaded before.', NULL, NULL, NULL)"
        for url in urls
    ]
    return f"SELECT * FROM (VALUES {', '.join(lines)}) AS result({RESULT_COLUMNS})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
