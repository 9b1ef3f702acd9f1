"""Ends with exit code 0 when the API server says that a part of Airflow is healthy: `check_health.py scheduler`."""

from __future__ import annotations

import json
import sys
from urllib.request import urlopen

with urlopen("http://api-server:8080/api/v2/monitor/health", timeout=5) as answer:
    health = json.load(answer)
status = health[sys.argv[1]]["status"]
if status != "healthy":
    sys.exit(f"{sys.argv[1]} is {status}")
