"""Runs a step as a process of this machine, from a built checkout."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from airflow.sdk.exceptions import AirflowFailException

from coretelecoms_airflow.runners.runner import StepCommand
from coretelecoms_airflow.settings import ProcessRunner as ProcessSettings
from coretelecoms_airflow.step_output import StepOutput

POLL_SECONDS = 0.1
# prctl(2): the signal that a process gets when its parent dies.
PR_SET_PDEATHSIG = 1


class ProcessRunner:
    """A runner without containers. The step gets its own settings and nothing of the worker's environment."""

    def __init__(self, settings: ProcessSettings, *, grace_seconds: float) -> None:
        self._settings = settings
        self._grace_seconds = grace_seconds
        self._process: subprocess.Popen[str] | None = None

    def program(self, step: str) -> list[str]:
        """The command that an image of the step has as its entrypoint."""
        repository = self._settings.repository
        if step == "dbt":
            return [self._settings.dbt_python, str(repository / "dbt" / "build.py")]
        return [self._settings.node, str(repository / "apps" / step / "dist" / "main.js")]

    def run(self, command: StepCommand, output: StepOutput) -> int:
        """Runs the step in a scratch folder of its own, which is removed afterwards."""
        program = self.program(command.step)
        if not Path(program[-1]).exists():
            raise AirflowFailException(
                f"{command.step} is not built: there is no {program[-1]}; CX_AIRFLOW_REPOSITORY names the checkout"
            )
        with tempfile.TemporaryDirectory(prefix=f"cx-{command.step}-") as scratch:
            environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": scratch, "TMPDIR": scratch}
            try:
                process = subprocess.Popen(
                    [*program, *command.arguments],
                    cwd=scratch,
                    env={**environment, **command.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                    # A group of its own, so that stopping it reaches what it started and not the worker.
                    start_new_session=True,
                    preexec_fn=die_with_parent,
                )
            except OSError as error:
                raise AirflowFailException(f"{program[0]} cannot be started: {error.strerror}") from error
            self._process = process
            readers = [read_lines(process.stdout, output.take_stdout), read_lines(process.stderr, output.take_stderr)]
            try:
                # Polled rather than waited for: `stop` may run inside a signal handler of this very thread, and would
                # find the lock of wait() taken.
                while process.poll() is None:
                    time.sleep(POLL_SECONDS)
            except BaseException:
                self.stop()
                raise
            finally:
                for reader in readers:
                    reader.join(timeout=5)
            return process.returncode

    def stop(self) -> None:
        """Ends the process if it still runs."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        ends_at = time.monotonic() + self._grace_seconds
        while process.poll() is None:
            if time.monotonic() > ends_at:
                os.killpg(process.pid, signal.SIGKILL)
                return
            time.sleep(POLL_SECONDS)


def read_lines(stream: IO[str] | None, take: Callable[[str], None]) -> threading.Thread:
    """Hands a stream to `take` line by line, in a thread, so that neither of two streams can fill up and block."""

    def read() -> None:
        if stream is not None:
            with stream:
                for line in stream:
                    take(line.rstrip("\n"))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def die_with_parent() -> None:
    """
    Has the kernel stop this process when the task's process dies without a word, as under SIGKILL.

    SIGINT and not SIGTERM: a step that already ends after a SIGTERM takes a second one as an order to end at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
