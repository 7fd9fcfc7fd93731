"""The clip as others see it: by a copy of its own, for as long as somebody may see it; never the original."""

import asyncio
import gzip
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from ascension.analyses.result import decode
from ascension.infra.database.primary import Database
from ascension.infra.storage.keys import copy_key
from ascension.sharing import copies
from ascension.videos import service as videos
from tests.comparisons.seeds import store_wall
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import Climber, plain_http
from tests.rows import sql
from tests.sharing.seeds import coached, opened, share, shared_path, told_climb


@pytest.fixture
async def climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    return await told_climb(engines, climber)


async def made(engines: Engines, climber: Climber, video_id: str, purpose: str) -> str:
    """As a worker that made the copy; where it lies."""
    [(copy_id, user_id)] = await sql(
        engines,
        """
        update video_copies set made_at = now(), content_type = 'video/mp4', size_bytes = 6
        where video_id = %s and purpose = %s returning id, user_id
        """,
        video_id,
        purpose,
    )
    assert str(user_id) == climber.user["id"]
    key = copy_key(user_id, copy_id)
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(Bucket=engines.s3_bucket, Key=key, Body=b"a copy", ContentType="video/mp4")
    return key


async def copies_of(engines: Engines, video_id: str) -> list[str]:
    found = await sql(engines, "select purpose from video_copies where video_id = %s order by 1", video_id)
    return [purpose for (purpose,) in found]


async def swept(engines: Engines) -> None:
    """As the API does it every while, when the copies are not new any more."""
    await sql(engines, "update video_copies set created_at = now() - interval '1 hour'")
    async with (
        Database(engines.api_url, pool_size=1, application="test") as database,
        database.transaction() as tx,
    ):
        await copies.sweep(tx)


