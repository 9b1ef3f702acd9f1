"""
The Kubernetes runner against a small server that answers as the cluster's API does for one pod.

It shows what is sent and what is made of the answers. It is no cluster: scheduling, admission and kubelet are missing.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from coretelecoms_airflow.settings import KubernetesRunner, read_policy, read_runner
from coretelecoms_airflow.step import Step
from stage import UseRunner


def now() -> str:
    """The operator stops reading the log of a pod that ended two minutes ago, so a pod ends when it is created."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Cluster:
    """Keeps the pod it is asked to create, and lets it end at once with an exit code."""

    def __init__(self) -> None:
        self.pod: dict[str, Any] | None = None
        self.created: list[dict[str, Any]] = []
        self.deleted = 0
        self.exit_code = 0
        self.lines: list[str] = []
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, body: Any, *, kind: str = "application/json") -> None:
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def body(self) -> Any:
                return json.loads(self.rfile.read(int(self.headers["content-length"])))

            def do_POST(self) -> None:
                cluster.create(self.body())
                self.answer(cluster.pod)

            def do_PATCH(self) -> None:
                self.body()
                self.answer(cluster.pod)

            def do_DELETE(self) -> None:
                cluster.deleted += 1
                self.answer({"kind": "Status", "status": "Success"})

            def do_GET(self) -> None:
                if re.search(r"/pods/[^/]+/log", self.path):
                    self.answer("".join(f"{now()} {line}\n" for line in cluster.lines), kind="text/plain")
                elif re.search(r"/pods/[^/?]+$", self.path.split("?")[0]):
                    self.answer(cluster.pod)
                elif "/events" in self.path:
                    self.answer({"kind": "EventList", "items": [], "metadata": {}})
                else:
                    self.answer({"kind": "PodList", "items": [cluster.pod] if cluster.pod else [], "metadata": {}})

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def create(self, pod: dict[str, Any]) -> None:
        self.created.append(pod)
        terminated = {"exitCode": self.exit_code, "reason": "Completed", "startedAt": now(), "finishedAt": now()}
        status = {"name": "base", "image": "i", "imageID": "i", "ready": False, "restartCount": 0}
        phase = "Succeeded" if self.exit_code == 0 else "Failed"
        statuses = [{**status, "state": {"terminated": terminated}}]
        metadata = {**pod["metadata"], "uid": "1", "creationTimestamp": now(), "resourceVersion": "1"}
        self.pod = {**pod, "metadata": metadata, "status": {"phase": phase, "containerStatuses": statuses}}


@pytest.fixture
def cluster(use_runner: UseRunner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    served = Cluster()
    use_runner("kubernetes")
    kube_config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": served.address}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    extra = {"kube_config": json.dumps(kube_config)}
    monkeypatch.setenv("AIRFLOW_CONN_CX_CLUSTER", json.dumps({"conn_type": "kubernetes", "extra": extra}))
    monkeypatch.setenv("CX_AIRFLOW_KUBERNETES_CONNECTION", "cx_cluster")
    yield served
    served.server.shutdown()
    served.server.server_close()


class Task:
    """The parts of a task instance that the operator looks at."""

    dag_id = "ingest_daily"
    task_id = "call_logs.extract"
    run_id = "backfill__2025-11-20"
    try_number = 1
    map_index = -1

    def xcom_push(self, **_: Any) -> None:
        """Takes what is pushed beside the result."""


def run_pod(cluster: Cluster, exit_code: int, *lines: dict[str, Any]) -> dict[str, Any]:
    from coretelecoms_airflow.runners.kubernetes import StepPod

    settings = read_runner()
    assert isinstance(settings, KubernetesRunner)
    step = Step("extract-s3", command="run", dataset="call_logs", is_extract=True)
    pod = StepPod(step=step, settings=settings, policy=read_policy(), task_id="call_logs.extract", durable=False)
    cluster.exit_code = exit_code
    cluster.lines = [json.dumps(line) for line in lines]
    task = Task()
    run = SimpleNamespace(
        partition_key="2025-11-20", conf={}, run_id=Task.run_id, logical_date=None, run_after=datetime.now(UTC)
    )
    dag = SimpleNamespace(dag_id=Task.dag_id)
    context = {"ti": task, "task_instance": task, "dag_run": run, "params": {}, "dag": dag, "run_id": Task.run_id}
    return pod.execute(context)


def test_the_pod_has_no_rights_it_does_not_need(cluster: Cluster) -> None:
    run_pod(cluster, 0, {"type": "run", "exit_code": 0})
    spec = cluster.created[0]["spec"]
    container = spec["containers"][0]
    assert len(spec["containers"]) == 1
    assert container["image"] == "coretelecoms/extract-s3:dev"
    assert container["args"][-4:] == ["--dataset", "call_logs", "--date", "2025-11-20"]
    assert container["envFrom"] == [{"secretRef": {"name": "cx-extract-s3"}}]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert container["resources"]["limits"] == container["resources"]["requests"] == {"cpu": "1", "memory": "2Gi"}
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/scratch", "/run/secrets"}
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["serviceAccountName"] == "cx-extract-s3"
    assert spec["automountServiceAccountToken"] is False
    assert spec["terminationGracePeriodSeconds"] == 30
    assert cluster.deleted == 1


def test_the_result_is_the_last_line_of_the_pod_even_among_logs(cluster: Cluster) -> None:
    run = {"type": "run", "exit_code": 0, "results": []}
    assert run_pod(cluster, 0, {"level": "info", "msg": "a"}, run, {"level": "info", "msg": "bye"}) == run


@pytest.mark.parametrize(
    ("exit_code", "kind"), [(1, AirflowException), (2, AirflowFailException), (3, AirflowFailException)]
)
def test_the_exit_code_of_the_container_decides_and_its_words_are_told(
    cluster: Cluster, exit_code: int, kind: type[Exception]
) -> None:
    run = {"type": "run", "exit_code": exit_code, "error": {"message": "as the step said"}}
    with pytest.raises(AirflowException, match="as the step said") as raised:
        run_pod(cluster, exit_code, run)
    assert type(raised.value) is kind
    assert cluster.deleted == 1
