"""Asked again who they are: by a password that cannot be guessed without end, or by a passkey."""

from typing import Any

import pytest

from ascension.accounts.lockout import ONE_ACCOUNT
from tests.accounts.factors.authenticator import Authenticator
from tests.accounts.factors.test_passkeys import creation_options, keep
from tests.accounts.sessions.test_listed import LAPTOP, log_in
from tests.conftest import Engines, web_origin
from tests.platform import PASSWORD, Climber
from tests.rows import sql

ME, AUTH = "/api/v1/users/me", "/api/v1/auth"
NEW_PASSWORD = "three unlinked words: otter, lamp, tide"


@pytest.fixture
async def device(climber: Climber) -> Authenticator:
    """A passkey of the climber's."""
    made = Authenticator(web_origin())
    assert (await keep(climber, made.create(await creation_options(climber)))).status_code == 201
    return made


async def ask(climber: Climber, path: str, **body: Any) -> tuple[int, str | None]:
    answer = await climber.post(path, body)
    return answer.status_code, answer.json().get("error") if answer.content else None


async def show(climber: Climber, device: Authenticator) -> tuple[int, str | None]:
    options = (await climber.post(f"{ME}/presence-options")).json()["options"]
    return await ask(climber, f"{ME}/presence", credential=device.get(options))


ASKING: list[tuple[str, dict[str, str]]] = [
    (f"{ME}/totp", {}),
    (f"{ME}/recovery-codes", {}),
    (f"{ME}/passkey-options", {}),
    (f"{AUTH}/password", {"new_password": NEW_PASSWORD}),
]


async def test_who_has_a_token_only_guesses_no_faster_than_who_logs_in(
    climber: Climber, api_url: str
) -> None:
    """Wherever the password is asked for, it counts together."""
    laptop, token = await log_in(api_url, climber.email, LAPTOP)
    answers = [
        await ask(climber, path, password=f"guess {number}", **more)
        for number, (path, more) in enumerate(ASKING * 2)
    ]
    assert answers == [(403, "password_wrong")] * (ONE_ACCOUNT.free + 1) + [(423, "account_locked")] * 2
    for path, more in ASKING:
        assert await ask(climber, path, password=PASSWORD, **more) == (423, "account_locked"), path
    elsewhere = await laptop.post(
        f"{ME}/totp", json={"password": PASSWORD}, headers={"Authorization": f"Bearer {token}"}
    )
    assert elsewhere.status_code == 200, "the owner's other sessions are not held up"
    login = {"email": climber.email, "password": PASSWORD}
    assert (await climber.http.post(f"{AUTH}/login", json=login)).status_code == 200
    await laptop.aclose()


async def test_wrong_passwords_are_in_the_audit_log(climber: Climber, engines: Engines) -> None:
    await ask(climber, f"{ME}/totp", password="a guess")
    found = await sql(
        engines,
        "select details::text from audit_log where action = 'presence.refused'"
        " and actor = audit_name('account', %s)",
        climber.user["id"],
    )
    assert found == [('{"pause":false}',)]


async def test_a_passkey_does_instead_of_the_password(climber: Climber, device: Authenticator) -> None:
    assert await ask(climber, f"{ME}/totp") == (403, "presence_needed")
    assert await show(climber, device) == (204, None)
    assert (await ask(climber, f"{ME}/totp"))[0] == 200
    assert (await ask(climber, f"{AUTH}/password", new_password=NEW_PASSWORD))[0] == 204
    login = {"email": climber.email, "password": NEW_PASSWORD}
    answer = await climber.http.post(f"{AUTH}/login", json=login)
    assert answer.status_code == 200


async def test_it_does_so_for_the_session_that_asked(
    climber: Climber, device: Authenticator, api_url: str
) -> None:
    laptop, token = await log_in(api_url, climber.email, LAPTOP)
    assert await show(climber, device) == (204, None)
    refused = await laptop.post(f"{ME}/totp", json={}, headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["error"]) == (403, "presence_needed")
    await laptop.aclose()


async def test_nobody_shows_the_presence_of_others(
    climber: Climber, stranger: Climber, device: Authenticator
) -> None:
    assert await show(stranger, device) == (403, "passkey_refused")
    of_owner = (await climber.post(f"{ME}/presence-options")).json()["options"]
    taken = await ask(stranger, f"{ME}/presence", credential=device.get(of_owner))
    assert taken == (403, "challenge_expired")
    login = (await climber.http.post(f"{AUTH}/passkey-options")).json()["options"]
    assert await ask(climber, f"{ME}/presence", credential=device.get(login)) == (403, "challenge_expired")
    shown = (await climber.post(f"{ME}/presence-options")).json()["options"]
    other_way = await climber.http.post(f"{AUTH}/passkey", json={"credential": device.get(shown)})
    assert other_way.json()["error"] == "challenge_expired"
    for one in (climber, stranger):
        assert await ask(one, f"{ME}/totp") == (403, "presence_needed")
