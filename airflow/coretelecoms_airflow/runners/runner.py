"""What runs a step for an operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from coretelecoms_airflow.step_output import StepOutput


@dataclass(frozen=True)
class StepCommand:
    """One run of a step."""

    step: str
    arguments: Sequence[str]
    #: The whole environment of the step, beyond what the runner itself has to set.
    environment: Mapping[str, str] = field(repr=False)
    #: Names the run where leftovers would be looked for; no secrets.
    labels: Mapping[str, str]


class Runner(Protocol):
    """Runs one step to its end."""

    def run(self, command: StepCommand, output: StepOutput) -> int:
        """Runs the step, hands its lines to `output` as they come, and returns its exit code."""

    def stop(self) -> None:
        """Sends SIGTERM, waits for a clean end, then kills. May be called from a signal handler inside `run`."""
