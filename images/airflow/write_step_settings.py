"""
Gives each step the settings that it takes, out of one file with the settings of all: `/settings.env` into
`/settings/<step>.env`.

A line `DBT__CX_SNOWFLAKE_USER=CX_TRANSFORMER` is for the step `dbt` alone and goes before `CX_SNOWFLAKE_USER=…`; so each
step can have an identity of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

SOURCE = Path("/settings.env")
TARGET = Path("/settings")
NAMES = Path(__file__).with_name("step-settings.json")


def read_settings(lines: Iterable[str]) -> dict[str, str]:
    """Settings of `NAME=value` lines; a value is everything up to the end of its line."""
    stripped = (line.strip() for line in lines)
    pairs = (line.split("=", 1) for line in stripped if line and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def settings_of(step: str, names: Iterable[str], settings: Mapping[str, str]) -> dict[str, str]:
    """What a step takes: its own line first, then the common one; what is set to nothing is left out."""
    prefix = step.upper().replace("-", "_") + "__"
    found = {name: settings.get(prefix + name, settings.get(name, "")) for name in names}
    return {name: value for name, value in found.items() if value}


def main() -> None:
    """Writes a file a step, readable by nobody but the owner of their folder."""
    owner = TARGET.stat()
    settings = read_settings(SOURCE.read_text().splitlines())
    for step, names in json.loads(NAMES.read_text()).items():
        text = "".join(f"{name}={value}\n" for name, value in settings_of(step, names, settings).items())
        partial = TARGET / f"{step}.env.partial"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        os.chown(partial, owner.st_uid, owner.st_gid)
        partial.replace(TARGET / f"{step}.env")


if __name__ == "__main__":
    main()
