"""Whole runs of a DAG in one process, over played steps. What needs a scheduler is tested with one elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag

from stage import DAGS, Stage

pytestmark = pytest.mark.usefixtures("database")

DAY = "2025-11-20"


def run_dag(dag_id: str, **configuration: Any) -> dict[str, Any]:
    """Runs a DAG and returns its task instances by their ids."""
    bag = DagBag(dag_folder=str(DAGS), bundle_name="dags-folder")
    dag = bag.dags[dag_id]
    # In one process Airflow 3.3 looks a deadline up by its content and not by its id, and breaks when a run succeeds.
    dag.deadline = None
    run = dag.test(run_conf=configuration)
    return {task.task_id: task for task in run.get_task_instances()}


def states(tasks: dict[str, Any]) -> dict[str, str]:
    return {task_id: str(task.state) for task_id, task in tasks.items()}


def test_a_day_is_extracted_loaded_and_leaves_its_result_in_xcom(stage: Stage) -> None:
    tasks = run_dag("ingest_static", date=DAY)
    assert set(states(tasks).values()) == {"success"}
    calls = stage.calls()
    assert len(calls) == 5
    assert sum(f"--dataset customers --date {DAY}" in call for call in calls) == 2
    assert sum(call.startswith("migrate --run-id ingest_static.") for call in calls) == 1
    result = tasks["customers.extract"].xcom_pull(task_ids="customers.extract")
    assert result["type"] == "run"
    assert result["exit_code"] == 0


def test_guards_are_overridden_in_the_extractors_only(stage: Stage) -> None:
    run_dag("ingest_static", date=DAY, flags=["--allow-volume-drop"])
    flagged = [call for call in stage.calls() if "--allow-volume-drop" in call]
    assert len(flagged) == 2


def test_a_run_without_a_day_fails_at_once_and_asks_for_one(stage: Stage) -> None:
    tasks = run_dag("ingest_static")
    assert states(tasks)["customers.extract"] == "failed"
    assert tasks["customers.extract"].try_number == 1
    assert not [call for call in stage.calls() if "customers" in call]


def test_exit_code_1_is_tried_as_often_as_the_settings_say(stage: Stage) -> None:
    stage.play("extract-sheets", EXIT=1, MESSAGE="no answer")
    tasks = run_dag("ingest_static", date=DAY)
    assert states(tasks)["agents.extract"] == "failed"
    assert states(tasks)["agents.load"] == "upstream_failed"
    assert states(tasks)["customers.load"] == "success"
    tries = [call for call in stage.calls() if "--dataset agents" in call]
    assert [call.split("--run-id ")[1].split(" ")[0].rsplit(".", 1)[1] for call in tries] == ["1", "2", "3"]


@pytest.mark.parametrize("exit_code", [2, 3])
def test_exit_codes_2_and_3_of_a_day_long_past_fail_at_the_first_try(stage: Stage, exit_code: int) -> None:
    stage.play("extract-sheets", EXIT=exit_code, MESSAGE="as played")
    tasks = run_dag("ingest_static", date=DAY)
    assert states(tasks)["agents.extract"] == "failed"
    assert len([call for call in stage.calls() if "--dataset agents" in call]) == 1


def test_a_step_that_takes_too_long_is_stopped_by_sigterm(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_AIRFLOW_STEP_TIMEOUT_MINUTES", "0.03")
    monkeypatch.setenv("CX_AIRFLOW_RETRIES", "0")
    stage.play("extract-sheets", SLEEP=60)
    tasks = run_dag("ingest_static", date=DAY)
    assert states(tasks)["agents.extract"] == "failed"
    assert "SIGTERM" in stage.calls()


def test_the_models_are_built_once_it_is_calm(stage: Stage) -> None:
    tasks = run_dag("transform", as_of_date=DAY)
    assert states(tasks) == {"calm": "success", "dbt": "success"}
    assert len(stage.calls()) == 1
    words = stage.calls()[0].split(" ")
    assert words[:2] == ["build", "--exclude-unit-tests"]
    assert words[-2:] == ["--date", DAY]
    assert json.loads(json.dumps(tasks["dbt"].xcom_pull(task_ids="dbt")))["exit_code"] == 0
