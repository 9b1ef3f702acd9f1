"""Plays a step: obeys the contract of the apps as its settings tell it to. Run under the names of the real programs."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

settings = {name.removeprefix("CX_PLAY_"): value for name, value in os.environ.items() if name.startswith("CX_PLAY_")}
exit_code = int(settings.get("EXIT", "0"))
message = settings.get("MESSAGE", "played")


def write_call(line: str) -> None:
    with Path(settings["CALLS"]).open("a", encoding="utf-8") as calls:
        calls.write(line + "\n")


def stop(number: int, _frame: object) -> None:
    write_call(f"{signal.Signals(number).name}")
    if "IGNORE_SIGTERM" not in settings:
        sys.exit(1)


signal.signal(signal.SIGTERM, stop)
write_call(" ".join(sys.argv[1:]))
sys.stderr.write(json.dumps({"level": "info", "msg": "started", "rows": 3, "app": "played"}) + "\n")
sys.stderr.flush()
ends_at = time.monotonic() + float(settings.get("SLEEP", "0"))
while time.monotonic() < ends_at:
    time.sleep(0.05)
if exit_code:
    sys.stderr.write(json.dumps({"level": "error", "msg": message}) + "\n")
run = {"type": "run", "exit_code": exit_code, "results": [], "environment": sorted(os.environ)}
if exit_code:
    run["error"] = {"code": "played", "message": message, "is_retryable": exit_code == 1}
if "SILENT" not in settings:
    sys.stdout.write(json.dumps({"type": "partition", "dataset": "played", "status": "published"}) + "\n")
    sys.stdout.write(json.dumps(run) + "\n")
sys.exit(exit_code)
