"""Where tests play: the project's folders, the settings of each runner, and a checkout of played steps."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
DAGS = PROJECT / "dags"

RUNNERS = {
    "process": {"REPOSITORY": "/nowhere", "DBT_PYTHON": sys.executable, "SETTINGS_DIRECTORY": "/nowhere"},
    "docker": {"IMAGE_TAG": "dev", "SETTINGS_DIRECTORY": "/nowhere"},
    "kubernetes": {"IMAGE_TAG": "dev", "KUBERNETES_NAMESPACE": "cx"},
}

STEPS = ("extract-s3", "extract-postgres", "extract-sheets", "loader-snowflake", "loader-snowflake-migrate", "dbt")

UseRunner = Callable[[str], None]


class Stage:
    """A checkout whose steps are played by one small program, and the settings that tell it what to play."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.settings = folder / "settings"
        self.settings.mkdir()
        player = (Path(__file__).parent / "played_step.py").read_text(encoding="utf-8")
        for step in STEPS:
            main = folder / "apps" / step / "dist" / "main.js"
            main.parent.mkdir(parents=True)
            main.write_text(player, encoding="utf-8")
            self.play(step)
        (folder / "dbt").mkdir()
        (folder / "dbt" / "build.py").write_text(player, encoding="utf-8")
        values = {"REPOSITORY": folder, "NODE": sys.executable, "DBT_PYTHON": sys.executable}
        values |= {
            "SETTINGS_DIRECTORY": self.settings,
            "RETRIES": 2,
            "RETRY_DELAY_SECONDS": 0.1,
            "STOP_GRACE_SECONDS": 5,
        }
        for name, value in values.items():
            monkeypatch.setenv(f"CX_AIRFLOW_{name}", str(value))

    def play(self, step: str, **settings: object) -> None:
        """Writes the settings of a step: EXIT, MESSAGE, SLEEP, IGNORE_SIGTERM."""
        lines = {"CALLS": self.folder / "calls.jsonl", **settings}
        text = "".join(f"CX_PLAY_{name}={value}\n" for name, value in lines.items())
        (self.settings / f"{step}.env").write_text(text, encoding="utf-8")

    def forget_calls(self) -> None:
        """What was played so far is not told any more."""
        (self.folder / "calls.jsonl").unlink(missing_ok=True)

    def calls(self) -> list[str]:
        """The command of every step that was played, in order; a step that was stopped writes one more line."""
        file = self.folder / "calls.jsonl"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
