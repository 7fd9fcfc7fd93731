"""What is stored, by kind and day, counted in the rows of everybody together."""

from typing import Any

import pytest

from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql

STORAGE = "/api/v1/operator/storage"


async def counted(admin: Climber) -> dict[str, Any]:
    answer = await admin.get(STORAGE)
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(told: dict[str, Any], kind: str) -> tuple[int, int]:
    found = [one for one in told["amounts"] if one["kind"] == kind]
    return (found[0]["objects"], found[0]["bytes"] or 0) if found else (0, 0)


@pytest.mark.proves("D11")
async def test_what_comes_moves_and_goes_is_counted(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    before = await counted(climber)
    analysis = await stranger.analyze(b"a clip")
    size_bytes = analysis["video"]["size_bytes"]
    after = await counted(climber)
    assert of(after, "uploads") == tuple(map(sum, zip(of(before, "uploads"), (1, size_bytes), strict=True)))
    today, was_today = after["days"][-1], before["days"][-1]
    assert len(after["days"]) == 30
    assert today["added_bytes"] - was_today["added_bytes"] == size_bytes
    assert today["kept_bytes"] - was_today["kept_bytes"] == size_bytes
    assert after["expiring"]["bytes"] - before["expiring"]["bytes"] == size_bytes, "within a day"
    video_id = analysis["video"]["id"]
    await sql(engines, "update videos set saved_at = now() where id = %s", video_id)
    saved = await counted(climber)
    assert of(saved, "uploads") == of(before, "uploads")
    assert saved["expiring"] == before["expiring"], "what is saved stays"
    await sql(engines, "update videos set saved_at = null, state = 'expired' where id = %s", video_id)
    await sql(
        engines,
        """
        insert into object_deletions (object_key, not_before)
        values ('uploads/x/y', now() + interval '1 day')
        """,
    )
    gone = await counted(climber)
    await sql(engines, "delete from object_deletions where object_key = 'uploads/x/y'")
    assert gone["days"][-1]["kept_bytes"] == was_today["kept_bytes"]
    assert gone["days"][-1]["added_bytes"] == today["added_bytes"]
    assert gone["leftovers"]["objects"] == before["leftovers"]["objects"] + 1
    assert analysis["id"] not in str(gone)
    assert stranger.user["id"] not in str(gone)
