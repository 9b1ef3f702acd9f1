"""Whole runs of a DAG in one process, over played steps. What needs a scheduler is tested with one elsewhere."""

from __future__ import annotations

import json

import pytest
from airflow.models.asset import AssetPartitionDagRun
from airflow.models.dag import DagModel
from airflow.utils.session import create_session
from played_run import run_dag, states
from sqlalchemy import delete, select

from stage import Stage

pytestmark = pytest.mark.usefixtures("database")

DAY = "2025-11-20"


def asked_models() -> list[str]:
    """Partitions that `transform` is to be run for."""
    with create_session() as session:
        asked = session.scalars(select(AssetPartitionDagRun).where(AssetPartitionDagRun.target_dag_id == "transform"))
        return [each.partition_key for each in asked]


@pytest.fixture
def unpaused_models(stage: Stage) -> None:
    """`transform` takes events, and was asked for nothing yet."""
    # Once, so that the database knows the DAG.
    run_dag("transform")
    stage.forget_calls()
    with create_session() as session:
        session.execute(delete(AssetPartitionDagRun))
        session.get(DagModel, "transform").is_paused = False


def test_a_day_is_extracted_loaded_and_leaves_its_result_in_xcom(stage: Stage) -> None:
    tasks = run_dag("ingest_static", partition=DAY)
    assert set(states(tasks).values()) == {"success"}
    calls = stage.calls()
    assert len(calls) == 5
    assert sum(f"--dataset customers --date {DAY}" in call for call in calls) == 2
    assert sum(call.startswith("migrate --run-id ingest_static.") for call in calls) == 1
    result = tasks["customers.extract"].xcom_pull(task_ids="customers.extract")
    assert result["type"] == "run"
    assert result["exit_code"] == 0


def test_guards_are_overridden_in_the_extractors_only(stage: Stage) -> None:
    run_dag("ingest_static", partition=DAY, flags=["--allow-volume-drop"])
    flagged = [call for call in stage.calls() if "--allow-volume-drop" in call]
    assert len(flagged) == 2


@pytest.mark.usefixtures("unpaused_models")
def test_loads_of_a_partition_ask_for_the_models() -> None:
    run_dag("ingest_static", partition=DAY)
    assert set(asked_models()) == {DAY}


@pytest.mark.usefixtures("unpaused_models")
def test_a_run_without_a_partition_key_fails_at_once_and_says_how_to_start_one(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    # Airflow takes any configuration, and a day in it is not a partition.
    tasks = run_dag("ingest_static", date=DAY)
    assert {name: state for name, state in states(tasks).items() if name != "migrate"} == {
        "customers.extract": "failed",
        "customers.load": "upstream_failed",
        "agents.extract": "failed",
        "agents.load": "upstream_failed",
    }
    assert tasks["customers.extract"].try_number == 1
    assert not [call for call in stage.calls() if "--dataset" in call]
    told = "".join(capfd.readouterr())
    assert "trigger ingest_static with a partition key" in told
    assert "airflow backfill create --dag-id ingest_static" in told
    assert asked_models() == []


def test_exit_code_1_is_tried_as_often_as_the_settings_say(stage: Stage) -> None:
    stage.play("extract-sheets", EXIT=1, MESSAGE="no answer")
    tasks = run_dag("ingest_static", partition=DAY)
    assert states(tasks)["agents.extract"] == "failed"
    assert states(tasks)["agents.load"] == "upstream_failed"
    assert states(tasks)["customers.load"] == "success"
    tries = [call for call in stage.calls() if "--dataset agents" in call]
    assert [call.split("--run-id ")[1].split(" ")[0].rsplit(".", 1)[1] for call in tries] == ["1", "2", "3"]


@pytest.mark.parametrize("exit_code", [2, 3])
def test_exit_codes_2_and_3_of_a_day_long_past_fail_at_the_first_try(stage: Stage, exit_code: int) -> None:
    stage.play("extract-sheets", EXIT=exit_code, MESSAGE="as played")
    tasks = run_dag("ingest_static", partition=DAY)
    assert states(tasks)["agents.extract"] == "failed"
    assert len([call for call in stage.calls() if "--dataset agents" in call]) == 1


def test_a_step_that_takes_too_long_is_stopped_by_sigterm(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_AIRFLOW_STEP_TIMEOUT_MINUTES", "0.03")
    monkeypatch.setenv("CX_AIRFLOW_RETRIES", "0")
    stage.play("extract-sheets", SLEEP=60)
    tasks = run_dag("ingest_static", partition=DAY)
    assert states(tasks)["agents.extract"] == "failed"
    assert "SIGTERM" in stage.calls()


def test_the_models_are_built_as_the_run_asks(stage: Stage) -> None:
    tasks = run_dag("transform", as_of_date=DAY)
    assert states(tasks) == {"calm": "success", "dbt": "success"}
    assert len(stage.calls()) == 1
    words = stage.calls()[0].split(" ")
    assert words[:2] == ["build", "--exclude-unit-tests"]
    assert words[-2:] == ["--date", DAY]
    assert json.loads(json.dumps(tasks["dbt"].xcom_pull(task_ids="dbt")))["exit_code"] == 0
