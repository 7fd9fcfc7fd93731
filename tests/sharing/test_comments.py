"""Comments on a moment: by the climber and their coaches, changed, deleted and restored; told live."""

import json
from typing import Any
from uuid import UUID

from ascension.infra.database.primary import Database
from ascension.sharing.comments import queries, service
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.sharing.seeds import coached, opened, share, shared_path, told_climb


async def say(who: Climber, analysis_id: str, text: str, at_s: float = 1.5) -> dict[str, Any]:
    answer = await who.post(shared_path(analysis_id, "/comments"), {"at_s": at_s, "text": text})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def texts(who: Climber, analysis_id: str) -> list[str]:
    return [one["text"] for one in (await who.get(shared_path(analysis_id, "/comments"))).json()["items"]]


async def test_climber_and_coach_talk_about_moments(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    climb = await told_climb(engines, climber)
    await coached(climber, stranger)
    asked = await say(climber, climb["id"], "Why did I slip?", 4.0)
    answered = await say(stranger, climb["id"], " Left foot first. ", 2.0)
    assert (asked["by"], asked["is_mine"], answered["by"]) == ("climber", True, "coach")
    assert await texts(climber, climb["id"]) == ["Left foot first.", "Why did I slip?"]
    path = shared_path(climb["id"], f"/comments/{answered['id']}")
    assert (await climber.put(path, {"text": "Mine?"})).status_code == 404, "nobody puts words into a mouth"
    assert (await stranger.put(path, {"text": "Right foot first."})).json()["edited_at"] is not None
    assert (await stranger.delete(shared_path(climb["id"], f"/comments/{asked['id']}"))).status_code == 404
    assert (await climber.delete(path)).status_code == 204
    assert await texts(stranger, climb["id"]) == ["Why did I slip?"]
    assert (await stranger.post(f"{path}/restore")).status_code == 404, "who deleted it decides"
    assert (await climber.post(f"{path}/restore")).json()["text"] == "Right foot first."
    assert await texts(stranger, climb["id"]) == ["Right foot first.", "Why did I slip?"]


async def test_a_coach_hears_of_what_is_new_and_what_waits_for_a_word(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    first, second = await told_climb(engines, climber), await told_climb(engines, climber)
    coached_id = await coached(climber, stranger)

    async def news() -> tuple[int, int]:
        [one] = (await stranger.get("/api/v1/climbers")).json()["items"]
        return one["new_climbs"], one["new_comments"]

    async def waiting(**query: object) -> list[str]:
        page = (await stranger.get("/api/v1/coached-comments", params=query)).json()
        return [f"{one['text']} {one['at_s']}" for one in page["items"]]

    assert (await news(), await waiting()) == ((0, 0), []), "as of being let in"
    await say(climber, first["id"], "Why did I slip?", 4.0)
    await say(climber, second["id"], "And here?", 2.0)
    third = await told_climb(engines, climber)
    await sql(engines, "update analyses set completed_at = now() where id = %s", third["id"])
    assert await news() == (1, 2)
    assert await waiting() == ["And here? 2.0", "Why did I slip? 4.0"]
    page = (await stranger.get("/api/v1/coached-comments", params={"limit": 1})).json()
    assert page["items"][0] | {"coached_id": coached_id, "is_new": True, "by": "climber"} == page["items"][0]
    assert await waiting(cursor=page["next_cursor"]) == ["Why did I slip? 4.0"]
    await say(stranger, first["id"], "Left foot first.")
    assert await news() == (0, 0), "whoever answers has looked"
    assert await waiting() == ["And here? 2.0"], "what is answered waits no more"
    assert (await climber.get("/api/v1/coached-comments")).json()["items"] == [], "they coach nobody"
    await climber.delete(f"/api/v1/coaches/{coached_id}")
    assert await waiting() == [], "with the access it is gone"


async def test_a_coach_who_is_not_one_any_more_says_and_changes_nothing(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    climb = await told_climb(engines, climber)
    coached_id = await coached(climber, stranger)
    said = await say(stranger, climb["id"], "Hips in.")
    await stranger.delete(f"/api/v1/climbers/{coached_id}")
    path = shared_path(climb["id"], "/comments")
    for answer in (
        await stranger.get(path),
        await stranger.post(path, {"at_s": 1, "text": "More"}),
        await stranger.put(f"{path}/{said['id']}", {"text": "More"}),
        await stranger.delete(f"{path}/{said['id']}"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "analysis_not_found")
    assert await texts(climber, climb["id"]) == ["Hips in."], "it was said to the climber, and stays theirs"


async def test_guests_read_only_where_the_climber_shows_comments_and_no_names(
    engines: Engines, climber: Climber
) -> None:
    climb = await told_climb(engines, climber)
    await say(climber, climb["id"], "Feet!")
    for with_comments, seen in ((False, []), (True, [("Feet!", None)])):
        made = await share(climber, climb["id"], with_comments=with_comments)
        guest = await opened(climber, made["token"])
        path = shared_path(climb["id"], "/comments")
        found = (await climber.http.get(path, headers=guest)).json()["items"]
        assert [(one["text"], one["name"]) for one in found] == seen
        refused = await climber.http.post(path, headers=guest, json={"at_s": 1, "text": "Hello"})
        assert (refused.status_code, refused.json()["error"]) == (403, "guests_only_read")


async def test_a_comment_is_about_a_moment_of_the_clip(engines: Engines, climber: Climber) -> None:
    climb = await told_climb(engines, climber)
    path = shared_path(climb["id"], "/comments")
    for body in (
        {"at_s": 1e6, "text": "Later"},
        {"at_s": 11, "text": "After the end"},
        {"at_s": -1, "text": "Before"},
        {"at_s": 1, "text": "  "},
        {"at_s": 1, "text": "x" * 2001},
        {"at_s": 1, "text": "a\x00b"},
    ):
        answer = await climber.post(path, body)
        assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), body


async def test_both_hear_of_news_live(engines: Engines, climber: Climber, stranger: Climber) -> None:
    climb = await told_climb(engines, climber)
    await coached(climber, stranger)
    async with climber.live() as own, stranger.live() as theirs:
        for socket in (own, theirs):
            while json.loads(await socket.recv())["type"] != "snapshot.end":
                pass
        await say(stranger, climb["id"], "Breathe.")
        for socket in (own, theirs):
            told = json.loads(await socket.recv())
            assert (told["type"], told["comments_id"]) == ("comments.changed", climb["id"])
            assert "Breathe" not in json.dumps(told)


async def test_what_was_deleted_goes_for_good(engines: Engines, climber: Climber) -> None:
    climb = await told_climb(engines, climber)
    said = await say(climber, climb["id"], "Gone")
    await climber.delete(shared_path(climb["id"], f"/comments/{said['id']}"))
    await sql(
        engines, "update comments set deleted_at = now() - interval '2 hours' where id = %s", said["id"]
    )
    async with (
        Database(engines.api_url, pool_size=1, application="test") as database,
        database.transaction() as tx,
    ):
        await service.sweep(tx)
    assert await sql(engines, "select id from comments where id = %s", said["id"]) == []


async def test_a_coach_of_later_climbs_hears_nothing_of_earlier_ones(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    earlier = await told_climb(engines, climber)
    await coached(climber, stranger, with_past=False)
    later = await told_climb(engines, climber)
    async with stranger.live() as socket:
        while json.loads(await socket.recv())["type"] != "snapshot.end":
            pass
        await say(climber, earlier["id"], "Between us.")
        await say(climber, later["id"], "Look at this.")
        assert json.loads(await socket.recv())["comments_id"] == later["id"]


async def test_what_was_deleted_takes_no_room_and_a_coachs_word_leaves_a_trace(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    climb = await told_climb(engines, climber)
    await coached(climber, stranger)
    said = [await say(stranger, climb["id"], "Hips in."), await say(climber, climb["id"], "Yes.")]
    for one in said:
        assert (await climber.delete(shared_path(climb["id"], f"/comments/{one['id']}"))).status_code == 204
    async with (
        Database(engines.api_url, pool_size=1, application="test") as database,
        database.transaction() as tx,
    ):
        counted = await queries.count_of(tx.connection, UUID(climb["id"]), UUID(climber.user["id"]))
    assert counted == 0
    found = await sql(
        engines,
        """
        select details ->> 'comment' from audit_log
        where actor = audit_name('account', %s) and action = 'comment.deleted'
        """,
        climber.user["id"],
    )
    assert found == [(said[0]["id"],)], "one's own is nobody's business"
