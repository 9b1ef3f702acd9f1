"""Exact numbers: NUMBER(38,0), sums, and the 64-bit half of an MD5."""

from __future__ import annotations

from fakesnow.transforms.transforms import _NUMERIC_ONLY_AGGS, _numeric_agg_col_name
from sqlglot import Expr, exp

WHOLE_TYPES = (exp.DataType.Type.INT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT)


def whole_number_types(node: Expr) -> Expr:
    """NUMBER without arguments is NUMBER(38,0) and stays a decimal of 38 digits; the INT family becomes BIGINT.

    fakesnow makes BIGINT of both, which cannot hold a sum of unsigned 64-bit numbers.
    """
    if isinstance(node, exp.DataType):
        if node.this in WHOLE_TYPES:
            return exp.DataType(this=exp.DataType.Type.BIGINT, nested=False)
        if node.this == exp.DataType.Type.DECIMAL and not node.expressions:
            return exp.DataType.build("DECIMAL(38, 0)")
    return node


def exact_aggregates(node: Expr) -> Expr:
    """Keep fakesnow's column names for SUM and its kind, and leave the argument as it is.

    fakesnow casts each argument to DOUBLE, so that every sum of integers would lose its last digits.
    """
    if isinstance(node, _NUMERIC_ONLY_AGGS) and isinstance(node.parent, exp.Select):
        name = _numeric_agg_col_name(node, node.this)
        if name:
            return exp.alias_(node, name, quoted=True)
    return node


def md5_number(node: Expr) -> Expr:
    """MD5_NUMBER_LOWER64 and MD5_NUMBER_UPPER64 from the hexadecimal digest.

    DuckDB's md5_number_lower has its bytes in the other order. HUGEINT, because a sum of UBIGINT values and an
    answer over 2^63 must stay exact.
    """
    if not isinstance(node, (exp.MD5NumberLower64, exp.MD5NumberUpper64)):
        return node
    start = 17 if isinstance(node, exp.MD5NumberLower64) else 1
    digest = exp.Anonymous(this="md5", expressions=[node.this])
    half = exp.Anonymous(this="substr", expressions=[digest, exp.Literal.number(start), exp.Literal.number(16)])
    number = exp.cast(exp.DPipe(this=exp.Literal.string("0x"), expression=half), exp.DataType.Type.UBIGINT)
    return exp.cast(number, exp.DataType.Type.INT128)
