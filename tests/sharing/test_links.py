"""Links: unguessable, ending by themselves or at once, with a password, counted; what a guest sees."""

import gzip
import json
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from ascension.accounts.sealing import AccountKeys
from ascension.analyses.result import PREFIX, decode
from ascension.errors.analyses import AnalysisNotFound
from ascension.infra.database.primary import Database
from ascension.infra.security import token_hash
from ascension.sharing.links import endpoints, tickets
from ascension.sharing.links.schemas import ShareCreate
from tests.conftest import Engines
from tests.platform import Climber, plain_http
from tests.rows import sql
from tests.sharing.seeds import opened, share, shared_path, told_climb

TICKET = re.compile(r"view\.[0-9a-f]{32}\.\d+\.\d+\.[0-9a-f]{64}")


@pytest.fixture
async def climb(engines: Engines, climber: Climber) -> dict[str, Any]:
    return await told_climb(engines, climber)


async def refusal(climber: Climber, token: str, **more: str) -> tuple[int, str]:
    """How a link answers that does not open."""
    answer = await climber.http.post("/api/v1/shares/open", json={"token": token, **more})
    return answer.status_code, answer.json()["error"]


async def test_a_link_shows_the_climb_without_an_account(climber: Climber, climb: dict[str, Any]) -> None:
    made = await share(climber, climb["id"])
    guest = await opened(climber, made["token"])
    seen = await climber.http.get(shared_path(climb["id"]), headers=guest)
    assert seen.status_code == 200, seen.text
    assert seen.headers["cache-control"] == "no-store"
    assert "noindex" in seen.headers["x-robots-tag"]
    assert seen.headers["referrer-policy"] == "no-referrer"
    shown = seen.json()
    assert (shown["role"], shown["climber"], shown["file_name"]) == ("guest", None, None)
    assert (shown["may_comment"], shown["shows_comments"], shown["video"]) == (False, False, "hidden")
    result = await climber.http.get(shared_path(climb["id"], "/result"), headers=guest)
    assert decode(gzip.compress(result.content)).facts.climb is not None
    advice = await climber.http.get(shared_path(climb["id"], "/coaching"), headers=guest)
    assert advice.status_code == 200, advice.text
    assert advice.json()["attempts"], "advice is there"


async def test_what_the_climber_told_of_their_body_is_not_in_it(
    climber: Climber, climb: dict[str, Any]
) -> None:
    own = await climber.get(f"/api/v1/analyses/{climb['id']}/result")
    for told in (b"1.937", b"83.21", b"left_hand"):
        assert told in own.content
    own_measures = json.dumps((await climber.get(f"/api/v1/analyses/{climb['id']}/coaching")).json())
    assert '"J"' in own_measures
    guest = await opened(climber, (await share(climber, climb["id"]))["token"])
    shown = (await climber.http.get(shared_path(climb["id"], "/result"), headers=guest)).content
    header = json.loads(shown[PREFIX.size : PREFIX.size + PREFIX.unpack_from(shown)[1]])
    assert header["climb"]["body"] == {}
    coaching = (await climber.http.get(shared_path(climb["id"], "/coaching"), headers=guest)).content
    for answer in (json.dumps(header).encode(), coaching):
        for told in (b"1.937", b"83.21", b'"J"', b"injured"):
            assert told not in answer


