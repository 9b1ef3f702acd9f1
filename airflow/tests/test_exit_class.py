"""What Airflow does next, by exit code."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowRescheduleException

from coretelecoms_airflow.exit_class import Delivery, settle
from coretelecoms_airflow.partition import delivery_deadline
from coretelecoms_airflow.step_output import RESULT_LIMIT_BYTES, StepOutput

DAY = date(2025, 11, 22)
DELIVERY = Delivery("ingest_daily", "social_media", DAY, delivery_deadline(DAY, 24), timedelta(minutes=15))
BEFORE = datetime(2025, 11, 23, 12, tzinfo=UTC)
AFTER = datetime(2025, 11, 24, 0, 0, 1, tzinfo=UTC)


def output_of(*lines: dict[str, Any], errors: tuple[dict[str, Any], ...] = ()) -> StepOutput:
    output = StepOutput(log=None)
    for line in lines:
        output.take_stdout(json.dumps(line))
    for line in errors:
        output.take_stderr(json.dumps(line))
    return output


def failed(message: str) -> StepOutput:
    results = [{"type": "partition", "error": {"message": message}}]
    return output_of({"type": "run", "exit_code": 1, "results": results})


def test_exit_code_0_returns_the_last_line_of_stdout() -> None:
    output = output_of({"type": "partition", "rows": 1}, {"type": "run", "exit_code": 0, "results": [1]})
    assert settle("extract-s3", 0, output, delivery=None, now=BEFORE) == {"type": "run", "exit_code": 0, "results": [1]}


def test_exit_code_0_without_a_result_is_tried_again() -> None:
    with pytest.raises(AirflowException, match="no result on stdout") as raised:
        settle("dbt", 0, output_of(), delivery=None, now=BEFORE)
    assert not isinstance(raised.value, AirflowFailException)


def test_exit_code_1_is_tried_again_and_says_what_the_step_said() -> None:
    with pytest.raises(
        AirflowException, match=r"a retry may help \(exit code 1\): no answer from the source"
    ) as raised:
        settle("extract-s3", 1, failed("no answer from the source"), delivery=DELIVERY, now=BEFORE)
    assert not isinstance(raised.value, AirflowFailException)


def test_exit_code_2_fails_at_once() -> None:
    with pytest.raises(AirflowFailException, match=r"a retry cannot help \(exit code 2\): access was denied"):
        settle("extract-s3", 2, failed("access was denied"), delivery=DELIVERY, now=BEFORE)


def test_exit_code_3_waits_until_the_deadline_and_no_longer() -> None:
    with pytest.raises(AirflowRescheduleException) as raised:
        settle("extract-s3", 3, failed("no object"), delivery=DELIVERY, now=BEFORE)
    assert raised.value.reschedule_date == BEFORE + timedelta(minutes=15)
    just_before = DELIVERY.deadline - timedelta(seconds=1)
    with pytest.raises(AirflowRescheduleException) as raised:
        settle("extract-s3", 3, failed("no object"), delivery=DELIVERY, now=just_before)
    assert raised.value.reschedule_date == DELIVERY.deadline


def test_exit_code_3_after_the_deadline_says_which_day_of_what_is_missing_and_how_to_go_on() -> None:
    with pytest.raises(AirflowFailException) as raised:
        settle("extract-s3", 3, failed("no object media_2025-11-22"), delivery=DELIVERY, now=AFTER)
    message = str(raised.value)
    assert message.startswith("social_media 2025-11-22 was not delivered by 2025-11-24 00:00 UTC")
    assert "airflow backfill create --dag-id ingest_daily --from-date 2025-11-22" in message
    assert "no object media_2025-11-22" in message


def test_exit_code_3_of_a_step_that_waits_for_nothing_is_tried_again() -> None:
    with pytest.raises(AirflowException, match="exit code 3") as raised:
        settle("loader-snowflake", 3, failed("nothing is published"), delivery=None, now=BEFORE)
    assert not isinstance(raised.value, AirflowFailException)


@pytest.mark.parametrize("exit_code", [137, -9])
def test_a_killed_step_is_tried_again_and_named(exit_code: int) -> None:
    with pytest.raises(AirflowException, match="killed by SIGKILL, perhaps for the memory"):
        settle("extract-s3", exit_code, output_of(), delivery=None, now=BEFORE)


def test_without_a_result_the_last_error_line_is_what_the_step_said() -> None:
    output = output_of(errors=({"level": "error", "msg": "disk full"}, {"level": "info", "msg": "bye"}))
    with pytest.raises(AirflowException, match="disk full"):
        settle("extract-s3", 1, output, delivery=None, now=BEFORE)


def test_a_result_too_big_for_xcom_keeps_what_went_wrong() -> None:
    nodes = [{"name": f"model_{n}", "status": "success", "message": "m" * 500} for n in range(200)]
    run = {"type": "run", "nodes": [*nodes, {"name": "odd", "status": "warn"}]}
    result = settle("dbt", 0, output_of(run), delivery=None, now=BEFORE)
    assert result["nodes"] == [{"name": "odd", "status": "warn"}]
    assert result["nodes_left_out"] == 200
    assert len(json.dumps(result)) < RESULT_LIMIT_BYTES
