"""Admins set roles and plans, with effect on the next request; one admin always stays."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Engines
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql

USERS = "/api/v1/operator/users"


@pytest.fixture
async def admin(climber: Climber, engines: Engines) -> AsyncIterator[Climber]:
    """The only admin."""
    await sql(engines, "update users set role = 'climber' where role = 'admin'")
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    yield climber
    await sql(engines, "update users set role = 'climber' where role = 'admin'")


@pytest.mark.proves("D02")
async def test_an_account_is_found_by_its_address_and_told_without_secrets(
    admin: Climber, stranger: Climber
) -> None:
    found = (await admin.get(USERS, params={"email": f" {stranger.email.upper()} "})).json()["items"]
    assert [one["id"] for one in found] == [stranger.user["id"]]
    assert found[0].keys() == {
        *("id", "email", "display_name", "role", "tier", "created_at", "given", "is_paid", "paid_until"),
        *("has_codes", "seen_at", "sessions", "climbs", "stored_bytes", "erased_at", "awaits_guardian"),
    }
    assert (found[0]["role"], found[0]["tier"], found[0]["sessions"]) == ("climber", "free", 1)
    part = stranger.email[1:]
    assert (await admin.get(USERS, params={"email": part})).json()["items"] == []
    by_part = (await admin.get(USERS, params={"search": part.upper()})).json()["items"]
    assert [one["id"] for one in by_part] == [stranger.user["id"]]
    assert (await admin.get(USERS, params={"search": "%"})).json()["items"] == [], "no pattern"
    for mistake in ("?email=", "?email=%00@a.bc", "?email=a@b.cd&other=1", "?search=%00", "?state=odd"):
        assert (await admin.get(USERS + mistake)).status_code == 422, mistake


@pytest.mark.proves("D02")
async def test_accounts_are_listed_in_pages_by_what_they_are_and_what_they_hold(
    admin: Climber, stranger: Climber, engines: Engines
) -> None:
    name = stranger.email.partition("@")[0]
    at, search = f"{USERS}/{stranger.user['id']}", {"search": name}
    analysis = await stranger.analyze(b"a clip")
    await admin.patch(at, {"tier": "premium", "reason": "trainer of the gym"})

    async def found(**query: str) -> list[dict[str, Any]]:
        return (await admin.get(USERS, params={**search, **query})).json()["items"]

    [told] = await found(state="given", tier="premium", role="climber")
    assert (told["climbs"], told["stored_bytes"]) == (1, analysis["video"]["size_bytes"])
    assert told["given"]["reason"] == "trainer of the gym"
    assert [await found(state=state) for state in ("paid", "leaving", "awaits_guardian")] == [[]] * 3
    await sql(
        engines,
        """
        insert into departures (user_id, erase_at, language) values (%s, now() + interval '3 days', 'en')
        """,
        stranger.user["id"],
    )
    [leaving] = await found(state="leaving")
    assert leaving["erased_at"] is not None
    await sql(
        engines,
        """
        insert into registrations (id, email, display_name, password_hash, expires_at)
        values (gen_random_uuid(), %s, 'x', 'x', now() + interval '1 hour')
        """,
        f"{name}@waits.org",
    )
    first = (await admin.get(USERS, params={"limit": 1})).json()
    rest = (await admin.get(USERS, params={"limit": 100, "cursor": first["next_cursor"]})).json()
    ids = [one["id"] for one in (*first["items"], *rest["items"])]
    assert ids == sorted(ids, reverse=True)
    assert {admin.user["id"], stranger.user["id"]} <= set(ids)
    assert (await admin.get(USERS, params=search)).json()["is_unconfirmed"] is False, "the whole address"
    waits = (await admin.get(USERS, params={"search": f"{name}@waits.org"})).json()
    assert (waits["items"], waits["is_unconfirmed"]) == ([], True)
    await sql(engines, "delete from registrations where email = %s", f"{name}@waits.org")


@pytest.mark.proves("D02")
async def test_sessions_of_an_account_end_everywhere_and_the_log_says_by_whom(
    admin: Climber, stranger: Climber
) -> None:
    ended = await admin.delete(f"{USERS}/{stranger.user['id']}/sessions")
    assert (ended.status_code, ended.json()["sessions"]) == (200, 0)
    assert (await stranger.get("/api/v1/users/me")).json()["error"] == "session_revoked"
    log = "/api/v1/operator/audit"
    asked = {"action": "sessions.ended", "subject": f"account:{stranger.user['id']}"}
    [entry] = (await admin.get(log, params=asked)).json()["items"]
    by_admin = await admin.get(log, params={**asked, "actor": f"account:{admin.user['id']}"})
    assert by_admin.json()["items"] == [entry]
    nobody = await admin.delete(f"{USERS}/{uuid4()}/sessions")
    assert (nobody.status_code, nobody.json()["error"]) == (404, "account_not_found")


@pytest.mark.proves("D02")
async def test_a_role_and_a_plan_are_set_at_once_and_set_back(
    admin: Climber, stranger: Climber, engines: Engines
) -> None:
    at = f"{USERS}/{stranger.user['id']}"

    async def seen() -> tuple[str, str, int]:
        me = (await stranger.get("/api/v1/users/me")).json()
        return me["role"], me["tier"], me["quota"]["limit"]

    assert (await stranger.get(USERS, params={"email": admin.email})).status_code == 404
    told = await admin.patch(at, {"tier": "infinity"})
    assert (told.status_code, told.json()["tier"], told.json()["role"]) == (200, "infinity", "climber")
    assert await seen() == ("climber", "infinity", 100)
    await admin.patch(at, {"role": "admin", "tier": "premium"})
    assert await seen() == ("admin", "premium", 30)
    assert (await stranger.get(USERS, params={"email": admin.email})).status_code == 200
    written = "select operator from users where id = %s"
    assert await sql(engines, written, stranger.user["id"]) == [(True,)], "for the release before"
    await admin.patch(at, {"role": "coach", "tier": "free"})
    assert await seen() == ("coach", "free", 10)
    assert (await stranger.get(USERS, params={"email": admin.email})).status_code == 404
    assert await sql(engines, written, stranger.user["id"]) == [(False,)]
    assert (await admin.patch(at, {})).json()["role"] == "coach", "what is not told stays"


@pytest.mark.proves("D02")
async def test_what_is_no_role_no_plan_or_no_account_changes_nothing(
    admin: Climber, stranger: Climber
) -> None:
    at = f"{USERS}/{stranger.user['id']}"
    for body in ({"role": "operator"}, {"tier": "gold"}, {"role": "admin", "email": "a@b.cd"}, "admin", None):
        assert (await admin.patch(at, body)).status_code == 422, body
    nobody = await admin.patch(f"{USERS}/{uuid4()}", {"role": "admin"})
    assert (nobody.status_code, nobody.json()["error"]) == (404, "account_not_found")
    assert (await stranger.get("/api/v1/users/me")).json()["role"] == "climber"


@pytest.mark.proves("D02")
async def test_one_admin_stays_however_many_leave_at_once(
    admin: Climber, stranger: Climber, engines: Engines
) -> None:
    own = f"{USERS}/{admin.user['id']}"
    alone = await admin.patch(own, {"role": "coach"})
    assert (alone.status_code, alone.json()["error"]) == (409, "last_admin")
    assert (await admin.patch(own, {"role": "admin", "tier": "premium"})).status_code == 200
    for _ in range(5):
        await sql(engines, "update users set role = 'admin' where id = %s", stranger.user["id"])
        left = await asyncio.gather(
            admin.patch(own, {"role": "climber"}),
            stranger.patch(f"{USERS}/{stranger.user['id']}", {"role": "climber"}),
        )
        assert sorted(answer.status_code for answer in left) == [200, 409]
        assert await sql(engines, "select count(*) from users where role = 'admin'") == [(1,)]
        await sql(engines, "update users set role = 'admin' where id = %s", admin.user["id"])
        await sql(engines, "update users set role = 'climber' where id = %s", stranger.user["id"])


@pytest.mark.proves("D02")
async def test_the_log_says_which_admin_changed_what_and_no_address(programs: Programs) -> None:
    api, url = programs.api()
    admin = await new_climber(url)
    await sql(programs.engines, "update users set role = 'admin' where id = %s", admin.user["id"])
    await admin.get(USERS, params={"email": admin.email})
    assert (await admin.patch(f"{USERS}/{admin.user['id']}", {"tier": "premium"})).status_code == 200
    [line] = [event for event in api.events() if event["event"] == "operator_changed_account"]
    assert (line["operator_id"], line["user_id"], line["tier"]) == (
        admin.user["id"],
        admin.user["id"],
        "premium",
    )
    assert admin.email not in api.log()
    await sql(programs.engines, "delete from users where id = %s", admin.user["id"])
    await admin.http.aclose()
