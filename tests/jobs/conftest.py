"""Reading and breaking the jobs of these tests from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psutil
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.conftest import Engines
from tests.platform import Process

Query = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def query(engines: Engines) -> Query:
    """Run SQL as the superuser."""
    return partial(run_sql, engines)


def run_sql(engines: Engines, statement: str, *values: object) -> list[dict[str, Any]]:
    """One statement on these engines' database; its rows."""
    with (
        psycopg.connect(engines.admin_url, autocommit=True) as connection,
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        cursor.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Child:
    """The compute child of a worker, seen from outside."""

    process: psutil.Process

    def kill(self) -> None:
        self.process.kill()


def children_of(worker: Process) -> list[Child]:
    return [Child(process) for process in psutil.Process(worker.popen.pid).children()]
