"""The worker and its compute children: concurrency, limits, crashes, stopping, isolation."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ascension.infra.streams import Streams
from tests.clips import short_climb
from tests.jobs.conftest import Query, children_of
from tests.platform import EXAMPLE, Climber, Programs, new_climber, until

QUICK = {
    "JOB_LEASE_S": "3",
    "JOB_HEARTBEAT_S": "0.5",
    "JOB_RETRY_DELAY_S": "0.2",
    "JOB_SWEEP_S": "0.3",
}


@pytest.mark.proves("M09")
async def test_concurrency_reaches_its_setting_and_never_passes_it(
    api_url: str, programs: Programs, query: Query
) -> None:
    climbers = [await new_climber(api_url) for _ in range(4)]
    analyses = [(climber, await climber.analyze(short_climb())) for climber in climbers for _ in range(2)]
    worker = programs.worker(WORKER_CONCURRENCY="4", WORKER_COMPUTE_THREADS="1", **QUICK)
    gauge: list[int] = []
    ids = [analysis["id"] for _, analysis in analyses]
    while True:
        rows = query("select state, count(*) as n from jobs where subject_id = any(%s) group by state", ids)
        states = {row["state"]: row["n"] for row in rows}
        gauge.append(states.get("processing", 0))
        if states.get("done", 0) == len(ids):
            break
        assert states.keys() <= {"queued", "processing", "done"}
        await asyncio.sleep(0.02)
    assert max(gauge) == 4
    assert len(children_of(worker)) == 4
    for climber in climbers:
        await climber.http.aclose()


@pytest.mark.proves("M08", "D10")
async def test_two_workers_share_the_jobs_and_do_none_twice(
    api_url: str, programs: Programs, query: Query
) -> None:
    climbers = [await new_climber(api_url) for _ in range(3)]
    analyses = [await climber.analyze(short_climb()) for climber in climbers for _ in range(2)]
    workers = [programs.worker(WORKER_COMPUTE_THREADS="1", **QUICK) for _ in range(2)]
    ids = [analysis["id"] for analysis in analyses]
    finished = "select count(*) as n from jobs where subject_id = any(%s) and state = 'done' and attempt = 1"
    await until(lambda: query(finished, ids)[0]["n"] == len(ids), 60)
    done = [
        [event["subject_id"] for event in worker.events() if event["event"] == "job_done"]
        for worker in workers
    ]
    assert sorted(done[0] + done[1]) == sorted(ids)
    assert all(done), "one worker did everything"
    for climber in climbers:
        await climber.http.aclose()


@pytest.mark.proves("D11")
async def test_a_killed_worker_loses_nothing(climber: Climber, programs: Programs) -> None:
    victim = programs.worker(**QUICK)
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
    assert (await climber.delete(f"/api/v1/analyses/{analysis['id']}")).status_code == 204
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
    climber: Climber, programs: Programs, setting: str, value: str, codes: tuple[str, ...]
) -> None:
    programs.worker(**QUICK, **{setting: value})
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    failed = await climber.wait(analysis["id"])
    assert failed["state"] == "failed"
    assert failed["failure"]["error"] in codes
    assert failed["attempt"] == 1 + (failed["failure"]["error"] == "compute_stalled")


@pytest.mark.proves("D11", "M44")
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
    await streams.close()
