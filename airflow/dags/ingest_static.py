"""
### Static datasets

Snapshots of customers and agents, asked for every day; the partition day is the date of the snapshot. One that did not
change since the last publishes nothing, and the last stands.

Backfill: `airflow backfill create --dag-id ingest_static --from-date 2025-11-20 --to-date 2025-11-20`

By hand: trigger it with a partition key (`2025-11-20`); a run without one is refused.
"""

from __future__ import annotations

from airflow.sdk import dag

from coretelecoms_airflow.datasets import STATIC
from coretelecoms_airflow.ingestion import dag_defaults, each_day, ingest, ingestion_params


@dag(
    max_active_runs=1,
    params=ingestion_params(),
    tags=["ingestion", "static"],
    doc_md=__doc__,
    **each_day(),
    **dag_defaults(),
)
def ingest_static() -> None:
    """Customers and agents."""
    ingest(STATIC)


ingest_static()
