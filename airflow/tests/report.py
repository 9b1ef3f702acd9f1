"""python airflow/tests/report.py: runs the tests and counts them in airflow/.report/test.json."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


class Counter:
    """Counts what passed and what failed; a test that breaks in its set-up or could not be loaded has failed."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts one phase of a test."""
        if report.failed:
            self.failed += 1
        elif report.when == "call" and report.passed:
            self.passed += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Counts a module that could not be loaded."""
        if report.failed:
            self.failed += 1


counter = Counter()
exit_code = pytest.main(
    ["--rootdir", str(PROJECT), "-c", str(PROJECT / "pyproject.toml"), str(PROJECT / "tests")], [counter]
)
folder = PROJECT / ".report"
folder.mkdir(exist_ok=True)
(folder / "test.json").write_text(json.dumps({"passed": counter.passed, "failed": counter.failed}), encoding="utf-8")
sys.exit(int(exit_code))
