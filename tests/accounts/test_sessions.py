"""Sessions: the refresh cookie turns, notices theft, forgives a lost answer, ends at logout."""

import asyncio
import secrets
from http.cookies import Morsel, SimpleCookie

import httpx2 as httpx
import pytest

from tests.conftest import Engines, web_origin
from tests.like_a_clip import like_a_clip
from tests.platform import ACCEPTED, PASSWORD, Climber, Programs, new_climber
from tests.rows import sql

COOKIE = "ascension_refresh"
AUTH = "/api/v1/auth"


def cookie_of(answer: httpx.Response) -> Morsel[str]:
    cookies = [SimpleCookie(header) for header in answer.headers.get_list("set-cookie")]
    return next(cookie[COOKIE] for cookie in cookies if COOKIE in cookie)


async def refresh(url: str, token: str | None, **headers: str) -> httpx.Response:
    """One refresh by a client that holds just this cookie."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        if token is not None:
            headers["Cookie"] = f"{COOKIE}={token}"
        return await http.post(f"{AUTH}/refresh", headers=headers)


@pytest.fixture
def first_token(climber: Climber) -> str:
    """The refresh token that registration gave."""
    return climber.http.cookies[COOKIE]


@pytest.mark.proves("D17")
async def test_the_refresh_token_is_out_of_reach_of_scripts(climber: Climber) -> None:
    answer = await climber.http.post(f"{AUTH}/login", json={"email": climber.email, "password": PASSWORD})
    cookie = cookie_of(answer)
    assert cookie["httponly"] is True
    assert (cookie["samesite"].lower(), cookie["path"], cookie["domain"]) == ("strict", AUTH, "")
    assert int(cookie["max-age"]) == 30 * 24 * 3600
    assert cookie.value not in answer.text
    assert len(cookie.value) >= 43  # 256 random bits
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["expires_in_s"] == 900


@pytest.mark.proves("M63")
async def test_in_production_the_cookie_travels_over_https_only(programs: Programs) -> None:
    _, url = programs.api(ENVIRONMENT="production")
    email = f"{secrets.token_hex(6)}@example.org"
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        wish = {"email": email, "password": PASSWORD, "accepted": ACCEPTED}
        answer = await http.post(f"{AUTH}/register", json=wish)
        name = f"__Secure-{COOKIE}"
        made = {
            key: one
            for header in answer.headers.get_list("set-cookie")
            for key, one in SimpleCookie(header).items()
        }
        assert made[name]["secure"] is True
        assert made[COOKIE]["max-age"] == "0", "one that somebody planted goes"
        token = made[name].value
        planted = await http.post(f"{AUTH}/refresh", headers={"Cookie": f"{COOKIE}={token}"})
        assert planted.status_code == 401, "whoever answers without TLS can set this name"
        for held in ({name: None}, {name: None, COOKIE: "of another site, planted"}):
            told = "; ".join(f"{key}={value or token}" for key, value in held.items())
            renewed = await http.post(f"{AUTH}/refresh", headers={"Cookie": told})
            assert renewed.status_code == 200
            token = SimpleCookie(renewed.headers.get_list("set-cookie")[0])[name].value
        left = await http.post(f"{AUTH}/logout", headers={"Cookie": f"{name}={token}"})
        gone = [header.partition("=")[0] for header in left.headers.get_list("set-cookie")]
        assert gone == [COOKIE, name]


async def test_each_refresh_turns_the_token_and_a_reuse_ends_the_family(
    climber: Climber, api_url: str, first_token: str
) -> None:
    tokens = [first_token]
    for _ in range(3):
        answer = await refresh(api_url, tokens[-1])
        assert answer.status_code == 200
        assert answer.json()["user"]["id"] == climber.user["id"]
        tokens.append(cookie_of(answer).value)
    assert len(set(tokens)) == 4
    stolen = await refresh(api_url, tokens[0])
    assert (stolen.status_code, stolen.json()["error"]) == (401, "session_revoked")
    assert "set-cookie" not in stolen.headers
    # the thief and the owner both have to log in
    assert (await refresh(api_url, tokens[-1])).status_code == 401


async def rotated_earlier(engines: Engines, climber: Climber, by_s: int) -> None:
    await sql(
        engines,
        "update refresh_tokens set rotated_at = rotated_at - make_interval(secs => %s) where user_id = %s",
        *(by_s, climber.user["id"]),
    )


async def test_a_lost_answer_may_be_asked_for_again(
    climber: Climber, api_url: str, engines: Engines, first_token: str
) -> None:
    lost = cookie_of(await refresh(api_url, first_token)).value
    await rotated_earlier(engines, climber, 590)  # the phone lay locked in between
    again = await refresh(api_url, first_token)
    assert again.status_code == 200
    assert (await refresh(api_url, cookie_of(again).value)).status_code == 200
    # whoever comes with the answer that was lost is not the one who asked again
    assert (await refresh(api_url, lost)).status_code == 401


async def test_asking_again_is_too_late_after_ten_minutes(
    climber: Climber, api_url: str, engines: Engines, first_token: str
) -> None:
    successor = cookie_of(await refresh(api_url, first_token)).value
    await rotated_earlier(engines, climber, 601)
    assert (await refresh(api_url, first_token)).status_code == 401
    assert (await refresh(api_url, successor)).status_code == 401


async def test_refreshes_side_by_side_leave_one_live_token(
    climber: Climber, api_url: str, engines: Engines, first_token: str
) -> None:
    answers = await asyncio.gather(*(refresh(api_url, first_token) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    live = await sql(
        engines,
        """
        select count(*) from refresh_tokens
        where user_id = %s and revoked_at is null and rotated_at is null
        """,
        climber.user["id"],
    )
    assert live == [(1,)]


async def test_an_expired_or_unknown_or_missing_cookie_is_no_session(
    climber: Climber, api_url: str, engines: Engines, first_token: str
) -> None:
    await sql(engines, "update refresh_tokens set expires_at = now() where user_id = %s", climber.user["id"])
    for token in (first_token, "made-up", "", None):
        answer = await refresh(api_url, token)
        assert (answer.status_code, answer.json()["error"]) == (401, "session_revoked")


async def test_logout_ends_this_login_and_no_other(climber: Climber, api_url: str, first_token: str) -> None:
    async with httpx.AsyncClient(base_url=api_url, timeout=30) as phone:
        await phone.post(f"{AUTH}/login", json={"email": climber.email, "password": PASSWORD})
        left = await climber.http.post(f"{AUTH}/logout")
        assert left.status_code == 204
        assert cookie_of(left)["max-age"] == "0"
        assert (await refresh(api_url, first_token)).status_code == 401
        assert (await phone.post(f"{AUTH}/refresh")).status_code == 200
        assert (await climber.http.post(f"{AUTH}/logout")).status_code == 204, "leaving twice is fine"


@pytest.mark.parametrize("path", ["register", "login", "refresh", "logout"])
async def test_pages_of_others_cannot_ride_on_the_cookie(climber: Climber, path: str) -> None:
    body = {"email": climber.email, "password": PASSWORD}
    if path == "register":
        body |= {"accepted": ACCEPTED}
    for origin in ("https://evil.example", "null", web_origin() + ".evil.example", web_origin() + "0"):
        answer = await climber.http.post(f"{AUTH}/{path}", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]) == (403, "origin_refused"), origin
    own = await climber.http.post(f"{AUTH}/{path}", json=body, headers={"Origin": web_origin()})
    assert own.status_code == {"register": 409, "logout": 204}.get(path, 200)


@pytest.mark.proves("M31")
async def test_an_upload_goes_on_after_its_token_expired(programs: Programs) -> None:
    _, url = programs.api(ACCESS_TOKEN_TTL_S="2")
    climber = await new_climber(url)
    content = like_a_clip(b"v" * 1000)
    video = await climber.open_upload(len(content))
    await asyncio.sleep(2.1)
    refused = await climber.get(f"/api/v1/videos/{video['id']}/parts")
    assert (refused.status_code, refused.json()["error"]) == (401, "token_expired")
    renewed = await climber.http.post(f"{AUTH}/refresh")
    climber.token = renewed.json()["access_token"]
    assert (await climber.send_part(video, 1, content)).status_code == 200
    done = await climber.post(f"/api/v1/videos/{video['id']}/complete")
    assert done.json()["state"] == "uploaded"
    await climber.http.aclose()
