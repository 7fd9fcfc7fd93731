"""What storage refuses of one object holds up no other: in the archive's look, leftovers, and erasure."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import structlog
from uuid_utils.compat import uuid7

from ascension.errors.http import StorageUnavailable
from ascension.infra.database.primary import Database
from ascension.infra.settings import PlanSettings, RetentionSettings, UploadSettings
from ascension.infra.storage import removal
from ascension.plans.rights import Plans
from ascension.videos.archive import service as archive_service
from ascension.videos.parts import VideoParts
from ascension.videos.uploads.sweep import abort_leftovers
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.videos.cold_storage import cold_storage
from tests.videos.objects import is_stored, open_uploads
from tests.videos.test_archive import storage_at


def said(logs: list[structlog.typing.EventDict], event: str) -> list[dict[str, object]]:
    """What was logged under this name, without its level."""
    return [
        {name: value for name, value in line.items() if name not in ("event", "log_level")}
        for line in logs
        if line["event"] == event
    ]


async def test_the_look_for_classes_goes_on(engines: Engines, climber: Climber) -> None:
    videos = [(await climber.upload(b"v" * 1000))["id"] for _ in range(3)]
    keys = [f"saved/{climber.user['id']}/{video_id}" for video_id in videos]
    for video_id in videos:
        assert (await climber.put(f"/api/v1/videos/{video_id}/saved", None)).status_code == 200
    async with (
        cold_storage(engines) as cold,
        storage_at(engines, cold.url, "api") as storage,
        Database(engines.api_url, pool_size=1, application="test") as database,
    ):
        for number, (video_id, key) in enumerate(zip(videos, keys, strict=True)):
            cold.classes[key] = "GLACIER_IR"
            await sql(
                engines,
                """
                update videos set saved_at = now() - interval '31 d',
                    archive_checked_at = '2000-01-01'::timestamptz + make_interval(days => %s) where id = %s
                """,
                number,
                video_id,
            )
        cold.refusals[keys[0]] = "AccessDenied"
        with structlog.testing.capture_logs() as logs:
            assert await archive_service.sweep(database, storage, deep_archive=False) >= 3
        states = await sql(
            engines,
            """
            select archive_state, archive_checked_at > now() - interval '1 min'
            from videos where id = any(%s::uuid[]) order by array_position(%s::uuid[], id)
            """,
            videos,
            videos,
        )
    assert states == [(None, True), ("archived", True), ("archived", True)]
    assert said(logs, "archive_state_refused") == [{"object_key": keys[0]}]
    (told,) = said(logs, "archive_states_refused")
    assert told["refused"] == 1


async def test_leftovers_behind_one_that_is_refused_are_dropped(engines: Engines) -> None:
    user_id = uuid7()
    old_s = int((datetime.now(UTC) - timedelta(days=3)).timestamp())
    keys = sorted(f"uploads/{user_id}/{_id_of(old_s, number)}" for number in range(3))
    async with engines.stack.seaweedfs.client() as s3:
        for key in keys:
            await s3.create_multipart_upload(Bucket=engines.s3_bucket, Key=key)
    async with (
        cold_storage(engines) as cold,
        storage_at(engines, cold.url, "api") as storage,
        Database(engines.api_url, pool_size=1, application="test") as database,
    ):
        parts = VideoParts(database, storage, UploadSettings(), RetentionSettings(), Plans.of(PlanSettings()))
        cold.refusals[keys[0]] = "AccessDenied"
        with structlog.testing.capture_logs() as logs:
            assert await abort_leftovers(parts) >= 2
        assert [await open_uploads(engines, key) for key in keys] == [1, 0, 0]
        (told,) = said(logs, "leftovers_not_dropped")
        assert told["kept"] == 1
        cold.refusals.clear()
        await abort_leftovers(parts)
    assert await open_uploads(engines, f"uploads/{user_id}/") == 0


def _id_of(seconds: int, number: int) -> UUID:
    """A video's id of that time."""
    return UUID(int=(seconds * 1000 << 80) | (7 << 76) | (2 << 62) | number)


async def test_removal_goes_on_behind_what_is_refused_and_tells_at_the_end(engines: Engines) -> None:
    prefix = f"uploads/{uuid7()}/"
    async with engines.stack.seaweedfs.client() as s3:
        await s3.put_object(Bucket=engines.s3_bucket, Key=f"{prefix}whole", Body=b"w")
        for name in ("a", "b"):
            await s3.create_multipart_upload(Bucket=engines.s3_bucket, Key=prefix + name)
    async with cold_storage(engines) as cold, storage_at(engines, cold.url, "api") as storage:
        cold.refusals[f"{prefix}a"] = "AccessDenied"
        with pytest.raises(StorageUnavailable):
            await removal.remove_all(storage, prefix)
        assert not await is_stored(engines, f"{prefix}whole")
        assert await open_uploads(engines, prefix) == 1
        cold.refusals.clear()
        assert await removal.remove_all(storage, prefix) == 1
