"""One session's transaction, as far as Snowflake's differ from DuckDB's."""

from __future__ import annotations

import duckdb
from sqlglot import Expr, exp

from emulator.errors import LOCK_NOT_RELEASED, sql_error
from emulator.write_locks import Holder, WriteLocks

DDL = (exp.Create, exp.Alter, exp.Drop, exp.Comment, exp.TruncateTable)
LOCKING = (exp.Update, exp.Delete, exp.Merge, exp.TruncateTable)
IN_FAILED_STATE = 90998


class Transaction:
    """Follows BEGIN, COMMIT and ROLLBACK of a session and keeps its table locks."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, locks: WriteLocks, holder: Holder) -> None:
        self._connection = connection
        self._locks = locks
        self._holder = holder
        self._failure: str | None = None
        self._is_lost = False
        self._tables: set[str] = set()
        self._began_at = 0
        self.is_open = False

    def before(self, statement: Expr, table: str | None) -> None:
        """Prepare for a statement that writes the table, if any; raises SQL errors 625 and 90998."""
        if self._failure and not isinstance(statement, exp.Rollback):
            failure = self._failure
            if isinstance(statement, exp.Commit):
                self.rollback()
            raise sql_error(IN_FAILED_STATE, "25000", failure)
        if self.is_open and (isinstance(statement, DDL) or statement.args.get("create_stage_name")):
            # Snowflake commits before DDL: https://docs.snowflake.com/en/sql-reference/transactions#ddl
            self._connection.commit()
            self._closed(is_committed=True)
        if table:
            self._prepare_write(table, is_locking=isinstance(statement, LOCKING))

    def _prepare_write(self, table: str, *, is_locking: bool) -> None:
        if is_locking:
            self._locks.take(table, self._holder)
        if not self.is_open:
            return
        if not self._tables:
            # Snowflake reads what is committed when a statement starts, DuckDB what was when the transaction did.
            # As long as nothing is written, a new transaction makes up for that.
            self._connection.rollback()
            self._connection.begin()
            self._began_at = self._locks.clock
        elif is_locking and self._locks.committed_after(table, self._began_at):
            raise sql_error(
                LOCK_NOT_RELEASED,
                "57014",
                f"Table '{table}' was changed by another session after this transaction had begun to write.",
            )
        self._tables.add(table)

    def after(self, statement: Expr, table: str | None) -> None:
        """Note what a successful statement did."""
        if isinstance(statement, exp.Transaction):
            self.is_open = True
            self._began_at = self._locks.clock
        elif isinstance(statement, (exp.Commit, exp.Rollback)):
            self._closed(is_committed=isinstance(statement, exp.Commit))
        elif not self.is_open and table:
            self._tables.add(table)
            self._closed(is_committed=True)

    def failed(self, statement: Expr, error: Exception) -> None:
        """Note a failed statement.

        Snowflake would undo this one and keep the rest; DuckDB has given up the transaction, and its COMMIT would
        succeed and silently drop every row. So each statement up to ROLLBACK fails.
        """
        if not self.is_open:
            self._locks.release(self._holder)
        elif isinstance(statement, exp.Commit):
            # DuckDB has undone everything already.
            self._closed(is_committed=False)
        elif not self._failure:
            self._failure = (
                "A statement failed in this transaction, and the emulator can only roll back then: "
                + str(error).split("\n")[0]
            )

    def lose(self) -> None:
        """Roll back for a client that has gone; whatever it still sends, up to ROLLBACK, fails."""
        self.rollback()
        self.is_open = self._is_lost = True
        self._failure = "The transaction was rolled back because its session was silent while another one waited."

    def rollback(self) -> None:
        """End the open transaction, if there is one, without its changes."""
        if self.is_open and not self._is_lost:
            self._connection.rollback()
        self._closed(is_committed=False)

    def _closed(self, *, is_committed: bool) -> None:
        if is_committed and self._tables:
            self._locks.record_commit(self._tables)
        self._tables = set()
        self._failure = None
        self.is_open = self._is_lost = False
        self._locks.release(self._holder)
