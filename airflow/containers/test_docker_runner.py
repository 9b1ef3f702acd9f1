"""The Docker runner over a real engine, which DOCKER_HOST names; a container of plain Python plays the step."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from airflow.sdk.exceptions import AirflowFailException

from coretelecoms_airflow.runners.docker import DockerRunner
from coretelecoms_airflow.runners.runner import StepCommand
from coretelecoms_airflow.settings import DockerRunner as DockerSettings
from coretelecoms_airflow.step_output import StepOutput

ENGINE = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
IMAGE, TAG = os.environ.get("PYTHON_IMAGE", "python:3.11-slim-bookworm").rsplit(":", 1)
LABEL = "coretelecoms.test"


def create_runner(*, grace_seconds: float = 5, **settings: str) -> DockerRunner:
    values = {"runner": "docker", "settings_directory": "/nowhere", "docker_url": ENGINE, "image_tag": TAG}
    values |= {"image_prefix": "", "memory": "256m", **settings}
    return DockerRunner(DockerSettings.model_validate(values), grace_seconds=grace_seconds)


def run_python(program: str, runner: DockerRunner, **environment: str) -> tuple[int, StepOutput]:
    output = StepOutput(logging.getLogger("step"))
    words = ["python3", "-u", "-c", program]
    return runner.run(StepCommand(IMAGE, words, environment, {LABEL: "yes"}), output), output


def stop_when_logged(text: str, runner: DockerRunner, caplog: pytest.LogCaptureFixture) -> threading.Thread:
    """Stops the container once it has said something."""

    def stop() -> None:
        ends_at = time.monotonic() + 60
        while text not in caplog.text:
            assert time.monotonic() < ends_at, "the container said nothing"
            time.sleep(0.05)
        runner.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    return thread


@pytest.fixture(autouse=True)
def nothing_is_left(caplog: pytest.LogCaptureFixture):  # noqa: ANN201 - a generator of nothing
    """No container of a test outlives it."""
    caplog.set_level(logging.INFO)
    yield
    client = docker.DockerClient(base_url=ENGINE)
    assert client.containers.list(all=True, filters={"label": LABEL}) == []
    client.close()


def test_stdout_and_stderr_are_kept_apart(caplog: pytest.LogCaptureFixture) -> None:
    program = """
import json, sys
for n in range(50):
    print(json.dumps({"type": "partition", "n": n}))
    sys.stderr.write(json.dumps({"level": "info", "msg": f"line {n}"}) + "\\n")
sys.stderr.write(json.dumps({"type": "run", "msg": "not the result"}) + "\\n")
print(json.dumps({"type": "run", "exit_code": 3, "text": "ä" * 70000}))
sys.exit(3)
"""
    exit_code, output = run_python(program, create_runner())
    assert exit_code == 3
    assert output.result == {"type": "run", "exit_code": 3, "text": "ä" * 70000}
    assert "line 49" in caplog.text


def test_only_the_scratch_folder_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("a key", encoding="utf-8")
    program = """
import json, os
def can_write(path):
    try:
        open(path, "w").close()
        return True
    except OSError:
        return False
places = {path: can_write(path + "/file") for path in ("/scratch", "/", "/etc", "/run/secrets")}
print(json.dumps({"type": "run", "places": places, "given": os.environ["GIVEN"]}))
"""
    runner = create_runner(secrets_directory=str(tmp_path))
    _, output = run_python(program, runner, GIVEN="a=b c", KEY_FILE="/run/secrets/key.pem")
    assert output.result is not None
    assert output.result["places"] == {"/scratch": True, "/": False, "/etc": False, "/run/secrets": False}
    assert output.result["given"] == "a=b c"


@pytest.fixture
def image_of_a_user() -> Iterator[str]:
    """The prefix of an image whose user is that of the steps."""
    client = docker.DockerClient(base_url=ENGINE)
    container = client.containers.create(f"{IMAGE}:{TAG}", labels={LABEL: "yes"})
    prefix = "localhost/cx-user-"
    container.commit(f"{prefix}{IMAGE}", TAG, changes="USER 10001:10001")
    container.remove()
    yield prefix
    client.images.remove(f"{prefix}{IMAGE}:{TAG}")
    client.close()


def test_a_step_finds_the_key_files_that_its_settings_name_and_no_other(tmp_path: Path, image_of_a_user: str) -> None:
    for name in ("loader.p8", "google.json", "admin.p8"):
        (tmp_path / name).write_text(f"key {name}", encoding="utf-8")
    program = """
import json, os
keys = {}
for folder, _, names in os.walk("/run/secrets"):
    for name in names:
        path = os.path.join(folder, name)
        keys[path] = [open(path).read(), oct(os.stat(path).st_mode & 0o777), os.stat(path).st_uid]
