"""
### Daily datasets

One run a partition day (never the clock): each dataset is landed, loaded, and tells its asset, which starts
`transform`. A day that is not delivered yet is asked for again until its deadline. Runs of one day are idempotent: an
unchanged source publishes nothing, and a publication that is loaded is skipped.

Backfill: `airflow backfill create --dag-id ingest_daily --from-date 2025-11-20 --to-date 2025-11-22`

By hand: trigger it with a partition key (`2025-11-20`); a run without one is refused.
"""

from __future__ import annotations

from airflow.sdk import dag

from coretelecoms_airflow.datasets import DAILY
from coretelecoms_airflow.ingestion import dag_defaults, each_day, ingest, ingestion_params


@dag(
    max_active_runs=3,
    params=ingestion_params(),
    tags=["ingestion", "daily"],
    doc_md=__doc__,
    **each_day(),
    **dag_defaults(),
)
def ingest_daily() -> None:
    """Call logs, social media and web forms."""
    ingest(DAILY)


ingest_daily()
