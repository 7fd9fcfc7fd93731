"""1 worker against 2, how soon an idle one begins, how soon a killed one's job goes on: `make bench-workers`.

The protocol, engines and processes are the real ones; only the computing child merely sleeps.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table
from uuid_utils.compat import uuid7

from ascension.embedded.stack import Stack
from ascension.infra.database.primary import Database
from ascension.infra.settings import JobSettings
from ascension.infra.streams import Streams
from ascension.jobs import service
from ascension.jobs.service import JobQueue
from tests.conftest import describe, new_home, remove_home
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet
from tests.platform import Process, Programs

RATIO_TARGET = 1.9
START_TARGET_MS = 5.0
RECOVERY_SLACK_S = 5.0


@asynccontextmanager
async def bench() -> AsyncGenerator[tuple[Fleet, Programs]]:
    """Engines of this run alone."""
    home = new_home()
    stack = Stack(home, durable=True)
    await stack.start()
    with tempfile.TemporaryDirectory() as folder:
        engines = describe(stack)
        programs = Programs(engines, Path(folder))
        streams = Streams(engines.redis_url)
        try:
            async with Database(engines.api_url, pool_size=4, application="bench") as database:
                fleet = Fleet(engines, database, JobQueue(streams, JobSettings()), Path(folder), uuid7())
                yield fleet, programs
        finally:
            await streams.close()
            await asyncio.to_thread(programs.end)
            stack.kill()
            remove_home(home)


def worker(programs: Programs, sleep_s: float, **settings: str) -> Process:
    """A worker of one slot whose jobs take this long."""
    request = json.dumps({"sleep_s": sleep_s})
    folder = str(programs.folder)
    return programs.worker("tests.jobs.stub_worker", folder, STUB_REQUEST=request, **settings)


async def submit(fleet: Fleet, jobs: int) -> list[UUID]:
    """Jobs of as many users, so that admission holds none of them back."""
    return [(await fleet.enqueue(1, user_id=fleet.user()))[0] for _ in range(jobs)]


async def throughput(fleet: Fleet, programs: Programs, workers: int, jobs: int, sleep_s: float) -> float:
    """Jobs per second from the first start to the last end; all were done once."""
    processes = [worker(programs, sleep_s) for _ in range(workers)]
    await fleet.ended(await submit(fleet, 2 * workers), 60)  # children are loaded
    rows = await fleet.ended(await submit(fleet, jobs), 600)
    for process in processes:
        process.stop()
    assert all(row["state"] == "done" and row["attempt"] == 1 for row in rows)
    began = min(row["started_at"] for row in rows)
    return jobs / (rows[-1]["finished_at"] - began).total_seconds()


async def starts_ms(fleet: Fleet, programs: Programs, times: int) -> list[float]:
    """From the commit of a row to its claim by an idle worker; engines and bench share one clock."""
    process = worker(programs, 0.0)
    await fleet.ended(await submit(fleet, 1), 60)
    found: list[float] = []
    for _ in range(times):
        await asyncio.sleep(0.05)
        user_id = fleet.user()
        committed: list[float] = []

        async def note_commit(into: list[float] = committed) -> None:
            into.append(time.time())

        async with fleet.database.transaction() as tx:
            tx.after_commit(note_commit)  # before the delivery, which follows the commit, too
            job_id = await service.enqueue(
                tx, fleet.queue, kind="test", subject_id=uuid7(), user_id=user_id, tier="free"
            )
        (row,) = await fleet.ended([job_id], 60)
        found.append((row["started_at"].timestamp() - committed[0]) * 1000)
    process.stop()
    return sorted(found)


async def recovery_s(fleet: Fleet, programs: Programs) -> float:
    """From kill -9 of a worker to the next run of its job by another."""
    victim = worker(programs, 600.0)
    (job_id,) = await submit(fleet, 1)
    while fleet.row(job_id)["state"] != "processing":
        await asyncio.sleep(0.05)
    other = worker(programs, 0.0)
    await asyncio.sleep(10)  # its sweep may judge by now
    victim.kill()
    killed_s = time.monotonic()
    while fleet.row(job_id)["attempt"] < 2:
        await asyncio.sleep(0.05)
    took_s = time.monotonic() - killed_s
    await fleet.ended([job_id], 60)
    other.stop()
    return took_s


async def measure(jobs: int, sleep_s: float) -> bool:
    """Everything, as one table; True where all targets are met."""
    async with bench() as (fleet, programs):
        one = await throughput(fleet, programs, 1, jobs, sleep_s)
        two = await throughput(fleet, programs, 2, jobs, sleep_s)
        starts = await starts_ms(fleet, programs, 100)
        recovered_s = await recovery_s(fleet, programs)
        doubles = run_sql(
            fleet.engines, "select count(*) as n from jobs where state <> 'done' or attempt > 2"
        )
    lease_s = JobSettings().job_lease_s
    table = Table(title=f"{jobs} jobs of {sleep_s:g} s")
    for column in ("what", "measured", "target"):
        table.add_column(column)
    table.add_row("1 worker, jobs/s", f"{one:.2f}", "")
    table.add_row("2 workers, jobs/s", f"{two:.2f}", "")
    table.add_row("ratio", f"{two / one:.2f}", f">= {RATIO_TARGET}")
    p50, p95 = statistics.median(starts), starts[int(0.95 * len(starts))]
    table.add_row(
        "idle: commit to start, ms (p50 / p95)", f"{p50:.1f} / {p95:.1f}", f"p50 <= {START_TARGET_MS:g}"
    )
    limit_s = lease_s + RECOVERY_SLACK_S
    table.add_row("kill -9 to the next run, s", f"{recovered_s:.1f}", f"<= {limit_s:g}")
    table.add_row("jobs not done exactly once", str(doubles[0]["n"]), "0")
    Console(width=100).print(table)
    return (
        two / one >= RATIO_TARGET
        and p50 <= START_TARGET_MS
        and recovered_s <= limit_s
        and not doubles[0]["n"]
    )


def main() -> None:
    """Parse the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--sleep", type=float, default=0.5)
    arguments = parser.parse_args()
    sys.exit(0 if asyncio.run(measure(arguments.jobs, arguments.sleep)) else 1)


if __name__ == "__main__":
    main()
