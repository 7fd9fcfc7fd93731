"""Copies of a video as others may see it: pictures alone, heads covered where that was asked for."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import av
import httpx2 as httpx
import pytest

from ascension.errors.videos import CopiedTooOften, VideoNotFound
from ascension.infra.database.primary import Database
from ascension.infra.settings import JobSettings
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Streams
from ascension.jobs.service import JobQueue
from ascension.videos.copies import service as copies
from ascension.videos.copies.queries import Copy
from ascension.vision.video import VideoReader
from tests.clips import short_climb, sound_only
from tests.conftest import Engines
from tests.eventually import eventually
from tests.nursery import Nursery
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql
from tests.telling import AS_IPHONES_FILM, telling_clip
from tests.videos.objects import is_stored

LOCATION = b"+48.8566+002.3522"


@pytest.fixture(scope="module")
def address(engines: Engines, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API that sweeps all the time, and a worker."""
    programs = Programs(engines, tmp_path_factory.mktemp("copies"), nursery)
    try:
        programs.worker()
        yield programs.api(HOUSEKEEPING_S="0.2", MOVED_OBJECT_GRACE_S="1")[1]
    finally:
        programs.end()


@pytest.fixture
async def climber(address: str) -> AsyncIterator[Climber]:
    found = await new_climber(address)
    yield found
    await found.http.aclose()


@dataclass
class Sharing:
    """What asks for copies: another part of the API."""

    database: Database
    queue: JobQueue
    storage: Storage

    async def ask(self, video: dict[str, str], user: dict[str, str], *, blur: bool) -> Copy:
        async with self.database.transaction() as tx:
            return await copies.ask(
                tx, self.queue, video_id=UUID(video["id"]), user_id=UUID(user["id"]), blur=blur
            )

    async def release(self, video: dict[str, str], user: dict[str, str]) -> None:
        async with self.database.transaction() as tx:
            await copies.release(tx, video_id=UUID(video["id"]), user_id=UUID(user["id"]), blur=False)

    async def look(self, copy: Copy) -> Copy:
        async with self.database.transaction() as tx:
            found = await copies.find(
                tx.connection,
                video_id=copy.video_id,
                user_id=copy.user_id,
                blur=copy.purpose == "blurred",
            )
        assert found is not None
        return found

    async def made(self, copy: Copy) -> Copy:
        async def has_ended() -> bool:
            return (await self.look(copy)).state in ("ready", "failed")

        await eventually(has_ended, timeout_s=60)
        return await self.look(copy)


@pytest.fixture
async def sharing(engines: Engines) -> AsyncIterator[Sharing]:
    streams = Streams(engines.redis_url)
    async with (
        Database(engines.api_url, pool_size=2, application="test") as database,
        Storage(
            endpoint=engines.stack.seaweedfs.endpoint,
            public_endpoint=engines.stack.seaweedfs.endpoint,
            region="us-east-1",
            bucket=engines.s3_bucket,
            key_id=engines.stack.seaweedfs.keys("ascension-api")[0],
            secret=engines.stack.seaweedfs.keys("ascension-api")[1],
        ) as storage,
    ):
        yield Sharing(database, JobQueue(streams, JobSettings()), storage)
    await streams.close()


async def read(url: str) -> bytes:
    async with httpx.AsyncClient(timeout=30) as storage:
        return (await storage.get(url)).content


def pictures(path: Path) -> list[tuple[int, bytes]]:
    with VideoReader(path, threads=1) as video:
        return [(frame.ticks, frame.y.tobytes()) for frame in video]


@pytest.mark.proves("M21")
async def test_a_saved_clip_loses_its_sound_and_place_and_nothing_else(
    engines: Engines, climber: Climber, tmp_path: Path
) -> None:
    sent = telling_clip(tmp_path / "sent.mp4")
    video = await climber.upload(sent.read_bytes())
    path = f"/api/v1/videos/{video['id']}"
    saved = (await climber.put(f"{path}/saved", None)).json()
    assert saved["cleaning"] == "under_way"

    async def is_clean() -> bool:
        return (await climber.get(path)).json()["cleaning"] is None

    await eventually(is_clean, timeout_s=60)
    kept = tmp_path / "kept.mp4"
    kept.write_bytes(await read((await climber.get(f"{path}/playback")).json()["url"]))
    assert LOCATION in sent.read_bytes()
    assert LOCATION not in kept.read_bytes()
    assert pictures(kept) == pictures(sent)
    assert (await climber.get(path)).json()["size_bytes"] == kept.stat().st_size
    ids = f"{climber.user['id']}/{video['id']}"
    assert await is_stored(engines, f"saved/{ids}-clean")
    # it can be analyzed, given up and saved as any other
    assert (await climber.post("/api/v1/analyses", {"video_id": video["id"]})).status_code == 201
    given_up = (await climber.delete(f"{path}/saved")).json()
    assert (given_up["saved_at"], given_up["cleaning"]) == (None, None)
    assert (await climber.put(f"{path}/saved", None)).json()["cleaning"] is None
    assert await read((await climber.get(f"{path}/playback")).json()["url"]) == kept.read_bytes()


