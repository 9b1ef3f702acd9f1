"""The environment of a step: one file a step, lines `NAME=value`, read when a task starts."""

from __future__ import annotations

from pathlib import Path

from airflow.sdk.exceptions import AirflowFailException


def read_step_settings(directory: Path, step: str) -> dict[str, str]:
    """Reads `<step>.env`: no quoting, no interpolation, the value is all after the first `=`. Never logs a value."""
    file = directory / f"{step}.env"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise AirflowFailException(
            f"the settings of {step} cannot be read: {file}: {error.strerror}; "
            "CX_AIRFLOW_SETTINGS_DIRECTORY names their folder"
        ) from error
    settings: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or not name.isidentifier():
            raise AirflowFailException(f"{file}:{number} is not NAME=value")
        settings[name] = value
    return settings
