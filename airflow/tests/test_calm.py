"""Which runs of `transform` build, and which leave it to another that stands in line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.models.dagrun import DagRun
from airflow.sdk import timezone
from airflow.serialization.serialized_objects import DagSerialization
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from played_run import run_dag, states
from sqlalchemy import delete

from stage import DAGS, Stage

pytestmark = pytest.mark.usefixtures("database")

DAY = "2025-11-20"

PutInLine = Callable[..., None]


def kind_of(run_type: DagRunType, name: str) -> dict[str, Any]:
    """A run of this type, named as Airflow names it."""
    by = DagRunTriggeredByType.ASSET if run_type == DagRunType.ASSET_TRIGGERED else DagRunTriggeredByType.REST_API
    return {"run_type": run_type, "run_id": run_type.generate_run_id(suffix=name), "triggered_by": by}


@pytest.fixture
def put_in_line(stage: Stage) -> Iterator[PutInLine]:
    """Queues a run of `transform` until the test ends."""
    # Once, so that the database knows the DAG.
    run_dag("transform")
    stage.forget_calls()

    def put(run_type: DagRunType, **configuration: Any) -> None:
        dag = DagBag(dag_folder=str(DAGS), bundle_name="dags-folder").dags["transform"]
        with create_session() as session:
            DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag)).create_dagrun(
                **kind_of(run_type, "in-line"),
                logical_date=None,
                data_interval=None,
                run_after=timezone.utcnow(),
                conf=configuration,
                state=DagRunState.QUEUED,
                session=session,
            )

    yield put
    with create_session() as session:
        session.execute(delete(DagRun).where(DagRun.dag_id == "transform"))


def test_a_run_of_the_assets_leaves_its_work_to_another_in_line(stage: Stage, put_in_line: PutInLine) -> None:
    put_in_line(DagRunType.ASSET_TRIGGERED)
    tasks = run_dag("transform", kind=kind_of(DagRunType.ASSET_TRIGGERED, "first"))
    assert states(tasks) == {"calm": "skipped", "dbt": "skipped"}
    assert stage.calls() == []


def test_a_run_of_the_assets_builds_though_one_by_hand_stands_in_line(stage: Stage, put_in_line: PutInLine) -> None:
    put_in_line(DagRunType.MANUAL, as_of_date=DAY)
    tasks = run_dag("transform", kind=kind_of(DagRunType.ASSET_TRIGGERED, "first"))
    assert states(tasks) == {"calm": "success", "dbt": "success"}
    assert "--date" not in stage.calls()[0]


@pytest.mark.parametrize(
    ("configuration", "words"), [({"as_of_date": DAY}, f"--date {DAY}"), ({"full_refresh": True}, "--full-refresh")]
)
def test_a_run_by_hand_builds_as_it_was_asked_whatever_stands_in_line(
    stage: Stage, put_in_line: PutInLine, configuration: dict[str, Any], words: str
) -> None:
    put_in_line(DagRunType.ASSET_TRIGGERED)
    tasks = run_dag("transform", **configuration)
    assert states(tasks) == {"calm": "success", "dbt": "success"}
    assert stage.calls()[0].endswith(words)
