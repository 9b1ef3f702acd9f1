"""The day a run works on: its partition, never the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from airflow.sdk import CronPartitionTimetable
from airflow.sdk.exceptions import AirflowFailException

#: How a partition key is written.
KEY_FORMAT = "%Y-%m-%d"


def each_partition_day() -> CronPartitionTimetable:
    """
    A run for each day when it has ended, UTC.

    At midnight and no later hour: a backfill takes its dates for midnights, and would leave out the last day of its
    range if partitions lay later in the day. A day that is delivered hours later is waited for anyway.
    """
    return CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format=KEY_FORMAT)


def midnight(day: date) -> datetime:
    """The moment at which a day begins, UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def partition_day(context: Mapping[str, Any]) -> date:
    """
    The run's partition key. A run without one is refused, even if its configuration named a day.

    Airflow drops what such a run tells the assets, as `transform` listens for partitions: the day would be loaded, all
    would be green, and no model would hold it.
    """
    run = context["dag_run"]
    try:
        return datetime.strptime(run.partition_key or "", KEY_FORMAT).date()
    except ValueError:
        raise AirflowFailException(
            f"this run has no day to work on (partition key {run.partition_key!r}): trigger {run.dag_id} with a "
            f"partition key like 2025-11-20, or `airflow backfill create --dag-id {run.dag_id} "
            "--from-date 2025-11-20 --to-date 2025-11-20`"
        ) from None


def delivery_deadline(day: date, hours: float) -> datetime:
    """The moment at which a day that is not delivered is given up: so many hours after it ended, UTC."""
    return midnight(day + timedelta(days=1)) + timedelta(hours=hours)
