"""The small copy for browsers that cannot play the clip: whoever sees the clip may have it."""

from typing import Any

import pytest

from tests.conftest import Engines
from tests.platform import Climber, plain_http
from tests.rows import sql
from tests.sharing.seeds import coached, opened, share, shared_path, told_climb
from tests.sharing.test_videos import made


@pytest.fixture
async def climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    return await told_climb(engines, climber)


async def test_a_preview_is_made_once_and_goes_with_its_video(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    video_id = climb["video"]["id"]
    path = f"/api/v1/videos/{video_id}/preview"
    assert (await climber.get(path)).json()["state"] == "none"
    for _ in range(2):
        asked = await climber.put(path, None)
        assert (asked.status_code, asked.json()["state"], asked.json()["url"]) == (202, "waiting", None)
    key = await made(engines, climber, video_id, "preview")
    ready = (await climber.get(path)).json()
    assert (ready["state"], ready["expires_in_s"]) == ("ready", 900)
    async with plain_http() as storage:
        assert (await storage.get(ready["url"])).content == b"a copy"
    for refused in (await stranger.get(path), await stranger.put(path, None)):
        assert refused.status_code == 404
    await sql(engines, "update videos set state = 'expired' where id = %s", video_id)
    assert await sql(engines, "select 1 from video_copies where video_id = %s", video_id) == []
    assert await sql(engines, "select 1 from object_deletions where object_key = %s", key) == [(1,)]
    assert (await climber.put(path, None)).json()["error"] == "upload_expired"
    assert (await climber.get(path)).json()["state"] == "none"


async def test_who_sees_the_clip_may_have_its_preview_and_nobody_else(
    engines: Engines, climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    path = shared_path(climb["id"], "/preview")
    guests = [
        await opened(climber, (await share(climber, climb["id"], **shown))["token"])
        for shown in ({"with_video": True}, {"with_video": True, "is_blurred": True}, {})
    ]
    asked = [await climber.http.put(path, headers=guest) for guest in guests]
    assert [one.status_code for one in asked] == [202, 404, 404], "covered heads stay covered"
    await coached(climber, stranger)
    assert (await stranger.put(path, None)).json() == asked[0].json(), "one for all"
    await made(engines, climber, climb["video"]["id"], "preview")
    for reader in (guests[0], stranger.headers):
        assert (await climber.http.get(path, headers=reader)).json()["state"] == "ready"
    assert [(await climber.http.get(path, headers=guest)).status_code for guest in guests[1:]] == [404, 404]
