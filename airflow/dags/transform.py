"""
### Models

Starts when any dataset was loaded. `calm` waits until the loads under way have ended and leaves the work to a later run
of the assets when one stands in line, so that dbt builds once for all that was loaded. The table at the end of `dbt`'s
log tells what became of each model and test; its XCom holds the same.

Measures are as of the newest partition that is loaded, unless the run is given `as_of_date`. A run that is started by
hand is never skipped, and none is skipped for it.

Tasks that stand `scheduled` in an ingestion DAG that is paused are waited for too: unpause it, or mark them.
"""

from __future__ import annotations

from airflow.sdk import AssetAny, Param, PartitionedAssetTimetable, dag

from coretelecoms_airflow.datasets import DAILY, STATIC
from coretelecoms_airflow.ingestion import WAREHOUSE_POOL, dag_defaults
from coretelecoms_airflow.notify import notify_failure
from coretelecoms_airflow.step import Step
from coretelecoms_airflow.steps import OWNER, step_task
from coretelecoms_airflow.transformation import CalmSensor


@dag(
    # Events of a run that has a partition reach only a schedule that knows partitions.
    schedule=PartitionedAssetTimetable(assets=AssetAny(*(dataset.asset for dataset in (*DAILY, *STATIC)))),
    max_active_runs=1,
    params={
        "as_of_date": Param(
            None,
            type=["null", "string"],
            format="date",
            title="As-of date",
            description="Day that ages are measured on; empty means the newest partition that is loaded.",
        ),
        "full_refresh": Param(False, type="boolean", title="Full refresh", description="Build every model anew."),
    },
    tags=["transformation", "dbt"],
    doc_md=__doc__,
    **dag_defaults(),
)
def transform() -> None:
    """All models, seeds, snapshots and tests."""
    calm = CalmSensor(
        task_id="calm",
        ingestion_dag_ids=["ingest_daily", "ingest_static"],
        owner=OWNER,
        on_failure_callback=notify_failure,
    )
    dbt = step_task(
        # Unit tests prove the SQL and not the data: the project's own tests run them.
        Step("dbt", command="build", arguments=("--exclude-unit-tests",)),
        task_id="dbt",
        pool=WAREHOUSE_POOL,
        doc_md="Builds and tests all models; a node that fails is named in the task's message.",
    )
    calm >> dbt


transform()
