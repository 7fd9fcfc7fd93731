"""How many links, coaches and comments there may be: also for those who ask side by side."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

from httpx2 import Response

from ascension.sharing.coaches.service import MAX_COACHES
from ascension.sharing.comments.service import MAX_COMMENTS
from ascension.sharing.links.service import MAX_SHARES
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.sharing.seeds import share, shared_path, told_climb

ROOM, AT_ONCE = 3, 8


async def kinds(*asked: Awaitable[Response]) -> Counter[str]:
    """What those who asked side by side were told."""
    answers = await asyncio.gather(*asked)
    return Counter("made" if one.status_code == 201 else one.json()["error"] for one in answers)


async def fill_comments(engines: Engines, climber: Climber, analysis_id: str, count: int) -> None:
    await sql(
        engines,
        "insert into comments (id, analysis_id, user_id, at_s, text)"
        " select gen_random_uuid(), %s, %s, 1, 'Feet!' from generate_series(1, %s)",
        analysis_id,
        climber.user["id"],
        count,
    )


async def test_links_made_side_by_side_find_no_more_room_than_there_is(
    engines: Engines, climber: Climber
) -> None:
    climb = await told_climb(engines, climber)
    for _ in range(MAX_SHARES - ROOM):
        await share(climber, climb["id"])
    path = f"/api/v1/analyses/{climb['id']}/shares"
    told = await kinds(*(climber.post(path, {}) for _ in range(AT_ONCE)))
    assert told == {"made": ROOM, "too_many_shares": AT_ONCE - ROOM}


async def test_coaches_invited_side_by_side_find_no_more_room_than_there_is(climber: Climber) -> None:
    def invite(number: int) -> Awaitable[Response]:
        return climber.post("/api/v1/coaches", {"email": f"coach-{number}@example.org"})

    for number in range(MAX_COACHES - ROOM):
        assert (await invite(number)).status_code == 201
    told = await kinds(*(invite(100 + number) for number in range(AT_ONCE)))
    assert told == {"made": ROOM, "too_many_coaches": AT_ONCE - ROOM}


async def test_comments_said_side_by_side_find_no_more_room_than_there_is(
    engines: Engines, climber: Climber
) -> None:
    climb = await told_climb(engines, climber)
    await fill_comments(engines, climber, climb["id"], MAX_COMMENTS - ROOM)
    path = shared_path(climb["id"], "/comments")
    told = await kinds(*(climber.post(path, {"at_s": 1, "text": "Hips!"}) for _ in range(AT_ONCE)))
    assert told == {"made": ROOM, "too_many_comments": AT_ONCE - ROOM}


async def test_a_comment_comes_back_only_while_there_is_room(engines: Engines, climber: Climber) -> None:
    climb = await told_climb(engines, climber)
    path = shared_path(climb["id"], "/comments")
    said = (await climber.post(path, {"at_s": 1, "text": "Hips!"})).json()["id"]
    assert (await climber.delete(f"{path}/{said}")).status_code == 204
    await fill_comments(engines, climber, climb["id"], MAX_COMMENTS)
    refused = await climber.post(f"{path}/{said}/restore")
    assert (refused.status_code, refused.json()["error"]) == (409, "too_many_comments")
