"""Saving a video and giving it up again: storage copies, the row follows, nothing is lost on the way."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Iterator
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest

from ascension.infra.database.primary import Database
from ascension.videos.saves import queries as saving_queries
from ascension.videos.saves.queries import Move
from tests.clips import short_climb
from tests.conftest import Engines
from tests.eventually import eventually
from tests.like_a_clip import like_a_clip
from tests.nursery import Nursery
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql
from tests.videos.objects import is_stored, open_uploads

UNSAVED_S = 24 * 3600


@pytest.fixture(scope="module")
def sweeping_url(
    engines: Engines, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An API that sweeps all the time, removes moved objects after a second, and has room for 20 MB."""
    programs = Programs(engines, tmp_path_factory.mktemp("saving"), nursery)
    try:
        yield programs.api(HOUSEKEEPING_S="0.2", MOVED_OBJECT_GRACE_S="1", SAVED_MAX_BYTES_FREE="20000000")[1]
    finally:
        programs.end()


@pytest.fixture
async def keeper(sweeping_url: str) -> AsyncIterator[Climber]:
    """A climber of this API."""
    found = await new_climber(sweeping_url)
    yield found
    await found.http.aclose()


async def played(climber: Climber, video_id: str) -> bytes:
    """What the playback link gives."""
    answer = await climber.get(f"/api/v1/videos/{video_id}/playback")
    assert answer.status_code == 200, answer.text
    async with httpx.AsyncClient(timeout=30) as storage:
        return (await storage.get(answer.json()["url"])).content


async def remaining_s(engines: Engines, video_id: str) -> int:
    [(seconds,)] = await sql(
        engines, "select extract(epoch from expires_at - now())::bigint from videos where id = %s", video_id
    )
    return int(seconds)


@pytest.mark.proves("M21", "M20")
async def test_a_saved_video_outlives_the_day_and_given_up_it_has_a_day_again(
    engines: Engines, keeper: Climber
) -> None:
    content = like_a_clip(secrets.token_bytes(6 * 2**20))  # two parts
    video = await keeper.upload(content)
    assert (video["part_count"], video["saved_at"]) == (2, None)
    checksum = await stored_checksum(engines, f"uploads/{keeper.user['id']}/{video['id']}")
    path = f"/api/v1/videos/{video['id']}"
    link = (await keeper.get(f"{path}/playback")).json()["url"]
    saved = await keeper.put(f"{path}/saved", None)
    assert saved.status_code == 200, saved.text
    assert (saved.json()["expires_at"], saved.json()["archive"]) == (None, None)
    assert saved.json()["saved_at"] is not None
    async with httpx.AsyncClient(timeout=30) as storage:
        assert (await storage.get(link)).content == content, "a link that was given out still plays"
    assert (await keeper.put(f"{path}/saved", None)).json() == saved.json(), "saving again changes nothing"
    key = f"saved/{keeper.user['id']}/{video['id']}"
    assert await stored_checksum(engines, key) == checksum, "the copy has the checksum that was signed"
    await eventually(lambda: is_gone(engines, f"uploads/{keeper.user['id']}/{video['id']}"))
    assert await played(keeper, video["id"]) == content
    # what the release before would have swept
    assert await remaining_s(engines, video["id"]) > 1000 * UNSAVED_S

    given_up = (await keeper.delete(f"{path}/saved")).json()
    assert (given_up["saved_at"], given_up["state"]) == (None, "uploaded")
    assert UNSAVED_S - 60 < await remaining_s(engines, video["id"]) <= UNSAVED_S
    assert (await keeper.delete(f"{path}/saved")).json() == given_up
    await eventually(lambda: is_gone(engines, key))
    assert await played(keeper, video["id"]) == content
    await sql(engines, "update videos set expires_at = now() - interval '1 s' where id = %s", video["id"])
    await eventually(lambda: is_gone(engines, f"uploads/{keeper.user['id']}/{video['id']}"))
    for refused in (await keeper.put(f"{path}/saved", None), await keeper.get(f"{path}/playback")):
        assert (refused.status_code, refused.json()["error"]) == (409, "upload_expired")


