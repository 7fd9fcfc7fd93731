"""The monthly quota: the last one is never shared, no result costs nothing, the month is UTC's."""

import asyncio
import uuid
from collections import Counter
from datetime import UTC, datetime

import httpx2 as httpx
import pytest

from tests.conftest import Engines
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql

LIMIT = 10


async def uploaded_videos(engines: Engines, climber: Climber, count: int) -> list[str]:
    """Videos that are there already, as rows: these tests compute nothing."""
    ids = [str(uuid.uuid4()) for _ in range(count)]
    for video_id in ids:
        await sql(
            engines,
            """
            insert into videos (id, user_id, state, file_name, content_type, size_bytes, part_size_bytes,
                                object_key, s3_upload_id, uploaded_at, expires_at)
            values (%s, %s, 'uploaded', 'climb.mp4', 'video/mp4', 1000, 8388608, %s, '', now(),
                    now() + interval '1 day')
            """,
            video_id,
            climber.user["id"],
            f"uploads/{video_id}",
        )
    return ids


async def _used(climber: Climber) -> int:
    return (await climber.get("/api/v1/users/me")).json()["quota"]["used"]


async def _analysis(engines: Engines, climber: Climber) -> str:
    (video_id,) = await uploaded_videos(engines, climber, 1)
    answer = await climber.post("/api/v1/analyses", {"video_id": video_id})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def end_analysis(engines: Engines, analysis_id: str, state: str, code: str | None = None) -> None:
    """As a worker would leave the rows; a clip that failed shows nobody."""
    code = code or ("no_person" if state == "failed" else None)
    await sql(
        engines,
        "update jobs set state = %s, failure_code = %s, finished_at = now() where subject_id = %s",
        state,
        code,
        analysis_id,
    )
    if state == "done":
        await sql(engines, "update analyses set summary = '{}', result = '' where id = %s", analysis_id)


async def test_of_thirty_requests_side_by_side_exactly_ten_are_taken(programs: Programs) -> None:
    settings = {"API_MAX_PER_SESSION": "64"}
    urls = [programs.api(**settings)[1] for _ in range(2)]
    climber = await new_climber(urls[0])
    videos = await uploaded_videos(programs.engines, climber, 30)
    async with httpx.AsyncClient(timeout=30) as http:
        answers = await asyncio.gather(
            *(
                http.post(
                    f"{urls[number % 2]}/api/v1/analyses", json={"video_id": video}, headers=climber.headers
                )
                for number, video in enumerate(videos)
            )
        )
    assert Counter(answer.status_code for answer in answers) == {201: LIMIT, 403: 30 - LIMIT}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 403} == {"quota_exceeded"}
    assert await _used(climber) == LIMIT
    await climber.http.aclose()


@pytest.mark.parametrize("state", ["failed", "dead", "canceled"])
async def test_what_ends_without_a_result_is_given_back_once(
    engines: Engines, climber: Climber, state: str
) -> None:
    analysis_id = await _analysis(engines, climber)
    assert await _used(climber) == 1
    await end_analysis(engines, analysis_id, state)
    assert await _used(climber) == 0
    again = await climber.post(f"/api/v1/analyses/{analysis_id}/retry")
    assert again.status_code == 202, again.text
    assert await _used(climber) == 1  # the same one, counted once
    await end_analysis(engines, analysis_id, state)
    await climber.delete(f"/api/v1/analyses/{analysis_id}")
    assert await _used(climber) == 0


async def test_what_is_taken_away_before_it_is_done_costs_nothing(engines: Engines, climber: Climber) -> None:
    analysis_id = await _analysis(engines, climber)
    assert (await climber.delete(f"/api/v1/analyses/{analysis_id}")).status_code == 204
    assert await _used(climber) == 0


async def test_a_finished_analysis_stays_counted(engines: Engines, climber: Climber) -> None:
    analysis_id = await _analysis(engines, climber)
    await end_analysis(engines, analysis_id, "done")
    assert await _used(climber) == 1
    again = await climber.post(f"/api/v1/analyses/{analysis_id}/retry", {"body_height_m": 1.7})
    assert again.status_code == 202, again.text
    assert await _used(climber) == 1
    await end_analysis(engines, analysis_id, "dead")  # its result is still there
    assert await _used(climber) == 1
    assert (await climber.delete(f"/api/v1/analyses/{analysis_id}")).status_code == 204
    assert await _used(climber) == 1


async def test_the_month_begins_at_midnight_utc(engines: Engines, climber: Climber) -> None:
    for before in ("1 microsecond", "0 s"):
        await sql(
            engines,
            """
            insert into quota_uses (subject_id, user_id, used_at)
            values (gen_random_uuid(), %s, date_trunc('month', now(), 'UTC') - %s::interval)
            """,
            climber.user["id"],
            before,
        )
    assert await _used(climber) == 1  # of the new month
    quota = (await climber.get("/api/v1/users/me")).json()["quota"]
    resets_at = datetime.fromisoformat(quota["resets_at"])
    assert (resets_at.day, resets_at.hour, resets_at.utcoffset()) == (1, 0, UTC.utcoffset(None))
    assert resets_at > datetime.now(UTC)
