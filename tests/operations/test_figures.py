"""Figures for the scraper: they parse, and they are true."""

import asyncio

import pytest

from ascension import __version__
from tests.operations.scrape import figures_of, value
from tests.platform import Climber, Programs


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
