"""What people say to us in confidence stands in no log: letters, factors, shares, coaches, payments."""

import secrets
from typing import Any

import httpx2 as httpx
import pytest

from tests.accounts.factors.authenticator import Authenticator
from tests.accounts.factors.test_passkeys import creation_options, keep
from tests.accounts.factors.test_totp import codes_of
from tests.conftest import Engines, web_origin
from tests.mailbox import Mailbox, token_in
from tests.operations.test_replicas import engine_logs
from tests.platform import ACCEPTED, PASSWORD, Climber, Programs, plain_http, seeded_climber
from tests.sharing.seeds import coached, share, shared_path, told_climb
from tests.subscriptions.conftest import SETTINGS
from tests.subscriptions.fake_stripe import fake_stripe, signature

AUTH, ME = "/api/v1/auth", "/api/v1/users/me"
WORDS = "knees over the left toe, please"
NEW_PASSWORD = "otter, lamp, tide and four"
SHARED_WITH = "a password for guests"


async def by_letter(http: httpx.AsyncClient, mailbox: Mailbox, said: list[str]) -> Climber:
    """Register, confirm, forget the password: the tokens of both letters are noted."""
    email = f"{secrets.token_hex(6)}@example.org"
    body = {"email": email, "password": PASSWORD, "accepted": ACCEPTED, "display_name": "Aloisia Quint"}
    assert (await http.post(f"{AUTH}/register", json=body)).status_code == 202
    confirm = token_in(await mailbox.letter(email))
    body = {"token": confirm, "password": PASSWORD}
    assert (await http.post(f"{AUTH}/verification", json=body)).is_success
    assert (await http.post(f"{AUTH}/password/letters", json={"email": email})).status_code == 202
    anew = token_in(await mailbox.letter(email, 2))
    body = {"token": anew, "password": NEW_PASSWORD}
    assert (await http.post(f"{AUTH}/password/reset", json=body)).is_success
    entered = await http.post(f"{AUTH}/login", json={"email": email, "password": NEW_PASSWORD})
    said += [email, "Aloisia", PASSWORD, NEW_PASSWORD, confirm, anew, entered.json()["access_token"]]
    return Climber(http, email, entered.json()["access_token"], entered.json()["user"])


async def with_factors(climber: Climber, said: list[str]) -> None:
    """Codes of an app, recovery codes, a passkey."""
    begun = (await climber.post(f"{ME}/totp", {"password": NEW_PASSWORD})).json()
    code = codes_of(begun["secret"])[0]
    on = await climber.post(f"{ME}/totp/confirm", {"code": code})
    assert on.status_code == 200, on.text
    said += [begun["secret"], *on.json()["recovery_codes"]]


async def with_shares(engines: Engines, climber: Climber, url: str, said: list[str]) -> None:
    """A link with a password, opened; a coach by invitation; what they say."""
    climb = await told_climb(engines, climber)
    link = await share(climber, climb["id"], password=SHARED_WITH, with_comments=True)
    opened = await climber.http.post(
        "/api/v1/shares/open", json={"token": link["token"], "password": SHARED_WITH}
    )
    assert opened.status_code == 200, opened.text
    coach = await seeded_climber(engines, url)
    await coached(climber, coach)
    spoken = await coach.post(shared_path(climb["id"], "/comments"), {"at_s": 1.0, "text": WORDS})
    assert spoken.status_code == 201, spoken.text
    said += [SHARED_WITH, link["token"], opened.json()["ticket"], coach.email, coach.token, WORDS]
    await coach.http.aclose()


async def with_a_plan(climber: Climber, fake: Any, said: list[str]) -> None:
    """Bought, and told by an event."""
    page = await climber.post(f"{ME}/plan/checkout", {"plan": "premium"})
    assert page.status_code == 201, page.text
    fake.pay(page.json()["url"].rpartition("/")[2])
    for event in fake.events:
        signed = signature(event)
        headers = {"Stripe-Signature": signed}
        taken = await climber.http.post("/api/v1/payments/stripe/events", content=event, headers=headers)
        assert taken.status_code == 204, taken.text
        said.append(signed.split("v1=")[1].split(",")[0])
    said += [page.json()["url"], SETTINGS["STRIPE_API_KEY"], SETTINGS["STRIPE_EVENT_SECRET"]]


@pytest.mark.proves("M55")
async def test_what_is_said_in_confidence_stands_in_no_log(
    engines: Engines, programs: Programs, mailbox: Mailbox, mail_settings: dict[str, str]
) -> None:
    said: list[str] = []
    async with fake_stripe() as fake:
        process, url = programs.api(
            **mail_settings,
            **SETTINGS,
            STRIPE_URL=fake.url,
            EMAIL_VERIFICATION="required",
            LOG_LEVEL="debug",
            WEB_ORIGINS=f'["{web_origin()}"]',
        )
        async with plain_http(url) as http:
            climber = await by_letter(http, mailbox, said)
            await with_shares(engines, climber, url, said)
            await with_a_plan(climber, fake, said)
            await with_factors(climber, said)
            other = await seeded_climber(engines, url)
            device = Authenticator(web_origin())
            kept = await keep(other, device.create(await creation_options(other)))
            assert kept.status_code == 201, kept.text
            said.append(other.token)
            await other.http.aclose()
    process.stop()
    assert len(said) >= 30
    logs = [process.log(), *engine_logs(programs)]
    assert "request" in logs[0]
    assert [secret for secret in said for log in logs if secret in log] == []
    assert [event for event in process.events() if event["level"] == "error"] == []