async def stored_checksum(engines: Engines, key: str) -> str:
    async with engines.stack.seaweedfs.client() as s3:
        found = await s3.head_object(Bucket=engines.s3_bucket, Key=key, ChecksumMode="ENABLED")
        return found.get("ChecksumSHA256", "none")


async def is_gone(engines: Engines, key: str) -> bool:
    return not await is_stored(engines, key)


async def test_back_and_forth_at_once_leaves_one_whole_object(engines: Engines, keeper: Climber) -> None:
    content = like_a_clip(secrets.token_bytes(1000))
    video = await keeper.upload(content)
    path = f"/api/v1/videos/{video['id']}/saved"
    for _ in range(3):
        answers = await asyncio.gather(
            *(keeper.put(path, None) for _ in range(3)), *(keeper.delete(path) for _ in range(2))
        )
        assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    saved = await asyncio.gather(*(keeper.put(path, None) for _ in range(3)))
    assert len({answer.text for answer in saved}) == 1
    ids = f"{keeper.user['id']}/{video['id']}"
    await eventually(lambda: is_gone(engines, f"uploads/{ids}"))
    await asyncio.sleep(1.5)  # past the grace of every move: no removal of before takes the copy
    assert await played(keeper, video["id"]) == content
    assert await open_uploads(engines, f"saved/{ids}") == 0


async def test_a_move_that_died_half_way_is_made_again_by_the_next(engines: Engines, keeper: Climber) -> None:
    content = like_a_clip(secrets.token_bytes(1000))
    video = await keeper.upload(content)
    # as a process leaves it that was killed after the copy: copied, and its lease runs out
    async with engines.stack.seaweedfs.client() as s3:
        ids = f"{keeper.user['id']}/{video['id']}"
        await s3.put_object(Bucket=engines.s3_bucket, Key=f"saved/{ids}", Body=b"half")
    await sql(
        engines,
        "update videos set move_id = gen_random_uuid(), move_until = now() + interval '2 s' where id = %s",
        video["id"],
    )
    assert await played(keeper, video["id"]) == content
    assert (await keeper.put(f"/api/v1/videos/{video['id']}/saved", None)).status_code == 200
    assert await played(keeper, video["id"]) == content


