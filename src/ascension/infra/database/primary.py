"""PostgreSQL: one pool per process, one transaction per request or task. The only place that commits."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ascension.errors.http import DatabaseUnavailable, SchemaOutdated
from ascension.infra.figures import count_failure

Connection = psycopg.AsyncConnection[DictRow]

SCHEMA_VERSION = "20261123000036"
"""The newest migration: what this release asks of the database is there once it has been carried out."""

CONNECT_TIMEOUT_S = 3
CHECKOUT_TIMEOUT_S = 5
CHECK_TIMEOUT_S = 2
TRUSTED_S = 1.0
"""One that answered within this time is not asked whether it lives, unless another one broke since."""
STATEMENT_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 4_000
TRANSACTION_TIMEOUT_S = 20
# what PostgreSQL is told for the case that we vanish without a word: our locks must not outlive us
SERVER_LIMITS = {
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "lock_timeout": LOCK_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": 1000 * TRANSACTION_TIMEOUT_S + 5000,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
_AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    PoolTimeout,
)
# what a statement meets where a migration has not been carried out yet
_MISSING = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.CheckViolation,
)


@dataclass
class Transaction:
    """An open transaction, and what is to happen once it is committed (never if it rolls back)."""

    connection: Connection
    _after_commit: list[Callable[[], Awaitable[None]]] = field(
        default_factory=list[Callable[[], Awaitable[None]]]
    )

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run `action` after the commit. It must tolerate failure itself: the rows are already true."""
        self._after_commit.append(action)

    async def committed(self) -> None:
        for action in self._after_commit:
            await action()


OpenTransaction = Callable[[], AbstractAsyncContextManager[Transaction]]


class _Pooled(psycopg.AsyncConnection[DictRow]):
    """A connection that knows when the server last answered on it."""

    answered_s = float("-inf")


async def _check(connection: Connection) -> None:
    """Does the server still answer on this connection? The pool drops it when not.

    A canceled query waits up to ten seconds for the server, so the line of a check that hangs is cut instead:
    it ends at once. It runs in the caller's own task, so that nobody waits on the connection any more when
    the pool closes it: the number of its descriptor may be another's by then, and uvloop ends the process
    (SIGABRT). A late event loop makes that likely: limits run out there before answers are looked at.
    """
    is_late = False

    def give_up() -> None:
        nonlocal is_late
        is_late = True
        _hang_up(connection)

    limit = asyncio.get_running_loop().call_later(CHECK_TIMEOUT_S, give_up)
    try:
        await AsyncConnectionPool[Connection].check_connection(connection)
    finally:
        limit.cancel()
    if is_late:
        raise psycopg.OperationalError("the server does not answer")


def _hang_up(connection: Connection) -> None:
    """Whoever waits on this connection hears that it has ended."""
    with (
        suppress(OSError, psycopg.OperationalError),
        socket.socket(fileno=os.dup(connection.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)


class Database:
    """A pool of connections. Use as an async context manager."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int,
        application: str,
        read_only: bool = False,
        checkout_timeout_s: float = CHECKOUT_TIMEOUT_S,
    ) -> None:
        options = " ".join(f"-c {name}={value}" for name, value in SERVER_LIMITS.items())
        if read_only:
            options += " -c default_transaction_read_only=on"
        self._broke_s = float("-inf")
        self._pool: AsyncConnectionPool[_Pooled] = AsyncConnectionPool(
            url,
            connection_class=_Pooled,
            kwargs={
                "row_factory": dict_row,
                "autocommit": True,  # `transaction` begins one
                "connect_timeout": CONNECT_TIMEOUT_S,
                "application_name": application,
                "options": options,
                # a peer that vanished is noticed in seconds, not after the kernel's two hours
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "tcp_user_timeout": 15_000,
            },
            min_size=1,
            max_size=pool_size,
            timeout=checkout_timeout_s,
            reconnect_timeout=10,
            check=self._check_unless_trusted,
            open=False,
        )

    async def __aenter__(self) -> Self:
        await self._pool.open(wait=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close(timeout=5)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """One transaction: commit at the end, roll back on any exception.

        Raises:
            DatabaseUnavailable: no connection, or it broke, or only reads (a failover), or the whole took
                longer than its limit.
            SchemaOutdated: the database lacks what this release's migrations bring.
        """
        async with self._connection() as connection, connection.transaction():
            transaction = Transaction(connection)
            yield transaction
        await transaction.committed()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Connection]:
        """For one statement that reads, which needs no transaction around it.

        Each further statement sees what was committed meanwhile. Raises as `transaction`.
        """
        async with self._connection() as connection:
            yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[_Pooled]:
        try:
            connection = await self._pool.getconn()
            # the line is cut at the limit: to cancel a query would wait ten seconds more
            limit = asyncio.get_running_loop().call_later(TRANSACTION_TIMEOUT_S, _hang_up, connection)
            try:
                yield connection
            finally:
                limit.cancel()
                await self._pool.putconn(connection)
            connection.answered_s = time.monotonic()
        except _AWAY as error:
            self._broke_s = time.monotonic()
            count_failure("database")
            raise DatabaseUnavailable from error
        except _MISSING:
            await self.ping()
            raise  # the schema is there: a fault of ours

    async def _check_unless_trusted(self, connection: _Pooled) -> None:
        trusted_from_s = max(self._broke_s, time.monotonic() - TRUSTED_S)
        if connection.answered_s <= trusted_from_s:
            await _check(connection)

    def pool_figures(self) -> dict[str, int]:
        """What the pool counts, by psycopg_pool's names; those it has not counted yet are missing."""
        return self._pool.get_stats()

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when nobody answers, SchemaOutdated without the newest migration."""
        try:
            async with asyncio.timeout(TRANSACTION_TIMEOUT_S), self._pool.connection() as connection:
                found = await connection.execute(
                    "select from schema_migrations where version = %s", (SCHEMA_VERSION,)
                )
                is_there = await found.fetchone() is not None
        except (*_AWAY, TimeoutError) as error:
            raise DatabaseUnavailable from error
        except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege) as error:
            raise SchemaOutdated from error  # reading it is granted by a migration, too
        if not is_there:
            raise SchemaOutdated
