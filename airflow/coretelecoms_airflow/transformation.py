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


class CalmSensor(BaseSensorOperator):
    """
    Waits until no task of the ingestion is under way; skips the run when a later one stands in line.

    Each load tells its asset, and each event that comes while a run is active makes one more run. The last of them sees
    all that the others would have built from.
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
        waiting = task.get_dr_count(dag_id=self.dag_id, states=["queued"])
        if waiting:
            raise AirflowSkipException(
                f"{waiting} later runs stand in line, and the last builds from all that is loaded"
            )
        under_way = {dag_id: task.get_ti_count(dag_id=dag_id, states=UNDER_WAY) for dag_id in self.ingestion_dag_ids}
        busy = {dag_id: count for dag_id, count in under_way.items() if count}
        if busy:
            self.log.info("waiting for tasks under way: %s", busy)
        return not busy
