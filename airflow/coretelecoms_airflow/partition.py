"""The day a run works on: its partition, never the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from airflow.sdk.exceptions import AirflowFailException

#: How a partition key is written.
KEY_FORMAT = "%Y-%m-%d"


def partition_day(context: Mapping[str, Any]) -> date:
    """The run's partition key, or `date` of its configuration when it was triggered by hand without one."""
    run = context["dag_run"]
    text = run.partition_key or (run.conf or {}).get("date")
    try:
        return datetime.strptime(text or "", KEY_FORMAT).date()
    except ValueError:
        raise AirflowFailException(
            f"this run has no day to work on (partition key {text!r}): start it with `airflow backfill create`, "
            'or trigger it with a partition key or with the configuration {"date": "2025-11-20"}'
        ) from None


def delivery_deadline(day: date, hours: float) -> datetime:
    """The moment at which a day that is not delivered is given up: so many hours after it ended, UTC."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC) + timedelta(hours=hours)
