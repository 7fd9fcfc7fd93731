"""Passkeys: made, used, named, removed; and what others than their owner try with them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest

from tests.accounts.factors.authenticator import PRESENT, Authenticator, damaged
from tests.conftest import Engines, web_origin
from tests.platform import PASSWORD, Climber, plain_http
from tests.rows import sql

ME, AUTH = "/api/v1/users/me", "/api/v1/auth"


async def creation_options(climber: Climber) -> dict[str, Any]:
    answer = await climber.post(f"{ME}/passkey-options", {"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.json()["options"]


async def keep(climber: Climber, credential: dict[str, Any], name: str = "My phone") -> httpx.Response:
    return await climber.post(f"{ME}/passkeys", {"name": name, "credential": credential})


async def remove(climber: Climber, passkey_id: str, password: str | None = None) -> tuple[int, str | None]:
    answer = await climber.http.request(
        "DELETE", f"{ME}/passkeys/{passkey_id}", json={"password": password}, headers=climber.headers
    )
    return answer.status_code, answer.json()["error"] if answer.content else None


async def login_options(http: httpx.AsyncClient) -> dict[str, Any]:
    return (await http.post(f"{AUTH}/passkey-options")).json()["options"]


async def log_in(http: httpx.AsyncClient, credential: dict[str, Any]) -> tuple[int, str | None]:
    answer = await http.post(f"{AUTH}/passkey", json={"credential": credential})
    return answer.status_code, answer.json().get("error")


@pytest.fixture
async def device(climber: Climber) -> Authenticator:
    """One whose key the climber's account knows."""
    made = Authenticator(web_origin())
    kept = await keep(climber, made.create(await creation_options(climber)))
    assert kept.status_code == 201, kept.text
    return made


async def test_a_passkey_alone_logs_in(climber: Climber, device: Authenticator) -> None:
    async with plain_http(str(climber.http.base_url)) as http:
        options = await login_options(http)
        assert options["userVerification"] == "required"
        assert not options.get("allowCredentials"), "nothing is told of who has which key"
        handle = UUID(climber.user["id"]).bytes
        answer = await http.post(f"{AUTH}/passkey", json={"credential": device.get(options, handle)})
        assert answer.status_code == 200, answer.text
        assert answer.json()["user"]["id"] == climber.user["id"]
        assert (await http.post(f"{AUTH}/refresh")).status_code == 200
    [kept] = (await climber.get(f"{ME}/factors")).json()["passkeys"]
    assert kept["name"] == "My phone"
    assert kept["used_at"] is not None


async def test_what_was_sent_once_works_never_again(climber: Climber, device: Authenticator) -> None:
    async with plain_http(str(climber.http.base_url)) as http:
        sent = device.get(await login_options(http))
        assert await log_in(http, sent) == (200, None)
        assert await log_in(http, sent) == (403, "challenge_expired")
    made = Authenticator(web_origin())
    answer = made.create(await creation_options(climber))
    assert (await keep(climber, answer)).status_code == 201
    assert (await keep(climber, answer)).json()["error"] == "challenge_expired"


async def test_a_copy_of_a_key_is_noticed(climber: Climber, device: Authenticator) -> None:
    async with plain_http(str(climber.http.base_url)) as http:
        for _ in range(2):
            assert await log_in(http, device.get(await login_options(http))) == (200, None)
        device.uses = 1  # a copy made earlier counts on from there
        assert await log_in(http, device.get(await login_options(http))) == (403, "passkey_refused")


def _elsewhere(device: Authenticator) -> None:
    device.origin = "https://evil.example"


def _other_domain(device: Authenticator) -> None:
    device.domain = "evil.example"


def _nobody_checked(device: Authenticator) -> None:
    device.flags = PRESENT


def _nobody_there(device: Authenticator) -> None:
    device.flags = 0


def _other_key(device: Authenticator) -> None:
    device.key = Authenticator("").key


def _unknown(device: Authenticator) -> None:
    device.credential_id = b"never registered"


@pytest.mark.parametrize(
    "spoil", [_elsewhere, _other_domain, _nobody_checked, _nobody_there, _other_key, _unknown]
)
async def test_what_is_not_right_is_refused(
    climber: Climber, device: Authenticator, spoil: Callable[[Authenticator], None]
) -> None:
    spoil(device)
    async with plain_http(str(climber.http.base_url)) as http:
        assert await log_in(http, device.get(await login_options(http))) == (403, "passkey_refused")


