"""The trash: what is deleted is nowhere, comes back as it was, or goes for good."""

import secrets
from typing import Any

import pytest

from ascension.analyses.trash import service
from ascension.infra.database.primary import Database
from tests.analyses.outcomes import complete, start
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql

ANALYSES, TRASH = "/api/v1/analyses", "/api/v1/trash"
DAY_S = 24 * 3600


async def listed(climber: Climber, path: str = ANALYSES) -> list[str]:
    return [one["id"] for one in (await climber.get(path)).json()["items"]]


async def finished(engines: Engines, climber: Climber, video_id: str | None = None) -> dict[str, Any]:
    """An analysis with a result, of a new video or of this one."""
    if video_id is None:
        analysis: dict[str, Any] = await climber.analyze(b"v" * 1000)
    else:
        analysis = (await climber.post(ANALYSES, {"video_id": video_id})).json()
    await complete(engines, analysis)
    row: dict[str, Any] = (await climber.get(f"{ANALYSES}/{analysis['id']}")).json()
    return row


async def test_what_is_deleted_is_in_the_trash_alone_and_comes_back_as_it_was(
    climber: Climber, engines: Engines
) -> None:
    row = await finished(engines, climber)
    path = f"{ANALYSES}/{row['id']}"
    assert (await climber.delete(path)).status_code == 204
    assert (await climber.get(path)).status_code == 404
    assert (await climber.get(f"{path}/result")).status_code == 404
    assert (await climber.delete(path)).status_code == 404
    assert await listed(climber) == []
    (there,) = (await climber.get(TRASH)).json()["items"]
    assert (there["id"], there["file_name"], there["created_at"]) == (
        row["id"],
        "climb.mp4",
        row["created_at"],
    )
    [(days,)] = await sql(
        engines, "select extract(day from %s::timestamptz - %s)", there["gone_at"], there["trashed_at"]
    )
    assert days == 30
    assert (await climber.get(f"/api/v1/videos/{row['video']['id']}")).status_code == 200, "its video stays"
    restored = await climber.post(f"{TRASH}/{row['id']}/restore")
    assert (restored.status_code, restored.json()) == (200, row)
    assert (await climber.get(f"{path}/result")).status_code == 200
    assert (await listed(climber), await listed(climber, TRASH)) == ([row["id"]], [])
    assert (await climber.post(f"{TRASH}/{row['id']}/restore")).status_code == 404


async def test_a_clip_and_its_climbs_go_together_and_come_back_together(
    climber: Climber, engines: Engines
) -> None:
    first = await finished(engines, climber)
    video_id = first["video"]["id"]
    second = await finished(engines, climber, video_id)
    video = f"/api/v1/videos/{video_id}"
    assert (await climber.delete(f"{ANALYSES}/{first['id']}")).status_code == 204
    assert (await climber.delete(video)).status_code == 204
    gone = await climber.get(video)
    assert (gone.status_code, gone.json()["error"]) == (404, "video_in_trash")
    anew = await climber.post(ANALYSES, {"video_id": video_id})
    assert (anew.status_code, anew.json()["error"]) == (404, "video_in_trash")
    assert await listed(climber, TRASH) == [second["id"], first["id"]]
    assert (await climber.post(f"{TRASH}/{second['id']}/restore")).status_code == 200
    assert await listed(climber) == [second["id"], first["id"]]
    assert (await climber.get(video)).status_code == 200

    assert (await climber.delete(video)).status_code == 204
    assert (await climber.delete(f"{TRASH}/{first['id']}")).status_code == 204
    assert await listed(climber, TRASH) == []
    assert (await climber.get(video)).json()["error"] == "video_not_found"
    kept = "select object_key from object_deletions where object_key like %s"
    assert await sql(engines, kept, f"%{video_id}") or await sql(engines, kept, f"%{first['id']}/")


@pytest.mark.parametrize("state", ["queued", "processing"])
async def test_what_runs_is_stopped_and_costs_nothing(climber: Climber, engines: Engines, state: str) -> None:
    row = await climber.analyze(b"v" * 1000)
    if state == "processing":
        await start(engines, row)
    assert (await climber.delete(f"/api/v1/videos/{row['video']['id']}")).status_code == 204
    job = "select state, cancel_requested from jobs where subject_id = %s"
    ended = {"queued": "canceled", "processing": "processing"}[state]
    assert await sql(engines, job, row["id"]) == [(ended, True)]
    if state == "processing":  # as its worker ends it
        await sql(engines, "update jobs set state = 'canceled' where subject_id = %s", row["id"])
    assert (await climber.get("/api/v1/users/me")).json()["quota"]["used"] == 0
    restored = await climber.post(f"{TRASH}/{row['id']}/restore")
    assert restored.json()["state"] == "canceled"
    assert (await climber.post(f"{ANALYSES}/{row['id']}/retry")).status_code == 202