async def test_a_copy_for_others_is_made_once_and_goes_with_the_last_who_may_see_it(
    engines: Engines, climber: Climber, sharing: Sharing, tmp_path: Path
) -> None:
    sent = tmp_path / "sent.mp4"
    sent.write_bytes(short_climb())
    video = await climber.upload(sent.read_bytes())
    plain = await sharing.ask(video, climber.user, blur=False)
    assert (await sharing.ask(video, climber.user, blur=False)).id == plain.id
    blurred = await sharing.made(await sharing.ask(video, climber.user, blur=True))
    assert (blurred.state, blurred.content_type, blurred.failure_code) == ("ready", "video/mp4", None)
    plain = await sharing.made(plain)
    assert plain.state == "ready"
    shown = tmp_path / "shown.mp4"
    shown.write_bytes(await read(await copies.sign(sharing.storage, plain)))
    assert pictures(shown) == pictures(sent)
    covered = tmp_path / "covered.mp4"
    covered.write_bytes(await read(await copies.sign(sharing.storage, blurred)))
    assert [ticks for ticks, _ in pictures(covered)] == [ticks for ticks, _ in pictures(sent)]
    await sharing.release(video, climber.user)
    await eventually(lambda: _is_gone(engines, plain.object_key))
    assert await is_stored(engines, blurred.object_key)
    assert (await climber.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
    await eventually(lambda: _is_gone(engines, blurred.object_key))


async def test_of_a_clip_that_few_browsers_play_there_is_one_that_all_play(
    engines: Engines, climber: Climber, tmp_path: Path
) -> None:
    sent = telling_clip(tmp_path / "sent.mp4", AS_IPHONES_FILM)
    video = await climber.upload(sent.read_bytes())
    path = f"/api/v1/videos/{video['id']}/preview"
    assert (await climber.put(path, None)).status_code == 202

    async def is_ready() -> bool:
        return (await climber.get(path)).json()["state"] == "ready"

    await eventually(is_ready, timeout_s=60)
    played = tmp_path / "played.mp4"
    played.write_bytes(await read((await climber.get(path)).json()["url"]))
    assert [ticks for ticks, _ in pictures(played)] == [ticks for ticks, _ in pictures(sent)]
    with av.open(played) as container:
        assert [stream.codec_context.name for stream in container.streams] == ["h264"]
    [(copy_id,)] = await sql(engines, "select id from video_copies where video_id = %s", video["id"])
    assert (await climber.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
    await eventually(lambda: _is_gone(engines, f"shared/{climber.user['id']}/{copy_id}"))


async def _is_gone(engines: Engines, key: str) -> bool:
    return not await is_stored(engines, key)


async def test_what_cannot_be_cleaned_stays_as_it_was_and_says_so(climber: Climber, sharing: Sharing) -> None:
    content = sound_only()
    video = await climber.upload(content)
    path = f"/api/v1/videos/{video['id']}"

    async def has_failed() -> bool:
        return (await climber.get(path)).json()["cleaning"] == "failed"

    assert (await climber.put(f"{path}/saved", None)).status_code == 200
    await eventually(has_failed)
    assert await read((await climber.get(f"{path}/playback")).json()["url"]) == content
    again = await climber.put(f"{path}/saved", None)
    assert again.json()["cleaning"] == "under_way", "asked again, tried again"
    await eventually(has_failed)
    copy = await sharing.made(await sharing.ask(video, climber.user, blur=False))
    assert (copy.state, copy.failure_code) == ("failed", "audio_only")


async def test_nobody_asks_for_copies_of_what_is_not_theirs_or_without_end(
    address: str, climber: Climber, sharing: Sharing
) -> None:
    video = await climber.upload(short_climb())
    stranger = await new_climber(address)
    with pytest.raises(VideoNotFound):
        await sharing.ask(video, stranger.user, blur=False)
    for _ in range(copies.MAX_PER_VIDEO):
        await sharing.ask(video, climber.user, blur=False)
        await sharing.release(video, climber.user)
    with pytest.raises(CopiedTooOften) as refused:
        await sharing.ask(video, climber.user, blur=False)
    assert refused.value.retry_after_s is not None
    await stranger.http.aclose()
