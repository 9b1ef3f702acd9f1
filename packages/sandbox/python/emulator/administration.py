"""Statements about the account itself, which succeed here and change nothing.

An emulator has no privileges, policies, warehouses or cost; DDL scripts that set them up must still run.
"""

from __future__ import annotations

import re

LEADING_COMMENTS = re.compile(r"(\s+|--[^\n]*(\n|$)|//[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)

ACCOUNT_OBJECTS = (
    r"(warehouse|storage\s+integration|role|database\s+role|user|resource\s+monitor|network\s+(policy|rule)"
    r"|masking\s+policy|row\s+access\s+policy|authentication\s+policy|tag)"
)

PATTERNS = [
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"alter\s+session\s+(un)?set\s+(?!autocommit\b|lock_timeout\b)",
        rf"(create|alter|drop)\s+(or\s+replace\s+)?(secure\s+)?{ACCOUNT_OBJECTS}\b",
        r"(grant|revoke)\s",
        r"use\s+(warehouse|secondary\s+roles)\b",
        r"alter\s+(table|view)\s+(if\s+exists\s+)?\S+\s+(alter|modify)\s+(column\s+)?\S+\s+"
        r"(comment\b|(un)?set\s+(masking\s+policy|tag)\b)",
        r"alter\s+(table|view)\s+(if\s+exists\s+)?\S+\s+((un)?set\s+(tag|secure)\b|(add|drop)\s+row\s+access\s+policy\b)",
    )
]


def without_leading_comments(statement: str) -> str:
    """The statement from its first word on: dbt signs each one with a comment in front."""
    return statement[LEADING_COMMENTS.match(statement).end() :]  # type: ignore[union-attr]


def is_administration(statement: str) -> bool:
    """Whether the statement is one that is accepted without effect."""
    bare = without_leading_comments(statement)
    return any(pattern.match(bare) for pattern in PATTERNS)
