"""A metadata database, a checkout of played steps and the settings that lead to them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stage import DAGS, PROJECT, RUNNERS, Stage, UseRunner

# Airflow reads these when it is first imported, so they are set before any test module is.
HOME = tempfile.TemporaryDirectory(prefix="cx-airflow-")
os.environ |= {
    "AIRFLOW_HOME": HOME.name,
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "PYTHONPATH": str(PROJECT),
}


@pytest.fixture
def use_runner(monkeypatch: pytest.MonkeyPatch) -> UseRunner:
    """Sets what a runner needs, and nothing else of ours."""

    def use(runner: str) -> None:
        for name in [name for name in os.environ if name.startswith("CX_AIRFLOW_")]:
            monkeypatch.delenv(name)
        for name, value in {"RUNNER": runner, **RUNNERS[runner]}.items():
            monkeypatch.setenv(f"CX_AIRFLOW_{name}", value)

    return use


@pytest.fixture
def stage(tmp_path: Path, use_runner: UseRunner, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The process runner over played steps."""
    use_runner("process")
    return Stage(tmp_path, monkeypatch)


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """A migrated metadata database with the platform's pools."""
    airflow = Path(sys.executable).with_name("airflow")
    for words in (["db", "migrate"], ["pools", "import", str(PROJECT / "pools.json")]):
        subprocess.run([airflow, *words], check=True, capture_output=True, timeout=180)
    yield
    HOME.cleanup()
