"""Prints the schema and the rows of a Parquet file as JSON: whole numbers as text, dates and instants as whole numbers."""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def exact(column):
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    values = column.to_pylist()
    if pa.types.is_integer(column.type):
        return [None if value is None else str(value) for value in values]
    return values


table = pq.read_table(sys.argv[1])
columns = [exact(column) for column in table.columns]
schema = [[field.name, str(field.type), field.nullable] for field in table.schema]
json.dump({"schema": schema, "rows": list(zip(*columns))}, sys.stdout)
