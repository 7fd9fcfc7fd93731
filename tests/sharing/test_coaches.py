"""Coaches: invited, accepted, withdrawn by either, at once; what they see, and what they do not."""

import pytest

from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.sharing.seeds import coached, shared_path, told_climb


async def test_a_coach_sees_all_climbs_and_can_change_none(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    climb = await told_climb(engines, climber)
    coached_id = await coached(climber, stranger)
    [listed] = (await stranger.get("/api/v1/climbers")).json()["items"]
    assert (listed["id"], listed["name"], listed["climbs"]) == (coached_id, climber.user["display_name"], 1)
    page = (await stranger.get(f"/api/v1/climbers/{coached_id}/climbs")).json()
    assert [one["id"] for one in page["items"]] == [climb["id"]]
    assert "attempts" not in page["items"][0]["figures"]
    seen = (await stranger.get(shared_path(climb["id"]))).json()
    assert (seen["role"], seen["may_comment"], seen["climber"]) == (
        "coach",
        True,
        climber.user["display_name"],
    )
    assert b"83.21" not in (await stranger.get(shared_path(climb["id"], "/result"))).content
    for method, path in (
        ("GET", f"/api/v1/analyses/{climb['id']}"),
        ("DELETE", f"/api/v1/analyses/{climb['id']}"),
        ("GET", f"/api/v1/videos/{climb['video']['id']}/playback"),
        ("POST", f"/api/v1/analyses/{climb['id']}/shares"),
    ):
        answer = await stranger.http.request(method, path, headers=stranger.headers, json={})
        assert answer.status_code == 404, (method, path)
    [coach] = (await climber.get("/api/v1/coaches")).json()["items"]
    assert coach["seen_at"] is not None, "the climber sees when the coach last looked"


async def test_whatever_a_coach_reads_is_a_look(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    climb = await told_climb(engines, climber)
    await coached(climber, stranger)
    for part in ("", "/result", "/coaching", "/wall", "/comments"):
        await sql(engines, "update coach_grants set seen_at = null where coach_id = %s", stranger.user["id"])
        assert (await stranger.get(shared_path(climb["id"], part))).status_code == 200
        [coach] = (await climber.get("/api/v1/coaches")).json()["items"]
        assert coach["seen_at"] is not None, part


async def test_invitations_are_no_letter_machine(engines: Engines, climber: Climber) -> None:
    for number in range(20):
        invited = await climber.post("/api/v1/coaches", {"email": f"somebody-{number}@example.org"})
        assert invited.status_code == 201, invited.text
        assert (await climber.delete(f"/api/v1/coaches/{invited.json()['id']}")).status_code == 204
    refused = await climber.post("/api/v1/coaches", {"email": "one-more@example.org"})
    assert (refused.status_code, refused.json()["error"]) == (429, "coaches_invited_too_often")
    assert 23 * 3600 < int(refused.headers["retry-after"]) <= 24 * 3600
    await sql(
        engines,
        "update allowance_uses set used_at = now() - interval '25 hours' where user_id = %s",
        climber.user["id"],
    )
    assert (await climber.post("/api/v1/coaches", {"email": "one-more@example.org"})).status_code == 201


@pytest.mark.parametrize("who", ["climber", "coach"])
async def test_either_withdraws_at_once(
    who: str, engines: Engines, climber: Climber, stranger: Climber
) -> None:
    climb = await told_climb(engines, climber)
    coached_id = await coached(climber, stranger)
    if who == "climber":
        [coach] = (await climber.get("/api/v1/coaches")).json()["items"]
        assert (await climber.delete(f"/api/v1/coaches/{coach['id']}")).status_code == 204
    else:
        assert (await stranger.delete(f"/api/v1/climbers/{coached_id}")).status_code == 204
    for path in (shared_path(climb["id"]), shared_path(climb["id"], "/result")):
        assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"/api/v1/climbers/{coached_id}/climbs")).status_code == 404
    assert (await stranger.get("/api/v1/climbers")).json()["items"] == []
    assert (await climber.get("/api/v1/coaches")).json()["items"] == []
    acts = await sql(
        engines,
        "select action, details ->> 'side' from audit_log where details ->> 'grant' = %s order by position",
        coached_id,
    )
    assert acts == [("coach.invited", None), ("coach.accepted", None), ("coach.ended", who)]


