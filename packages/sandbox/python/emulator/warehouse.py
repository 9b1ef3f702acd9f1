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
            self._root.execute(self.attach_sql(name))
            self._root.execute(info_schema.per_db_creation_sql(name))
            self._root.execute(macros.creation_sql(name))
            self._root.execute(macros_sql(name))

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own for one session."""
        return self._root.cursor()

    def attach_sql(self, name: str, *, is_idempotent: bool = True) -> str:
        """The DuckDB statement that opens or makes the file of one database."""
        guard = "IF NOT EXISTS " if is_idempotent else ""
        file = _literal(str(self.folder / f"{name}.duckdb"))
        return f"ATTACH {guard}{file} AS {name} (STORAGE_VERSION '{STORAGE_VERSION}')"

    def close(self) -> None:
        """Write everything into the files and let them go.

        What refers to the server's own memory goes first: in a file alone those views would only fail.
        """
        databases = [
            name
            for (name,) in self._root.execute(
                "SELECT database_name FROM duckdb_databases() WHERE path IS NOT NULL AND NOT internal"
            ).fetchall()
        ]
        for name in databases:
            views = self._root.execute(
                "SELECT view_name FROM duckdb_views() WHERE database_name = ? AND schema_name = ?",
                [name, CATALOG_SCHEMA],
            ).fetchall()
            for (view,) in views:
                self._root.execute(f'DROP VIEW "{name}"."{CATALOG_SCHEMA}"."{view}"')
            self._root.execute(f'FORCE CHECKPOINT "{name}"')
            self._root.execute(f'DETACH "{name}"')
        self._root.close()
        # fakesnow makes it for internal stages, which nothing here uses, and leaves it.
        shutil.rmtree(stage.LOCAL_BUCKET_PATH)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
