"""Engines that fail in the middle: what was asked for is done once, later, or fails with its reason."""

import asyncio
import json

import pytest
from uuid_utils.compat import uuid7

from tests.clips import short_climb
from tests.conftest import flush_all
from tests.jobs.rows import run_sql
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs, new_climber

FAULTY = {**QUICK, "JOB_REDELIVER_S": "2"}


async def _climber(programs: Programs) -> Climber:
    _, url = programs.api(**FAULTY)
    return await new_climber(url)


@pytest.mark.proves("M04", "M10", "M42")
@pytest.mark.thorough
async def test_the_queue_stops_for_some_seconds_in_the_middle_of_a_job(broken_programs: Programs) -> None:
    climber = await _climber(broken_programs)
    broken_programs.worker(**FAULTY)
    running = await climber.analyze(short_climb(60))
    waiting = await climber.analyze(short_climb())
    await climber.wait_for_child(running["id"])
    queue = broken_programs.engines.stack.engine("valkey")
    queue.kill()
    ticket = await climber.post("/api/v1/ws-tickets")
    assert (ticket.status_code, ticket.json()["error"]) == (503, "queue_unavailable")
    assert "Retry-After" in ticket.headers
    later = await climber.analyze(short_climb())  # rows are true without any queue
    await asyncio.sleep(3)
    await queue.start()
    for analysis in (running, waiting, later):
        done = await climber.wait(analysis["id"])
        assert (done["state"], done["attempt"]) == ("completed", 1)
    async with climber.live() as socket:
        assert json.loads(await socket.recv())["type"] == "analysis.snapshot"
    await climber.http.aclose()


@pytest.mark.proves("M44")
@pytest.mark.thorough
async def test_everything_in_the_queue_is_lost(broken_programs: Programs) -> None:
    climber = await _climber(broken_programs)
    analyses = [await climber.analyze(short_climb()) for _ in range(4)]
    await flush_all(broken_programs.engines.stack)
    broken_programs.worker(**FAULTY)
    for analysis in analyses:
        done = await climber.wait(analysis["id"])
        assert (done["state"], done["attempt"]) == ("completed", 1)
    await climber.http.aclose()


@pytest.mark.thorough
async def test_a_row_that_was_never_delivered_is_found(broken_programs: Programs) -> None:
    climber = await _climber(broken_programs)
    analysis = await climber.analyze(short_climb())
    await climber.post(f"/api/v1/analyses/{analysis['id']}/cancel")
    await flush_all(broken_programs.engines.stack)
    # what an API leaves behind that died between its commit and the delivery
    run_sql(
        broken_programs.engines,
        """
        update jobs set state = 'queued', cancel_requested = false, finished_at = null where subject_id = %s
        """,
        analysis["id"],
    )
    broken_programs.worker(**FAULTY)
    assert (await climber.wait(analysis["id"]))["state"] == "completed"
    await climber.http.aclose()


@pytest.mark.proves("M05")
@pytest.mark.thorough
async def test_storage_stops_before_the_video_is_fetched(broken_programs: Programs) -> None:
    climber = await _climber(broken_programs)
    analysis = await climber.analyze(short_climb())
    storage = broken_programs.engines.stack.engine("seaweedfs")
    storage.kill()
    refused = await climber.post(
        "/api/v1/videos", {"file_name": "a.mp4", "content_type": "video/mp4", "size_bytes": 1000}
    )
    assert (refused.status_code, refused.json()["error"]) == (503, "storage_unavailable")
    worker = broken_programs.worker(**FAULTY)
    await asyncio.sleep(2)
    await storage.start()
    assert (await climber.wait(analysis["id"]))["state"] == "completed"
    assert any(event["event"] == "job_interrupted" for event in worker.events())
    await climber.http.aclose()


@pytest.mark.proves("M41")
async def test_the_database_stops_in_the_middle_of_a_job(broken_programs: Programs) -> None:
    climber = await _climber(broken_programs)
    broken_programs.worker(**FAULTY)
    analysis = await climber.analyze(short_climb(60))
    await climber.wait_for_child(analysis["id"])
    database = broken_programs.engines.stack.engine("postgres")
    database.kill()
    refused = await climber.get("/api/v1/analyses")
    assert (refused.status_code, refused.json()["error"]) == (503, "database_unavailable")
    assert "Retry-After" in refused.headers
    assert (await climber.http.get("/health")).status_code == 200
    await asyncio.sleep(3)
    await database.start()
    done = await climber.wait(analysis["id"])
    assert (done["state"], done["attempt"]) == ("completed", 1)
    await climber.http.aclose()


async def test_a_failed_job_is_swept_to_its_end_without_any_worker(broken_programs: Programs) -> None:
    climber = await _climber(broken_programs)
    analysis = await climber.analyze(short_climb())
    run_sql(
        broken_programs.engines,
        """
        update jobs set state = 'processing', crashes = 1, claim_id = %s, lease_until = now()
        where subject_id = %s
        """,
        uuid7(),
        analysis["id"],
    )
    ended = await climber.wait(analysis["id"], timeout_s=10)
    assert ended["failure"]["error"] == "worker_lost"
    quota = (await climber.get("/api/v1/users/me")).json()["quota"]
    assert quota["used"] == 0
    await climber.http.aclose()