async def test_the_room_of_a_plan_is_shared_by_requests_side_by_side(keeper: Climber) -> None:
    videos = await asyncio.gather(*(keeper.upload(secrets.token_bytes(6_000_000)) for _ in range(20)))
    answers = await asyncio.gather(
        *(keeper.put(f"/api/v1/videos/{video['id']}/saved", None) for video in videos)
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [403] * 17
    refused = next(answer for answer in answers if answer.status_code == 403)
    assert refused.json()["error"] == "saved_room_full"
    assert "0.02 GB" in refused.json()["detail"]


async def test_a_video_moves_to_and_fro_twenty_times_a_day(engines: Engines, keeper: Climber) -> None:
    video = await keeper.upload(like_a_clip(b"t" * 1000))
    path = f"/api/v1/videos/{video['id']}/saved"
    for number in range(20):
        moved = await (keeper.delete(path) if number % 2 else keeper.put(path, None))
        assert moved.status_code == 200, moved.text
    refused = await keeper.put(path, None)
    assert (refused.status_code, refused.json()["error"]) == (429, "moved_too_often")
    assert int(refused.headers["retry-after"]) > 23 * 3600
    assert (await keeper.delete(path)).status_code == 200, "it is there already"
    assert await played(keeper, video["id"]) == like_a_clip(b"t" * 1000)
    other = await keeper.upload(b"o" * 1000)
    assert (await keeper.put(f"/api/v1/videos/{other['id']}/saved", None)).status_code == 200
    await sql(
        engines,
        "update allowance_uses set used_at = used_at - interval '1 day' where user_id = %s",
        keeper.user["id"],
    )
    assert (await keeper.put(path, None)).status_code == 200


async def test_a_save_whose_lease_ran_out_takes_no_room(engines: Engines, climber: Climber) -> None:
    video = await climber.upload(b"l" * 1000)
    video_id, user_id = UUID(video["id"]), UUID(climber.user["id"])
    moving = Move(uuid4(), video_id, user_id)
    async with Database(engines.api_url, pool_size=1, application="test") as database:
        async with database.transaction() as tx:
            await saving_queries.begin_move(tx.connection, moving, lease_s=60)
            assert await saving_queries.count_saved_bytes(tx.connection, user_id) == 1000
        await sql(engines, "update videos set move_until = now() + interval '1 s' where id = %s", video_id)
        async with database.transaction() as tx:
            await saving_queries.renew_move(tx.connection, moving, lease_s=60)
        [(left_s,)] = await sql(
            engines, "select extract(epoch from move_until - now()) from videos where id = %s", video_id
        )
        assert left_s > 30
        await sql(engines, "update videos set move_until = now() - interval '1 s' where id = %s", video_id)
        async with database.transaction() as tx:
            await saving_queries.renew_move(tx.connection, moving, lease_s=60)
            assert await saving_queries.count_saved_bytes(tx.connection, user_id) == 0
            assert not await saving_queries.moved_to_saved(tx.connection, moving, "saved/x")
    assert (await climber.get(f"/api/v1/videos/{video_id}")).json()["saved_at"] is None


async def test_a_video_can_be_saved_while_it_is_analyzed(
    engines: Engines, keeper: Climber, programs: Programs
) -> None:
    example = await asyncio.to_thread(short_climb, 60)
    analysis = await keeper.analyze(example)
    path = f"/api/v1/videos/{analysis['video']['id']}/saved"
    assert (await keeper.put(path, None)).status_code == 200
    await eventually(lambda: is_gone(engines, f"uploads/{keeper.user['id']}/{analysis['video']['id']}"))
    programs.worker()
    await keeper.wait_for_child(analysis["id"])
    assert (await keeper.delete(path)).status_code == 200
    ended = await keeper.wait(analysis["id"])
    assert ended["state"] == "completed", ended["failure"]
    assert ended["video"]["saved_at"] is None
    assert hashlib.sha256(await played(keeper, analysis["video"]["id"])).digest() == (
        hashlib.sha256(example).digest()
    )


async def test_what_vanished_from_storage_says_so(
    engines: Engines, keeper: Climber, programs: Programs
) -> None:
    async def vanish(key: str) -> None:
        async with engines.stack.seaweedfs.client() as s3:
            await s3.delete_object(Bucket=engines.s3_bucket, Key=key)

    played_one = await keeper.upload(b"p" * 1000)
    await vanish(f"uploads/{keeper.user['id']}/{played_one['id']}")
    refused = await keeper.get(f"/api/v1/videos/{played_one['id']}/playback")
    assert (refused.status_code, refused.json()["error"]) == (409, "upload_expired")
    assert (await keeper.get(f"/api/v1/videos/{played_one['id']}")).json()["state"] == "expired"

    kept = await keeper.upload(b"s" * 1000)
    assert (await keeper.put(f"/api/v1/videos/{kept['id']}/saved", None)).status_code == 200
    await vanish(f"saved/{keeper.user['id']}/{kept['id']}")
    refused = await keeper.get(f"/api/v1/videos/{kept['id']}/playback")
    assert (refused.status_code, refused.json()["error"]) == (409, "video_lost")
    assert (await keeper.get(f"/api/v1/videos/{kept['id']}")).json()["state"] == "uploaded"

    analysis = await keeper.analyze(b"a" * 1000)
    await vanish(f"uploads/{keeper.user['id']}/{analysis['video']['id']}")
    programs.worker()
    ended = await keeper.wait(analysis["id"])
    assert (ended["state"], ended["failure"]["error"]) == ("failed", "video_missing")
    assert ended["video"]["state"] == "expired"
