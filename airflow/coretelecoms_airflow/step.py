"""What every operator that runs a step has in common, whichever way it runs it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from coretelecoms_airflow.exit_class import Delivery, settle
from coretelecoms_airflow.node_report import node_table
from coretelecoms_airflow.partition import delivery_deadline, partition_day
from coretelecoms_airflow.settings import Policy
from coretelecoms_airflow.step_output import StepOutput

log = logging.getLogger(__name__)

#: Flags of an extractor that override a guard; a run takes them from its parameter `flags`.
EXTRACT_FLAGS = ("--force", "--allow-quarantined", "--allow-volume-drop", "--allow-empty")


@dataclass(frozen=True)
class Step:
    """A task's step: which program, with which words, for which dataset."""

    name: str
    command: str
    #: The dataset and the day of the run are handed over when there is a dataset.
    dataset: str | None = None
    #: Whether exit code 3 is waited for, and flags of the run are handed over.
    is_extract: bool = False
    arguments: tuple[str, ...] = ()
    #: Whose settings it runs with, where a command of a program has rights of its own.
    settings_of: str | None = None

    @property
    def settings_name(self) -> str:
        """Names its settings file, or its Secret and service account."""
        return self.settings_of or self.name

    def words(self, context: Mapping[str, Any]) -> list[str]:
        """The arguments of this run of the step."""
        words = [self.command, *self.arguments, "--run-id", run_id(context)]
        if self.dataset:
            words += ["--dataset", self.dataset, "--date", partition_day(context).isoformat()]
        parameters = context["params"]
        if self.is_extract:
            words += [flag for flag in parameters.get("flags") or [] if flag in EXTRACT_FLAGS]
        if self.name == "dbt":
            if parameters.get("as_of_date"):
                words += ["--date", parameters["as_of_date"]]
            if parameters.get("full_refresh"):
                words.append("--full-refresh")
        return words

    def labels(self, context: Mapping[str, Any]) -> dict[str, str]:
        """Names the task in the engine that runs it."""
        task = context["ti"]
        values = {"dag": task.dag_id, "task": task.task_id, "run": task.run_id, "try": str(task.try_number)}
        return {f"coretelecoms.{name}": value for name, value in values.items()}

    def settle(self, exit_code: int, output: StepOutput, context: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
        """Ends the task as the exit code asks; see `exit_class`."""
        if output.result and output.result.get("nodes"):
            log.info("\n%s", node_table(output.result["nodes"]))
        return settle(self.name, exit_code, output, delivery=self._delivery(context, policy), now=datetime.now(UTC))

    def _delivery(self, context: Mapping[str, Any], policy: Policy) -> Delivery | None:
        if not (self.dataset and self.is_extract):
            return None
        day = partition_day(context)
        return Delivery(
            dag_id=context["ti"].dag_id,
            dataset=self.dataset,
            day=day,
            deadline=delivery_deadline(day, policy.delivery_deadline_hours),
            poll=timedelta(seconds=policy.delivery_poll_seconds),
        )


def run_id(context: Mapping[str, Any]) -> str:
    """Names a try in manifests, query tags and logs, so that each leads to the other."""
    task = context["ti"]
    return f"{task.dag_id}.{task.run_id}.{task.try_number}"
