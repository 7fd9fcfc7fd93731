"""What costs nothing of a plan is bounded by the day: hopeless clips, runs that are stopped or made anew."""

from typing import Any

import httpx2 as httpx
import pytest

from ascension.analyses.service import HOPELESS
from tests.accounts.test_quota import end_analysis, uploaded_videos
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql

HOPELESS_RUNS, REPEATED_RUNS, HOPELESS_OF_USER = 3, 10, 30


async def ask(climber: Climber, video_id: str) -> httpx.Response:
    return await climber.post("/api/v1/analyses", {"video_id": video_id})


async def asked(climber: Climber, video_id: str) -> dict[str, Any]:
    answer = await ask(climber, video_id)
    assert answer.status_code == 201, answer.text
    return answer.json()


def assert_refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["error"]) == (429, "analyzed_too_often"), answer.text
    assert 23 * 3600 < int(answer.headers["retry-after"]) <= 24 * 3600
    assert "in 24 h" in answer.json()["detail"]


async def test_a_hopeless_clip_runs_three_times_a_day_however_it_is_asked_for(
    engines: Engines, climber: Climber
) -> None:
    one, other = await uploaded_videos(engines, climber, 2)
    analysis = await asked(climber, one)
    await end_analysis(engines, analysis["id"], "failed")
    path = f"/api/v1/analyses/{analysis['id']}"
    assert (await climber.post(f"{path}/retry")).status_code == 202
    await end_analysis(engines, analysis["id"], "failed")
    assert (await climber.delete(path)).status_code == 204  # does not make it forgotten
    again = await asked(climber, one)
    await end_analysis(engines, again["id"], "failed")
    for refused in (
        await ask(climber, one),
        await climber.post(f"/api/v1/analyses/{again['id']}/retry"),
        await climber.post(f"/api/v1/analyses/{again['id']}/retry", {"body_height_m": 1.7}),
    ):
        assert_refused(refused)
    await asked(climber, other)
    await sql(
        engines,
        "update allowance_uses set used_at = used_at - interval '1 day' where user_id = %s",
        climber.user["id"],
    )
    assert (await climber.post(f"/api/v1/analyses/{again['id']}/retry")).status_code == 202


@pytest.mark.parametrize("code", ["worker_lost", "internal_fault", "storage_unavailable", "video_missing"])
async def test_what_failed_by_us_is_tried_again_as_often_as_one_likes(
    engines: Engines, climber: Climber, code: str
) -> None:
    (video_id,) = await uploaded_videos(engines, climber, 1)
    analysis = await asked(climber, video_id)
    for _ in range(HOPELESS_RUNS + 1):
        await end_analysis(engines, analysis["id"], "dead", code)
        assert (await climber.post(f"/api/v1/analyses/{analysis['id']}/retry")).status_code == 202


def test_what_is_the_clips_fault() -> None:
    assert {
        "no_person",
        "not_a_video",
        "compute_time_limit",
        "compute_memory_limit",
        "compute_crashed",
    } < set(HOPELESS)
    assert not {"worker_lost", "internal_fault", "video_missing", "storage_unavailable"} & set(HOPELESS)


async def test_new_copies_of_a_hopeless_clip_come_to_an_end_too(engines: Engines, climber: Climber) -> None:
    videos = await uploaded_videos(engines, climber, HOPELESS_OF_USER + 1)
    for video_id in videos[:-1]:
        analysis = await asked(climber, video_id)
        await end_analysis(engines, analysis["id"], "failed")
        await climber.delete(f"/api/v1/videos/{video_id}")
    assert_refused(await ask(climber, videos[-1]))


async def test_runs_that_are_stopped_or_made_anew_come_to_an_end(engines: Engines, climber: Climber) -> None:
    stopped, remade = await uploaded_videos(engines, climber, 2)
    for number in range(REPEATED_RUNS):
        analysis = await asked(climber, stopped)
        await sql(
            engines, "update jobs set state = 'processing', attempt = 1 where subject_id = %s", analysis["id"]
        )
        if number % 2:
            await end_analysis(engines, analysis["id"], "canceled")
        await climber.delete(f"/api/v1/analyses/{analysis['id']}?for_good=true")
    assert_refused(await ask(climber, stopped))

    analysis = await asked(climber, remade)
    retry = f"/api/v1/analyses/{analysis['id']}/retry"
    for _ in range(REPEATED_RUNS):
        await end_analysis(engines, analysis["id"], "done")
        assert (await climber.post(retry, {"body_height_m": 1.7})).status_code == 202
    await end_analysis(engines, analysis["id"], "done")
    assert_refused(await climber.post(retry, {"body_height_m": 1.8}))


async def test_what_was_canceled_before_it_began_is_no_run(engines: Engines, climber: Climber) -> None:
    (video_id,) = await uploaded_videos(engines, climber, 1)
    for _ in range(REPEATED_RUNS + 1):
        analysis = await asked(climber, video_id)
        assert (await climber.post(f"/api/v1/analyses/{analysis['id']}/cancel")).status_code == 202