async def test_from_now_on_leaves_the_past_out(engines: Engines, climber: Climber, stranger: Climber) -> None:
    past = await told_climb(engines, climber)
    coached_id = await coached(climber, stranger, with_past=False)
    now = await told_climb(engines, climber)
    assert (await stranger.get(shared_path(past["id"]))).status_code == 404
    assert (await stranger.get(shared_path(now["id"]))).status_code == 200
    page = (await stranger.get(f"/api/v1/climbers/{coached_id}/climbs")).json()
    assert [one["id"] for one in page["items"]] == [now["id"]]
    assert (await stranger.get("/api/v1/climbers")).json()["items"][0]["climbs"] == 1


async def test_only_the_address_that_was_invited_can_accept_and_once(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    invited = (await climber.post("/api/v1/coaches", {"email": "somebody@example.org"})).json()
    taken = await stranger.post("/api/v1/climbers", {"token": invited["token"]})
    assert (taken.status_code, taken.json()["error"]) == (403, "coach_invitation_invalid")
    await sql(engines, "update coach_grants set email = %s where id = %s", stranger.email, invited["id"])
    assert (await stranger.post("/api/v1/climbers", {"token": invited["token"]})).status_code == 201
    again = await stranger.post("/api/v1/climbers", {"token": invited["token"]})
    assert again.status_code == 403
    present = await climber.post("/api/v1/coaches", {"email": stranger.email})
    assert (present.status_code, present.json()["error"]) == (409, "coach_present")


async def test_whoever_has_the_link_is_told_who_asks_and_whose_account_can_accept(
    engines: Engines, climber: Climber, stranger: Climber
) -> None:
    invited = (await climber.post("/api/v1/coaches", {"email": stranger.email})).json()

    async def read(token: str) -> tuple[int, dict[str, str]]:
        answer = await climber.http.post("/api/v1/coach-invitations/read", json={"token": token})
        return answer.status_code, answer.json()

    status, told = await read(invited["token"])
    assert status == 200
    assert told == {
        "climber": climber.user["display_name"],
        "email": stranger.email,
        "expires_at": invited["expires_at"],
    }
    assert (await read(invited["token"]))[0] == 200, "looking uses nothing up"
    assert (await read("x" * 43))[1]["error"] == "coach_invitation_invalid"
    leaving = (
        "insert into departures (user_id, erase_at, language) values (%s, now() + interval '1 day', 'en')"
    )
    await sql(engines, leaving, climber.user["id"])
    assert (await read(invited["token"]))[1]["error"] == "coach_invitation_invalid"
    await sql(engines, "delete from departures where user_id = %s", climber.user["id"])
    assert (await stranger.post("/api/v1/climbers", {"token": invited["token"]})).status_code == 201
    assert (await read(invited["token"]))[1]["error"] == "coach_invitation_invalid", "it is used"


async def test_an_invitation_tells_nobody_who_has_an_account(climber: Climber, stranger: Climber) -> None:
    known = await climber.post("/api/v1/coaches", {"email": stranger.email})
    unknown = await climber.post("/api/v1/coaches", {"email": "nobody-here@example.org"})
    answers = [
        {name: value for name, value in answer.json().items() if name not in ("id", "email", "token")}
        | {"created_at": None, "expires_at": None}
        for answer in (known, unknown)
    ]
    assert answers[0] == answers[1]
    assert known.status_code == unknown.status_code == 201
    own = await climber.post("/api/v1/coaches", {"email": climber.email})
    assert (own.status_code, own.json()["error"]) == (409, "coach_is_you")


async def test_a_withdrawn_or_renewed_invitation_opens_nothing(climber: Climber, stranger: Climber) -> None:
    first = (await climber.post("/api/v1/coaches", {"email": stranger.email})).json()
    second = (await climber.post("/api/v1/coaches", {"email": stranger.email})).json()
    assert first["id"] == second["id"]
    assert (await stranger.post("/api/v1/climbers", {"token": first["token"]})).status_code == 403
    assert (await climber.delete(f"/api/v1/coaches/{second['id']}")).status_code == 204
    assert (await stranger.post("/api/v1/climbers", {"token": second["token"]})).status_code == 403
