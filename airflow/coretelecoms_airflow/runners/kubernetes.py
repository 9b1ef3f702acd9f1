"""Runs a step as a pod, through KubernetesPodOperator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.cncf.kubernetes.callbacks import KubernetesPodOperatorCallback
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk.exceptions import AirflowException
from kubernetes.client import models as k8s

from coretelecoms_airflow.settings import KubernetesRunner, Policy
from coretelecoms_airflow.step import Step
from coretelecoms_airflow.step_log import parse_log_line
from coretelecoms_airflow.step_output import StepOutput

if TYPE_CHECKING:
    from airflow.sdk import Context

SCRATCH = "/scratch"
SECRETS = "/run/secrets"
#: User of the images.
USER_ID = 10001


class StepPod(KubernetesPodOperator):
    """
    Runs a step as a pod: non-root, read-only root, one scratch folder, settings and keys from Secret `cx-<step>`.

    A try that lost its pod's log reattaches to the pod, as KubernetesPodOperator does; a pod that ended is removed.
    """

    def __init__(self, *, step: Step, settings: KubernetesRunner, policy: Policy, **operator: Any) -> None:
        resources = {"cpu": settings.cpu, "memory": settings.memory}
        super().__init__(
            name=f"cx-{step.name}",
            namespace=settings.kubernetes_namespace,
            image=f"{settings.image_prefix}{step.name}:{settings.image_tag}",
            kubernetes_conn_id=settings.kubernetes_connection,
            in_cluster=None if settings.kubernetes_connection else True,
            service_account_name=f"cx-{step.settings_name}",
            # The step talks to AWS by its account's projected token, never to the cluster.
            automount_service_account_token=False,
            env_from=[k8s.V1EnvFromSource(secret_ref=k8s.V1SecretEnvSource(name=f"cx-{step.settings_name}"))],
            env_vars={"TMPDIR": SCRATCH, "HOME": SCRATCH},
            volumes=[
                k8s.V1Volume(name="scratch", empty_dir=k8s.V1EmptyDirVolumeSource(size_limit=settings.scratch_size)),
                # Key files, where a step has any; their paths stand in its settings.
                k8s.V1Volume(
                    name="secrets",
                    secret=k8s.V1SecretVolumeSource(secret_name=f"cx-{step.settings_name}-files", optional=True),
                ),
            ],
            volume_mounts=[
                k8s.V1VolumeMount(name="scratch", mount_path=SCRATCH),
                k8s.V1VolumeMount(name="secrets", mount_path=SECRETS, read_only=True),
            ],
            container_resources=k8s.V1ResourceRequirements(requests=resources, limits=resources),
            security_context=k8s.V1PodSecurityContext(
                run_as_non_root=True,
                run_as_user=USER_ID,
                run_as_group=USER_ID,
                fs_group=USER_ID,
                seccomp_profile=k8s.V1SeccompProfile(type="RuntimeDefault"),
            ),
            container_security_context=k8s.V1SecurityContext(
                allow_privilege_escalation=False,
                read_only_root_filesystem=True,
                capabilities=k8s.V1Capabilities(drop=["ALL"]),
            ),
            termination_grace_period=int(policy.stop_grace_seconds),
            get_logs=True,
            container_name_log_prefix_enabled=False,
            log_formatter=format_line,
            # The result is the last line of stdout; a sidecar that carries a file is not needed for it.
            do_xcom_push=True,
            on_finish_action="delete_pod",
            **operator,
        )
        self.step = step
        self.policy = policy

    def execute(self, context: Context) -> dict[str, Any]:
        """Runs the pod; its result is the task's XCom."""
        # KubernetesPodOperator logs each line itself.
        output = StepOutput(log=None)
        self.callbacks = [collector(output)]
        self.arguments = self.step.words(context)
        # KubernetesPodOperator would add its sidecar for this; what `execute` returns is pushed all the same.
        self.do_xcom_push = False
        try:
            super().execute(context)
        except AirflowException:
            exit_code = exit_code_of(self.remote_pod, self.base_container_name)
            if exit_code is None:
                raise
            return self.step.settle(exit_code, output, context, self.policy)
        finally:
            self.do_xcom_push = True
        return self.step.settle(0, output, context, self.policy)


def collector(output: StepOutput) -> type[KubernetesPodOperatorCallback]:
    """A call-back class that gathers the lines of one pod; the operator calls it without an instance."""

    class Collector(KubernetesPodOperatorCallback):
        @staticmethod
        def progress_callback(*, line: str, **_: Any) -> None:
            output.take_mixed(line)

    return Collector


def format_line(_container: str, line: str) -> str:
    """A line of the pod as the log shows it; KubernetesPodOperator guesses its level."""
    return parse_log_line(line).text


def exit_code_of(pod: k8s.V1Pod | None, container: str) -> int | None:
    """The exit code of the step's container; None when it never ended, as when it could not be started."""
    statuses = (pod.status.container_statuses if pod and pod.status else None) or []
    for status in statuses:
        if status.name == container and status.state and status.state.terminated:
            return int(status.state.terminated.exit_code)
    return None
