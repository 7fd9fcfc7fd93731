"""Videos end: by time, by their owner, with their objects and half-sent parts."""

import pytest

from tests.clips import short_climb
from tests.conftest import Engines
from tests.eventually import eventually
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql
from tests.videos.objects import is_stored, open_uploads


@pytest.mark.proves("M20")
async def test_a_video_past_its_time_is_gone_and_its_analysis_says_so(
    engines: Engines, programs: Programs
) -> None:
    _, url = programs.api(HOUSEKEEPING_S="0.2")
    climber = await new_climber(url)
    analysis = await climber.analyze(b"v" * 1000)
    half = await climber.open_upload(2000)
    await climber.send_part(half, 1, b"h" * 2000)
    kept = await climber.upload(b"k" * 1000)
    gone = analysis["video"]["id"]
    prefix = f"uploads/{climber.user['id']}/"
    [(remaining,)] = await sql(
        engines, "select extract(epoch from expires_at - created_at)::int from videos where id = %s", gone
    )
    assert remaining == 24 * 3600
    await sql(
        engines,
        "update videos set expires_at = now() - interval '1 s' where id in (%s, %s)",
        gone,
        half["id"],
    )
    await sql(engines, "update videos set expires_at = now() + interval '1 h' where id = %s", kept["id"])

    async def is_gone() -> bool:
        states = {(await climber.get(f"/api/v1/videos/{i}")).json()["state"] for i in (gone, half["id"])}
        stored = await is_stored(engines, prefix + gone)
        return states == {"expired"} and not stored and await open_uploads(engines, prefix) == 0

    await eventually(is_gone)
    for refused in (
        await climber.get(f"/api/v1/videos/{gone}/playback"),
        await climber.get(f"/api/v1/videos/{gone}/parts"),
        await climber.post(f"/api/v1/videos/{half['id']}/complete"),
        await climber.post(
            f"/api/v1/videos/{half['id']}/parts", {"part_number": 1, "sha256": "A" * 43 + "="}
        ),
        await climber.post("/api/v1/analyses", {"video_id": gone}),
    ):
        assert (refused.status_code, refused.json()["error"]) == (409, "upload_expired")
    assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).json()["video"]["state"] == "expired"
    assert (await climber.get(f"/api/v1/videos/{kept['id']}/playback")).status_code == 200
    assert await is_stored(engines, prefix + kept["id"])
    assert await sql(engines, "select * from object_deletions where object_key like %s", prefix + "%") == []

    programs.worker(**QUICK)
    never_begun = await climber.wait(analysis["id"])
    assert (never_begun["state"], never_begun["failure"]["error"]) == ("failed", "video_missing")
    running = await climber.analyze(short_climb())
    await climber.wait_for_child(running["id"])
    ending = running["video"]["id"]
    await sql(engines, "update videos set expires_at = now() - interval '1 s' where id = %s", ending)

    async def is_removed() -> bool:
        return not await is_stored(engines, prefix + ending)

    await eventually(is_removed)
    begun = await climber.wait(running["id"])
    assert (begun["state"], begun["video"]["state"]) == ("completed", "expired"), begun["failure"]


async def test_removing_a_video_removes_object_parts_and_analyses(
    engines: Engines, programs: Programs
) -> None:
    _, url = programs.api(HOUSEKEEPING_S="0.2")
    climber = await new_climber(url)
    prefix = f"uploads/{climber.user['id']}/"
    analysis = await climber.analyze(b"v" * 1000)
    video_id = analysis["video"]["id"]
    half = await climber.open_upload(1000)
    await climber.send_part(half, 1, b"h" * 1000)
    for path in (f"/api/v1/videos/{video_id}", f"/api/v1/videos/{half['id']}"):
        assert (await climber.delete(f"{path}?for_good=true")).status_code == 204
        assert (await climber.get(path)).status_code == 404
        assert (await climber.delete(path)).status_code == 404
    assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).status_code == 404
    assert await sql(engines, "select * from jobs where user_id = %s", climber.user["id"]) == []

    async def is_gone() -> bool:
        stored = await is_stored(engines, prefix + video_id)
        return not stored and await open_uploads(engines, prefix) == 0

    await eventually(is_gone)


async def test_a_video_is_not_played_before_it_is_there(climber: Climber) -> None:
    video = await climber.open_upload(1000)
    answer = await climber.get(f"/api/v1/videos/{video['id']}/playback")
    assert (answer.status_code, answer.json()["error"]) == (409, "video_not_uploaded")


async def test_an_object_that_storage_does_not_remove_holds_up_no_other(
    engines: Engines, programs: Programs
) -> None:
    _, url = programs.api(HOUSEKEEPING_S="0.2")
    climber = await new_climber(url)
    video = await climber.upload(b"v" * 1000)
    await sql(
        engines,
        "insert into object_deletions (object_key, s3_upload_id, not_before)"
        " values ('', 'no storage takes a key without a name', now() - interval '1 day')",
    )
    assert (await climber.delete(f"/api/v1/videos/{video['id']}")).status_code == 204

    async def is_gone() -> bool:
        return not await is_stored(engines, f"uploads/{climber.user['id']}/{video['id']}")

    await eventually(is_gone)
    assert await sql(engines, "delete from object_deletions where object_key = '' returning 1") == [(1,)]
