"""`python -m unittest dbt/test_build.py` with dbt's Python: what needs no warehouse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import build
from dbt.adapters.exceptions import FailedToConnectError
from dbt_common.exceptions import CompilationError, DbtInternalError, DbtRuntimeError
from snowflake.connector.errorcode import ER_FAILED_TO_CONNECT_TO_DB, ER_FAILED_TO_REQUEST
from snowflake.connector.errors import OperationalError

PROGRAM = Path(__file__).resolve().with_name("build.py")
REFUSED = "Database error while listing schemas\n  250001: Could not connect to Snowflake backend"
WRONG_KEY = "390144 (28000): Failed to connect to DB: JWT token is invalid."


def run_program(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the program with no settings but these."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {"PATH": os.environ["PATH"], "HOME": scratch, "TMPDIR": scratch, **settings}
        return subprocess.run(
            [sys.executable, PROGRAM, *words], env=environment, capture_output=True, text=True, timeout=120, check=False
        )


class ExitCodes(unittest.TestCase):
    """Each kind of failure has the exit code that says what to do."""

    def test_a_warehouse_that_is_not_reached_is_worth_a_retry(self) -> None:
        self.assertEqual(build.exit_code_of_exception(FailedToConnectError("no answer")), 1)
        self.assertEqual(build.exit_code_of_exception(DbtRuntimeError(REFUSED)), 1)

    def test_a_number_is_a_lost_connection_only_as_the_driver_writes_it(self) -> None:
        for error in (
            OperationalError(msg="no answer", errno=ER_FAILED_TO_CONNECT_TO_DB, sqlstate="08001"),
            OperationalError(msg="no answer", errno=ER_FAILED_TO_REQUEST),
        ):
            self.assertEqual(build.exit_code_of_message(str(error), otherwise=2), 1, str(error))
        found = "Got 250012 results, configured to fail if != 0"
        self.assertEqual(build.exit_code_of_message(found, otherwise=2), 2)

    def test_a_login_that_is_refused_is_not(self) -> None:
        self.assertEqual(build.exit_code_of_exception(FailedToConnectError(WRONG_KEY)), 2)
        self.assertEqual(build.exit_code_of_exception(DbtRuntimeError(WRONG_KEY)), 2)

    def test_a_fault_of_the_project_is_not_and_one_of_dbt_itself_is(self) -> None:
        self.assertEqual(build.exit_code_of_exception(CompilationError("macro is missing")), 2)
        self.assertEqual(build.exit_code_of_exception(DbtInternalError("odd")), 1)
        self.assertEqual(build.exit_code_of_exception(MemoryError()), 1)

    def test_nodes_are_counted_and_those_that_failed_are_named(self) -> None:
        statuses = ("success", "pass", "warn", "error", "fail", "skipped", "runtime error")
        nodes = [{"name": f"node_{status}", "status": status} for status in statuses]
        self.assertEqual(build.summarize(nodes), {"passed": 2, "warned": 1, "failed": 3, "skipped": 1})
        self.assertEqual(build.name_failures(nodes), "3 failed: node_error, node_fail, node_runtime error")


class Program(unittest.TestCase):
    """The program as a scheduler runs it."""

    def test_a_missing_setting_ends_with_2_and_is_named_in_the_last_line_of_stdout(self) -> None:
        ran = run_program("build", "--run-id", "r1")
        result = json.loads(ran.stdout.splitlines()[-1])
        self.assertEqual(ran.returncode, 2)
        self.assertEqual((result["type"], result["status"], result["exit_code"]), ("run", "failed", 2))
        self.assertIn("CX_SNOWFLAKE_", result["error"]["message"])

    def test_stdout_holds_json_and_nothing_else(self) -> None:
        lines = run_program("build").stdout.splitlines()
        self.assertGreater(len(lines), 0)
        for line in lines:
            json.loads(line)

    def test_unknown_words_end_with_2(self) -> None:
        self.assertEqual(run_program("build", "--fast").returncode, 2)


if __name__ == "__main__":
    unittest.main()
