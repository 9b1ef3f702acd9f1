"""Runs a step as a container of a Docker engine, or of one that speaks its API."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from airflow.providers.docker.hooks.docker import DockerHook
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from docker.errors import DockerException, NotFound
from docker.types import Mount

from coretelecoms_airflow.runners.key_files import SECRETS, archive_key_files
from coretelecoms_airflow.runners.runner import StepCommand
from coretelecoms_airflow.settings import DockerRunner as DockerSettings
from coretelecoms_airflow.step_output import StepOutput

if TYPE_CHECKING:
    from docker import APIClient

#: Where an image may write.
SCRATCH = "/scratch"
#: What tells the tries of one run of a task apart, and the deployments of one engine.
TRY_LABEL = "coretelecoms.try"
NETWORK_LABEL = "coretelecoms.network"


class DockerRunner:
    """
    A runner that keeps the two streams of a container apart, which DockerOperator mixes.

    The container has a read-only root, no capabilities, a memory limit, one volume to write to and one with the key
    files that its settings name; it is removed with those volumes however it ends.
    """

    def __init__(self, settings: DockerSettings, *, grace_seconds: float) -> None:
        self._settings = settings
        self._grace_seconds = grace_seconds
        self._client: APIClient | None = None
        self._container: str | None = None

    def image(self, step: str) -> str:
        """The image of a step."""
        return f"{self._settings.image_prefix}{step}:{self._settings.image_tag}"

    def run(self, command: StepCommand, output: StepOutput) -> int:
        """Runs the container to its end and removes it."""
        try:
            client = DockerHook(docker_conn_id=None, base_url=self._settings.docker_url, version="auto").get_conn()
            self._client = client
            self._remove_leftovers(client, command)
            directory = self._settings.secrets_directory
            key_files = archive_key_files(directory, command.environment) if directory else None
            self._container = self._create(client, command, has_key_files=key_files is not None)
            try:
                if key_files is not None:
                    client.put_archive(self._container, SECRETS, key_files)
                return self._follow(client, self._container, output)
            except BaseException:
                # A task that takes too long ends by an exception, here and before anybody calls `stop`.
                self.stop()
                raise
            finally:
                # Gone already when `stop` was there first.
                with contextlib.suppress(NotFound):
                    client.remove_container(self._container, force=True, v=True)
        except DockerException as error:
            raise AirflowException(f"the engine at {self._settings.docker_url} failed: {error}") from error

    def stop(self) -> None:
        """Stops the container, if there is one, within the grace period."""
        if self._client is not None and self._container is not None:
            with contextlib.suppress(NotFound):
                self._client.stop(self._container, timeout=int(self._grace_seconds))

    def _labels(self, command: StepCommand) -> dict[str, str]:
        # One engine may serve two deployments, whose runs have the same names.
        return {**command.labels, NETWORK_LABEL: self._settings.docker_network}

    def _remove_leftovers(self, client: APIClient, command: StepCommand) -> None:
        """Ends what an earlier try left running when its worker was killed without a word."""
        if not command.labels:
            return
        labels = [f"{name}={value}" for name, value in self._labels(command).items() if name != TRY_LABEL]
        for leftover in client.containers(all=True, filters={"label": labels}):
            with contextlib.suppress(NotFound):
                client.stop(leftover["Id"], timeout=int(self._grace_seconds))
                client.remove_container(leftover["Id"], force=True, v=True)

    def _create(self, client: APIClient, command: StepCommand, *, has_key_files: bool) -> str:
        image = self.image(command.step)
        places = [SCRATCH, SECRETS] if has_key_files else [SCRATCH]
        configuration: dict[str, Any] = {
            "image": image,
            "command": list(command.arguments),
            "environment": {**command.environment, "TMPDIR": SCRATCH, "HOME": SCRATCH},
            "labels": self._labels(command),
            "host_config": client.create_host_config(
                network_mode=self._settings.docker_network,
                mounts=[Mount(target=place, source=None, type="volume") for place in places],
                read_only=True,
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                mem_limit=self._settings.memory,
            ),
        }
        # Podman says that an image is missing in other words than Docker, so any 404 leads to a pull.
        with contextlib.suppress(NotFound):
            return str(client.create_container(**configuration)["Id"])
        try:
            client.pull(image)
            return str(client.create_container(**configuration)["Id"])
        except NotFound as error:
            raise AirflowFailException(
                f"there is no image {image}; CX_AIRFLOW_IMAGE_PREFIX and CX_AIRFLOW_IMAGE_TAG name the images"
            ) from error

    def _follow(self, client: APIClient, container: str, output: StepOutput) -> int:
        # Attached before it starts, or the first lines of a short one are lost.
        stream = client.attach(container, stdout=True, stderr=True, stream=True, logs=True, demux=True)
        client.start(container)
        for is_result, line in split_lines(stream):
            if is_result:
                output.take_stdout(line)
            else:
                output.take_stderr(line)
        return int(client.wait(container)["StatusCode"])


def split_lines(stream: Iterator[tuple[bytes | None, bytes | None]]) -> Iterator[tuple[bool, str]]:
    """Cuts the chunks of both streams into lines; true marks a line of stdout."""
    rests = {True: b"", False: b""}
    for chunks in stream:
        for is_result, chunk in zip((True, False), chunks, strict=True):
            if chunk is None:
                continue
            *lines, rests[is_result] = (rests[is_result] + chunk).split(b"\n")
            yield from ((is_result, line.decode("utf-8", "replace").rstrip("\r")) for line in lines)
    yield from ((is_result, rest.decode("utf-8", "replace")) for is_result, rest in rests.items() if rest)