@pytest.mark.parametrize(("is_blurred", "purpose"), [(False, "shared"), (True, "blurred")])
async def test_a_guest_plays_the_copy_that_the_link_is_for(
    is_blurred: bool, purpose: str, engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    link = await share(climber, climb["id"], with_video=True, is_blurred=is_blurred)
    skeleton = await share(climber, climb["id"])
    guest = await opened(climber, link["token"])
    path, playback = shared_path(climb["id"]), shared_path(climb["id"], "/playback")
    assert (await climber.http.get(path, headers=guest)).json()["video"] == "under_way"
    early = await climber.http.get(playback, headers=guest)
    assert (early.status_code, early.json()["error"]) == (404, "video_not_shared")
    key = await made(engines, climber, climb["video"]["id"], purpose)
    assert (await climber.http.get(path, headers=guest)).json()["video"] == "shown"
    played = (await climber.http.get(playback, headers=guest)).json()
    assert played["expires_in_s"] == 900
    assert "X-Amz-Expires=900" in played["url"]
    assert urlsplit(str(played["url"])).path.endswith(key), "the copy, not what was uploaded"
    async with plain_http() as storage:
        assert (await storage.get(played["url"])).content == b"a copy"
    other = await opened(climber, skeleton["token"])
    assert (await climber.http.get(path, headers=other)).json()["video"] == "hidden"
    assert (await climber.http.get(playback, headers=other)).status_code == 404


async def test_a_copy_goes_when_nobody_may_see_it_any_more(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    video_id = climb["video"]["id"]
    links = [await share(climber, climb["id"], with_video=True) for _ in range(2)]
    blurred = await share(climber, climb["id"], with_video=True, is_blurred=True)
    await climber.delete(f"/api/v1/shares/{links[0]['id']}")
    await climber.delete(f"/api/v1/shares/{blurred['id']}")
    await swept(engines)
    assert await copies_of(engines, video_id) == ["shared"], "there is another link"
    coached_id = await coached(climber, stranger)
    await climber.delete(f"/api/v1/shares/{links[1]['id']}")
    await swept(engines)
    assert await copies_of(engines, video_id) == ["shared"], "there is a coach"
    await stranger.delete(f"/api/v1/climbers/{coached_id}")
    await swept(engines)
    assert await copies_of(engines, video_id) == []


async def test_a_coach_who_looks_has_a_copy_made_once(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    await coached(climber, stranger)
    for _ in range(2):
        assert (await stranger.get(shared_path(climb["id"]))).json()["video"] == "under_way"
    assert await copies_of(engines, climb["video"]["id"]) == ["shared"]


async def test_where_faces_are_covered_only_a_wall_in_which_they_are_is_shown(
    engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    await store_wall(engines, climber, climb["id"], b"covered", covered=True)
    for is_blurred, shown in ((True, b"covered"), (False, b"a picture")):
        link = await share(climber, climb["id"], with_video=True, is_blurred=is_blurred)
        guest = await opened(climber, link["token"])
        seen = (await climber.http.get(shared_path(climb["id"]), headers=guest)).json()
        assert seen["has_wall_picture"] is True
        signed = (await climber.http.get(shared_path(climb["id"], "/wall"), headers=guest)).json()["url"]
        async with plain_http() as storage:
            assert (await storage.get(signed)).content == shown
        result = await climber.http.get(shared_path(climb["id"], "/result"), headers=guest)
        wall = decode(gzip.compress(result.content)).facts.wall
        assert wall is not None
        assert wall.picture is not None
    own = (await climber.get(f"/api/v1/analyses/{climb['id']}/wall")).json()["url"]
    assert "wall-covered" not in own


async def test_where_faces_cannot_be_covered_the_picture_of_the_wall_is_not_shown(
    climber: Climber, climb: dict[str, Any]
) -> None:
    for is_blurred in (False, True):
        link = await share(climber, climb["id"], with_video=True, is_blurred=is_blurred)
        guest = await opened(climber, link["token"])
        seen = (await climber.http.get(shared_path(climb["id"]), headers=guest)).json()
        assert seen["has_wall_picture"] is not is_blurred
        picture = await climber.http.get(shared_path(climb["id"], "/wall"), headers=guest)
        result = await climber.http.get(shared_path(climb["id"], "/result"), headers=guest)
        wall = decode(gzip.compress(result.content)).facts.wall
        assert wall is not None
        assert (wall.picture is None) is is_blurred
        if is_blurred:
            assert (picture.status_code, picture.json()["error"]) == (404, "wall_picture_not_found")
        else:
            assert picture.status_code == 200


async def test_the_copy_of_a_clip_that_is_not_saved_goes_with_it(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    video_id = climb["video"]["id"]
    await coached(climber, stranger)
    await stranger.get(shared_path(climb["id"]))
    await share(climber, climb["id"], with_video=True)
    await made(engines, climber, video_id, "shared")
    await swept(engines)
    assert await copies_of(engines, video_id) == ["shared"], "the clip is there"
    over = "update videos set expires_at = now() - interval '1 minute', saved_at = %s where id = %s"
    await sql(engines, over, datetime.now(UTC), video_id)
    await swept(engines)
    assert await copies_of(engines, video_id) == ["shared"], "a saved clip stays"
    await sql(engines, over, None, video_id)
    await swept(engines)
    assert await copies_of(engines, video_id) == []
    await sql(engines, "update videos set state = 'expired' where id = %s", video_id)
    assert (await stranger.get(shared_path(climb["id"]))).json()["video"] == "hidden"


async def test_a_coach_keeps_no_copy_of_a_climb_from_before(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    link = await share(climber, climb["id"], with_video=True)
    await coached(climber, stranger, with_past=False)
    await climber.delete(f"/api/v1/shares/{link['id']}")
    await swept(engines)
    assert await copies_of(engines, climb["video"]["id"]) == []


async def is_waiting(engines: Engines) -> bool:
    """Does anybody wait for a row?"""
    return bool(
        await sql(
            engines,
            """
            select pid from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and application_name = 'test'
            """,
        )
    )


async def test_what_is_asked_for_while_the_sweep_waits_stays(
    engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    video_id = climb["video"]["id"]
    ended = await share(climber, climb["id"], with_video=True)
    await climber.delete(f"/api/v1/shares/{ended['id']}")
    async with (
        Database(engines.api_url, pool_size=1, application="test") as database,
        database.transaction() as tx,
    ):
        await videos.get(tx.connection, UUID(video_id), UUID(climber.user["id"]), lock=True)
        sweep = asyncio.create_task(swept(engines))
        await eventually(lambda: is_waiting(engines))
        await tx.connection.execute(
            """
            insert into shares (id, user_id, analysis_id, token_hash, sealed_token, with_video, expires_at)
            values (gen_random_uuid(), %s, %s, sha256('a'), 'a', true, now() + interval '1 day')
            """,
            (climber.user["id"], climb["id"]),
        )
    await sweep
    assert await copies_of(engines, video_id) == ["shared"]


async def test_a_copy_that_failed_is_asked_for_again(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    failing = """
        update jobs set state = 'failed', failure_code = 'clip_not_copied', failure_detail = 'x'
        where id in (select job_id from video_copies where video_id = %s)
    """
    link = await share(climber, climb["id"], with_video=True)
    shares = f"/api/v1/analyses/{climb['id']}/shares"
    assert (await climber.get(shares)).json()["items"][0]["video"] == "under_way"
    await sql(engines, failing, climb["video"]["id"])
    assert (await climber.get(shares)).json()["items"][0]["video"] == "failed"
    again = await climber.post(f"/api/v1/shares/{link['id']}/copy")
    assert (again.status_code, again.json()["video"]) == (200, "under_way")
    await sql(engines, failing, climb["video"]["id"])
    await coached(climber, stranger)
    assert (await stranger.get(shared_path(climb["id"]))).json()["video"] == "under_way"
    seen: list[str] = []
    for _ in range(5):
        await sql(engines, failing, climb["video"]["id"])
        seen.append((await stranger.get(shared_path(climb["id"]))).json()["video"])
    assert seen == ["under_way"] * 3 + ["failed"] * 2, "six a day"
    refused = await climber.post(f"/api/v1/shares/{link['id']}/copy")
    assert (refused.status_code, refused.json()["error"]) == (429, "copied_too_often")
    await made(engines, climber, climb["video"]["id"], "shared")
    assert (await climber.get(shares)).json()["items"][0]["video"] == "shown"


async def test_without_the_upload_the_skeleton_can_be_shared_and_the_video_not(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    await sql(engines, "update videos set state = 'expired' where id = %s", climb["video"]["id"])
    refused = await climber.post(f"/api/v1/analyses/{climb['id']}/shares", {"with_video": True})
    assert (refused.status_code, refused.json()["error"]) == (409, "upload_expired")
    assert (await climber.get(f"/api/v1/analyses/{climb['id']}/shares")).json()["items"] == []
    await share(climber, climb["id"])
    await coached(climber, stranger)
    assert (await stranger.get(shared_path(climb["id"]))).json()["video"] == "hidden"
