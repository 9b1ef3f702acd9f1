"""Gives Airflow a home of its own before a test module imports it."""

from __future__ import annotations

import os
import tempfile

HOME = tempfile.TemporaryDirectory(prefix="cx-airflow-")
os.environ["AIRFLOW_HOME"] = HOME.name
