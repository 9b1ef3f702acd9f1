"""Table locks of Snowflake: DELETE, UPDATE and MERGE of an open transaction keep their kind out of a table.

DuckDB alone would let two transactions each delete nothing and insert the same partition twice.
https://docs.snowflake.com/en/sql-reference/transactions#resource-locking
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Protocol

from emulator.errors import CANCELED, LOCK_NOT_RELEASED, sql_error

POLL_SECONDS = 0.05


class Holder(Protocol):
    """A session as the locks see it."""

    lock_timeout_seconds: float

    def is_canceled(self) -> bool: ...
    def is_abandoned(self) -> bool: ...
    def lose_transaction(self) -> None: ...


@dataclass
class WriteLocks:
    """Who holds which table, and a clock of commits for telling whether a snapshot is older than one."""

    clock: int = 0
    _holders: dict[str, Holder] = field(default_factory=dict)
    _committed_at: dict[str, int] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def take(self, table: str, holder: Holder) -> None:
        """Give the table to the holder until release; raises SQL error 625 when its lock timeout has passed
        and 604 when its client cancels.

        A transaction whose client has been silent for long is taken for dead and rolled back, so that a loader
        killed before its COMMIT does not block the next one.
        """
        deadline = time.monotonic() + holder.lock_timeout_seconds
        while True:
            with self._guard:
                other = self._holders.get(table)
                if other is None or other is holder:
                    self._holders[table] = holder
                    return
            if other.is_abandoned():
                other.lose_transaction()
            elif holder.is_canceled():
                raise sql_error(CANCELED, "57014", "SQL execution canceled")
            elif time.monotonic() >= deadline:
                raise sql_error(
                    LOCK_NOT_RELEASED,
                    "57014",
                    f"Another session has locked table '{table}' in a transaction and has not released it yet.",
                )
            else:
                time.sleep(POLL_SECONDS)

    def committed_after(self, table: str, moment: int) -> bool:
        """Whether someone committed a change of the table after this reading of the clock."""
        return self._committed_at.get(table, 0) > moment

    def record_commit(self, tables: set[str]) -> None:
        """Note that these tables have just changed."""
        with self._guard:
            self.clock += 1
            for table in tables:
                self._committed_at[table] = self.clock

    def release(self, holder: Holder) -> None:
        """Free every table that the holder has."""
        with self._guard:
            self._holders = {table: other for table, other in self._holders.items() if other is not holder}
