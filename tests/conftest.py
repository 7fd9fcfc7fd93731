"""Real engines for the tests: one stack per pytest process, started by the first test that asks for it."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg
import pytest
from psycopg import sql

from ascension.embedded.engines import postgres, seaweedfs, valkey
from ascension.embedded.layout import Home, engine_account
from ascension.embedded.record import end_orphans, is_held
from ascension.embedded.stack import Stack
from tests.nursery import INHERITED, Nursery

pytest_plugins = ["tests.platform", "tests.mailbox"]
T = TypeVar("T")
HOME_PREFIX = "ascension-tests-"


NEEDS_ENGINES = {"engines", "own_stack"}


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that `make test-fast` leaves out."""
    config.addinivalue_line("markers", "engines: needs PostgreSQL, Valkey and S3 (set by the fixtures used)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses engines, directly or through another fixture."""
    for item in items:
        if NEEDS_ENGINES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.engines)


@dataclass(frozen=True)
class Engines:
    """Addresses of real engines. `environment(role)` starts a real `api` or `worker` process on them."""

    stack: Stack
    admin_url: str  # superuser: only to look at or break things from outside
    migrate_url: str
    api_url: str
    worker_url: str
    redis_url: str
    redis_admin_url: str  # may also FLUSHALL
    s3_endpoint: str
    s3_bucket: str
    s3_region: str

    def environment(self, role: str, **more: str) -> dict[str, str]:
        """All variables that `python -m ascension.api` or `.worker` needs, the test's own ones added."""
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return {**inherited, **self.stack.environment(role), **more}

    def s3_keys(self, role: str) -> tuple[str, str]:
        """Access key id and secret of `admin`, `api` or `worker`."""
        return self.stack.seaweedfs.keys(f"ascension-{role}")


def describe(stack: Stack) -> Engines:
    """The addresses of a running stack."""
    return Engines(
        stack=stack,
        admin_url=stack.postgres.url(postgres.ADMIN),
        migrate_url=stack.postgres.url(postgres.MIGRATE),
        api_url=stack.postgres.url(postgres.API),
        worker_url=stack.postgres.url(postgres.WORKER),
        redis_url=stack.valkey.url(),
        redis_admin_url=stack.valkey.url(valkey.ADMIN),
        s3_endpoint=stack.seaweedfs.endpoint,
        s3_bucket=seaweedfs.BUCKET,
        s3_region=seaweedfs.REGION,
    )


def unused_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def web_origin() -> str:
    """Where this pytest process serves the web client: storage lets pages of this origin in."""
    return f"http://localhost:{unused_port()}"


def run_apart(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end on a loop of its own, whatever loop the test uses."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def new_home() -> Home:
    """A fresh state directory that the engines' account can reach."""
    path = tempfile.mkdtemp(prefix=f"{HOME_PREFIX}{os.getpid()}-", dir="/tmp")
    return Home(Path(path), engine_account(os.environ))


def remove_home(home: Home) -> None:
    shutil.rmtree(home.path, ignore_errors=True)


def remove_abandoned_homes() -> None:
    """End the engines of earlier runs that were killed, so that they do not pile up."""
    for path in Path("/tmp").glob(f"{HOME_PREFIX}*"):
        owner_pid = path.name.removeprefix(HOME_PREFIX).partition("-")[0]
        if owner_pid.isdigit() and not psutil.pid_exists(int(owner_pid)):
            with suppress(FileNotFoundError, PermissionError):  # gone meanwhile, or another account's
                home = Home(path, engine_account(os.environ))
                if not is_held(home):
                    end_orphans(home)
                    remove_home(home)


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """PostgreSQL (migrated), Valkey and S3 of this pytest process alone; 1.5 s at the first use."""
    remove_abandoned_homes()
    with running_engines() as found:
        yield found


@contextmanager
def running_engines() -> Generator[Engines]:
    """Engines that started in a loop of their own, so that they may outlive a test."""
    home = new_home()
    stack = Stack(home, [web_origin()], durable=False)
    run_apart(stack.start())
    try:
        yield describe(stack)
    finally:
        stack.kill()
        remove_home(home)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where the programs of this pytest process come from."""
    with Nursery() as found:
        yield found


@pytest.fixture
async def clean_database(engines: Engines) -> Engines:
    """The same engines, with every table and every Valkey key of earlier tests removed."""
    await clean(engines)
    return engines


async def clean(engines: Engines) -> None:
    """Empty every table, and lose everything in Valkey."""
    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as connection:
        found = await connection.execute(
            """
            select tablename from pg_tables
            where schemaname = 'public' and tablename not in ('schema_migrations', 'audit_key')
            """
        )
        await connection.execute("set session_replication_role = replica")  # the audit log lets nobody else
        tables = [sql.Identifier(name) for (name,) in await found.fetchall()]
        await connection.execute(sql.SQL("truncate {} cascade").format(sql.SQL(", ").join(tables)))
    await flush_all(engines.stack)


async def flush_all(stack: Stack) -> None:
    """Lose everything in Valkey, as an operator's mistake would."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.valkey.port)
    writer.write(f"AUTH {valkey.ADMIN} {stack.valkey.secrets.valkey_admin}\r\nFLUSHALL\r\n".encode())
    answers = [await reader.readline() for _ in range(2)]
    writer.close()
    await writer.wait_closed()
    assert answers == [b"+OK\r\n", b"+OK\r\n"], answers


@pytest.fixture
async def own_stack() -> AsyncIterator[Engines]:
    """Engines of one test alone, to be broken: `own_stack.stack.engine("valkey")` has kill, stop, start."""
    home = new_home()
    stack = Stack(home, durable=False)
    await stack.start()
    try:
        yield describe(stack)
    finally:
        stack.kill()
        remove_home(home)


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Asks for loopback ports that nobody listens on now."""
    return unused_port
