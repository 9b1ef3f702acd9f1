"""The process runner, over real processes."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from airflow.sdk.exceptions import AirflowFailException

from coretelecoms_airflow.runners.process import ProcessRunner
from coretelecoms_airflow.runners.runner import StepCommand
from coretelecoms_airflow.settings import read_runner
from coretelecoms_airflow.step_output import StepOutput
from coretelecoms_airflow.step_settings import read_step_settings
from stage import PROJECT, Stage


def run_step(stage: Stage, runner: ProcessRunner, step: str = "extract-s3") -> tuple[int, StepOutput]:
    output = StepOutput(logging.getLogger("step"))
    command = StepCommand(step, ["run", "--dataset", "call_logs"], read_step_settings(stage.settings, step), {})
    return runner.run(command, output), output


def create_runner(grace_seconds: float = 5) -> ProcessRunner:
    settings = read_runner()
    assert settings.runner == "process"
    return ProcessRunner(settings, grace_seconds=grace_seconds)


def wait_for_call(stage: Stage) -> None:
    ends_at = time.monotonic() + 20
    while not stage.calls():
        assert time.monotonic() < ends_at, "the step was never started"
        time.sleep(0.02)


@pytest.mark.parametrize("exit_code", [0, 1, 2, 3])
def test_the_exit_code_and_the_last_line_are_those_of_the_step(stage: Stage, exit_code: int) -> None:
    stage.play("extract-s3", EXIT=exit_code)
    code, output = run_step(stage, create_runner())
    assert code == exit_code
    assert output.result is not None
    assert output.result["exit_code"] == exit_code
    assert stage.calls() == ["run --dataset call_logs"]


def test_what_the_step_logs_goes_to_the_log_at_its_level(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.play("extract-s3", EXIT=1, MESSAGE="no answer")
    with caplog.at_level(logging.INFO):
        run_step(stage, create_runner())
    logged = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "step"]
    assert ("INFO", "started rows=3") in logged
    assert ("ERROR", "no answer") in logged


def test_the_step_gets_its_settings_and_nothing_of_the_worker(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://of-the-worker")
    _, output = run_step(stage, create_runner())
    assert output.result is not None
    names = set(output.result["environment"])
    assert {name for name in names if "AIRFLOW" in name} == set()
    assert {"CX_PLAY_CALLS", "PATH", "TMPDIR", "HOME"} <= names


def test_dbt_is_run_by_its_own_program(stage: Stage) -> None:
    code, _ = run_step(stage, create_runner(), step="dbt")
    assert code == 0


def test_a_stopped_step_gets_sigterm_and_time_to_end(stage: Stage) -> None:
    stage.play("extract-s3", SLEEP=60)
    runner = create_runner()
    stopper = threading.Thread(target=lambda: (wait_for_call(stage), runner.stop()))
    stopper.start()
    code, _ = run_step(stage, runner)
    stopper.join()
    assert code == 1
    assert stage.calls()[-1] == "SIGTERM"


def test_a_step_that_does_not_end_in_its_time_is_killed(stage: Stage) -> None:
    stage.play("extract-s3", SLEEP=60, IGNORE_SIGTERM=1)
    runner = create_runner(grace_seconds=0.5)
    stopper = threading.Thread(target=lambda: (wait_for_call(stage), runner.stop()))
    started_at = time.monotonic()
    stopper.start()
    code, _ = run_step(stage, runner)
    stopper.join()
    assert code == -9
    assert time.monotonic() - started_at < 30


def test_a_step_ends_when_its_worker_is_killed_where_the_kernel_tells_it(stage: Stage) -> None:
    stage.play("extract-s3", SLEEP=60)
    program = (
        "from pathlib import Path; from test_process_runner import run_step, create_runner;"
        "from types import SimpleNamespace as Stage; import sys;"
        "run_step(Stage(settings=Path(sys.argv[1])), create_runner())"
    )
    worker = subprocess.Popen([sys.executable, "-c", program, str(stage.settings)], cwd=PROJECT / "tests")
    wait_for_call(stage)
    worker.kill()
    worker.wait()
    # The played step has no handler for SIGINT, so Python ends it; its scratch folder is the only thing it held.
    is_told = sys.platform == "linux"
    gives_up_at = time.monotonic() + (10 if is_told else 2)
    while processes_with(str(stage.folder)) and time.monotonic() < gives_up_at:
        time.sleep(0.05)
    outliving = processes_with(str(stage.folder))
    for process in outliving:
        os.kill(process, signal.SIGKILL)
    # Elsewhere it goes on to its end, and the compare-and-swap of the raw zone decides between it and the next try.
    assert len(outliving) == (0 if is_told else 1)


def processes_with(text: str) -> list[int]:
    listed = subprocess.run(["/bin/ps", "-eo", "pid,args"], check=True, capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if text in line and "main.js" in line]


def test_a_step_that_is_not_built_fails_and_is_named(stage: Stage) -> None:
    (stage.folder / "apps" / "extract-s3" / "dist" / "main.js").unlink()
    with pytest.raises(AirflowFailException, match="extract-s3 is not built"):
        run_step(stage, create_runner())
