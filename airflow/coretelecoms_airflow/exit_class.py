"""Turns a step's exit code into what Airflow does next."""

from __future__ import annotations

import logging
import signal
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowRescheduleException

from coretelecoms_airflow.step_output import StepOutput, fit_result

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """What a step that found no delivery needs to know to wait for it."""

    dag_id: str
    dataset: str
    day: date
    #: When it is given up.
    deadline: datetime
    #: How often it is asked for until then.
    poll: timedelta


def settle(
    step: str, exit_code: int, output: StepOutput, *, delivery: Delivery | None, now: datetime
) -> dict[str, Any]:
    """
    Returns the result of a step that ended well, or raises what its exit code means.

    1 and everything unknown: AirflowException, tried again. 2: AirflowFailException, at once. 3: rescheduled, which
    costs no try, until the deadline of the delivery; then AirflowFailException.
    """
    if exit_code == 0 and output.result is not None:
        return fit_result(output.result)
    words = failure_words(output)
    if exit_code == 2:
        raise AirflowFailException(f"{step} failed, a retry cannot help (exit code 2): {words}")
    if exit_code == 3 and delivery is not None:
        wait_or_give_up(delivery, words, now)
    if exit_code == 0:
        raise AirflowException(f"{step} ended with exit code 0 and no result on stdout")
    if exit_code == 1:
        raise AirflowException(f"{step} failed, a retry may help (exit code 1): {words}")
    raise AirflowException(f"{step} ended unexpectedly ({describe_exit(exit_code)}): {words}")


def wait_or_give_up(delivery: Delivery, words: str, now: datetime) -> None:
    """Raises AirflowRescheduleException while the delivery may still come, AirflowFailException after its deadline."""
    if now < delivery.deadline:
        again_at = min(now + delivery.poll, delivery.deadline)
        log.warning("not delivered yet, asked again at %s until %s: %s", again_at, delivery.deadline, words)
        raise AirflowRescheduleException(again_at)
    raise AirflowFailException(
        f"{delivery.dataset} {delivery.day} was not delivered by {delivery.deadline:%Y-%m-%d %H:%M} UTC (exit code 3): "
        f"ask its owner for the day, then clear this task or run `airflow backfill create --dag-id {delivery.dag_id} "
        f"--from-date {delivery.day} --to-date {delivery.day} --reprocess-behavior completed`. The step said: {words}"
    )


def failure_words(output: StepOutput) -> str:
    """What the step itself said of its failure: the error of its result, else its last error line."""
    result = output.result or {}
    items = [item for item in result.get("results", []) if isinstance(item, dict)]
    errors = [holder["error"]["message"] for holder in [result, *items] if isinstance(holder.get("error"), dict)]
    if errors:
        return "; ".join(dict.fromkeys(errors))
    return output.last_error or "it said nothing; its log above may tell"


def describe_exit(exit_code: int) -> str:
    """An exit code in words; a shell and a container engine write a signal as 128 more, Python as less than 0."""
    number = -exit_code if exit_code < 0 else exit_code - 128
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"exit code {exit_code}"
    return f"killed by {name}" + (", perhaps for the memory it used" if name == "SIGKILL" else "")