async def test_the_keys_of_what_is_in_the_trash_bring_nothing_back(
    climber: Climber, engines: Engines
) -> None:
    body = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": 1000}
    key = secrets.token_hex(8)
    video = (await climber.post("/api/v1/videos", body, Idempotency_Key=key)).json()
    await sql(engines, "update videos set state = 'uploaded', uploaded_at = now() where id = %s", video["id"])
    asked = (await climber.post(ANALYSES, {"video_id": video["id"]}, Idempotency_Key=key + "a")).json()
    assert (await climber.delete(f"/api/v1/videos/{video['id']}")).status_code == 204
    again = await climber.post("/api/v1/videos", body, Idempotency_Key=key)
    assert (again.status_code, again.json()["error"]) == (404, "video_in_trash")
    once_more = await climber.post(ANALYSES, {"video_id": video["id"]}, Idempotency_Key=key + "a")
    assert once_more.status_code == 404
    other = await climber.post("/api/v1/videos", body, Idempotency_Key=key + "b")
    assert (other.status_code, other.json()["id"] != video["id"]) == (201, True), "the same clip, sent anew"
    assert await listed(climber, TRASH) == [asked["id"]]


async def test_a_month_later_it_goes_by_itself_and_others_stay(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    old, new = await finished(engines, climber), await finished(engines, climber)
    theirs = await finished(engines, stranger)
    for who, row in ((climber, old), (climber, new), (stranger, theirs)):
        assert (await who.delete(f"/api/v1/videos/{row['video']['id']}")).status_code == 204
    await sql(
        engines,
        "update analyses set trashed_at = now() - interval '31 days' where id = any(%s::uuid[])",
        [old["id"], theirs["id"]],
    )
    async with Database(engines.api_url, pool_size=2, application="test") as database:
        await service.sweep(database, ttl_s=30 * DAY_S)
    assert await listed(climber, TRASH) == [new["id"]]
    assert await listed(stranger, TRASH) == []
    assert (await climber.get(f"/api/v1/videos/{old['video']['id']}")).json()["error"] == "video_not_found"


async def test_emptying_it_leaves_what_is_not_in_it(climber: Climber, engines: Engines) -> None:
    kept, gone = await finished(engines, climber), await finished(engines, climber)
    assert (await climber.delete(f"{ANALYSES}/{gone['id']}")).status_code == 204
    assert (await climber.delete(TRASH)).status_code == 204
    assert (await listed(climber), await listed(climber, TRASH)) == ([kept["id"]], [])
    assert await sql(engines, "select 1 from analyses where id = %s", gone["id"]) == []
    assert (await climber.delete(f"{TRASH}/{kept['id']}")).status_code == 404, "it is not in the trash"


async def test_for_good_is_one_step_and_nothing_is_left(climber: Climber, engines: Engines) -> None:
    row = await finished(engines, climber)
    assert (await climber.delete(f"/api/v1/videos/{row['video']['id']}?for_good=true")).status_code == 204
    assert await listed(climber, TRASH) == []
    assert await sql(engines, "select 1 from analyses where id = %s", row["id"]) == []


async def test_the_audit_log_tells_what_went_where(climber: Climber, engines: Engines) -> None:
    row = await finished(engines, climber)
    for _ in range(2):
        assert (await climber.delete(f"/api/v1/videos/{row['video']['id']}")).status_code == 204
        assert (await climber.post(f"{TRASH}/{row['id']}/restore")).status_code == 200
    assert (await climber.delete(f"{ANALYSES}/{row['id']}")).status_code == 204
    assert (await climber.delete(f"{TRASH}/{row['id']}")).status_code == 204
    told = await sql(
        engines,
        """
        select action from audit_log where actor = audit_name('account', %s) order by position desc limit 6
        """,
        climber.user["id"],
    )
    assert [action for (action,) in told[::-1]] == [
        *["video.trashed", "analysis.restored"] * 2,
        *["analysis.trashed", "analysis.deleted"],
    ]
