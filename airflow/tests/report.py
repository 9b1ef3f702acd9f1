"""python airflow/tests/report.py [FOLDER TARGET]: runs the tests of a folder and counts them in .report/TARGET.json."""

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


def main(folder: str = "tests", target: str = "test") -> int:
    """Runs the tests and returns pytest's exit code, which is not 0 either when there was no test."""
    counter = Counter()
    words = ["--rootdir", str(PROJECT), "-c", str(PROJECT / "pyproject.toml"), str(PROJECT / folder)]
    exit_code = pytest.main(words, [counter])
    report = PROJECT / ".report" / f"{target}.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps({"passed": counter.passed, "failed": counter.failed}), encoding="utf-8")
    return int(exit_code)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
