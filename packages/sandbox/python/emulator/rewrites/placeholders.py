"""A bound value with a cast."""

from __future__ import annotations

import re

QUOTED_OR_CAST = re.compile(r"('(?:[^'\\]|\\.|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/)|\?::", re.DOTALL)


def spaced_placeholders(statement: str) -> str:
    """`?::DATE` as `? ::DATE`: the parser takes `?::` for the operator that Databricks has under that name."""
    return QUOTED_OR_CAST.sub(lambda match: match[1] or "? ::", statement)
