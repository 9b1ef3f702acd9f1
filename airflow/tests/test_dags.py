"""The DAGs as Airflow sees them, under each runner."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag

from stage import DAGS, PROJECT, RUNNERS, UseRunner

LoadDags = Callable[[str], dict[str, Any]]


@pytest.fixture
def load_dags(use_runner: UseRunner) -> LoadDags:
    def load(runner: str) -> dict[str, Any]:
        use_runner(runner)
        bag = DagBag(dag_folder=str(DAGS), bundle_name="dags-folder")
        assert bag.import_errors == {}
        return bag.dags

    return load


@pytest.mark.parametrize("runner", RUNNERS)
def test_every_dataset_is_extracted_and_then_loaded_under_every_runner(load_dags: LoadDags, runner: str) -> None:
    dags = load_dags(runner)
    assert set(dags) == {"ingest_daily", "ingest_static", "transform"}
    datasets = {"ingest_daily": ("call_logs", "social_media", "web_forms"), "ingest_static": ("customers", "agents")}
    for dag_id, names in datasets.items():
        dag = dags[dag_id]
        expected = {"migrate", *(f"{name}.{step}" for name in names for step in ("extract", "load"))}
        assert set(dag.task_ids) == expected
        for name in names:
            load = dag.get_task(f"{name}.load")
            assert load.upstream_task_ids == {"migrate", f"{name}.extract"}
            assert [asset.name for asset in load.outlets] == [f"warehouse_{name}"]
    assert dags["transform"].get_task("dbt").upstream_task_ids == {"calm"}


@pytest.mark.parametrize(
    ("runner", "kind"), [("process", "StepOperator"), ("docker", "StepOperator"), ("kubernetes", "StepPod")]
)
def test_the_runner_decides_which_operator_runs_a_step(load_dags: LoadDags, runner: str, kind: str) -> None:
    for dag in load_dags(runner).values():
        assert {type(task).__name__ for task in dag.tasks} - {"CalmSensor"} == {kind}


def test_every_step_has_a_pool_of_the_pool_file_a_time_limit_and_an_alert(load_dags: LoadDags) -> None:
    pools = json.loads((PROJECT / "pools.json").read_text(encoding="utf-8"))
    for dag in load_dags("process").values():
        assert dag.doc_md
        assert dag.tags
        assert dag.max_active_runs <= 3
        for task in dag.tasks:
            assert task.owner == "data-engineering"
            assert task.on_failure_callback
            if task.task_type != "CalmSensor":
                assert task.pool in pools
                assert task.execution_timeout is not None
                assert task.retries == 3
                assert task.retry_exponential_backoff


def test_the_source_database_is_read_by_one_task_at_a_time(load_dags: LoadDags) -> None:
    pools = json.loads((PROJECT / "pools.json").read_text(encoding="utf-8"))
    assert load_dags("process")["ingest_daily"].get_task("web_forms.extract").pool == "source_database"
    assert pools["source_database"]["slots"] == 1


def test_a_missing_setting_is_named_where_the_dags_are_listed(
    use_runner: UseRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_runner("docker")
    monkeypatch.delenv("CX_AIRFLOW_IMAGE_TAG")
    errors = DagBag(dag_folder=str(DAGS), bundle_name="dags-folder").import_errors
    assert len(errors) == 3
    assert all("CX_AIRFLOW_IMAGE_TAG: is missing" in error for error in errors.values())


WATCHED_IMPORT = """
import json, sys, time
import airflow.sdk, airflow.dag_processing.dagbag, pydantic, httpx
if sys.argv[1] == "docker":
    import airflow.providers.docker.hooks.docker
if sys.argv[1] == "kubernetes":
    import airflow.providers.cncf.kubernetes.operators.pod
work, seconds = [], {}
def watch(event, arguments):
    if event in ("socket.connect", "subprocess.Popen", "os.exec", "os.posix_spawn"):
        work.append(event)
    if event == "open" and (str(arguments[0]).endswith(".env") or "w" in str(arguments[1] or "")):
        work.append(str(arguments[0]))
sys.addaudithook(watch)
for name in ("ingest_daily", "ingest_static", "transform"):
    started = time.process_time()
    exec(compile(open(f"{sys.argv[2]}/{name}.py").read(), name, "exec"), {"__name__": name, "__doc__": ""})
    seconds[name] = time.process_time() - started
print(json.dumps({"work": work, "seconds": seconds}))
"""


@pytest.mark.parametrize("runner", RUNNERS)
def test_importing_a_dag_does_no_work_and_takes_less_than_a_second(use_runner: UseRunner, runner: str) -> None:
    use_runner(runner)
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED_IMPORT, runner, str(DAGS)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    watched = json.loads(ran.stdout.splitlines()[-1])
    assert watched["work"] == []
    assert len(watched["seconds"]) == 3
    assert max(watched["seconds"].values()) < 1
