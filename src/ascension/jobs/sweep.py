"""The sweep: every second, on every replica, rows that delivery has forgotten are found again.

Statements skip rows that another replica holds, so any number of sweeps may run.
"""

import asyncio
import time
from uuid import UUID

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger
from ascension.infra.streams import StreamsUnavailable
from ascension.jobs import delivery, service, sweep_queries
from ascension.jobs.queries import Job
from ascension.jobs.service import JobQueue

USERS_AT_ONCE = 200
FIRST_USER = UUID(int=0)
LEASE_GRACE_BEATS = 2


async def run(database: Database, queue: JobQueue) -> None:
    """Sweep until canceled; a database that is away is tried again."""
    sweeper = Sweeper(database, queue)
    while True:
        try:
            await sweeper.once()
        except DatabaseUnavailable:
            sweeper.doubt()
            get_logger().warning("sweep_without_database")
        await asyncio.sleep(queue.settings.job_sweep_s)


class Sweeper:
    """One process's sweep: which user it looks at next, and since when it may judge others' silence.

    A database that was away, or a process that slept, cannot tell workers that are dead from workers that
    could not write. So after every such gap leases are judged only when each living worker had time to renew.
    """

    def __init__(self, database: Database, queue: JobQueue) -> None:
        self._database = database
        self._queue = queue
        self._after_user = FIRST_USER
        self._steady_since_s: float | None = None
        self._last_s = 0.0

    def doubt(self) -> None:
        """There was a gap."""
        self._steady_since_s = None

    async def once(self) -> int:
        """One sweep; how many rows it moved.

        Raises:
            DatabaseUnavailable: it does not answer, or took longer than workers need to renew their leases.
        """
        settings = self._queue.settings
        may_judge = self._may_judge()
        waiting_s = await self._waiting_s()
        began_s = time.monotonic()
        async with self._database.transaction() as tx:
            lapsed: list[Job] = []
            if may_judge:
                lapsed = await sweep_queries.end_lapsed_leases(
                    tx.connection, max_crashes=settings.job_max_crashes
                )
            found = await sweep_queries.deliver_due(tx.connection)
            for tier, age_s in waiting_s.items():
                older_than_s = min(age_s + settings.job_redeliver_s, settings.job_redeliver_anyway_s)
                found += await sweep_queries.deliver_missing(
                    tx.connection, tier=tier, older_than_s=older_than_s
                )
            users = await sweep_queries.list_waiting_users(
                tx.connection, after=self._after_user, limit=USERS_AT_ONCE
            )
            found += await service.admit_next(
                tx.connection, settings, {*users, *(job.user_id for job in lapsed)}
            )
            if time.monotonic() - began_s > settings.job_lease_s / 2:
                raise DatabaseUnavailable("The sweep was held up.")  # nobody could renew meanwhile
        self._after_user = users[-1] if len(users) == USERS_AT_ONCE else FIRST_USER
        await self._tell(lapsed, found)
        return len(lapsed) + len(found)

    def _may_judge(self) -> bool:
        settings, now_s = self._queue.settings, time.monotonic()
        grace_s = LEASE_GRACE_BEATS * settings.job_heartbeat_s
        if self._steady_since_s is None or now_s - self._last_s > settings.job_sweep_s + grace_s:
            self._steady_since_s = now_s
        self._last_s = now_s
        return now_s - self._steady_since_s >= grace_s

    async def _waiting_s(self) -> dict[str, float]:
        """How long the oldest entry of each tier waits; nothing of streams that do not answer."""
        try:
            return await delivery.waiting_s(self._queue.streams)
        except StreamsUnavailable:
            return {}

    async def _tell(self, lapsed: list[Job], found: list[Job]) -> None:
        for job in lapsed:
            get_logger().warning(
                "lease_lapsed",
                job_id=str(job.id),
                subject_id=str(job.subject_id),
                request_id=job.request_id,
                state=job.state,
                crashes=job.crashes,
            )
            await service.announce(self._queue.streams, job)
        await service.deliver(self._queue.streams, found)  # no news: they waited before
