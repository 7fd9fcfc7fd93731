"""A session that ended is over at once: for access tokens, tickets and sockets of it; others stay."""

from uuid import UUID, uuid4

import httpx2 as httpx
import jwt
import pytest
import time_machine
import websockets

from ascension.errors.accounts import SessionRevoked
from ascension.infra.security import TokenIssuer, new_opaque_token, token_hash
from tests.accounts.sessions.test_listed import AUTH, LAPTOP, PHONE, log_in
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import PASSWORD, Climber, Programs, seeded_climber
from tests.rows import sql

NEW_PASSWORD = "three unlinked words: otter, lamp, tide"


async def status(http: httpx.AsyncClient, token: str) -> tuple[int, str | None]:
    answer = await http.get("/api/v1/users/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json().get("error")


async def ticket_of(http: httpx.AsyncClient, token: str) -> str:
    answer = await http.post("/api/v1/ws-tickets", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201, answer.text
    return answer.json()["ticket"]


def session_of(token: str) -> str:
    return jwt.decode(token, options={"verify_signature": False})["sid"]


@pytest.mark.parametrize("how", ["one", "everywhere", "password", "logout", "reuse"])
async def test_an_access_token_ends_with_its_session(climber: Climber, api_url: str, how: str) -> None:
    phone, token = await log_in(api_url, climber.email, PHONE)
    stolen = phone.cookies["ascension_refresh"]
    assert await status(phone, token) == (200, None)
    if how == "one":
        await climber.delete(f"{AUTH}/sessions/{session_of(token)}")
    elif how == "everywhere":
        await climber.post(f"{AUTH}/logout-everywhere", {"this_too": False})
    elif how == "password":
        body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
        assert (await climber.post(f"{AUTH}/password", body)).status_code == 204
    elif how == "logout":
        await phone.post(f"{AUTH}/logout")
    else:
        for _ in range(2):
            await phone.post(f"{AUTH}/refresh")
        cookie = {"Cookie": f"ascension_refresh={stolen}"}
        assert (await climber.http.post(f"{AUTH}/refresh", headers=cookie)).status_code == 401
    assert await status(phone, token) == (401, "session_revoked")
    refused = await phone.post("/api/v1/ws-tickets", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 401
    assert (await climber.get("/api/v1/users/me")).status_code == 200, "the other session goes on"
    await phone.aclose()


async def test_other_replicas_refuse_it_as_well(climber: Climber, api_url: str, programs: Programs) -> None:
    _, other_url = programs.api()
    phone, token = await log_in(api_url, climber.email, PHONE)
    async with httpx.AsyncClient(base_url=other_url, verify=False) as other:
        assert await status(other, token) == (200, None)
        await climber.post(f"{AUTH}/logout-everywhere", {"this_too": False})

        async def is_refused() -> bool:
            return await status(other, token) == (401, "session_revoked")

        await eventually(is_refused)
    await phone.aclose()


async def test_what_no_message_told_is_found_in_the_database(climber: Climber, engines: Engines) -> None:
    """Also what ended before a process began."""
    await sql(engines, "update refresh_tokens set revoked_at = now() where user_id = %s", climber.user["id"])

    async def is_refused() -> bool:
        return await status(climber.http, climber.token) == (401, "session_revoked")

    await eventually(is_refused)


async def test_sockets_and_tickets_of_an_ended_session_close_and_others_stay(
    climber: Climber, api_url: str
) -> None:
    phone, token = await log_in(api_url, climber.email, PHONE)
    base = api_url.replace("http", "ws", 1)
    unused = await ticket_of(phone, token)
    async with (
        climber.live() as own,
        websockets.connect(f"{base}/ws?ticket={await ticket_of(phone, token)}") as theirs,
    ):
        for socket in (own, theirs):
            assert "snapshot.end" in str(await socket.recv())
        await climber.delete(f"{AUTH}/sessions/{session_of(token)}")
        await theirs.wait_closed()
        assert theirs.close_code == 4410
        async with websockets.connect(f"{base}/ws?ticket={unused}") as late:
            await late.wait_closed()
            assert late.close_code == 4410
        video = await climber.open_upload(1000)
        await climber.delete(f"/api/v1/videos/{video['id']}")
        assert "video.changed" in str(await own.recv()), "this session's socket goes on"
    await phone.aclose()


async def test_a_renewal_whose_answer_was_lost_ends_nothing(climber: Climber, api_url: str) -> None:
    """It takes a token back, of a session that goes on."""
    laptop, token = await log_in(api_url, climber.email, LAPTOP)
    before = laptop.cookies["ascension_refresh"]
    for _ in range(2):
        renewed = await climber.http.post(
            f"{AUTH}/refresh", headers={"Cookie": f"ascension_refresh={before}"}
        )
        assert renewed.status_code == 200
    phone, _ = await log_in(api_url, climber.email, PHONE)
    await phone.post(f"{AUTH}/logout")  # every ended session of the account is looked up
    assert await status(laptop, token) == (200, None)
    for one in (laptop, phone):
        await one.aclose()


async def test_a_session_of_the_release_before_goes_on(engines: Engines, api_url: str) -> None:
    """Its token names no session: it lasts for its quarter of an hour, and its socket opens."""
    owner = await seeded_climber(engines, api_url)
    tokens = TokenIssuer(engines.environment("api")["JWT_SECRET"], 900)
    owner.token = tokens.issue(UUID(owner.user["id"]))
    async with owner.live() as socket:
        assert "snapshot.end" in str(await socket.recv())
    await owner.http.aclose()


async def test_tokens_taken_back_long_ago_are_not_looked_at(engines: Engines, api_url: str) -> None:
    owner = await seeded_climber(engines, api_url)
    await sql(
        engines,
        """
        insert into refresh_tokens (token_hash, family_id, user_id, expires_at, revoked_at)
        values (%s, %s, %s, now() + interval '1 day', now() - interval '1 hour')
        """,
        *(token_hash(new_opaque_token()), session_of(owner.token), owner.user["id"]),
    )
    phone, _ = await log_in(api_url, owner.email, PHONE)
    await phone.post(f"{AUTH}/logout")
    assert await status(owner.http, owner.token) == (200, None)
    for one in (owner.http, phone):
        await one.aclose()


def test_what_a_process_keeps_of_ended_sessions_lasts_as_long_as_their_tokens() -> None:
    tokens, user_id, session_id = TokenIssuer("a secret of thirty-two characters", 900), uuid4(), uuid4()
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        token = tokens.issue(user_id, session_id)
        assert tokens.bearer_of(token).session_id == session_id
        tokens.end([session_id, uuid4()])
        with pytest.raises(SessionRevoked):
            tokens.user_of(token)
        clock.shift(1501)
        later = uuid4()
        tokens.end([later])
        assert [tokens.is_ended(one) for one in (session_id, later, None)] == [False, True, False]
