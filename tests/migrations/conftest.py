"""Databases of one test alone, empty or migrated; the migrations run once, the others are copies."""

import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg import sql

from ascension.embedded.migrations import migrate
from ascension.infra.database.roles import MIGRATE, create_database
from tests.conftest import Engines, run_apart

TEMPLATE = "migrated"


def _url(engines: Engines, name: str) -> str:
    """For the migration role."""
    return f"{engines.stack.postgres.url(MIGRATE, name)}?sslmode=disable"


@asynccontextmanager
async def _database(engines: Engines, template: str) -> AsyncGenerator[str]:
    name = f"migrations_{uuid.uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as admin:
        await create_database(admin, name, template)
        try:
            yield _url(engines, name)
        finally:
            drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            await admin.execute(drop)


@pytest.fixture
async def database(engines: Engines) -> AsyncIterator[str]:
    """The URL, for the migration role, of an empty database."""
    async with _database(engines, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(engines: Engines) -> str:
    """The name of a database that nobody is connected to."""

    async def make() -> None:
        async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as admin:
            await create_database(admin, TEMPLATE)
        await migrate(_url(engines, TEMPLATE))

    run_apart(make())
    return TEMPLATE


@pytest.fixture
async def migrated(engines: Engines, migrated_template: str) -> AsyncIterator[str]:
    """The URL, for the migration role, of a migrated database."""
    async with _database(engines, migrated_template) as url:
        yield url
