"""Comparisons over HTTP on real engines: asked for, worked out by a worker, stale, taken away."""

import asyncio
import json
from typing import Any

import httpx2 as httpx
import psycopg
import pytest

from ascension.comparisons.service import MAX_COMPARISONS
from ascension.errors.jobs import NothingShared
from tests.comparisons.seeds import compared_climbs, filmed_climb, finished_comparison, store_wall
from tests.comparisons.walls import PAUSE_FRAME, PAUSE_S, first_clip, painted, second_clip, webp
from tests.conftest import Engines
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs
from tests.rows import sql
from tests.web.seeds import FPS

COMPARISONS = "/api/v1/comparisons"


def asked(first: str, second: str, attempts: tuple[int, int] = (1, 1)) -> dict[str, Any]:
    return {
        "first": {"analysis_id": first, "attempt": attempts[0]},
        "second": {"analysis_id": second, "attempt": attempts[1]},
    }


def error_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


async def two_climbs(climber: Climber, engines: Engines) -> tuple[str, str]:
    """Their ids; the second pauses."""
    first = await filmed_climb(engines, climber, first_clip())
    second = await filmed_climb(engines, climber, second_clip())
    return first["id"], second["id"]


async def ended(climber: Climber, comparison_id: str) -> dict[str, Any]:
    async with asyncio.timeout(90):
        while True:
            found = (await climber.get(f"{COMPARISONS}/{comparison_id}")).json()
            if found["state"] not in ("queued", "processing"):
                return found
            await asyncio.sleep(0.1)


