"""The archive and the way back: what stays playable, what has to be asked for, what is said meanwhile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from ascension.infra.storage.objects import ObjectFrozenError, Storage
from tests.conftest import Engines
from tests.eventually import eventually
from tests.like_a_clip import like_a_clip
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql
from tests.videos.cold_storage import cold_storage


async def archive_of(climber: Climber, video_id: str) -> dict[str, Any] | None:
    return (await climber.get(f"/api/v1/videos/{video_id}")).json()["archive"]


@pytest.mark.proves("M22")
async def test_a_video_goes_into_the_archive_and_comes_back(
    engines: Engines, programs: Programs, tmp_path: Path
) -> None:
    async with cold_storage(engines) as cold:
        _, url = programs.api(S3_ENDPOINT=cold.url, S3_PUBLIC_ENDPOINT=cold.url, HOUSEKEEPING_S="0.2")
        climber = await new_climber(url)
        analysis = await climber.analyze(like_a_clip(b"v" * 1000))
        video_id = analysis["video"]["id"]
        path, key = f"/api/v1/videos/{video_id}", f"saved/{climber.user['id']}/{video_id}"
        assert (await climber.put(f"{path}/saved", None)).status_code == 200

        # 30 days: the bucket's rule moves it to a class that answers at once
        cold.classes[key] = "GLACIER_IR"
        await sql(engines, "update videos set saved_at = now() - interval '31 d' where id = %s", video_id)

        async def is_archived() -> bool:
            return await archive_of(climber, video_id) == {
                "state": "archived",
                "ready_by": None,
                "restored_until": None,
            }

        await eventually(is_archived)
        assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).json()["video"]["archive"][
            "state"
        ] == ("archived")
        assert await played(climber, path) == like_a_clip(b"v" * 1000)

        # a deeper class: it has to be asked for
        cold.classes[key] = "DEEP_ARCHIVE"
        await refused(climber, path, "video_archived")
        answer = await climber.post(f"{path}/restore")
        assert (answer.status_code, answer.json()["archive"]["state"]) == (202, "restoring")
        ready_by = datetime.fromisoformat(answer.json()["archive"]["ready_by"])
        assert timedelta(hours=11) < ready_by - datetime.now(UTC) < timedelta(hours=13)
        await refused(climber, path, "video_restoring")
        assert (await climber.post(f"{path}/restore")).json()["archive"] == answer.json()["archive"]
        assert cold.asked_for == [key], "asking again asks storage once"
        with pytest.raises(ObjectFrozenError):
            async with storage_at(engines, cold.url) as storage:
                await storage.download(key, tmp_path / "video", max_bytes=10_000)

        # it has come: the sweep notices without anybody asking
        cold.restores[key] = True
        await sql(
            engines,
            "update videos set archive_checked_at = now() - interval '2 min' where id = %s",
            video_id,
        )

        async def is_back() -> bool:
            found = await archive_of(climber, video_id)
            return found is not None and found["state"] == "restored"

        await eventually(is_back)
        found = await archive_of(climber, video_id)
        assert found is not None
        assert found["restored_until"].startswith("2035-12-21")
        assert await played(climber, path) == like_a_clip(b"v" * 1000)
        await climber.http.aclose()


async def played(climber: Climber, path: str) -> bytes:
    link = await climber.get(f"{path}/playback")
    assert link.status_code == 200, link.text
    async with httpx.AsyncClient(timeout=30) as storage:
        return (await storage.get(link.json()["url"])).content


async def refused(climber: Climber, path: str, error: str) -> None:
    """Neither played, nor given up, nor analyzed."""
    for answer in (
        await climber.get(f"{path}/playback"),
        await climber.delete(f"{path}/saved"),
        await climber.post("/api/v1/analyses", {"video_id": path.rsplit("/", 1)[1]}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (409, error)


def storage_at(engines: Engines, endpoint: str, role: str = "worker") -> Storage:
    key_id, secret = engines.s3_keys(role)
    return Storage(
        endpoint=endpoint,
        public_endpoint=endpoint,
        region=engines.s3_region,
        bucket=engines.s3_bucket,
        key_id=key_id,
        secret=secret,
    )
