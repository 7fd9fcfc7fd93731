"""SQL of these tests as the superuser: as time, an operator or another release would."""

from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.conftest import Engines


def run_sql(engines: Engines, statement: str, *values: object) -> list[dict[str, Any]]:
    """One statement on these engines' database; its rows."""
    with (
        psycopg.connect(engines.admin_url, autocommit=True) as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        cursor.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []
