"""Reads that may be a little old, from a copy of the database: which one answers, and never one's own past.

The copy is behind by what it has not replayed yet. How far that is, is told by positions in the primary's
log: each process notes every half second how far the primary's log had come, so whoever has replayed up to a
note knows everything that had been committed then. No clock of another machine takes part.

A user never misses their own change: each answer to a request that may write carries the log's position as a
cookie, and a copy that has not come so far is passed over. Without the cookie, the primary answers.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal, LiteralString, Self

import psycopg
from prometheus_client import Counter

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.logging import get_logger
from ascension.infra.settings import ReplicaSettings

SAMPLE_S = 0.5
CHECKOUT_TIMEOUT_S = 0.5
COOKIE = "ascension_written"
UNKNOWN = "FFFFFFFF/FFFFFFFF"
"""A position that no copy reaches: whoever has it reads from the primary."""

# also a server that knows no such positions
_SAYS_NOTHING = (DatabaseUnavailable, psycopg.Error)
_POSITION = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")
READS = Counter("ascension_replica_reads_total", "Reads that may be old, by who answered", ["by", "reason"])
Reason = Literal["fresh", "unmarked", "behind_own_write", "behind", "away"]


def position_of(text: str | None) -> int | None:
    """A position in the log as a number, from PostgreSQL's `16/B374D848`. None: it is none."""
    found = _POSITION.fullmatch(text or "")
    return (int(found[1], 16) << 32) + int(found[2], 16) if found else None


class Replica:
    """A pool on the copy, which may only read, and how far the copy may be behind."""

    def __init__(self, primary: Database, url: str, *, pool_size: int, max_lag_s: float) -> None:
        self._primary = primary
        self._copy = Database(
            url,
            pool_size=pool_size,
            application="ascension-api-reads",
            read_only=True,
            checkout_timeout_s=CHECKOUT_TIMEOUT_S,
        )
        self._max_lag_s = max_lag_s
        self._notes: deque[tuple[float, int]] = deque(maxlen=int(max_lag_s / SAMPLE_S) + 2)
        self._answers = False

    @classmethod
    def of(cls, primary: Database, settings: ReplicaSettings) -> Self | None:
        """None: the settings name no copy."""
        if settings.database_replica_url is None:
            return None
        return cls(
            primary,
            settings.database_replica_url.get_secret_value(),
            pool_size=settings.database_replica_pool_size,
            max_lag_s=settings.database_replica_max_lag_s,
        )

    async def run(self) -> None:
        """Note positions and look whether the copy answers, until canceled."""
        async with self._copy:
            while True:
                replayed = await self._look()
                began_s = time.monotonic()
                position = position_of(await self.written())
                if position is not None:
                    self._notes.append((began_s, position))
                # ahead of its primary: it follows another one, such as that of before a restore
                is_ahead = replayed is not None and position is not None and replayed > position
                answers = replayed is not None and not is_ahead
                if answers != self._answers:
                    get_logger().warning("replica", answers=answers, is_ahead=is_ahead)
                self._answers = answers
                await asyncio.sleep(SAMPLE_S)

    async def written(self) -> str:
        """How far the primary's log is safe: what has been committed stands before it. It may be UNKNOWN."""
        try:
            async with self._primary.transaction() as tx:
                return (
                    await _text(tx.connection, "select pg_current_wal_flush_lsn()::text as text") or UNKNOWN
                )
        except _SAYS_NOTHING:
            return UNKNOWN

    async def _look(self) -> int | None:
        try:
            async with self._copy.transaction() as tx:
                return await _replayed(tx.connection)
        except _SAYS_NOTHING:
            return None

    def _lacks(self, replayed: int | None, written: int) -> Reason | None:
        """Why a copy that has come so far may not answer; None: it may."""
        if replayed is None:
            return "away"  # not a copy, or one that cannot tell
        if replayed < written:
            return "behind_own_write"
        oldest_s = time.monotonic() - self._max_lag_s
        known = any(noted_s >= oldest_s and position <= replayed for noted_s, position in self._notes)
        return None if known else "behind"

    @asynccontextmanager
    async def transaction(self, written: str | None) -> AsyncGenerator[Transaction]:
        """One that only reads: on the copy if it is fresh enough for this reader, else on the primary.

        written: the reader's cookie.

        Raises:
            DatabaseUnavailable: as `Database.transaction`; from the copy, too, where it broke in the middle.
        """
        async with AsyncExitStack() as stack:
            found = await self._on_copy(stack, position_of(written))
            if isinstance(found, Transaction):
                READS.labels("replica", "fresh").inc()
            else:
                READS.labels("primary", found).inc()
                found = await stack.enter_async_context(self._primary.transaction())
            yield found

    async def _on_copy(self, stack: AsyncExitStack, written: int | None) -> Transaction | Reason:
        """A transaction of the copy, left with the stack; or why there is none."""
        if written is None:
            return "unmarked"
        if not self._answers:
            return "away"
        try:
            async with AsyncExitStack() as trying:
                tx = await trying.enter_async_context(self._copy.transaction())
                lacks = self._lacks(await _replayed(tx.connection), written)
                if lacks is None:
                    await stack.enter_async_context(trying.pop_all())
                return lacks or tx
        except _SAYS_NOTHING:
            self._answers = False  # until the next look
            return "away"


async def _replayed(connection: Connection) -> int | None:
    """How far this copy has come. None: it is no copy, or none any more."""
    return position_of(
        await _text(
            connection, "select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as text"
        )
    )


async def _text(connection: Connection, statement: LiteralString) -> str | None:
    cursor = await connection.execute(statement)
    row = await cursor.fetchone()
    return row["text"] if row else None
