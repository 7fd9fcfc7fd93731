"""Figures for the scraper: they parse, and they are true."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from ascension import __version__
from tests.conftest import Engines
from tests.operations.scrape import figures_of, value
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql


@pytest.mark.proves("M32", "M46", "M02")
async def test_jobs_that_wait_for_a_worker_are_counted(climber: Climber) -> None:
    before = await figures_of(climber.http)
    for _ in range(3):
        await climber.analyze(b"v" * 1000)
    after = await figures_of(climber.http)
    for name, labels in (
        ("ascension_queue_depth", {}),
        ("ascension_jobs", {"tier": "free", "state": "queued"}),
    ):
        assert value(after, name, **labels) - value(before, name, **labels) == 3
    assert value(after, "ascension_jobs_oldest_seconds", tier="free", state="queued") > 0
    assert value(after, "ascension_build_info", version=__version__) == 1


@pytest.mark.proves("M46")
async def test_requests_are_counted_by_route_and_never_by_what_a_stranger_writes(climber: Climber) -> None:
    before = await figures_of(climber.http)
    video = await climber.open_upload(1000)
    for _ in range(2):
        await climber.get(f"/api/v1/videos/{video['id']}")
    await climber.get("/made-up/by/a/stranger")
    after = await figures_of(climber.http)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    route = "/api/v1/videos/{video_id}"
    assert grown("ascension_http_requests_total", method="GET", route=route, status="200") == 2
    assert grown("ascension_http_request_seconds_count", method="GET", route=route) == 2
    assert grown("ascension_http_requests_total", method="GET", route="other", status="404") == 1
    assert not [labels for _, labels in after if "stranger" in str(labels) or video["id"] in str(labels)]


@pytest.mark.proves("M46", "M62")
async def test_a_worker_is_seen_with_its_slots_and_version(climber: Climber, programs: Programs) -> None:
    worker = programs.worker(WORKER_CONCURRENCY="3")
    [ready] = [event for event in worker.events() if event["event"] == "worker_ready"]
    assert ready["version"] == __version__
    assert (await climber.get("/health")).json()["version"] == __version__
    name = ready["worker_id"]
    figures = await figures_of(climber.http)
    async with asyncio.timeout(20):  # its first report follows its readiness
        while value(figures, "ascension_worker_slots", worker=name, version=__version__) != 3:
            await asyncio.sleep(0.1)
            figures = await figures_of(climber.http)
    assert value(figures, "ascension_worker_figure", worker=name, figure="resident_bytes") > 1_000_000
    assert worker.stop() == 0
    left = await figures_of(climber.http)
    assert value(left, "ascension_worker_slots", worker=name, version=__version__) == 0


@pytest.mark.proves("M33")
async def test_processing_time_is_what_the_rows_say(clean_database: Engines, climber_of_now: Climber) -> None:
    took_s = (2.0, 4.0, 6.0, 8.0, 40.0)
    for seconds in took_s:
        analysis = await climber_of_now.analyze(b"v" * 1000)
        await sql(
            clean_database,
            "update jobs set state = 'done', started_at = created_at + interval '3 s',"
            " finished_at = created_at + make_interval(secs => 3 + %s), timings = %s::jsonb"
            " where subject_id = %s",
            seconds,
            json.dumps({"fetching": seconds / 4, "landmarks": seconds / 2}),
            analysis["id"],
        )
    figures = await figures_of(climber_of_now.http)
    rows = await sql(
        clean_database, "select extract(epoch from finished_at - started_at)::float from jobs order by 1"
    )
    wall_s = [seconds for (seconds,) in rows]
    assert wall_s == list(took_s)

    def told(name: str, quantile: str, **labels: str) -> float:
        return value(figures, name, quantile=quantile, **labels)

    processing = {"kind": "analysis", "state": "done"}
    assert value(figures, "ascension_jobs_ended", **processing) == 5
    assert told("ascension_job_processing_seconds", "0.5", **processing) == wall_s[2]
    assert told("ascension_job_processing_seconds", "1", **processing) == wall_s[-1]
    assert told("ascension_job_stage_seconds", "0.5", kind="analysis", stage="landmarks") == 3
    assert told("ascension_job_waiting_seconds", "1", tier="free") == pytest.approx(3)
    await sql(clean_database, "update jobs set finished_at = finished_at - interval '10 min'")
    later = await figures_of(climber_of_now.http)
    assert not [name for name, _ in later if name.startswith("ascension_job_")]


@pytest.fixture
async def climber_of_now(clean_database: Engines, programs: Programs) -> AsyncIterator[Climber]:
    """Registered after the tables were emptied."""
    found = await new_climber(programs.api()[1])
    assert programs.engines is clean_database
    yield found
    await found.http.aclose()


@pytest.mark.proves("M46")
async def test_what_the_process_is_like_is_told_from_the_start(climber: Climber) -> None:
    figures = await figures_of(climber.http)
    for part in ("database", "queue", "storage", "cloudwatch", "mail", "payments"):
        assert ("ascension_outside_failures_total", frozenset({("part", part)})) in figures
    assert (
        0
        < value(figures, "ascension_database_connections", state="open")
        <= value(figures, "ascension_database_connections", state="most")
    )
    for name in ("ascension_loop_lag_seconds", "ascension_database_waiting", "ascension_sockets"):
        assert (name, frozenset()) in figures
    async with asyncio.timeout(10):
        while value(figures, "ascension_live_channel_up") != 1:
            figures = await figures_of(climber.http)
    waiting = {labels for name, labels in figures if name == "ascension_jobs"}
    assert {
        frozenset({("tier", tier), ("state", "queued")}) for tier in ("free", "premium", "infinity")
    } <= waiting