async def test_two_climbs_on_one_wall_are_compared(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    first, second = await two_climbs(climber, engines)
    programs.worker(**QUICK)
    async with climber.live() as socket:
        answer = await climber.post(COMPARISONS, asked(first, second))
        assert (answer.status_code, answer.json()["result"]) == (202, None)
        comparison_id = answer.json()["id"]
        assert answer.headers["location"] == f"{COMPARISONS}/{comparison_id}"
        told: list[str] = []
        async with asyncio.timeout(90):
            while "comparison.completed" not in told:
                message = json.loads(await socket.recv())
                if message.get("comparison_id") == comparison_id:
                    told.append(message["type"])
    assert [kind for kind in told if kind != "comparison.progress"] == [
        "comparison.queued",
        "comparison.started",
        "comparison.completed",
    ]
    found = await ended(climber, comparison_id)
    assert (found["state"], found["failure"], found["stale"]) == ("completed", None, False)
    assert (found["first"]["analysis_id"], found["second"]["analysis_id"]) == (first, second)
    result = found["result"]
    assert result["wall"]["method"] == "picture"
    assert result["wall"]["residual_px"] < 2
    assert result["headline"]["difference_s"] == pytest.approx(PAUSE_S, abs=0.05)
    (pause,) = result["differences"]
    assert (pause["kind"], pause["who"]) == ("pause", "second")
    assert pause["cost_s"] == pytest.approx(PAUSE_S, abs=0.1)
    assert pause["second"]["start_frame"] <= PAUSE_FRAME + 5
    assert pause["second"]["end_frame"] >= PAUSE_FRAME + PAUSE_S * FPS - 5
    assert len((await climber.get(f"{COMPARISONS}/{comparison_id}")).content) <= 20_000
    quota = (await climber.get("/api/v1/users/me")).json()["quota"]
    assert quota["used"] == 2, "comparing costs nothing"


async def test_other_walls_are_refused_with_a_reason(
    climber: Climber, engines: Engines, programs: Programs
) -> None:
    first, second = await two_climbs(climber, engines)
    await store_wall(engines, climber, second, webp(painted(seed=7)))
    comparison = (await climber.post(COMPARISONS, asked(first, second))).json()
    await sql(engines, "update analyses set wall_object_key = null where id = %s", first)
    without = (await climber.post(COMPARISONS, asked(second, first))).json()
    programs.worker(**QUICK)
    assert (await ended(climber, without["id"]))["failure"]["error"] == "wall_picture_missing"
    failed = await ended(climber, comparison["id"])
    assert failed["state"] == "failed"
    assert failed["failure"]["error"] in ("walls_differ", "wall_picture_missing")
    await store_wall(engines, climber, first, first_clip().wall)
    again = await climber.post(COMPARISONS, asked(first, second))
    assert (again.json()["id"], again.json()["state"]) == (comparison["id"], "queued")
    assert (await ended(climber, comparison["id"]))["failure"]["error"] == "walls_differ"


async def test_a_failure_is_told_in_its_closer_words(climber: Climber, engines: Engines) -> None:
    comparison_id = await compared_climbs(engines, climber)
    closer = f"{NothingShared.message()} (no hand of both is ever on one hold)"
    await sql(
        engines,
        """
        update jobs set state = 'failed', failure_code = 'nothing_shared', failure_detail = %s
        where id = (select job_id from comparisons where id = %s)
        """,
        closer,
        comparison_id,
    )
    told = {"error": "nothing_shared", "detail": closer}
    assert (await climber.get(f"{COMPARISONS}/{comparison_id}")).json()["failure"] == told
    assert (await climber.get(COMPARISONS)).json()["items"][0]["failure"] == told
    await sql(engines, "update jobs set failure_detail = null where kind = 'comparison'")
    without = (await climber.get(f"{COMPARISONS}/{comparison_id}")).json()["failure"]
    assert without == {"error": "nothing_shared", "detail": NothingShared.message()}


async def test_asking_twice_is_asking_once(climber: Climber, engines: Engines) -> None:
    first, second = await two_climbs(climber, engines)
    answers = await asyncio.gather(*(climber.post(COMPARISONS, asked(first, second)) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await climber.post(COMPARISONS, asked(second, first))
    assert other.json()["id"] != answers[0].json()["id"], "which is the first matters"
    items = (await climber.get(COMPARISONS)).json()["items"]
    assert [item["id"] for item in items] == [other.json()["id"], answers[0].json()["id"]]
    of_one = (await climber.get(f"{COMPARISONS}?analysis_id={first}")).json()["items"]
    assert len(of_one) == 2


async def test_a_corrected_analysis_makes_it_stale_and_asking_again_makes_it_anew(
    climber: Climber, engines: Engines
) -> None:
    comparison_id = await compared_climbs(engines, climber)
    found = (await climber.get(f"{COMPARISONS}/{comparison_id}")).json()
    assert (found["state"], found["stale"]) == ("completed", False)
    pair = asked(found["first"]["analysis_id"], found["second"]["analysis_id"])
    assert (await climber.post(COMPARISONS, pair)).json()["state"] == "completed", "it is right as it is"
    await sql(
        engines,
        "update analyses set result_sha256 = sha256('corrected') where id = %s",
        found["second"]["analysis_id"],
    )
    stale = (await climber.get(f"{COMPARISONS}/{comparison_id}")).json()
    assert (stale["stale"], stale["result"]) == (True, found["result"])
    (item,) = (await climber.get(COMPARISONS)).json()["items"]
    assert (item["stale"], item["headline"]) == (True, found["result"]["headline"])
    anew = (await climber.post(COMPARISONS, pair)).json()
    assert (anew["id"], anew["state"]) == (comparison_id, "queued")


@pytest.mark.parametrize("path", ["{headline,first_s}", "{sections}"])
async def test_what_another_release_stored_is_stale_and_made_anew(
    climber: Climber, engines: Engines, path: str
) -> None:
    comparison_id = await compared_climbs(engines, climber)
    await sql(engines, "update comparisons set result = result #- %s where id = %s", path, comparison_id)
    assert (await climber.get(COMPARISONS)).status_code == 200, "one that cannot be read hides no other"
    found = (await climber.get(f"{COMPARISONS}/{comparison_id}")).json()
    assert (found["state"], found["stale"], found["result"]) == ("completed", True, None)
    pair = asked(found["first"]["analysis_id"], found["second"]["analysis_id"])
    anew = (await climber.post(COMPARISONS, pair)).json()
    assert (anew["id"], anew["state"]) == (comparison_id, "queued")


async def left_of(engines: Engines, climber: Climber) -> tuple[Any, ...]:
    """How many comparisons, and jobs of comparisons, the user has."""
    (counts,) = await sql(
        engines,
        """
        select (select count(*) from comparisons where user_id = u.id),
               (select count(*) from jobs where user_id = u.id and kind = 'comparison')
        from users u where u.id = %s
        """,
        climber.user["id"],
    )
    return counts


@pytest.mark.parametrize("what", ["itself", "the first", "the second", "a video"])
async def test_whatever_is_deleted_nothing_is_left(climber: Climber, engines: Engines, what: str) -> None:
    comparison_id = await compared_climbs(engines, climber)
    path = f"{COMPARISONS}/{comparison_id}"
    found = (await climber.get(path)).json()
    assert await left_of(engines, climber) == (1, 1)
    address = {
        "itself": path,
        "the first": f"/api/v1/analyses/{found['first']['analysis_id']}?for_good=true",
        "the second": f"/api/v1/analyses/{found['second']['analysis_id']}?for_good=true",
        "a video": f"/api/v1/videos/{found['second']['video_id']}?for_good=true",
    }[what]
    assert (await climber.delete(address)).status_code == 204
    assert await left_of(engines, climber) == (0, 0)
    assert error_of(await climber.get(path)) == (404, "comparison_not_found")


async def test_removing_the_account_removes_its_comparisons(climber: Climber, engines: Engines) -> None:
    await compared_climbs(engines, climber)
    await sql(engines, "delete from users where id = %s", climber.user["id"])
    count = "select count(*) from comparisons where user_id = %s"
    assert await sql(engines, count, climber.user["id"]) == [(0,)]


async def test_other_peoples_climbs_and_comparisons_are_not_there(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    comparison_id = await compared_climbs(engines, climber)
    path = f"{COMPARISONS}/{comparison_id}"
    found = (await climber.get(path)).json()
    theirs = found["first"]["analysis_id"]
    own = await filmed_climb(engines, stranger, first_clip())
    for pair in (asked(own["id"], theirs), asked(theirs, own["id"])):
        assert error_of(await stranger.post(COMPARISONS, pair)) == (404, "analysis_not_found")
    for answer in (await stranger.get(path), await stranger.delete(path)):
        assert error_of(answer) == (404, "comparison_not_found")
    assert (await stranger.get(COMPARISONS)).json() == {"items": []}
    assert (await stranger.get(f"{COMPARISONS}?analysis_id={theirs}")).json() == {"items": []}
    assert (await climber.get(path)).status_code == 200


async def test_only_attempts_that_are_there_and_only_so_many(climber: Climber, engines: Engines) -> None:
    first, second = await two_climbs(climber, engines)
    waiting = await climber.analyze(b"x" * 1000)
    refused = await climber.post(COMPARISONS, asked(first, waiting["id"]))
    assert error_of(refused) == (404, "result_not_found")
    for pair in (
        asked(first, first),
        asked(first, second, (1, 2)),
        asked(first, second, (0, 1)),
        asked(first, second, (1, 1001)),
        {"first": {"analysis_id": first}},
        {"first": first, "second": second},
    ):
        assert error_of(await climber.post(COMPARISONS, pair)) == (422, "malformed")
    await sql(
        engines,
        """
        with job as (
            insert into jobs (id, kind, subject_id, user_id, tier, state)
            select gen_random_uuid(), 'comparison', gen_random_uuid(), %s, 'free', 'failed'
            from generate_series(1, %s) returning *
        )
        insert into comparisons (
            id, user_id, job_id, first_analysis_id, first_attempt, second_analysis_id, second_attempt)
        select subject_id, user_id, id, %s, 1, %s, 1 + row_number() over () from job
        """,
        climber.user["id"],
        MAX_COMPARISONS,
        first,
        second,
    )
    assert error_of(await climber.post(COMPARISONS, asked(first, second))) == (409, "too_many_comparisons")
    assert len((await climber.get(COMPARISONS)).json()["items"]) == MAX_COMPARISONS


async def test_what_is_not_asked_for_costs_no_comparison(climber: Climber, engines: Engines) -> None:
    first, second = await two_climbs(climber, engines)
    comparison_id = await finished_comparison(engines, climber, first, second)
    brief = (await climber.get(COMPARISONS)).json()["items"][0]
    assert "result" not in brief
    assert brief["id"] == comparison_id
    assert brief["headline"]["main_kind"] == "pause"


async def test_an_analysis_can_go_while_its_comparison_is_finished(
    climber: Climber, engines: Engines
) -> None:
    comparison_id = await compared_climbs(engines, climber)
    ((job_id, analysis_id),) = await sql(
        engines, "select job_id, first_analysis_id from comparisons where id = %s", comparison_id
    )
    async with await psycopg.AsyncConnection.connect(engines.worker_url) as worker:
        await worker.execute("update jobs set state = 'done' where id = %s", (job_id,))
        deleting = asyncio.create_task(climber.delete(f"/api/v1/analyses/{analysis_id}?for_good=true"))
        await asyncio.sleep(0.5)  # it waits for the worker by now
        await worker.execute("update comparisons set result = result where id = %s", (comparison_id,))
        await worker.commit()
    assert (await deleting).status_code == 204
    assert await sql(engines, "select from jobs where id = %s", job_id) == []