print(json.dumps({"type": "run", "keys": keys}))
"""
    settings = {"image_prefix": image_of_a_user, "secrets_directory": str(tmp_path)}
    twice = "/run/secrets/google.json"
    outputs = [
        run_python(program, create_runner(**settings), KEY="/run/secrets/loader.p8", ROLE="admin.p8")[1],
        run_python(program, create_runner(**settings), FIRST=twice, SECOND=twice)[1],
    ]
    assert [output.result and output.result["keys"] for output in outputs] == [
        {"/run/secrets/loader.p8": ["key loader.p8", "0o400", 10001]},
        {"/run/secrets/google.json": ["key google.json", "0o400", 10001]},
    ]


@pytest.mark.parametrize("name", ["../outside", "..", ".", "", "folder/inside", "/etc/passwd", "missing"])
def test_a_key_file_outside_the_folder_or_missing_fails_before_the_step_starts(tmp_path: Path, name: str) -> None:
    secrets = tmp_path / "secrets"
    (secrets / "folder").mkdir(parents=True)
    for file in (tmp_path / "outside", secrets / "folder" / "inside"):
        file.write_text("a key", encoding="utf-8")
    with pytest.raises(AirflowFailException, match="CX_KEY_FILE"):
        run_python("", create_runner(secrets_directory=str(secrets)), CX_KEY_FILE=f"/run/secrets/{name}")


def test_a_stopped_container_gets_sigterm_and_time_to_end(caplog: pytest.LogCaptureFixture) -> None:
    program = """
import signal, sys, time
def stop(*_):
    print('{"type": "run", "stopped": true}')
    sys.exit(1)
signal.signal(signal.SIGTERM, stop)
print('{"type": "partition", "n": "ready"}')
time.sleep(120)
"""
    runner = create_runner()
    stopper = stop_when_logged("n=ready", runner, caplog)
    exit_code, output = run_python(program, runner)
    stopper.join()
    assert exit_code == 1
    assert output.result == {"type": "run", "stopped": True}


def test_a_container_that_does_not_end_in_its_time_is_killed(caplog: pytest.LogCaptureFixture) -> None:
    program = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('{"type": "partition", "n": "ready"}')
time.sleep(120)
"""
    runner = create_runner(grace_seconds=1)
    stopper = stop_when_logged("n=ready", runner, caplog)
    exit_code, _ = run_python(program, runner)
    stopper.join()
    assert exit_code == 137


class OverdueError(BaseException):
    """As Airflow's timeout: what catches exceptions does not catch it."""


@pytest.fixture
def overdue_when_ready(caplog: pytest.LogCaptureFixture):  # noqa: ANN201 - a generator of nothing
    """Once the step has said `ready`, an alarm breaks into whatever the runner does, as Airflow's timeout does."""

    def break_in(*_: object) -> None:
        if "n=ready" in caplog.text:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise OverdueError

    before = signal.signal(signal.SIGALRM, break_in)
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("overdue_when_ready")
def test_a_step_that_takes_too_long_gets_sigterm_and_time_to_end() -> None:
    program = """
import os, signal, socket, sys, time
def stop(*_):
    time.sleep(1)
    with socket.create_connection(("127.0.0.1", int(os.environ["PORT"]))) as connection:
        connection.sendall(b"ended in its own time")
    sys.exit(1)
signal.signal(signal.SIGTERM, stop)
print('{"type": "partition", "n": "ready"}')
time.sleep(120)
"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        with pytest.raises(OverdueError):
            run_python(program, create_runner(), PORT=str(server.getsockname()[1]))
        with server.accept()[0] as connection:
            assert connection.recv(100) == b"ended in its own time"


def leave_container(labels: dict[str, str], **settings: str) -> str:
    """Kills a worker in the midst of a step, and names the container that is left."""
    command = StepCommand(IMAGE, ["python3", "-c", "import time; time.sleep(600)"], {}, labels)
    arguments = (command, StepOutput(logging.getLogger("step")))
    worker = multiprocessing.get_context("fork").Process(target=create_runner(**settings).run, args=arguments)
    before = list_containers()
    worker.start()
    ends_at = time.monotonic() + 60
    while not (started := list_containers(status="running") - before):
        assert time.monotonic() < ends_at, "no container was started"
        time.sleep(0.1)
    worker.kill()
    worker.join()
    return started.pop()


def list_containers(**filters: str) -> set[str]:
    client = docker.DockerClient(base_url=ENGINE)
    found = client.containers.list(all=True, filters={"label": LABEL, **filters})
    client.close()
    return {str(container.id) for container in found}


def test_a_retry_removes_the_container_of_a_killed_try_and_no_other() -> None:
    task = {LABEL: "yes", "coretelecoms.dag": "ingest", "coretelecoms.task": "load", "coretelecoms.run": "a+b: 1"}
    left = set[str]()
    try:
        left.add(same := leave_container({**task, "coretelecoms.try": "1"}))
        left.add(leave_container({**task, "coretelecoms.task": "extract", "coretelecoms.try": "1"}))
        left.add(leave_container({**task, "coretelecoms.run": "a+b: 2", "coretelecoms.try": "1"}))
        left.add(leave_container({**task, "coretelecoms.try": "1"}, docker_network="none"))
        assert list_containers() == left
        retry = StepCommand(IMAGE, ["python3", "-c", ""], {}, {**task, "coretelecoms.try": "2"})
        assert create_runner(grace_seconds=1).run(retry, StepOutput(logging.getLogger("step"))) == 0
        assert list_containers() == left - {same}
    finally:
        client = docker.DockerClient(base_url=ENGINE)
        for container in client.containers.list(all=True, filters={"label": LABEL}):
            container.remove(force=True, v=True)
        client.close()


def test_a_container_over_its_memory_is_killed() -> None:
    exit_code, _ = run_python("held = bytearray(10**9)", create_runner(memory="64m"))
    assert exit_code == 137


def test_an_image_that_is_nowhere_fails_and_is_named() -> None:
    with pytest.raises(AirflowFailException, match=r"there is no image localhost/nowhere-.*:0"):
        run_python("", create_runner(image_prefix="localhost/nowhere-", image_tag="0"))
