"""Looks at rows, and changes them, from outside: as time, an operator or another release would."""

from typing import Any, LiteralString

import psycopg

from tests.conftest import Engines


async def sql(engines: Engines, statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
    """Run one statement as superuser; the rows it gives back, if any."""
    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as connection:
        cursor = await connection.execute(statement, parameters)
        return await cursor.fetchall() if cursor.description else []
