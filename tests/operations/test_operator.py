"""Operators see everybody's jobs, try them again and cancel them; that can be taken away at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Engines
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql

OPERATOR = "/api/v1/operator"


async def dead_jobs(
    engines: Engines, climber: Climber, count: int, *, code: str = "worker_lost", tier: str = "free"
) -> list[str]:
    """Jobs of this user that ended on our side; their ids, oldest first."""
    found = await sql(
        engines,
        """
        insert into jobs (id, kind, subject_id, user_id, tier, state, attempt, crashes, failure_code,
                          admitted, worker_id, request_id, started_at, finished_at, timings)
        select uuidv7(), 'rehearsal', gen_random_uuid(), %s, %s, 'dead', 3, 2, %s, true, 'worker-1',
               'request-1', now(), now(), '{"poses": 1.5}'
        from generate_series(1, %s) returning id::text
        """,
        climber.user["id"],
        tier,
        code,
        count,
    )
    return sorted(row[0] for row in found)


@pytest.fixture
async def operator(climber: Climber, engines: Engines) -> AsyncIterator[Climber]:
    """An operator; no job of earlier tests is dead."""
    await sql(engines, "delete from jobs where state = 'dead'")
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    yield climber
    await sql(engines, "delete from jobs where kind = 'rehearsal'")


async def jobs_of(operator: Climber, **filters: object) -> list[dict[str, Any]]:
    """The whole list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        query = {**filters, "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await operator.get(f"{OPERATOR}/jobs", params=query)).json()
        assert len(page["items"]) <= 3
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


@pytest.mark.proves("D02", "D11")
async def test_who_is_made_operator_sees_and_who_is_not_any_more_does_not(
    operator: Climber, stranger: Climber, engines: Engines
) -> None:
    assert (await operator.get("/api/v1/users/me")).json()["role"] == "admin"
    assert (await stranger.get("/api/v1/users/me")).json()["role"] == "climber"
    assert (await operator.get(f"{OPERATOR}/queue")).status_code == 200
    await sql(engines, "update users set role = 'climber' where id = %s", operator.user["id"])
    gone = await operator.get(f"{OPERATOR}/queue")
    assert (gone.status_code, gone.json()["error"]) == (404, "route_not_found"), "with the token from before"


@pytest.mark.proves("D11")
async def test_the_queue_is_told_by_tier_with_ages_and_workers(
    operator: Climber, stranger: Climber, engines: Engines
) -> None:
    before = {tier["tier"]: tier for tier in (await operator.get(f"{OPERATOR}/queue")).json()["tiers"]}
    assert list(before) == ["infinity", "premium", "free"]
    assert before["premium"]["dead"] == {"jobs": 0, "oldest_s": None}
    await dead_jobs(engines, stranger, 2, tier="premium")
    await stranger.analyze(b"waits")
    await sql(
        engines,
        """
        insert into workers (id, version, slots, running, figures)
        values ('operated', '0.1.0', 4, 1, '{"draining": 1, "jobs_crashed": 2}') on conflict do nothing
        """,
    )
    seen = (await operator.get(f"{OPERATOR}/queue")).json()
    await sql(engines, "delete from workers where id = 'operated'")
    after = {tier["tier"]: tier for tier in seen["tiers"]}
    assert after["free"]["queued"]["jobs"] == before["free"]["queued"]["jobs"] + 1
    assert after["free"]["queued"]["oldest_s"] > 0
    assert after["premium"]["dead"]["jobs"] == 2
    [worker] = [one for one in seen["workers"] if one["id"] == "operated"]
    assert (worker["slots"], worker["running"], worker["is_draining"]) == (4, 1, True)
    assert worker["figures"]["jobs_crashed"] == 2
    [took] = [one for one in seen["processing"] if one["kind"] == "rehearsal"]
    assert (took["state"], took["jobs"], took["p95_s"]) == ("dead", 2, 0)


@pytest.mark.proves("D11")
async def test_dead_jobs_are_told_by_their_reason_the_most_first(
    operator: Climber, stranger: Climber, engines: Engines
) -> None:
    await dead_jobs(engines, stranger, 1)
    await dead_jobs(engines, stranger, 3, code="compute_crashed")
    groups = (await operator.get(f"{OPERATOR}/dead-jobs")).json()["items"]
    assert [(one["failure"]["error"], one["jobs"]) for one in groups] == [
        ("compute_crashed", 3),
        ("worker_lost", 1),
    ]
    assert "ended unexpectedly" in groups[0]["failure"]["detail"]
    assert groups[0]["oldest_at"] <= groups[0]["newest_at"]


@pytest.mark.proves("D11")
async def test_jobs_are_listed_in_pages_by_what_is_asked(
    operator: Climber, stranger: Climber, engines: Engines
) -> None:
    lost = await dead_jobs(engines, stranger, 4)
    crashed = await dead_jobs(engines, stranger, 3, code="compute_crashed", tier="premium")
    asked = {"state": "dead", "order": "oldest"}
    assert [job["id"] for job in await jobs_of(operator, **asked)] == lost + crashed
    assert [job["id"] for job in await jobs_of(operator, state="dead")] == (lost + crashed)[::-1]
    for filters in ({"tier": "premium"}, {"failure_code": "compute_crashed"}):
        assert [job["id"] for job in await jobs_of(operator, **asked, **filters)] == crashed
    assert [job["id"] for job in await jobs_of(operator, **asked, user_id=operator.user["id"])] == []
    assert len(await jobs_of(operator, user_id=stranger.user["id"], kind="rehearsal")) == 7
    job = (await operator.get(f"{OPERATOR}/jobs/{lost[0]}")).json()
    assert job == {**job, "attempt": 3, "crashes": 2, "worker_id": "worker-1", "request_id": "request-1"}
    assert job["failure"]["error"] == "worker_lost"
    assert "machine that ran it" in job["failure"]["detail"]
    assert job["timings"] == {"poses": 1.5}
    assert stranger.email not in str(job)
    for mistake in ("state=sleeping", "limit=101", "limit=0", "cursor=x", "order=any", "kind=%00", "other=1"):
        assert (await operator.get(f"{OPERATOR}/jobs?{mistake}")).status_code == 422, mistake


@pytest.mark.proves("D11")
async def test_a_dead_job_begins_anew_and_is_counted_as_it_was(
    operator: Climber, stranger: Climber, engines: Engines
) -> None:
    analysis = await stranger.analyze(b"its worker died")
    [(job_id,)] = await sql(
        engines,
        """
        update jobs set state = 'dead', attempt = 4, crashes = 2, interruptions = 1,
            failure_code = 'worker_lost', failure_detail = 'x', finished_at = now(),
            created_at = now() - interval '2 hours'
        where subject_id = %s returning id::text
        """,
        analysis["id"],
    )
    assert (await stranger.get("/api/v1/users/me")).json()["quota"]["used"] == 0
    again = await operator.post(f"{OPERATOR}/jobs/{job_id}/retry")
    assert again.status_code == 200
    job = again.json()
    zero = {"attempt": 0, "crashes": 0, "interruptions": 0, "failure": None, "finished_at": None}
    assert job == {**job, **zero, "state": "queued", "admitted": True}
    assert (await stranger.get("/api/v1/users/me")).json()["quota"]["used"] == 1, "one in all"
    assert (await stranger.get(f"/api/v1/analyses/{analysis['id']}")).json()["state"] == "queued"
    twice = await operator.post(f"{OPERATOR}/jobs/{job_id}/retry")
    assert (twice.status_code, twice.json()["error"]) == (409, "job_not_retryable")
    canceled = await operator.post(f"{OPERATOR}/jobs/{job_id}/cancel")
    assert canceled.json()["state"] == "canceled"
    for action, error in (("cancel", "job_ended"), ("retry", "job_not_retryable")):
        refused = await operator.post(f"{OPERATOR}/jobs/{job_id}/{action}")
        assert (refused.status_code, refused.json()["error"]) == (409, error)
        nobody = await operator.post(f"{OPERATOR}/jobs/{uuid4()}/{action}")
        assert (nobody.status_code, nobody.json()["error"]) == (404, "job_not_found")


@pytest.mark.proves("D11")
async def test_all_dead_ones_are_tried_again_once_however_many_ask(
    operator: Climber, stranger: Climber, engines: Engines
) -> None:
    lost = await dead_jobs(engines, stranger, 130)
    await dead_jobs(engines, stranger, 2, code="compute_crashed")
    asked = {"failure_code": "worker_lost"}
    url = f"{OPERATOR}/dead-jobs/retry"
    together = await asyncio.gather(*(operator.post(url, asked) for _ in range(5)))
    retried = [answer.json()["retried"] for answer in together]
    assert max(retried) <= 100
    rest = (await operator.post(url, asked)).json()
    assert (sum(retried) + rest["retried"], rest["left"]) == (130, 0)
    assert (await operator.post(url, asked)).json() == {"retried": 0, "left": 0}
    rows = await sql(
        engines,
        """
        select state, crashes, admitted, count(*) from jobs where id = any(%s::uuid[])
        group by 1, 2, 3 order by 3
        """,
        lost,
    )
    waiting, admitted = rows
    assert (waiting[:3], admitted) == (("queued", 0, False), ("queued", 0, True, 2)), "admission holds"
    assert waiting[3] == 128
    assert len(await jobs_of(operator, state="dead")) == 2, "others are left alone"
    assert (await operator.post(url, {"kind": "rehearsal", "state": "queued"})).status_code == 422


@pytest.mark.proves("D11", "M32")
async def test_a_dead_analysis_that_an_operator_retries_is_done_and_the_log_says_who(
    programs: Programs,
) -> None:
    api, url = programs.api()
    operator = await new_climber(url)
    engines = programs.engines
    await sql(engines, "update users set role = 'admin' where id = %s", operator.user["id"])
    analysis = await operator.analyze(b"not a video")
    [(job_id,)] = await sql(
        engines,
        "update jobs set state = 'dead', crashes = 2 where subject_id = %s returning id::text",
        analysis["id"],
    )
    programs.worker()
    assert (await operator.post(f"{OPERATOR}/jobs/{job_id}/retry")).status_code == 200
    ended = await operator.wait(analysis["id"])
    assert ended["failure"]["error"] == "not_a_video", "a worker took it"
    [line] = [event for event in api.events() if event["event"] == "operator_retried"]
    assert (line["operator_id"], line["job_id"]) == (operator.user["id"], job_id)
    assert line["subject_id"] == analysis["id"]
    assert operator.email not in api.log()
    await operator.http.aclose()
