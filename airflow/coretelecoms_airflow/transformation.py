"""When the models are built: once the loads that are under way have ended, and once for all that was loaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from airflow.sdk import BaseSensorOperator
from airflow.sdk.exceptions import AirflowSkipException

from coretelecoms_airflow.settings import read_policy

if TYPE_CHECKING:
    from airflow.sdk import Context

#: A task that waits for its day or for its next try is not under way: nobody knows when it ends.
UNDER_WAY = ["scheduled", "queued", "running", "restarting"]

#: The type of a run that assets started; its id begins with it.
ASSET_RUN = "asset_triggered"


class CalmSensor(BaseSensorOperator):
    """
    Waits until no task of the ingestion is under way; skips a run of the assets when another of them stands in line.

    Each load tells its asset, and each event that comes while a run is active makes one more run. The last of them sees
    all that the others would have built from. A run that was started by hand is neither skipped nor skipped for: it may
    have been given parameters, which no other run has.
    """

    def __init__(self, *, ingestion_dag_ids: Sequence[str], **operator: object) -> None:
        super().__init__(
            mode="reschedule",
            poke_interval=read_policy().transform_calm_seconds,
            timeout=timedelta(days=1),
            **operator,
        )
        self.ingestion_dag_ids = tuple(ingestion_dag_ids)

    def poke(self, context: Context) -> bool:
        """True when it is calm."""
        task = context["ti"]
        if context["dag_run"].run_type == ASSET_RUN:
            waiting = self._count_waiting_runs(context)
            if waiting:
                raise AirflowSkipException(
                    f"{waiting} later runs stand in line, and the last builds from all that is loaded"
                )
        under_way = {dag_id: task.get_ti_count(dag_id=dag_id, states=UNDER_WAY) for dag_id in self.ingestion_dag_ids}
        busy = {dag_id: count for dag_id, count in under_way.items() if count}
        if busy:
            self.log.info("waiting for tasks under way: %s", busy)
        return not busy

    def _count_waiting_runs(self, context: Context) -> int:
        """How many runs that the assets started stand in line."""
        task = context["ti"]
        if not task.get_dr_count(dag_id=self.dag_id, states=["queued"]):
            return 0
        # A task can count runs and not list them, so their names come from the states of this task in every run.
        states = task.get_task_states(dag_id=self.dag_id, task_ids=[self.task_id])
        unstarted = [
            run_id
            for run_id, by_task in states.items()
            if by_task[self.task_id] is None and run_id.startswith(f"{ASSET_RUN}__")
        ]
        # Without names it would count all.
        return task.get_dr_count(dag_id=self.dag_id, run_ids=unstarted, states=["queued"]) if unstarted else 0
