"""Runs one Snowflake statement: fakesnow's cursor with this package's rewrites and transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from fakesnow import transforms
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import Expr, exp

from emulator.administration import is_administration, without_leading_comments
from emulator.errors import as_sql_error
from emulator.merge import run_merge
from emulator.rewrites import rewrite, swap_statements

if TYPE_CHECKING:
    from emulator.session import Session


class EmulatorCursor(FakeSnowflakeCursor):
    """A cursor of one session."""

    @property
    def session(self) -> Session:
        return cast("Session", self._conn)

    def execute(self, command: str, params: Any = None, *args: Any, **kwargs: Any) -> EmulatorCursor:
        """Run a statement; its rows are in `_arrow_table`. Raises Snowflake's SQL errors and nothing else."""
        try:
            if is_administration(command):
                self._execute(transforms.SUCCESS_NOP.copy())
            else:
                super().execute(without_leading_comments(command), params, *args, **kwargs)
        except Exception as error:
            raise as_sql_error(error) from error
        return self

    def _transform_explode(self, expression: Expr) -> list[Expr]:
        if isinstance(expression, exp.Merge):
            # DuckDB's own MERGE is one statement, so it also works inside a transaction.
            return [expression]
        return swap_statements(expression) or super()._transform_explode(expression)

    def _transform(self, expression: Expr, params: Any) -> Expr:
        return super()._transform(rewrite(expression, self.session), params)

    def _execute(self, transformed: Expr, params: Any = None) -> None:
        transaction = self.session.transaction
        if isinstance(transformed, exp.Transaction) and transaction.is_open:
            # Snowflake ignores a BEGIN inside a transaction.
            transformed = transforms.SUCCESS_NOP.copy()
        table = self._written_table(transformed)
        transaction.before(transformed, table)
        try:
            if isinstance(transformed, exp.Merge):
                super()._execute(run_merge(self.session.duck, transformed, params))
            else:
                super()._execute(transformed, params)
        except Exception as error:
            transaction.failed(transformed, error)
            raise
        transaction.after(transformed, table)

    def _written_table(self, statement: Expr) -> str | None:
        is_metadata = statement.args.get("create_stage_name") or statement.args.get("create_file_format_name")
        if is_metadata or not isinstance(
            statement, (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy, exp.TruncateTable)
        ):
            return None
        target = statement.expressions[0] if isinstance(statement, exp.TruncateTable) else statement.this
        table = target if isinstance(target, exp.Table) else target.find(exp.Table)
        if table is None:
            return None
        return f"{table.catalog or self._conn.database}.{table.db or self._conn.schema}.{table.name}".upper()
