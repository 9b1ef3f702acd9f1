"""The databases of the account: one DuckDB file each, attached while the server runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
from fakesnow import info_schema, macros
from fakesnow.instance import FakeSnow
from fakesnow.transforms import stage

from emulator.rewrites.dates import macros_sql

# The oldest form that keeps macros with typed parameters, so that any client from DuckDB 1.4 on reads the file.
# A file in DuckDB 2's own form is refused by every 1.x client.
STORAGE_VERSION = "v1.4.0"
CATALOG_SCHEMA = "_fs_information_schema"


class ForgottenResults(dict):  # type: ignore[type-arg]
    """Keeps no result: fakesnow would hold every result of every session for RESULT_SCAN until the server ends."""

    def __setitem__(self, key: object, value: object) -> None:
        return


class Warehouse:
    """Opens the folder's databases and makes the named ones that are missing."""

    def __init__(self, *, folder: Path, databases: list[str], memory_limit: str, threads: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.results = ForgottenResults()
        self._root: duckdb.DuckDBPyConnection = FakeSnow(
            create_database_on_connect=False, create_schema_on_connect=False
        ).duck_conn
        spill = folder / ".spill"
        self._root.execute(f"SET memory_limit = '{memory_limit}'")
        self._root.execute(f"SET threads = {threads}")
        self._root.execute(f"SET temp_directory = {_literal(str(spill))}")
        present = {file.stem for file in folder.glob("*.duckdb")}
        for name in sorted(present | set(databases)):
            self.open_database(name)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own for one session."""
        return self._root.cursor()

    def has_database(self, name: str) -> bool:
        """Whether a database of this name is open."""
        return name in self._databases()

    def open_database(self, name: str) -> None:
        """Open the file of a database, or make it, with what fakesnow and the rewrites need in it."""
        file = _literal(str(self.folder / f"{name}.duckdb"))
        connection = self.cursor()
        connection.execute(f"ATTACH {file} AS {_quoted(name)} (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute(info_schema.per_db_creation_sql(name))
        connection.execute(macros.creation_sql(name))
        connection.execute(macros_sql(name))
        connection.execute(tables_view_sql(name))
        connection.close()

    def close(self) -> None:
        """Write everything into the files and let them go.

        What refers to the server's own memory goes first: in a file alone those views would only fail.
        """
        for name in self._databases():
            views = self._root.execute(
                "SELECT view_name FROM duckdb_views() WHERE database_name = ? AND schema_name = ?",
                [name, CATALOG_SCHEMA],
            ).fetchall()
            for (view,) in views:
                self._root.execute(f"DROP VIEW {_quoted(name)}.{CATALOG_SCHEMA}.{_quoted(view)}")
            self._root.execute(f"FORCE CHECKPOINT {_quoted(name)}")
            self._root.execute(f"DETACH {_quoted(name)}")
        self._root.close()
        # fakesnow makes it for internal stages, which nothing here uses, and leaves it.
        shutil.rmtree(stage.LOCAL_BUCKET_PATH)

    def _databases(self) -> list[str]:
        found = self._root.execute(
            "SELECT database_name FROM duckdb_databases() WHERE path IS NOT NULL AND NOT internal"
        ).fetchall()
        return [name for (name,) in found]


def tables_view_sql(database: str) -> str:
    """INFORMATION_SCHEMA.TABLES with the views, which fakesnow leaves out."""
    view = f"{_quoted(database)}.{CATALOG_SCHEMA}._fs_tables"
    tables = info_schema.SQL_CREATE_INFORMATION_SCHEMA_TABLES_VIEW.substitute(catalog=database).split(" AS\n", 1)[1]
    return f"""
        CREATE OR REPLACE VIEW {view} AS {tables}
        UNION ALL BY NAME
        SELECT database_name AS TABLE_CATALOG, schema_name AS TABLE_SCHEMA, view_name AS TABLE_NAME,
            'SYSADMIN' AS TABLE_OWNER, 'VIEW' AS TABLE_TYPE, to_timestamp(0)::TIMESTAMPTZ AS CREATED,
            to_timestamp(0)::TIMESTAMPTZ AS LAST_ALTERED
        FROM duckdb_views()
        WHERE database_name = {_literal(database)} AND NOT internal AND schema_name != {_literal(CATALOG_SCHEMA)}
    """


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
