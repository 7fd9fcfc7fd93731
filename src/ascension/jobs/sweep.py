"""The sweep: every second, on every replica, rows that delivery has forgotten are found again.

Statements skip rows that another replica holds, so any number of sweeps may run.
"""

import asyncio

from ascension.errors import DatabaseUnavailable
from ascension.infra.db import Database
from ascension.infra.logging import get_logger
from ascension.jobs import queries, service
from ascension.jobs.service import JobQueue


async def run(database: Database, queue: JobQueue) -> None:
    """Sweep until canceled; a database that is away is tried again."""
    while True:
        try:
            await once(database, queue)
        except DatabaseUnavailable:
            get_logger().warning("sweep_without_database")
        await asyncio.sleep(queue.settings.job_sweep_s)


async def once(database: Database, queue: JobQueue) -> int:
    """One sweep; how many rows it moved."""
    settings = queue.settings
    async with database.transaction() as tx:
        lapsed = await queries.end_lapsed_leases(
            tx.connection, max_attempts=settings.job_max_attempts, redeliver_s=settings.job_redeliver_s
        )
        overdue = await queries.list_overdue(tx.connection, redeliver_s=settings.job_redeliver_s)
        admitted = await service.admit_next(tx.connection, settings)
    for job in lapsed:
        get_logger().info("lease_lapsed", job_id=str(job.id), state=job.state, attempt=job.attempt)
        await service.announce(queue.streams, job)
    await service.deliver(queue.streams, (*overdue, *admitted))  # no news: they waited before
    return len(lapsed) + len(overdue) + len(admitted)
