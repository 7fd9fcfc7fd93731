"""Workers that are stopped, and users who change their mind: nothing is lost, and nobody waits for long."""

import asyncio
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis.asyncio as redis

from ascension.jobs.delivery import GROUP, WEIGHTS, WeightedReader, push, stream_of
from tests.conftest import Engines
from tests.infra.metadata_service import MetadataService
from tests.jobs.conftest import children_of
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet, stub_worker
from tests.platform import EXAMPLE, Programs, new_climber, until

CANCEL_LIMIT_S = 2


async def running(fleet: Fleet, job_id: Any) -> None:
    """Until a child is at it."""
    await until(lambda: fleet.row(job_id)["stage"] == "waiting", 60)


async def consumers(engines: Engines) -> set[str]:
    """Who is known to the streams' groups."""
    library: Any = redis  # partly without types
    async with library.Redis.from_url(engines.redis_admin_url, decode_responses=True) as client:
        return {
            one["name"] for tier in WEIGHTS for one in await client.xinfo_consumers(stream_of(tier), GROUP)
        }


@pytest.mark.proves("M10")
async def test_a_cancel_ends_the_child_within_two_seconds_without_any_queue(
    broken_programs: Programs,
) -> None:
    _, url = broken_programs.api()
    climber = await new_climber(url)
    # neither a heartbeat nor a message could tell the worker in time
    worker = broken_programs.worker(JOB_LEASE_S="120", JOB_HEARTBEAT_S="60")
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    await until(lambda: bool(children_of(worker)), 60)
    (child,) = children_of(worker)
    broken_programs.engines.stack.engine("valkey").kill()
    began_s = time.monotonic()
    assert (await climber.post(f"/api/v1/analyses/{analysis['id']}/cancel")).status_code == 202
    answered_s = time.monotonic()
    await until(lambda: not child.process.is_running())
    took_s = time.monotonic() - answered_s
    print(f"cancel answered after {answered_s - began_s:.2f} s, child dead after {took_s:.2f} s more")
    assert (await climber.wait(analysis["id"], timeout_s=20))["state"] == "canceled"
    assert took_s < 3 * CANCEL_LIMIT_S, "the watch asks twice a second; this machine may be busy"
    await climber.http.aclose()


@pytest.mark.proves("D11")
async def test_a_stopped_worker_finishes_what_it_runs_and_takes_no_more(
    fleet: Fleet, broken_programs: Programs
) -> None:
    worker = stub_worker(broken_programs, 2, WORKER_DRAIN_S="30")
    first, second = await fleet.enqueue(2)
    await running(fleet, first)
    assert worker.stop() == 0
    rows = [fleet.row(one) for one in (first, second)]
    assert [(row["state"], row["attempt"]) for row in rows] == [("done", 1), ("queued", 0)]
    assert await consumers(fleet.engines) == set()
    assert run_sql(fleet.engines, "select id from workers") == []


@pytest.mark.parametrize(("drain_s", "signals"), [("60", 2), ("0.5", 1)])
async def test_what_takes_longer_is_handed_back_at_no_cost(
    fleet: Fleet, broken_programs: Programs, drain_s: str, signals: int
) -> None:
    worker = stub_worker(broken_programs, 600, WORKER_DRAIN_S=drain_s)
    (job_id,) = await fleet.enqueue()
    await running(fleet, job_id)
    for _ in range(signals):
        worker.popen.send_signal(signal.SIGTERM)
        await until(lambda: "worker_draining" in worker.log())
    assert await asyncio.to_thread(worker.popen.wait, 20) == 0
    row = fleet.row(job_id)
    assert (row["state"], row["crashes"], row["interruptions"]) == ("queued", 0, 0)
    assert [event["event"] for event in worker.events()].count("job_handed_back") == 1


@pytest.mark.parametrize("engine", ["postgres", "valkey"])
@pytest.mark.thorough
async def test_a_stop_while_an_engine_hangs_ends_in_time_and_loses_nothing(
    fleet: Fleet, broken_programs: Programs, engine: str
) -> None:
    worker = stub_worker(broken_programs, 600)
    (job_id,) = await fleet.enqueue()
    await running(fleet, job_id)
    pid = fleet.engines.stack.engine(engine).pid
    assert pid is not None
    os.killpg(pid, signal.SIGSTOP)
    began_s = time.monotonic()
    try:
        worker.popen.send_signal(signal.SIGTERM)
        await asyncio.to_thread(worker.popen.wait, 60)
    finally:
        os.killpg(pid, signal.SIGCONT)
    print(f"{engine} hangs: the worker ended after {time.monotonic() - began_s:.1f} s")
    other = stub_worker(broken_programs, 0)
    await fleet.ended([job_id], 60)
    assert fleet.row(job_id)["state"] == "done"
    assert other.popen.poll() is None


async def test_names_of_the_dead_go_when_nothing_hangs_on_them(fleet: Fleet) -> None:
    streams = fleet.queue.streams
    dead = WeightedReader(streams, consumer="dead", take_over_idle_s=60)
    living = WeightedReader(streams, consumer="living", take_over_idle_s=0.1)
    (job_id,) = await fleet.enqueue()
    entry = await dead.take() or await dead.take()
    assert entry is not None
    await living.forget_silent(idle_s=0)
    assert "dead" in await consumers(fleet.engines), "its entry would be lost with it"
    await asyncio.sleep(0.2)
    taken = await living.take()
    assert taken is not None
    assert taken.fields == {"id": str(job_id)}
    await living.forget_silent(idle_s=0)
    assert await consumers(fleet.engines) == {"living"}
    await living.leave()
    assert await consumers(fleet.engines) == {"living"}, "it holds an entry"
    await living.done(taken)
    await living.leave()
    assert await consumers(fleet.engines) == set()
    await push(streams, "free", job_id)
    assert await living.take() is not None, "a name comes back by reading"


@pytest.mark.proves("M44")
@pytest.mark.thorough
async def test_a_worker_whose_machine_goes_gives_its_job_back_in_time(
    fleet: Fleet, broken_programs: Programs
) -> None:
    async with MetadataService().serve() as service:
        worker = stub_worker(
            broken_programs,
            600,
            WORKER_METADATA_URL=service.url,
            WORKER_NOTICE_MARGIN_S="20",
            WORKER_DRAIN_S="600",
        )
        first, second = await fleet.enqueue(2)
        await running(fleet, first)
        ends_at = datetime.now(UTC) + timedelta(seconds=26)  # two minutes on EC2
        service.spot = f'{{"action": "terminate", "time": "{ends_at:%Y-%m-%dT%H:%M:%SZ}"}}'
        await until(lambda: fleet.row(first)["state"] == "queued", 25)
        assert datetime.now(UTC) < ends_at
        await asyncio.sleep(1)
        assert worker.popen.poll() is None, "begun again here, it would take jobs"
        for job_id in (first, second):
            assert {"state": "queued", "crashes": 0}.items() <= fleet.row(job_id).items()
        assert fleet.row(second)["attempt"] == 0
        assert worker.stop() == 0