@pytest.mark.parametrize("spoil", [_elsewhere, _other_domain, _nobody_checked, _nobody_there])
async def test_what_is_not_right_is_not_kept(
    climber: Climber, spoil: Callable[[Authenticator], None]
) -> None:
    device = Authenticator(web_origin())
    spoil(device)
    refused = await keep(climber, device.create(await creation_options(climber)))
    assert (refused.status_code, refused.json()["error"]) == (403, "passkey_refused")


async def test_damage_anywhere_is_a_refusal_and_no_fault(climber: Climber, device: Authenticator) -> None:
    """Bits turned over in all that a browser sends: nobody gets in, and nothing breaks."""
    async with plain_http(str(climber.http.base_url)) as http:
        for name in ("clientDataJSON", "authenticatorData", "signature"):
            for at in range(0, 120, 31):
                answer = await log_in(http, damaged(device.get(await login_options(http)), name, at))
                assert answer[0] in (403, 422), (name, at, answer)
    options = await creation_options(climber)
    for at in range(0, 200, 19):
        made = Authenticator(web_origin())
        sent = damaged(made.create(options), "attestationObject", at)
        assert (await keep(climber, sent)).status_code in (201, 403, 422), at
        options = await creation_options(climber) if at % 57 == 0 else options


async def test_a_question_is_answered_by_whom_it_was_put_to(climber: Climber, stranger: Climber) -> None:
    device = Authenticator(web_origin())
    credential = device.create(await creation_options(climber))
    refused = await keep(stranger, credential)
    assert (refused.status_code, refused.json()["error"]) == (403, "challenge_expired")
    login = await login_options(climber.http)
    refused = await keep(climber, device.create(login))
    assert refused.json()["error"] == "challenge_expired", "one of a login makes no key"


async def test_a_key_belongs_to_one_account(
    climber: Climber, stranger: Climber, device: Authenticator
) -> None:
    options = await creation_options(climber)
    assert [known["id"] for known in options["excludeCredentials"]], "the device is told what it has"
    taken = await keep(stranger, device.create(await creation_options(stranger)))
    assert (taken.status_code, taken.json()["error"]) == (409, "passkey_known")
    [kept] = (await climber.get(f"{ME}/factors")).json()["passkeys"]
    assert await remove(stranger, kept["id"], password=PASSWORD) == (404, "passkey_not_found")


async def test_a_removed_key_opens_nothing(climber: Climber, device: Authenticator) -> None:
    [kept] = (await climber.get(f"{ME}/factors")).json()["passkeys"]
    assert await remove(climber, kept["id"], password=PASSWORD) == (204, None)
    async with plain_http(str(climber.http.base_url)) as http:
        assert await log_in(http, device.get(await login_options(http))) == (403, "passkey_refused")


async def test_whoever_has_only_a_token_removes_no_key(climber: Climber, device: Authenticator) -> None:
    """Else a stranger with an open session leaves the owner without the key that outlives a password."""
    [kept] = (await climber.get(f"{ME}/factors")).json()["passkeys"]
    assert await remove(climber, kept["id"]) == (403, "presence_needed")
    assert await remove(climber, kept["id"], password="not the password") == (403, "password_wrong")
    assert len((await climber.get(f"{ME}/factors")).json()["passkeys"]) == 1
    shown = device.get((await climber.post(f"{ME}/presence-options")).json()["options"])
    assert (await climber.post(f"{ME}/presence", {"credential": shown})).status_code == 204
    assert await remove(climber, kept["id"]) == (204, None), "the key itself says who it is"


async def test_keys_come_to_an_end(climber: Climber, engines: Engines) -> None:
    await sql(
        engines,
        """
        insert into passkeys (id, user_id, credential_id, public_key, sign_count, name)
        select gen_random_uuid(), %s, uuid_send(gen_random_uuid()), '', 0, 'one of many'
        from generate_series(1, 20)
        """,
        climber.user["id"],
    )
    refused = await climber.post(f"{ME}/passkey-options", {"password": PASSWORD})
    assert (refused.status_code, refused.json()["error"]) == (409, "too_many_passkeys")
