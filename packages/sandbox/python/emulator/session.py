"""A signed-in client: its connection, its role and its transaction."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

import duckdb
from fakesnow.conn import FakeSnowflakeConnection

from emulator.cursor import EmulatorCursor
from emulator.transaction import Transaction
from emulator.warehouse import Warehouse
from emulator.write_locks import WriteLocks


class Session(FakeSnowflakeConnection):
    """One session of one user; statements of a session run one after the other."""

    def __init__(
        self,
        *,
        warehouse: Warehouse,
        locks: WriteLocks,
        user: str,
        account: str,
        role: str,
        warehouse_name: str | None,
        database: str | None,
        schema: str | None,
        abandoned_after_seconds: float,
    ) -> None:
        self.duck: duckdb.DuckDBPyConnection = warehouse.cursor()
        super().__init__(self.duck, warehouse.results, database, schema, create_database=False, create_schema=False)
        self.token = secrets.token_urlsafe(32)
        self.session_id = str(secrets.randbelow(10**15))
        self.warehouse = warehouse
        self.user = user
        self.account = account
        self.role = role
        self.warehouse_name = warehouse_name
        self.lock_timeout_seconds = 0.0
        self.turn = asyncio.Lock()
        self.transaction = Transaction(self.duck, locks, self)
        # DuckDB keeps temporary tables in a catalog of its own, so a qualified one becomes a plain table
        # that is dropped when the session ends.
        self.temporary_objects: list[tuple[str, str]] = []
        self._abandoned_after_seconds = abandoned_after_seconds
        self._is_busy = self._is_canceled = False
        self._silent_since = time.monotonic()

    def cursor(self, *_: Any) -> EmulatorCursor:
        """A cursor that speaks Snowflake's SQL."""
        return EmulatorCursor(conn=self, duck_conn=self.duck)

    def start_statement(self) -> None:
        """Note that the client waits for an answer."""
        self._is_busy = True
        self._is_canceled = False

    def end_statement(self) -> None:
        """Note that the client has its answer."""
        self._is_busy = False
        self._silent_since = time.monotonic()

    def is_canceled(self) -> bool:
        """Whether the client has taken back the running statement."""
        return self._is_canceled

    def is_abandoned(self) -> bool:
        """Whether the client has said nothing for so long that it is taken for dead."""
        return not self._is_busy and time.monotonic() - self._silent_since > self._abandoned_after_seconds

    def lose_transaction(self) -> None:
        """Roll back on behalf of a client that is taken for dead."""
        self.transaction.lose()

    def cancel(self) -> None:
        """Interrupt the running statement, if there is one, also while it waits for a lock."""
        if self._is_busy:
            self._is_canceled = True
            self.duck.interrupt()

    def end(self) -> None:
        """Roll back what is open, drop temporary objects, close the connection."""
        self.cancel()
        self.transaction.rollback()
        for kind, name in self.temporary_objects:
            self.duck.execute(f"DROP {kind} IF EXISTS {name}")
        self.close()
