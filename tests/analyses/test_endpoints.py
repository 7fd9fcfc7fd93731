"""Analyses: asking for one, quota, pages, the result, canceling, trying again, removing."""

import asyncio
import gzip
import hashlib
import secrets
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from uuid_utils.compat import uuid7

from ascension.errors.jobs import NoPerson
from ascension.infra.storage.keys import covered_wall_key, wall_key
from tests.analyses.outcomes import RESULT, SUMMARY, complete, fail, start
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import EXAMPLE, Climber, Programs, new_climber
from tests.rows import sql
from tests.videos.objects import is_stored

ANALYSES = "/api/v1/analyses"
EMPTY_CHOICES = dict.fromkeys(
    ("climber", "body_height_m", "body", "overhang_deg", "known_distance", "known_rectangle")
)


def error_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", "")


async def use_quota(engines: Engines, climber: Climber, uses: int) -> None:
    """As if so many analyses had been made this month."""
    await sql(
        engines,
        """
        insert into quota_uses (subject_id, user_id)
        select gen_random_uuid(), %s from generate_series(1, %s)
        """,
        climber.user["id"],
        uses,
    )


async def used(climber: Climber) -> int:
    quota: dict[str, int] = (await climber.get("/api/v1/users/me")).json()["quota"]
    return quota["used"]


async def test_a_new_analysis_waits_and_says_of_which_video(climber: Climber) -> None:
    video = await climber.upload(b"v" * 1000)
    answer = await climber.post(ANALYSES, {"video_id": video["id"]})
    assert answer.status_code == 201
    analysis = answer.json()
    assert answer.headers["location"] == f"{ANALYSES}/{analysis['id']}"
    assert analysis["video"] == {
        "id": video["id"],
        "file_name": "climb.mp4",
        "state": "uploaded",
        "size_bytes": 1000,
        "expires_at": video["expires_at"],
        "saved_at": None,
        "archive": None,
        "cleaning": None,
    }
    assert (analysis["state"], analysis["progress_pct"], analysis["attempt"]) == ("queued", 0, 0)
    assert (analysis["failure"], analysis["summary"], analysis["started_at"]) == (None, None, None)
    assert (await climber.get(f"{ANALYSES}/{analysis['id']}")).json() == analysis