async def test_only_a_hash_and_a_sealed_copy_of_the_token_are_stored(
    engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    made = await share(climber, climb["id"], password="blue slab")
    [row] = await sql(
        engines, "select token_hash, sealed_token, password_hash from shares where id = %s", made["id"]
    )
    assert bytes(row[0]) == token_hash(made["token"])
    assert made["token"].encode() not in bytes(row[1])
    assert row[2].startswith("$argon2id$")
    listed = (await climber.get(f"/api/v1/analyses/{climb['id']}/shares")).json()["items"]
    assert [one["token"] for one in listed] == [made["token"]], "it can be copied again"
    assert (listed[0]["has_password"], "password_hash" in listed[0]) == (True, False)


async def test_openings_of_one_browser_count_once_in_an_hour(
    engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    made = await share(climber, climb["id"])
    ticket = (await opened(climber, made["token"]))["Authorization"].removeprefix("Bearer ")
    assert TICKET.fullmatch(ticket)
    for _ in range(2):
        await opened(climber, made["token"], ticket=ticket)
    await opened(climber, made["token"])  # another browser
    keys = AccountKeys(engines.environment("api")["ACCOUNT_SECRET"])
    read = tickets.read(keys, ticket)
    assert read is not None
    old = tickets.issue(keys, read.share_id, counted_s=read.counted_s - 2 * tickets.COUNTED_FOR_S)
    await opened(climber, made["token"], ticket=old)  # a page that stayed open
    forged = old[:-2] + ("00" if old[-2:] != "00" else "11")
    await opened(climber, made["token"], ticket=forged)  # as one that comes without
    [one] = (await climber.get(f"/api/v1/analyses/{climb['id']}/shares")).json()["items"]
    assert one["views"] == 3
    assert one["opened_at"] is not None


async def test_a_password_is_asked_once_and_cannot_be_tried_for_long(
    climber: Climber, climb: dict[str, Any]
) -> None:
    made = await share(climber, climb["id"], password="blue slab")
    assert await refusal(climber, made["token"]) == (403, "share_password_needed")
    guest = await opened(climber, made["token"], password="blue slab")
    await opened(climber, made["token"], ticket=guest["Authorization"].removeprefix("Bearer "))
    answers = [await refusal(climber, made["token"], password=f"guess {number}") for number in range(7)]
    assert answers[:5] == [(403, "share_password_wrong")] * 5
    assert answers[-1] == (423, "account_locked")
    other = await share(climber, climb["id"], password="another one")
    await opened(climber, other["token"], password="another one")  # nobody is kept from other links


@pytest.mark.parametrize(
    "ending", ["ended", "private again", "expired", "analysis deleted", "in the trash", "leaving"]
)
async def test_a_link_that_ended_shows_nothing_from_the_next_request_on(
    ending: str, engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    made = await share(climber, climb["id"], days=1)
    guest = await opened(climber, made["token"])
    match ending:
        case "ended":
            assert (await climber.delete(f"/api/v1/shares/{made['id']}")).status_code == 204
        case "private again":
            assert (await climber.delete(f"/api/v1/analyses/{climb['id']}/shares")).status_code == 204
        case "expired":
            await sql(engines, "update shares set expires_at = now() where id = %s", made["id"])
        case "analysis deleted" | "in the trash":
            for_good = str(ending == "analysis deleted").lower()
            path = f"/api/v1/analyses/{climb['id']}?for_good={for_good}"
            assert (await climber.delete(path)).status_code == 204
        case _:
            await sql(
                engines,
                """
                insert into departures (user_id, erase_at, language)
                values (%s, now() + interval '1 day', 'en')
                """,
                climber.user["id"],
            )
    for part in ("", "/result", "/coaching", "/wall", "/comments"):
        answer = await climber.http.get(shared_path(climb["id"], part), headers=guest)
        assert (answer.status_code, answer.json()["error"]) == (404, "analysis_not_found"), part
    assert await refusal(climber, made["token"]) == (404, "share_not_found")
    assert await refusal(climber, "a" * 43) == (404, "share_not_found")
    if ending == "in the trash":
        assert (await climber.post(f"/api/v1/trash/{climb['id']}/restore")).status_code == 200
        assert (await climber.http.get(shared_path(climb["id"]), headers=guest)).status_code == 200
        await opened(climber, made["token"])


async def test_signed_links_live_a_quarter_of_an_hour_and_no_longer(
    climber: Climber, climb: dict[str, Any]
) -> None:
    guest = await opened(climber, (await share(climber, climb["id"]))["token"])
    link = (await climber.http.get(shared_path(climb["id"], "/wall"), headers=guest)).json()
    asked = parse_qs(urlsplit(str(link["url"])).query)
    assert (link["expires_in_s"], asked["X-Amz-Expires"]) == (900, ["900"])
    async with plain_http() as storage:
        assert (await storage.get(link["url"])).content == b"a picture"
        longer = link["url"].replace("X-Amz-Expires=900", "X-Amz-Expires=901")
        assert (await storage.get(longer)).status_code == 403, "nobody can make it live longer"


async def test_what_is_not_ones_own_is_neither_shared_nor_listed_nor_ended(
    climber: Climber, stranger: Climber, climb: dict[str, Any]
) -> None:
    made = await share(climber, climb["id"])
    taken = await stranger.post(f"/api/v1/analyses/{climb['id']}/shares", {})
    assert (taken.status_code, taken.json()["error"]) == (404, "analysis_not_found")
    ended = await stranger.delete(f"/api/v1/shares/{made['id']}")
    assert (ended.status_code, ended.json()["error"]) == (404, "share_not_found")
    assert (await stranger.get("/api/v1/shares")).json()["items"] == []
    assert [one["id"] for one in (await climber.get("/api/v1/shares")).json()["items"]] == [made["id"]]


async def test_one_climb_has_twenty_links_at_most(climber: Climber, climb: dict[str, Any]) -> None:
    for _ in range(20):
        await share(climber, climb["id"])
    more = await climber.post(f"/api/v1/analyses/{climb['id']}/shares", {})
    assert (more.status_code, more.json()["error"]) == (409, "too_many_shares")


async def test_nothing_is_hashed_for_whom_a_link_is_refused(
    engines: Engines, stranger: Climber, climb: dict[str, Any]
) -> None:
    nothing: Any = None
    async with Database(engines.api_url, pool_size=1, application="test") as database:
        parts: Any = SimpleNamespace(database=database)
        wish, user_id = ShareCreate(password="blue slab"), UUID(stranger.user["id"])
        with pytest.raises(AnalysisNotFound):
            await endpoints.make(UUID(climb["id"]), wish, user_id, parts, nothing)


async def test_the_young_are_blurred_whatever_they_wish(
    engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    await sql(
        engines,
        """
        insert into guardians (user_id, email, minor_until, language, confirmed_at)
        values (%s, 'parent@example.org', current_date + 100, 'en', now())
        """,
        climber.user["id"],
    )
    made = await share(climber, climb["id"], with_video=True, is_blurred=False)
    assert made["is_blurred"] is True
    invited = await climber.post("/api/v1/coaches", {"email": "coach@example.org"})
    assert (invited.status_code, invited.json()["error"]) == (403, "coach_needs_adult")


async def test_makings_and_endings_stand_in_the_audit_log(
    engines: Engines, climber: Climber, climb: dict[str, Any]
) -> None:
    made = await share(climber, climb["id"], password="blue slab")
    await climber.delete(f"/api/v1/shares/{made['id']}")
    found = await sql(
        engines,
        """
        select action, details ->> 'share', details ->> 'locked', details ->> 'blurred' from audit_log
        where actor = audit_name('account', %s) and action like 'share.%%' order by position
        """,
        climber.user["id"],
    )
    assert found == [
        ("share.made", made["id"], "true", "false"),
        ("share.ended", made["id"], None, None),
    ]
