"""Codes of an app: turned on, asked for, never taken twice, not guessed; recovery codes; turned off."""

import asyncio
import secrets
import time
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from pyotp.totp import TOTP

from ascension.accounts.sealing import AccountKeys
from tests.conftest import Engines
from tests.platform import PASSWORD, Climber, plain_http
from tests.rows import sql

ME, AUTH = "/api/v1/users/me", "/api/v1/auth"


def codes_of(secret: str) -> list[str]:
    """Of this step and of the next: both are taken, and still are when a step ends meanwhile."""
    now = int(time.time())
    return [TOTP(secret).at(now, counter_offset=step) for step in (0, 1)]


async def set_up(climber: Climber) -> tuple[str, list[str]]:
    """Turn codes on; the secret and the recovery codes. Uses up the code of this step."""
    begun = await climber.post(f"{ME}/totp", {"password": PASSWORD})
    assert begun.status_code == 200, begun.text
    secret = begun.json()["secret"]
    confirmed = await climber.post(f"{ME}/totp/confirm", {"code": codes_of(secret)[0]})
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["recovery_codes"]


async def show_password(http: httpx.AsyncClient, email: str) -> str:
    """The challenge of a login that needs a code."""
    asked = await http.post(f"{AUTH}/login", json={"email": email, "password": PASSWORD})
    assert asked.status_code == 202, asked.text
    assert "access_token" not in asked.json()
    assert "ascension_refresh" not in asked.headers.get("set-cookie", ""), "nobody is in yet"
    return asked.json()["challenge"]


async def show_code(http: httpx.AsyncClient, challenge: str, code: str) -> tuple[int, str | None]:
    answer = await http.post(f"{AUTH}/login/code", json={"challenge": challenge, "code": code})
    body: dict[str, Any] = answer.json()
    return answer.status_code, body.get("error")


def test_what_is_sealed_opens_for_its_owner_alone() -> None:
    keys, other = AccountKeys("one secret of thirty-two letters"), AccountKeys("another secret of as many")
    owner = uuid4()
    sealed = keys.seal(b"a secret", owner)
    assert keys.open(sealed, owner) == b"a secret"
    assert b"a secret" not in sealed
    assert keys.seal(b"a secret", owner) != sealed
    assert keys.open(sealed, uuid4()) is None
    assert other.open(sealed, owner) is None
    assert keys.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), owner) is None
    assert keys.open(b"", owner) is None


async def test_a_login_asks_for_the_code_once_codes_are_on(climber: Climber, engines: Engines) -> None:
    begun = await climber.post(f"{ME}/totp", {"password": PASSWORD})
    assert begun.headers["cache-control"] == "no-store"
    assert "<svg" in begun.json()["qr_svg"]
    assert "http" not in begun.json()["qr_svg"].replace("http://www.w3.org/2000/svg", "")
    plain = await climber.http.post(f"{AUTH}/login", json={"email": climber.email, "password": PASSWORD})
    assert plain.status_code == 200, "begun is not on: an app that was never shown locks nobody out"
    secret = begun.json()["secret"]
    made_up = next(code for code in ("000000", "000001", "000002", "000003") if code not in codes_of(secret))
    wrong = await climber.post(f"{ME}/totp/confirm", {"code": made_up})
    assert (wrong.status_code, wrong.json()["error"]) == (403, "code_wrong")
    on = await climber.post(f"{ME}/totp/confirm", {"code": codes_of(secret)[0]})
    assert len(set(on.json()["recovery_codes"])) == 10
    factors = (await climber.get(f"{ME}/factors")).json()
    assert factors["totp_since"] is not None
    assert factors["recovery_codes_left"] == 10
    kept = await sql(engines, "select sealed_secret from totp_factors where user_id = %s", climber.user["id"])
    assert secret.encode() not in bytes(kept[0][0])
    async with plain_http(str(climber.http.base_url)) as http:
        challenge = await show_password(http, climber.email)
        answer = await http.post(
            f"{AUTH}/login/code", json={"challenge": challenge, "code": codes_of(secret)[1]}
        )
        assert answer.status_code == 200
        assert answer.json()["user"]["id"] == climber.user["id"]
        assert (await http.post(f"{AUTH}/refresh")).status_code == 200


async def test_no_code_and_no_challenge_works_twice(climber: Climber) -> None:
    begun = (await climber.post(f"{ME}/totp", {"password": PASSWORD})).json()
    now, after = codes_of(begun["secret"])
    confirmed = await climber.post(f"{ME}/totp/confirm", {"code": now})
    recovery = confirmed.json()["recovery_codes"][0]
    async with plain_http(str(climber.http.base_url)) as http:
        first, second = [await show_password(http, climber.email) for _ in range(2)]
        assert await show_code(http, first, now) == (403, "code_wrong"), "it confirmed the set-up"
        assert await show_code(http, first, after) == (200, None)
        assert await show_code(http, first, recovery) == (403, "challenge_expired")
        assert await show_code(http, second, after) == (403, "code_wrong"), "seen over a shoulder"
        assert await show_code(http, second, now) == (403, "code_wrong"), "older than the last one"
        assert await show_code(http, second, recovery) == (200, None)
        assert await show_code(http, "made-up", recovery) == (403, "challenge_expired")


