"""The settings of the DAGs, from environment variables that begin with CX_AIRFLOW_."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

PREFIX = "CX_AIRFLOW_"

T = TypeVar("T")


class SettingsError(ValueError):
    """Settings that are missing or off; the message lists each with its name in the environment."""


class Section(BaseModel):
    """Settings that belong together; one that is set to nothing counts as not set."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ProcessRunner(Section):
    """Steps run as processes on the worker's own machine."""

    runner: Literal["process"]
    settings_directory: Path = Field(description="folder with one NAME=value file a step")
    repository: Path = Field(description="root of a built checkout")
    node: str = Field("node", description="node program")
    dbt_python: str = Field(description="python of the dbt environment")


class DockerRunner(Section):
    """Steps run as containers of a Docker engine."""

    runner: Literal["docker"]
    settings_directory: Path = Field(description="folder with one NAME=value file a step")
    image_prefix: str = Field("coretelecoms/", description="what stands before the step in an image's name")
    image_tag: str = Field(description="tag of all images")
    docker_url: str = Field("unix:///var/run/docker.sock", description="address of the engine")
    docker_network: str = Field("host", description="`host` or the name of a network")
    secrets_directory: Path | None = Field(None, description="folder with the key files that settings may name")
    memory: str = Field("2g", description="memory limit of a container")


class KubernetesRunner(Section):
    """Steps run as pods; their settings come from the Secret and service account `cx-<step>`."""

    runner: Literal["kubernetes"]
    image_prefix: str = Field("coretelecoms/", description="what stands before the step in an image's name")
    image_tag: str = Field(description="tag of all images")
    kubernetes_namespace: str = Field(description="namespace of the pods")
    kubernetes_connection: str | None = Field(None, description="connection; without it the cluster Airflow runs in")
    cpu: str = Field("1", description="CPU request and limit of a pod")
    memory: str = Field("2Gi", description="memory request and limit of a pod")
    scratch_size: str = Field("20Gi", description="limit of the scratch folder")


RunnerSettings = Annotated[ProcessRunner | DockerRunner | KubernetesRunner, Field(discriminator="runner")]


class Policy(Section):
    """When a task is tried again, given up or complained of."""

    first_day: date = Field(date(2025, 11, 1), description="first day that runs are scheduled for")
    last_day: date | None = Field(None, description="last day that runs are scheduled for; none is without end")
    retries: int = Field(3, ge=0, description="further tries after exit code 1")
    retry_delay_seconds: float = Field(30, gt=0, description="wait before the second try; doubled each time")
    delivery_deadline_hours: float = Field(24, gt=0, description="how long after its end a day may be delivered")
    delivery_poll_seconds: float = Field(900, gt=0, description="how often a day that is late is asked for")
    step_timeout_minutes: float = Field(120, gt=0, description="how long a step may run")
    stop_grace_seconds: float = Field(30, gt=0, description="time that a step has to end after SIGTERM")
    transform_calm_seconds: float = Field(15, gt=0, description="how often transform looks whether loads are under way")
    run_deadline_minutes: float = Field(360, gt=0, description="a run that takes longer raises an alert")
    alert_webhook: str | None = Field(None, description="address that failures are posted to, as JSON")
    alert_email: str | None = Field(None, description="recipients, comma-separated; sent by connection smtp_default")

    @property
    def retry_delay(self) -> timedelta:
        """Wait before the second try."""
        return timedelta(seconds=self.retry_delay_seconds)


def read_policy(environment: Mapping[str, str] | None = None) -> Policy:
    """Reads what does not depend on the runner. Throws a SettingsError that lists every fault."""
    return _validate(TypeAdapter(Policy), environment)


def read_runner(environment: Mapping[str, str] | None = None) -> RunnerSettings:
    """Reads how steps are run. Throws a SettingsError that lists every fault."""
    return _validate(TypeAdapter(RunnerSettings), environment)


def _validate(adapter: TypeAdapter[T], environment: Mapping[str, str] | None) -> T:
    source = os.environ if environment is None else environment
    values = {
        name.removeprefix(PREFIX).lower(): value for name, value in source.items() if name.startswith(PREFIX) and value
    }
    try:
        return adapter.validate_python(values)
    except ValidationError as error:
        faults = [_describe(fault["loc"], fault["msg"]) for fault in error.errors(include_input=False)]
        raise SettingsError("; ".join(faults) + ". airflow/README.md lists every setting.") from None


def _describe(location: tuple[int | str, ...], message: str) -> str:
    # The first part of a runner's location is the runner itself; without one the fault is in RUNNER.
    name = str(location[-1]) if location and location[-1] not in ("process", "docker", "kubernetes") else "runner"
    if message == "Field required":
        message = "is missing"
    elif not location:
        message = "must be process, docker or kubernetes"
    return f"{PREFIX}{name.upper()}: {message}"
