"""The worker and its compute children: concurrency, limits, crashes, stopping, isolation."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from ascension.infra.streams import Streams
from ascension.jobs.delivery import stream_of
from tests.clips import short_climb
from tests.jobs.conftest import Query, children_of
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet, stub_task, stub_worker
from tests.platform import EXAMPLE, Climber, Process, Programs, until

QUICK = {
    "JOB_HEARTBEAT_S": "0.5",
    "JOB_RETRY_DELAY_S": "0.2",
    "JOB_SWEEP_S": "0.3",
}
# only for what waits until a lease has run out: a crowded machine may not let a worker beat for 3 s
SHORT_LEASE = {**QUICK, "JOB_LEASE_S": "3"}


@pytest.mark.proves("M09")
async def test_concurrency_reaches_its_setting_and_never_passes_it(
    fleet: Fleet, broken_programs: Programs
) -> None:
    jobs = [one for _ in range(4) for one in await fleet.enqueue(2, user_id=fleet.user())]
    worker = stub_worker(broken_programs, 1.5, WORKER_CONCURRENCY="4", WORKER_COMPUTE_THREADS="1")
    gauge: list[int] = []
    while True:
        states = Counter(row["state"] for row in run_sql(fleet.engines, "select state from jobs"))
        gauge.append(states["processing"])
        if states["done"] == len(jobs):
            break
        assert states.keys() <= {"queued", "processing", "done"}
        await asyncio.sleep(0.02)
    assert max(gauge) == 4
    assert len(children_of(worker)) == 4


def done_by(worker: Process) -> list[str]:
    """The jobs that this worker says it has done."""
    return [event["job_id"] for event in worker.events() if event["event"] == "job_done"]


@pytest.mark.proves("M08", "D10")
async def test_two_workers_share_the_jobs_and_do_none_twice(fleet: Fleet, broken_programs: Programs) -> None:
    jobs = [one for _ in range(6) for one in await fleet.enqueue(2, user_id=fleet.user())]
    workers = [stub_worker(broken_programs, 0.3) for _ in range(2)]
    jobs += [one for _ in range(6) for one in await fleet.enqueue(2, user_id=fleet.user())]
    rows = await fleet.ended(jobs, 60)
    assert {(row["state"], row["attempt"]) for row in rows} == {("done", 1)}
    await until(lambda: sum(len(done_by(worker)) for worker in workers) == len(jobs))
    first, second = map(done_by, workers)
    assert sorted(first + second) == sorted(str(one) for one in jobs)
    assert first, "one worker did everything"
    assert second, "one worker did everything"


@pytest.mark.usefixtures("stub_program")
async def test_an_entry_that_both_slots_were_given_costs_neither(fleet: Fleet) -> None:
    # nobody says for a lease that the entry is at work, as when the queue does not answer
    fleet = fleet.with_settings(job_heartbeat_s=60, job_lease_s=0.5)
    request: dict[str, object] = {"sleep_s": 5.0}
    (shared,) = await fleet.enqueue()
    async with fleet.worker(stub_task(request), slots=2):
        await until(lambda: fleet.row(shared)["state"] == "processing")
        async with asyncio.timeout(20):
            while await fleet.queue.streams.length(stream_of("free")):  # the second slot has dropped it
                await asyncio.sleep(0.05)
        assert fleet.row(shared)["state"] == "processing"
        request["sleep_s"] = 1.5
        (first,) = await fleet.ended([shared])
        both = [(await fleet.enqueue(1, user_id=fleet.user()))[0] for _ in range(2)]
        await until(lambda: [fleet.row(one)["state"] for one in both] == ["processing"] * 2)
        rows = await fleet.ended(both)
    assert [(row["state"], row["attempt"]) for row in (first, *rows)] == [("done", 1)] * 3


@pytest.mark.proves("D11")
@pytest.mark.thorough
async def test_a_killed_worker_loses_nothing(climber: Climber, programs: Programs) -> None:
    victim = programs.worker(**SHORT_LEASE)
    analysis = await climber.analyze(short_climb(60))
    await climber.wait_for_child(analysis["id"])
    orphans = children_of(victim)
    victim.kill()
    killed_s = time.monotonic()
    programs.worker(**QUICK)
    done = await climber.wait(analysis["id"])
    assert done["state"] == "completed"
    assert done["attempt"] == 2
    assert time.monotonic() - killed_s < 60
    await until(lambda: not any(child.process.is_running() for child in orphans))


@pytest.mark.thorough
async def test_a_stopped_worker_gives_its_job_back_at_no_cost(
    climber: Climber, programs: Programs, query: Query
) -> None:
    first = programs.worker(**QUICK)
    analysis = await climber.analyze(short_climb(60))
    await climber.wait_for_child(analysis["id"])
    assert first.stop() == 0
    waiting = (await climber.get(f"/api/v1/analyses/{analysis['id']}")).json()
    assert waiting["state"] == "queued"
    programs.worker(**QUICK)
    assert (await climber.wait(analysis["id"]))["state"] == "completed"
    (row,) = query("select crashes, interruptions from jobs where subject_id = %s", analysis["id"])
    assert (row["crashes"], row["interruptions"]) == (0, 0)


async def test_cancel_stops_the_child_and_the_worker_goes_on(climber: Climber, programs: Programs) -> None:
    worker = programs.worker(**QUICK)
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    await climber.wait_for_child(analysis["id"])
    (child,) = children_of(worker)
    assert (await climber.post(f"/api/v1/analyses/{analysis['id']}/cancel")).status_code == 202
    ended = await climber.wait(analysis["id"], timeout_s=10)
    assert ended["state"] == "canceled"
    assert ended["failure"] is None
    assert not child.process.is_running()
    again = await climber.post(f"/api/v1/analyses/{analysis['id']}/cancel")
    assert (again.status_code, again.json()["error"]) == (409, "analysis_ended")
    assert (await climber.wait((await climber.analyze(short_climb()))["id"]))["state"] == "completed"


async def test_deleting_a_running_analysis_stops_it(climber: Climber, programs: Programs) -> None:
    worker = programs.worker(**QUICK)
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    await climber.wait_for_child(analysis["id"])
    assert (await climber.delete(f"/api/v1/analyses/{analysis['id']}?for_good=true")).status_code == 204
    await until(lambda: any(event["event"] == "job_claim_lost" for event in worker.events()))
    assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("setting", "value", "codes"),
    [
        # on a machine so busy that its child hardly computes, time is not the clip's fault
        ("JOB_TIME_LIMIT_S", "2", ("compute_time_limit", "compute_stalled")),
        ("JOB_MEMORY_LIMIT_MB", "256", ("compute_memory_limit",)),
    ],
)
async def test_a_job_over_its_limit_fails_with_its_reason(
    climber: Climber, programs: Programs, query: Query, setting: str, value: str, codes: tuple[str, ...]
) -> None:
    programs.worker(**QUICK, **{setting: value})
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    failed = await climber.wait(analysis["id"])
    assert failed["state"] == "failed"
    assert failed["failure"]["error"] in codes
    (row,) = query("select crashes from jobs where subject_id = %s", analysis["id"])
    # a limit ends it at once, also after a first time in which it hardly computed
    assert failed["attempt"] == row["crashes"] + (failed["failure"]["error"] != "compute_stalled")


@pytest.mark.proves("D11", "M44")
@pytest.mark.thorough
async def test_a_video_that_kills_its_child_is_given_up_and_the_next_job_runs(
    climber: Climber, programs: Programs
) -> None:
    worker = programs.worker(**QUICK)
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    for attempt in (1, 2):
        while (found := (await climber.get(f"/api/v1/analyses/{analysis['id']}")).json())[
            "attempt"
        ] < attempt:
            await asyncio.sleep(0.05)
        await climber.wait_for_child(analysis["id"])
        for child in children_of(worker):
            child.kill()
    found = await climber.wait(analysis["id"])
    assert found["state"] == "failed"
    assert found["failure"]["error"] == "compute_crashed"
    assert "unexpectedly" in found["failure"]["detail"]
    assert (await climber.wait((await climber.analyze(short_climb()))["id"]))["state"] == "completed"
    retried = await climber.post(f"/api/v1/analyses/{analysis['id']}/retry")
    assert retried.status_code == 202, retried.text
    assert (await climber.wait(analysis["id"]))["state"] == "completed"


@pytest.mark.proves("M16", "M62")
async def test_the_worker_listens_nowhere_and_its_child_knows_nothing(
    climber: Climber, programs: Programs
) -> None:
    worker = programs.worker(**QUICK)
    await climber.wait((await climber.analyze(short_climb()))["id"])
    process = psutil.Process(worker.popen.pid)
    (child,) = children_of(worker)
    for program in (process, child.process):
        assert [c for c in program.net_connections() if c.status == psutil.CONN_LISTEN] == []
    assert child.process.net_connections(kind="all") == []
    environment = child.process.environ()
    assert not any(
        word in name for name in environment for word in ("URL", "SECRET", "KEY", "S3", "AWS", "TOKEN")
    )
    for value in (
        programs.engines.worker_url,
        programs.engines.redis_url,
        programs.engines.s3_keys("worker")[1],
    ):
        assert value not in " ".join(environment.values())
        assert value not in worker.log()
    versions = {event["version"] for event in worker.events()}
    assert versions == {(await climber.http.get("/health")).json()["version"]}
    command = [Path(sys.executable).parent / "ascension", "--version"]
    printed = await asyncio.to_thread(subprocess.check_output, command, text=True, timeout=30)
    assert printed.split() == ["ascension", *versions]


async def test_rubbish_in_a_stream_is_dropped(climber: Climber, programs: Programs) -> None:
    worker = programs.worker(**QUICK)
    streams = Streams(programs.engines.redis_admin_url)
    for fields in ({"id": "not-a-uuid"}, {"other": "field"}, {"id": "01a20002-98ad-738f-a7b8-03941b08a652"}):
        await streams.add("jobs:free", fields, max_length=1000)
    assert (await climber.wait((await climber.analyze(short_climb()))["id"]))["state"] == "completed"
    assert await streams.length("jobs:free") == 0
    assert worker.popen.poll() is None
    assert [one["event"] for one in worker.events()].count("entry_of_no_job") == 2
    assert "exception" not in worker.log()
    await streams.close()