async def test_a_recovery_code_works_once(climber: Climber) -> None:
    _, recovery = await set_up(climber)
    async with plain_http(str(climber.http.base_url)) as http:
        typed = recovery[0].lower().replace("-", " ")
        assert await show_code(http, await show_password(http, climber.email), typed) == (200, None)
        assert await show_code(http, await show_password(http, climber.email), recovery[0]) == (
            403,
            "code_wrong",
        )
    assert (await climber.get(f"{ME}/factors")).json()["recovery_codes_left"] == 9
    renewed = await climber.post(f"{ME}/recovery-codes", {"password": PASSWORD})
    assert not set(renewed.json()["recovery_codes"]) & set(recovery)
    async with plain_http(str(climber.http.base_url)) as http:
        challenge = await show_password(http, climber.email)
        assert await show_code(http, challenge, recovery[1]) == (403, "code_wrong"), "replaced"


async def test_codes_are_not_guessed(climber: Climber) -> None:
    secret, _ = await set_up(climber)
    wrong = [f"{number:06}" for number in range(20) if f"{number:06}" not in codes_of(secret)]
    async with plain_http(str(climber.http.base_url)) as http:
        challenge = await show_password(http, climber.email)
        for code in wrong[:5]:
            assert await show_code(http, challenge, code) == (403, "code_wrong")
        assert await show_code(http, challenge, wrong[5]) == (403, "challenge_expired"), "five answers"
        challenge = await show_password(http, climber.email)
        assert (await show_code(http, challenge, wrong[6]))[0] == 403
        assert await show_code(http, challenge, codes_of(secret)[1]) == (423, "account_locked")


async def test_one_answer_at_a_time(climber: Climber) -> None:
    """A challenge that is being answered is nobody else's: many guesses side by side are one."""
    secret, _ = await set_up(climber)
    wrong = [f"{number:06}" for number in range(20) if f"{number:06}" not in codes_of(secret)]
    async with plain_http(str(climber.http.base_url)) as http:
        challenge = await show_password(http, climber.email)
        answers = await asyncio.gather(*(show_code(http, challenge, code) for code in wrong))
    assert sum(answer == (403, "code_wrong") for answer in answers) <= 5
    assert {answer[0] for answer in answers} <= {403, 423}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "totp"), ("DELETE", "totp"), ("POST", "recovery-codes"), ("POST", "passkey-options")],
)
async def test_a_stolen_access_token_changes_nothing(climber: Climber, method: str, path: str) -> None:
    refused = await climber.http.request(
        method, f"{ME}/{path}", json={"password": "not the password"}, headers=climber.headers
    )
    assert (refused.status_code, refused.json()["error"]) == (403, "password_wrong")


async def test_codes_are_turned_off_and_on_again(climber: Climber) -> None:
    await set_up(climber)
    again = await climber.post(f"{ME}/totp", {"password": PASSWORD})
    assert (again.status_code, again.json()["error"]) == (409, "factor_present")
    off = await climber.http.request(
        "DELETE", f"{ME}/totp", json={"password": PASSWORD}, headers=climber.headers
    )
    assert off.status_code == 204
    plain = await climber.http.post(f"{AUTH}/login", json={"email": climber.email, "password": PASSWORD})
    assert plain.status_code == 200
    for method, path, body in (
        ("DELETE", "totp", {"password": PASSWORD}),
        ("POST", "totp/confirm", {"code": "123456"}),
        ("POST", "recovery-codes", {"password": PASSWORD}),
    ):
        refused = await climber.http.request(method, f"{ME}/{path}", json=body, headers=climber.headers)
        assert (refused.status_code, refused.json()["error"]) == (409, "factor_missing"), path
    await set_up(climber)


async def test_another_account_secret_opens_no_factor(climber: Climber, engines: Engines) -> None:
    secret, recovery = await set_up(climber)
    sealed = AccountKeys(secrets.token_hex(32)).seal(b"x" * 20, UUID(climber.user["id"]))
    await sql(
        engines, "update totp_factors set sealed_secret = %s where user_id = %s", sealed, climber.user["id"]
    )
    async with plain_http(str(climber.http.base_url)) as http:
        challenge = await show_password(http, climber.email)
        assert await show_code(http, challenge, codes_of(secret)[1]) == (403, "code_wrong")
        assert await show_code(http, challenge, recovery[0]) == (200, None), "the way back in"
