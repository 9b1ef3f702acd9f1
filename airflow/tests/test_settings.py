"""Settings that are missing or off."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException

from coretelecoms_airflow.settings import ProcessRunner, SettingsError, read_policy, read_runner
from coretelecoms_airflow.step_settings import read_step_settings


def test_a_missing_runner_is_named() -> None:
    with pytest.raises(SettingsError, match="CX_AIRFLOW_RUNNER"):
        read_runner({})


def test_an_unknown_runner_is_refused() -> None:
    with pytest.raises(SettingsError, match="CX_AIRFLOW_RUNNER: must be process, docker or kubernetes"):
        read_runner({"CX_AIRFLOW_RUNNER": "nomad"})


def test_every_missing_setting_is_listed_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        read_runner({"CX_AIRFLOW_RUNNER": "process", "CX_AIRFLOW_NODE": "node"})
    for name in ("SETTINGS_DIRECTORY", "REPOSITORY", "DBT_PYTHON"):
        assert f"CX_AIRFLOW_{name}: is missing" in str(raised.value)


def test_a_setting_that_is_set_to_nothing_counts_as_not_set() -> None:
    settings = {"RUNNER": "process", "SETTINGS_DIRECTORY": "/s", "REPOSITORY": "/r", "DBT_PYTHON": "python", "NODE": ""}
    runner = read_runner({f"CX_AIRFLOW_{name}": value for name, value in settings.items()})
    assert isinstance(runner, ProcessRunner)
    assert runner.node == "node"


def test_a_number_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(SettingsError, match="CX_AIRFLOW_RETRIES") as raised:
        read_policy({"CX_AIRFLOW_RETRIES": "s3cret-by-mistake"})
    assert "s3cret" not in str(raised.value)


def test_a_value_of_a_step_is_all_after_the_first_equals_sign(tmp_path: Path) -> None:
    (tmp_path / "dbt.env").write_text('A=1=2 "x" # y\n\n# comment\nB=\n', encoding="utf-8")
    assert read_step_settings(tmp_path, "dbt") == {"A": '1=2 "x" # y', "B": ""}


def test_a_step_without_settings_fails_and_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(AirflowFailException, match=r"dbt\.env"):
        read_step_settings(tmp_path, "dbt")


def test_a_line_that_is_no_setting_fails_without_its_text(tmp_path: Path) -> None:
    (tmp_path / "dbt.env").write_text("A=1\nprivate words\n", encoding="utf-8")
    with pytest.raises(AirflowFailException, match=r"dbt\.env:2 is not NAME=value") as raised:
        read_step_settings(tmp_path, "dbt")
    assert "private" not in str(raised.value)
