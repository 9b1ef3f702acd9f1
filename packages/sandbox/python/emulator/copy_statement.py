"""What a COPY INTO asks for; everything but the platform's own way of loading is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fakesnow.transforms.options import parse_options
from sqlglot import exp

from emulator.errors import sql_error, unsupported

MAX_FILES = 1000

REQUIRED_FORMAT_OPTIONS: dict[str, Any] = {"TYPE": "PARQUET", "USE_LOGICAL_TYPE": True}
# What a file's own types leave without effect, or what is the emulator's only way.
ACCEPTED_FORMAT_OPTIONS: dict[str, tuple[Any, ...]] = {
    "BINARY_AS_TEXT": (True, False),
    "USE_VECTORIZED_SCANNER": (True, False),
    "COMPRESSION": ("AUTO", "SNAPPY", "NONE"),
    "TRIM_SPACE": (False,),
    "REPLACE_INVALID_CHARACTERS": (False,),
    "NULL_IF": ([],),
}


@dataclass(frozen=True)
class CopyStatement:
    """A Parquet load by column name from named files of a stage."""

    table: exp.Table
    source: str
    files: tuple[str, ...]
    is_forced: bool


def parse_copy(copy: exp.Copy) -> CopyStatement:
    """Read a COPY INTO; raises SQL error 2 for a form that the emulator does not have."""
    if not isinstance(copy.this, exp.Table):
        raise unsupported("COPY INTO a list of columns, or out of a table")
    source = copy.args["files"][0].this
    if not isinstance(source, (exp.Var, exp.Literal)):
        raise unsupported("COPY INTO from a query")
    options = {parameter.this.name.upper(): parameter for parameter in copy.args.get("params", [])}
    _check_format(options.pop("FILE_FORMAT", None))
    files = tuple(literal.name for literal in options.pop("FILES", exp.Tuple()).find_all(exp.Literal))
    is_forced = _value(options.pop("FORCE", None)) == "TRUE"
    matching = _value(options.pop("MATCH_BY_COLUMN_NAME", None))
    on_error = _value(options.pop("ON_ERROR", None)) or "ABORT_STATEMENT"
    if not files:
        raise unsupported("COPY INTO without FILES")
    if len(files) > MAX_FILES:
        raise sql_error(1008, "22023", f"COPY INTO names {len(files)} files; at most {MAX_FILES} are allowed.")
    if matching != "CASE_INSENSITIVE":
        raise unsupported(f"COPY INTO with MATCH_BY_COLUMN_NAME = {matching or 'NONE'}")
    if on_error != "ABORT_STATEMENT":
        raise unsupported(f"COPY INTO with ON_ERROR = {on_error}")
    if options:
        raise unsupported(f"COPY INTO with {', '.join(options)}")
    return CopyStatement(table=copy.this, source=source.name, files=files, is_forced=is_forced)


def _check_format(parameter: exp.CopyParameter | None) -> None:
    given = parse_options(parameter.expressions) if parameter else {}
    given = {name: value.upper() if isinstance(value, str) else value for name, value in given.items()}
    for name, required in REQUIRED_FORMAT_OPTIONS.items():
        if given.pop(name, None) != required:
            raise unsupported(f"COPY INTO without FILE_FORMAT option {name} = {required}")
    for name, value in given.items():
        if value not in ACCEPTED_FORMAT_OPTIONS.get(name, ()):
            raise unsupported(f"COPY INTO with FILE_FORMAT option {name} = {value}")


def _value(parameter: exp.CopyParameter | None) -> str | None:
    if parameter is None:
        return None
    expression = parameter.expression
    return str(expression.this if isinstance(expression, exp.Boolean) else expression.name).upper()
