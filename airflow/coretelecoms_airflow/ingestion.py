"""The tasks that bring one day of some datasets into the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference, Param, TaskGroup

from coretelecoms_airflow.datasets import Dataset
from coretelecoms_airflow.notify import notify_deadline
from coretelecoms_airflow.partition import each_partition_day, midnight
from coretelecoms_airflow.settings import read_policy
from coretelecoms_airflow.step import EXTRACT_FLAGS, Step
from coretelecoms_airflow.steps import step_task

#: The pool of everything that writes to the warehouse.
WAREHOUSE_POOL = "warehouse"


def ingestion_params() -> dict[str, Param]:
    """What a run that is started by hand or by a backfill may be given; its day is its partition key."""
    return {
        "flags": Param(
            [],
            type="array",
            items={"type": "string", "enum": list(EXTRACT_FLAGS)},
            title="Flags of the extractors",
            description="Overrides of their guards; the manifest records them.",
            examples=list(EXTRACT_FLAGS),
        ),
    }


def each_day() -> dict[str, Any]:
    """The schedule of an ingestion: a run for each day, in the days that the settings name."""
    policy = read_policy()
    # A day's run stands at the midnight that ends it.
    end = None if policy.last_day is None else midnight(policy.last_day + timedelta(days=1))
    return {"schedule": each_partition_day(), "start_date": midnight(policy.first_day), "end_date": end}


def ingest(datasets: Sequence[Dataset]) -> None:
    """Adds a group a dataset: extract, then load, which tells the asset; the tables are migrated before any load."""
    migrate = step_task(
        # It owns the schemas; what loads every day may not change them.
        Step("loader-snowflake", command="migrate", settings_of="loader-snowflake-migrate"),
        task_id="migrate",
        pool=WAREHOUSE_POOL,
        doc_md="Brings the tables of the warehouse up to the contracts; does nothing when they are.",
    )
    for dataset in datasets:
        with TaskGroup(dataset.name):
            extract = step_task(
                Step(dataset.extractor, command="run", dataset=dataset.name, is_extract=True),
                task_id="extract",
                pool=dataset.pool,
                doc_md=f"Lands the day of {dataset.name} in the raw zone; waits for it while it is not delivered.",
            )
            load = step_task(
                Step("loader-snowflake", command="run", dataset=dataset.name),
                task_id="load",
                pool=WAREHOUSE_POOL,
                outlets=[dataset.asset],
                doc_md=f"Loads what is published of {dataset.name} for the day, in one transaction.",
            )
            [extract, migrate] >> load


def run_deadline() -> DeadlineAlert:
    """
    The alert of a run that takes so much longer than the last ten did on average; the first run has none.

    Not counted from when it was queued (DAGRUN_QUEUED_AT): with that, from Airflow 3.3.0 on, clearing a run that failed
    ends in HTTP 500 (apache/airflow, issue 70368).
    """
    return DeadlineAlert(
        reference=DeadlineReference.AVERAGE_RUNTIME(max_runs=10, min_runs=1),
        interval=timedelta(minutes=read_policy().run_deadline_minutes),
        callback=AsyncCallback(notify_deadline),
    )


def dag_defaults() -> dict[str, Any]:
    """What all DAGs of the platform share."""
    return {"catchup": False, "deadline": run_deadline()}
