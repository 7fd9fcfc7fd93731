"""Live sockets: what an idle one costs, how soon an event and the end of a job reach a client.

Events are published as workers publish them, with the time at which they were; clients read on this machine,
by the same clock. All clients live in this one process, so that its own lateness is part of the figures.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import psutil
import websockets
from uuid_utils.compat import uuid7

from ascension.infra.streams import Streams
from ascension.jobs.events import publish
from ascension.jobs.queries import Job
from benches.load.processor import Processor
from tests.chaos.compute import cheap_clip
from tests.jobs.rows import run_sql
from tests.platform import Climber, Programs, new_climber

PER_USER = 8
"""Sockets of one account in one process: as many as it may have."""
OPENING_AT_ONCE = 20
JOBS = 30


@dataclass
class Heard:
    """Milliseconds from the publishing of an event to its arrival, all sockets together."""

    ms: list[float] = field(default_factory=list[float])

    async def listen(self, socket: websockets.ClientConnection) -> None:
        """Until the socket ends."""
        async for text in socket:
            event = json.loads(text)
            if event["type"] == "analysis.progress":
                self.ms.append((time.time() - datetime.fromisoformat(event["at"]).timestamp()) * 1000)


@dataclass(frozen=True)
class Measured:
    """What the bench found."""

    sockets: int
    bytes_per_socket: float
    idle_cpu_pct: float
    busy_cpu_pct: float
    published: int
    event_ms: Sequence[float]
    end_ms: Sequence[float]


def percentile(values: Sequence[float], pct: float) -> float:
    """By rank; the values need not be sorted."""
    return sorted(values)[min(len(values) - 1, int(pct / 100 * len(values)))]


async def measure(programs: Programs, sockets: int, events_per_s: int, seconds: float) -> Measured:
    """Open idle sockets, publish to their users, then let jobs end."""
    api, url = await asyncio.to_thread(programs.api)
    process = psutil.Process(api.popen.pid)
    climbers = [await new_climber(url) for _ in range(-(-sockets // PER_USER))]
    before_bytes = process.memory_info().rss
    heard = Heard()
    async with _listening(climbers, sockets, heard):
        await asyncio.sleep(2)
        grown = process.memory_info().rss - before_bytes
        idle = Processor({"API": [process.pid]})
        await asyncio.sleep(seconds / 2)
        idle_pct = idle.shares_pct()["API"]
        busy = Processor({"API": [process.pid]})
        published = await _publish(programs, climbers, events_per_s, seconds)
        busy_pct = busy.shares_pct()["API"]
        await asyncio.sleep(1)
        climbers.append(await new_climber(url))
        ends = await _ends_ms(programs, climbers[-1])
    for climber in climbers:
        await climber.http.aclose()
    assert len(heard.ms) >= published * PER_USER * 0.99, "events were lost"
    return Measured(sockets, grown / sockets, idle_pct, busy_pct, published, heard.ms, ends)


@asynccontextmanager
async def _listening(climbers: Sequence[Climber], sockets: int, heard: Heard) -> AsyncGenerator[None]:
    room = asyncio.Semaphore(OPENING_AT_ONCE)
    async with AsyncExitStack() as exit_stack:

        async def open_one(climber: Climber) -> websockets.ClientConnection:
            async with room:
                return await exit_stack.enter_async_context(climber.live())

        opened = await asyncio.gather(*(open_one(climbers[n // PER_USER]) for n in range(sockets)))
        readers = [asyncio.create_task(heard.listen(socket)) for socket in opened]
        try:
            yield
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.wait(readers)


async def _publish(programs: Programs, climbers: Sequence[Climber], events_per_s: int, seconds: float) -> int:
    """Progress of one user after the other, each heard by that user's sockets; how many there were."""
    streams = Streams(programs.engines.redis_url)
    jobs = [_job(climber) for climber in climbers]
    count = int(events_per_s * seconds)
    began_s = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0.0, began_s + number / events_per_s - time.monotonic()))
        await publish(streams, jobs[number % len(jobs)], "progress", stage="poses", progress_pct=number % 100)
    await streams.close()
    return count


def _job(climber: Climber) -> Job:
    user_id, now = UUID(climber.user["id"]), datetime.now(UTC)
    return Job(uuid7(), "analysis", uuid7(), user_id, "free", "processing", 1, 0, 0, True, False, None, now)


async def _ends_ms(programs: Programs, climber: Climber) -> list[float]:
    """From the row of a job that is done to its news at a client.

    The row carries the time at which the transaction that completes it began, so the commit is included.
    """
    program = str(programs.folder / "child")
    await asyncio.to_thread(programs.worker, "tests.chaos.worker", program, WORKER_COMPUTE_THREADS="1")
    run_sql(programs.engines, "update users set tier = 'infinity' where id = %s", climber.user["id"])
    arrived: dict[str, float] = {}
    async with climber.live() as socket:
        for number in range(JOBS):
            analysis = await climber.analyze(cheap_clip("computes", seconds=0.2, nonce=number))
            async with asyncio.timeout(60):
                while analysis["id"] not in arrived:
                    event = json.loads(await socket.recv())
                    if event["type"] == "analysis.completed":
                        arrived[event["analysis_id"]] = time.time()
    rows = run_sql(
        programs.engines,
        "select subject_id, extract(epoch from finished_at)::float8 as at from jobs where user_id = %s",
        climber.user["id"],
    )
    return [(arrived[str(row["subject_id"])] - row["at"]) * 1000 for row in rows]
