"""A Snowflake account on this machine: fakesnow's SQL on DuckDB behind Snowflake's own HTTP protocol.

It verifies what a loader and dbt send to Snowflake, not what Snowflake alone can decide: privileges, masking and
row access policies, warehouses and their cost are accepted as statements and have no effect.
"""