async def test_a_video_is_analyzed_once_at_a_time(climber: Climber, engines: Engines) -> None:
    video = await climber.upload(b"v" * 1000)
    body = {"video_id": video["id"]}
    answers = await asyncio.gather(*(climber.post(ANALYSES, body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    analysis = next(answer.json() for answer in answers if answer.status_code == 201)
    assert error_of(await climber.post(ANALYSES, body)) == (409, "analysis_active")
    assert await used(climber) == 1
    await complete(engines, analysis)
    assert (await climber.post(ANALYSES, body)).status_code == 201, "again, once it has ended"


async def test_a_key_asks_for_one_analysis_however_often_it_is_sent(climber: Climber) -> None:
    video = await climber.upload(b"v" * 1000)
    other = await climber.upload(b"v" * 1000)
    key = secrets.token_hex(8)
    answers = await asyncio.gather(
        *(climber.post(ANALYSES, {"video_id": video["id"]}, Idempotency_Key=key) for _ in range(4))
    )
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await used(climber) == 1
    reused = await climber.post(ANALYSES, {"video_id": other["id"]}, Idempotency_Key=key)
    assert error_of(reused) == (409, "idempotency_key_reused")


async def test_only_a_whole_video_can_be_analyzed(climber: Climber) -> None:
    half = await climber.open_upload(1000)
    assert error_of(await climber.post(ANALYSES, {"video_id": half["id"]})) == (409, "video_not_uploaded")
    nobodys = await climber.post(ANALYSES, {"video_id": str(uuid4())})
    assert error_of(nobodys) == (404, "video_not_found")
    assert await used(climber) == 0


@pytest.mark.parametrize(("tier", "limit"), [("free", 10), ("premium", 30), ("infinity", 100)])
async def test_each_tier_has_its_analyses_a_month_and_not_one_more(
    climber: Climber, engines: Engines, tier: str, limit: int
) -> None:
    await sql(engines, "update users set tier = %s where id = %s", tier, climber.user["id"])
    await use_quota(engines, climber, limit - 1)
    videos = await asyncio.gather(*(climber.upload(b"v" * 1000) for _ in range(4)))
    answers = await asyncio.gather(*(climber.post(ANALYSES, {"video_id": video["id"]}) for video in videos))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403]
    refused = next(answer for answer in answers if answer.status_code == 403)
    assert error_of(refused) == (403, "quota_exceeded")
    assert f"Your plan's {limit} analyses" in refused.json()["detail"]
    me = (await climber.get("/api/v1/users/me")).json()
    assert (me["tier"], me["quota"]["limit"], me["quota"]["used"]) == (tier, limit, limit)
    assert me["quota"]["resets_at"][8:] == "01T00:00:00Z"
    assert me["quota"]["resets_at"][:10] in refused.json()["detail"]
    # what was used last month does not count
    await sql(
        engines,
        """
        update quota_uses set used_at = date_trunc('month', now(), 'UTC') - interval '1 s'
        where user_id = %s
        """,
        climber.user["id"],
    )
    assert await used(climber) == 0


async def test_what_gave_no_result_costs_nothing_and_removing_is_no_refund(
    climber: Climber, engines: Engines
) -> None:
    canceled = await climber.analyze(b"v" * 1000)
    assert await used(climber) == 1
    await climber.post(f"{ANALYSES}/{canceled['id']}/cancel")
    assert await used(climber) == 0
    await climber.post(f"{ANALYSES}/{canceled['id']}/retry")
    assert await used(climber) == 1
    await complete(engines, canceled)
    assert (await climber.delete(f"{ANALYSES}/{canceled['id']}")).status_code == 204
    assert await used(climber) == 1


@pytest.mark.proves("D18")
async def test_pages_hold_at_most_100_and_meet_without_gap_or_repeat(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    video = await climber.upload(b"v" * 1000)
    await fill(engines, climber, video, 230)
    await stranger.analyze(b"v" * 1000)
    seen: list[str] = []
    cursor: str | None = None
    sizes: list[int] = []
    while cursor is not None or not sizes:
        path = f"{ANALYSES}?limit=100" + (f"&cursor={cursor}" if cursor else "")
        page = (await climber.get(path)).json()
        seen += [item["id"] for item in page["items"]]
        sizes.append(len(page["items"]))
        cursor = page["next_cursor"]
        await fill(engines, climber, video, 3)  # newer ones arrive while somebody turns pages
    assert sizes == [100, 100, 30]
    assert len(set(seen)) == 230
    assert seen == sorted(seen, reverse=True)
    assert len((await climber.get(ANALYSES)).json()["items"]) == 20


async def fill(engines: Engines, climber: Climber, video: dict[str, Any], rows: int) -> None:
    """Ended analyses of one video, with ids in the order of time."""
    await sql(
        engines,
        """
        with fresh as (
            select id, job_id from unnest(%s::uuid[], %s::uuid[]) as made (id, job_id)
        ), jobs_made as (
            insert into jobs (id, kind, subject_id, user_id, tier, state)
            select job_id, 'analysis', id, %s, 'free', 'done' from fresh
        )
        insert into analyses (id, user_id, video_id, job_id) select id, %s, %s, job_id from fresh
        """,
        [uuid7() for _ in range(rows)],
        [uuid7() for _ in range(rows)],
        climber.user["id"],
        climber.user["id"],
        video["id"],
    )


@pytest.mark.proves("D18")
@pytest.mark.parametrize(
    "query", ["limit=101", "limit=0", "limit=-1", "limit=x", "cursor=x", f"cursor={'9' * 101}"]
)
async def test_a_page_that_is_none_is_malformed(climber: Climber, query: str) -> None:
    assert error_of(await climber.get(f"{ANALYSES}?{query}")) == (422, "malformed")


async def test_the_result_travels_as_it_is_stored(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    path = f"{ANALYSES}/{analysis['id']}/result"
    assert error_of(await climber.get(path)) == (404, "result_not_found")
    await complete(engines, analysis)
    async with climber.http.stream("GET", path, headers=climber.headers) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert raw == RESULT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/vnd.ascension.result"
    assert answer.headers["etag"] == f'"{hashlib.sha256(RESULT).hexdigest()}"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Authorization"
    assert (await climber.get(path)).content == gzip.decompress(RESULT)
    etag = answer.headers["etag"]
    for known in (etag, f'"other", {etag}', f"W/{etag}"):
        again = await climber.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert (await climber.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
    for one in ("0" * 64, "0" * 63):
        assert (await climber.get(path, headers={"If-None-Match": f'"{one}"'})).status_code == 200
    assert (await stranger.get(path, headers={"If-None-Match": etag})).status_code == 404
    done = (await climber.get(f"{ANALYSES}/{analysis['id']}")).json()
    assert (done["state"], done["progress_pct"], done["summary"]) == ("completed", 100, SUMMARY)


async def test_what_waits_is_canceled_at_once_and_what_runs_is_asked_to_stop(
    climber: Climber, engines: Engines
) -> None:
    waiting = await climber.analyze(b"v" * 1000)
    answer = await climber.post(f"{ANALYSES}/{waiting['id']}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (202, "canceled")
    assert error_of(await climber.post(f"{ANALYSES}/{waiting['id']}/cancel")) == (409, "analysis_ended")
    running = await climber.analyze(b"v" * 1000)
    await start(engines, running)
    asked = await climber.post(f"{ANALYSES}/{running['id']}/cancel")
    assert (asked.status_code, asked.json()["state"]) == (202, "processing")
    assert await sql(engines, "select cancel_requested from jobs where subject_id = %s", running["id"]) == [
        (True,)
    ]
    await complete(engines, running)
    assert error_of(await climber.post(f"{ANALYSES}/{running['id']}/cancel")) == (409, "analysis_ended")


async def test_only_what_failed_or_was_canceled_is_tried_again(climber: Climber, engines: Engines) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    path = f"{ANALYSES}/{analysis['id']}/retry"
    assert error_of(await climber.post(path)) == (409, "analysis_active")
    await fail(engines, analysis)
    failed = (await climber.get(f"{ANALYSES}/{analysis['id']}")).json()
    assert failed["state"] == "failed"
    assert failed["failure"] == {"error": "no_person", "detail": NoPerson.message()}
    again = await climber.post(path)
    assert (again.status_code, again.json()["state"], again.json()["failure"]) == (202, "queued", None)
    await complete(engines, analysis)
    assert error_of(await climber.post(path)) == (409, "analysis_not_retryable")
    analysis = await climber.analyze(b"v" * 1000)
    path = f"{ANALYSES}/{analysis['id']}/retry"
    await fail(engines, analysis)
    await use_quota(engines, climber, 10)
    assert error_of(await climber.post(path)) == (403, "quota_exceeded")
    await sql(engines, "update videos set state = 'expired' where id = %s", analysis["video"]["id"])
    assert error_of(await climber.post(path)) == (409, "upload_expired")


async def test_choices_make_a_finished_analysis_anew_and_keep_its_result_meanwhile(
    climber: Climber, engines: Engines
) -> None:
    video = await climber.upload(b"v" * 1000)
    analysis = (await climber.post(ANALYSES, {"video_id": video["id"]})).json()
    assert analysis["choices"] == EMPTY_CHOICES
    await complete(engines, analysis)
    path = f"{ANALYSES}/{analysis['id']}"
    await use_quota(engines, climber, 9)
    box = {"at_s": 1.5, "left_px": 10, "top_px": 20, "width_px": 100, "height_px": 200}
    again = await climber.post(f"{path}/retry", {"climber": box, "body_height_m": 1.8})
    assert (again.status_code, again.json()["state"]) == (202, "queued"), "the month is used up, yet it runs"
    assert again.json()["choices"] == {**EMPTY_CHOICES, "climber": box, "body_height_m": 1.8}
    assert await used(climber) == 10
    assert (await climber.get(f"{path}/result")).status_code == 200


async def test_a_result_stays_counted_when_making_it_anew_is_canceled_or_fails(
    climber: Climber, engines: Engines
) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    await complete(engines, analysis)
    path = f"{ANALYSES}/{analysis['id']}"
    for end in ("cancel", "fail", "fail"):
        assert (await climber.post(f"{path}/retry", {"body_height_m": 1.8})).status_code == 202
        if end == "cancel":
            assert (await climber.post(f"{path}/cancel")).status_code == 202
        else:
            await fail(engines, analysis)
        assert await used(climber) == 1, f"after {end}"
        assert (await climber.get(f"{path}/result")).status_code == 200
    assert (await climber.delete(path)).status_code == 204
    assert await used(climber) == 1, "removing is no refund"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 5000])
async def test_numbers_that_are_none_are_refused(climber: Climber, number: str) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    body = f'{{"video_id": "{analysis["video"]["id"]}", "choices": {{"body_height_m": {number}}}}}'
    for path in (ANALYSES, f"{ANALYSES}/{analysis['id']}/retry"):
        sent = body if path == ANALYSES else f'{{"body_height_m": {number}}}'
        headers = {**climber.headers, "Content-Type": "application/json"}
        answer = await climber.http.post(path, content=sent, headers=headers)
        assert error_of(answer) == (422, "malformed")


@pytest.mark.parametrize(
    "choices",
    [
        {"body_height_m": 17.4},
        {"body_height_m": "tall"},
        {"body_height_m": "1.74"},
        {"body_height_m": True},
        {"body_height_m": [1.74]},
        {"body_height_m": 10**400},
        {"climber": {"at_s": True, "left_px": 0, "top_px": 0, "width_px": 9, "height_px": 9}},
        {"known_distance": {"at_s": 1, "from_px": [1, "2"], "to_px": [90, 9], "distance_m": 1}},
        {"known_distance": {"at_s": 1, "from_px": [1, 2, 3], "to_px": [90, 9], "distance_m": 1}},
        {"known_distance": {"at_s": 1, "from_px": [1, 2], "to_px": [90, 9], "distance_m": False}},
        {"climber": {"at_s": -1, "left_px": 0, "top_px": 0, "width_px": 9, "height_px": 9}},
        {"climber": {"at_s": 1, "left_px": 0, "top_px": 0, "width_px": 0, "height_px": 9}},
        {"known_rectangle": {"at_s": 0, "corners_px": [[0, 0], [1, 0], [1, 1]], "width_m": 1, "height_m": 1}},
        {"somebody": "else"},
    ],
)
async def test_choices_that_make_no_sense_are_refused(climber: Climber, choices: dict[str, Any]) -> None:
    video = await climber.upload(b"v" * 1000)
    answer = await climber.post(ANALYSES, {"video_id": video["id"], "choices": choices})
    assert error_of(answer) == (422, "malformed")


async def test_the_wall_picture_goes_with_the_analysis(engines: Engines, programs: Programs) -> None:
    _, url = programs.api(HOUSEKEEPING_S="0.2")
    climber = await new_climber(url)
    analysis = await climber.analyze(b"v" * 1000)
    path = f"{ANALYSES}/{analysis['id']}"
    assert error_of(await climber.get(f"{path}/wall")) == (404, "wall_picture_not_found")
    key = wall_key(UUID(climber.user["id"]), UUID(analysis["id"]))
    covered = covered_wall_key(UUID(climber.user["id"]), UUID(analysis["id"]))
    async with engines.stack.seaweedfs.client() as s3:
        for name, body in ((key, b"picture"), (covered, b"for others")):
            await s3.put_object(Bucket=engines.s3_bucket, Key=name, Body=body, ContentType="image/webp")
    await complete(engines, analysis)
    await sql(
        engines,
        "update analyses set wall_object_key = %s, covered_wall_object_key = %s where id = %s",
        *(key, covered, analysis["id"]),
    )
    assert (await climber.get(path)).json()["has_wall_picture"] is True
    link = (await climber.get(f"{path}/wall")).json()
    async with httpx.AsyncClient() as plain:
        assert (await plain.get(link["url"])).content == b"picture"
    assert (await climber.delete(f"{path}?for_good=true")).status_code == 204

    async def is_gone() -> bool:
        return not (await is_stored(engines, key) or await is_stored(engines, covered))

    await eventually(is_gone)
    await climber.http.aclose()


async def test_removing_an_analysis_leaves_its_video(climber: Climber, engines: Engines) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    await start(engines, analysis)
    path = f"{ANALYSES}/{analysis['id']}"
    assert (await climber.delete(f"{path}?for_good=true")).status_code == 204
    assert error_of(await climber.get(path)) == (404, "analysis_not_found")
    assert error_of(await climber.delete(path)) == (404, "analysis_not_found")
    assert await sql(engines, "select * from jobs where subject_id = %s", analysis["id"]) == []
    assert (await climber.get(f"/api/v1/videos/{analysis['video']['id']}")).json()["state"] == "uploaded"


@pytest.mark.usefixtures("clean_database")  # the worker finds no jobs of other tests
@pytest.mark.proves("M07", "D11")
async def test_a_worker_gives_back_what_failed_was_canceled_or_removed(
    climber: Climber, programs: Programs
) -> None:
    worker = programs.worker(JOB_HEARTBEAT_S="0.3")
    no_video = await climber.analyze(b"this is no video")
    failed = await climber.wait(no_video["id"])
    assert (failed["state"], failed["failure"]["error"]) == ("failed", "not_a_video")
    assert await used(climber) == 0
    running = await climber.analyze(EXAMPLE.read_bytes())
    await climber.wait(running["id"], "processing")
    await climber.post(f"{ANALYSES}/{running['id']}/cancel")
    canceled = await climber.wait(running["id"])
    assert (canceled["state"], await used(climber)) == ("canceled", 0)
    removed = await climber.analyze(EXAMPLE.read_bytes())
    await climber.wait_for_child(removed["id"])
    assert (await climber.delete(f"{ANALYSES}/{removed['id']}?for_good=true")).status_code == 204
    after = await climber.analyze(b"this is no video either")
    assert (await climber.wait(after["id"]))["failure"]["error"] == "not_a_video"
    assert "job_claim_lost" in worker.log()
