"""The factory of the tasks: one step, run as a process, a container or a pod."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, BaseOperator

from coretelecoms_airflow.notify import notify_failure
from coretelecoms_airflow.runners.runner import Runner, StepCommand
from coretelecoms_airflow.settings import DockerRunner, KubernetesRunner, ProcessRunner, read_policy, read_runner
from coretelecoms_airflow.step import Step
from coretelecoms_airflow.step_output import StepOutput
from coretelecoms_airflow.step_settings import read_step_settings

if TYPE_CHECKING:
    from airflow.sdk import Context

OWNER = "data-engineering"


class StepOperator(BaseOperator):
    """Runs a step as a process or a container of this worker."""

    ui_color = "#e8f0fe"

    def __init__(self, *, step: Step, **operator: Any) -> None:
        super().__init__(**operator)
        self.step = step
        self._runner: Runner | None = None

    def execute(self, context: Context) -> dict[str, Any]:
        """Runs the step; its result is the task's XCom."""
        policy = read_policy()
        settings = read_runner()
        if isinstance(settings, KubernetesRunner):
            raise TypeError("pods are run by StepPod")
        words = self.step.words(context)
        self.log.info("%s %s", self.step.name, " ".join(words))
        environment = read_step_settings(settings.settings_directory, self.step.settings_name)
        command = StepCommand(self.step.name, words, environment, self.step.labels(context))
        self._runner = create_runner(settings, grace_seconds=policy.stop_grace_seconds)
        output = StepOutput(self.log)
        exit_code = self._runner.run(command, output)
        return self.step.settle(exit_code, output, context, policy)

    def on_kill(self) -> None:
        """Stops the step cleanly: it publishes nothing of the delivery at hand."""
        if self._runner is not None:
            self._runner.stop()


def create_runner(settings: ProcessRunner | DockerRunner, *, grace_seconds: float) -> Runner:
    """The runner that the settings ask for; only its own libraries are imported."""
    if isinstance(settings, ProcessRunner):
        from coretelecoms_airflow.runners import process

        return process.ProcessRunner(settings, grace_seconds=grace_seconds)
    from coretelecoms_airflow.runners import docker

    return docker.DockerRunner(settings, grace_seconds=grace_seconds)


def step_task(step: Step, *, task_id: str, pool: str, outlets: list[Asset] | None = None, **extra: Any) -> BaseOperator:
    """Makes the task of a step: retries with back-off, time limit, alert, and the operator of the chosen runner."""
    policy = read_policy()
    settings = read_runner()
    operator: dict[str, Any] = {
        "task_id": task_id,
        "step": step,
        "pool": pool,
        "outlets": outlets or [],
        "owner": OWNER,
        "retries": policy.retries,
        "retry_delay": policy.retry_delay,
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=15),
        "execution_timeout": timedelta(minutes=policy.step_timeout_minutes),
        "on_failure_callback": notify_failure,
        **extra,
    }
    if isinstance(settings, KubernetesRunner):
        from coretelecoms_airflow.runners.kubernetes import StepPod

        return StepPod(settings=settings, policy=policy, **operator)
    return StepOperator(**operator)
