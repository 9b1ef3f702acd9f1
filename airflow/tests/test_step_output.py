"""Lines of a step, made readable."""

from __future__ import annotations

import json
import logging

import pytest

from coretelecoms_airflow.node_report import node_table
from coretelecoms_airflow.step_log import parse_log_line
from coretelecoms_airflow.step_output import StepOutput


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        (
            '{"level":"info","time":"t","app":"a","run_id":"r","rows":3,"msg":"progress"}',
            logging.INFO,
            "progress rows=3",
        ),
        ('{"level":"error","code":"denied","msg":"no access"}', logging.ERROR, "no access code=denied"),
        ('{"info":{"level":"warn","msg":" odd value "},"data":{}}', logging.WARNING, "odd value"),
        ("(node:1) Warning: old", logging.WARNING, "(node:1) Warning: old"),
        ('{"level":', logging.WARNING, '{"level":'),
    ],
)
def test_a_line_is_told_at_its_level(line: str, level: int, text: str) -> None:
    parsed = parse_log_line(line)
    assert (parsed.level, parsed.text) == (level, text)


def test_the_last_error_is_kept() -> None:
    output = StepOutput(log=None)
    for message in ("first", "second"):
        output.take_stderr(json.dumps({"level": "error", "msg": message}))
    output.take_stderr(json.dumps({"level": "info", "msg": "bye"}))
    assert output.last_error == "second"


def test_where_streams_are_mixed_results_are_told_from_logs() -> None:
    output = StepOutput(log=None)
    output.take_mixed('{"level":"error","msg":"lost"}')
    output.take_mixed('{"type":"partition","dataset":"agents"}')
    output.take_mixed('{"type":"run","exit_code":1}')
    assert output.last_error == "lost"
    assert output.result == {"type": "run", "exit_code": 1}


def test_failed_models_stand_last_in_the_table_with_what_dbt_said() -> None:
    nodes = [
        {
            "name": "fct",
            "resource_type": "model",
            "status": "error",
            "rows": None,
            "seconds": 1.0,
            "message": "no\nmore",
        },
        {"name": "dim", "resource_type": "model", "status": "success", "rows": 7, "seconds": 0.5, "message": None},
    ]
    lines = node_table(nodes).splitlines()
    assert lines[-1].split() == ["error", "model", "fct", "1.0", "no"]
    assert lines[-2].split() == ["success", "model", "dim", "7", "0.5"]
