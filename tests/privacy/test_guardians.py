"""Climbers too young to agree alone: their guardian agrees by letter, and can take that back."""

import secrets
from datetime import UTC, date, datetime
from typing import Any

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.accounts.guardians.service import minor_until
from tests.conftest import Engines
from tests.mailbox import Mailbox, text_of, token_in
from tests.platform import ACCEPTED, PASSWORD, Climber, Programs, plain_http
from tests.privacy.test_consents import UPLOAD, register
from tests.retention.test_erasure import erase
from tests.rows import sql

THIS_YEAR = datetime.now(UTC).year
YOUNG = {"born_year": THIS_YEAR - 12, "born_month": 6}


@given(year=st.integers(1900, 2100), month=st.integers(1, 12), age=st.integers(13, 18))
def test_the_day_after_which_nobody_is_asked_is_never_too_early(year: int, month: int, age: int) -> None:
    until = minor_until(year, month, age)
    last_birthday = date(year + age, month, 28)
    assert last_birthday < until <= date(year + age + month // 12, month % 12 + 1, 1)


@pytest.fixture
def at_once_url(programs: Programs, mail_settings: dict[str, str]) -> str:
    """Letters, accounts without confirmation, and days of grace."""
    return programs.api(**mail_settings, ACCOUNT_GRACE_S="86400", HOUSEKEEPING_S="0.2")[1]


async def ward(url: str, guardian: str) -> Climber:
    """A young climber's account."""
    made = await register(url, accepted=ACCEPTED, guardian={**YOUNG, "email": guardian}, language="fr")
    assert made.status_code == 201, made.text
    body = made.json()
    return Climber(plain_http(url), body["user"]["email"], body["access_token"], body["user"])


async def decide(climber: Climber, step: str, token: str) -> httpx.Response:
    return await climber.http.post(f"/api/v1/guardians/{step}", json={"token": token})


async def upload_error(climber: Climber) -> str | None:
    answer: dict[str, Any] = (await climber.post("/api/v1/videos", UPLOAD)).json()
    return answer.get("error")


async def test_a_guardian_agrees_and_takes_it_back_by_the_same_letter(
    at_once_url: str, mailbox: Mailbox, engines: Engines
) -> None:
    guardian = f"{secrets.token_hex(6)}@example.org"
    climber = await ward(at_once_url, guardian)
    letter = await mailbox.letter(guardian)
    assert letter["Subject"] == "Un jeune grimpeur a besoin de votre accord pour Ascension"
    assert climber.email not in text_of(letter)
    token = token_in(letter)
    assert await upload_error(climber) == "guardian_needed"
    assert (await climber.post("/api/v1/users/me/guardian/letters")).status_code == 204
    again = token_in(await mailbox.letter(guardian, 2))

    read = await decide(climber, "read", token)
    assert read.json() == {
        "email": climber.email,
        "display_name": climber.user["display_name"],
        "state": "asked",
    }
    assert (await decide(climber, "agree", token)).json()["state"] == "agreed"
    assert await upload_error(climber) is None
    answered = await climber.post("/api/v1/users/me/guardian/letters")
    assert (answered.status_code, answered.json()["error"]) == (409, "guardian_answered")

    assert (await decide(climber, "withdraw", again)).json()["state"] == "withdrawn"
    assert (await climber.get("/api/v1/users/me")).status_code == 401, "the account is closed at once"
    login = {"email": climber.email, "password": PASSWORD}
    asked = await climber.http.post("/api/v1/auth/login", json=login)
    kept = await climber.http.post(
        "/api/v1/auth/keep", json={"keep_challenge": asked.json()["keep_challenge"]}
    )
    assert (kept.status_code, kept.json()["error"]) == (403, "guardian_needed")
    assert (await decide(climber, "agree", token)).json()["state"] == "agreed"
    assert (await climber.http.post("/api/v1/auth/login", json=login)).status_code == 200
    await sql(
        engines, "update guardians set minor_until = current_date where user_id = %s", climber.user["id"]
    )
    assert (await decide(climber, "read", token)).json()["error"] == "link_invalid"
    await climber.http.aclose()


async def test_a_guardian_who_says_nothing_for_a_month_is_taken_to_say_no(
    at_once_url: str, mailbox: Mailbox, engines: Engines
) -> None:
    guardian = f"{secrets.token_hex(6)}@example.org"
    climber, waiting = await ward(at_once_url, guardian), await ward(at_once_url, "patient@example.org")
    token = token_in(await mailbox.letter(guardian))
    await sql(
        engines,
        "update guardians set asked_at = now() - interval '31 days' where user_id = %s",
        climber.user["id"],
    )
    await mailbox.letter(climber.email)

    assert (await climber.get("/api/v1/users/me")).status_code == 401, "the account is closed"
    assert (await waiting.get("/api/v1/users/me")).status_code == 200
    told = await sql(
        engines,
        "select details::text from audit_log where action = 'guardian.silent'"
        " and actor = audit_name('address', %s) and subject = audit_name('account', %s)",
        guardian,
        climber.user["id"],
    )
    assert told == [("{}",)]
    assert (await decide(climber, "agree", token)).json()["state"] == "agreed"
    login = {"email": climber.email, "password": PASSWORD}
    assert (await climber.http.post("/api/v1/auth/login", json=login)).status_code == 200
    for one in (climber, waiting):
        await one.http.aclose()


async def test_a_guardian_who_agrees_does_not_take_back_what_the_climber_asked_for(
    at_once_url: str, mailbox: Mailbox, engines: Engines
) -> None:
    guardian = f"{secrets.token_hex(6)}@example.org"
    climber = await ward(at_once_url, guardian)
    token = token_in(await mailbox.letter(guardian))
    await sql(
        engines,
        "update guardians set asked_at = now() - interval '29 days' where user_id = %s",
        climber.user["id"],
    )
    assert (await climber.post("/api/v1/users/me/guardian/letters")).status_code == 204
    asked_again = await sql(
        engines,
        "select asked_at > now() - interval '1 day' from guardians where user_id = %s",
        climber.user["id"],
    )
    assert asked_again == [(True,)], "the month begins anew"
    told = await sql(
        engines,
        "select details::text from audit_log where action = 'guardian.asked'"
        " and actor = audit_name('account', %s) order by position",
        climber.user["id"],
    )
    assert told == [("{}",), ('{"again":true}',)]
    assert (await erase(climber)).json()["state"] == "leaving"
    for step in ("agree", "agree", "withdraw", "withdraw", "agree"):
        assert (await decide(climber, step, token)).status_code == 200
    leaving = await sql(engines, "select asked_by from departures where user_id = %s", climber.user["id"])
    assert leaving == [("owner",)]
    written = await sql(
        engines,
        """
        select action from audit_log
        where subject = audit_name('account', %s) and action ^@ 'guardian.' order by position
        """,
        climber.user["id"],
    )
    assert [action for (action,) in written if action != "guardian.asked"] == [
        "guardian.agreed",
        "guardian.withdrew",
        "guardian.agreed",
    ], "only what changes something is written down"
    await climber.http.aclose()


async def test_who_is_old_enough_is_not_asked_and_their_birth_is_not_kept(
    at_once_url: str, engines: Engines
) -> None:
    older = {"born_year": THIS_YEAR - 20, "born_month": 6, "email": "parent@example.org"}
    made = await register(at_once_url, accepted=ACCEPTED, guardian=older)
    assert made.status_code == 201
    found = await sql(engines, "select count(*) from guardians where user_id = %s", made.json()["user"]["id"])
    assert found == [(0,)]


async def test_a_guardian_is_somebody_else_and_has_to_be_asked(at_once_url: str, api_url: str) -> None:
    email = f"{secrets.token_hex(6)}@example.org"
    own = await register(
        at_once_url, email=email, accepted=ACCEPTED, guardian={**YOUNG, "email": email.upper()}
    )
    assert (own.status_code, own.json()["error"]) == (422, "guardian_unfit")
    silent = await register(api_url, accepted=ACCEPTED, guardian={**YOUNG, "email": "parent@example.org"})
    assert (silent.status_code, silent.json()["error"]) == (409, "minors_need_letters")


async def test_what_a_young_climber_said_waits_for_the_letter_too(
    letters_url: str, mailbox: Mailbox, engines: Engines
) -> None:
    email, guardian = (f"{secrets.token_hex(6)}@example.org" for _ in range(2))
    asked = await register(letters_url, email=email, accepted=ACCEPTED, guardian={**YOUNG, "email": guardian})
    assert asked.status_code == 202
    token = token_in(await mailbox.letter(email))
    assert mailbox.to(guardian) == [], "nobody is asked about an account that is not there"
    async with plain_http(letters_url) as http:
        made = await http.post("/api/v1/auth/verification", json={"token": token, "password": PASSWORD})
    assert made.status_code == 200, made.text
    await mailbox.letter(guardian)
    found = await sql(engines, "select email from guardians where user_id = %s", made.json()["user"]["id"])
    assert found == [(guardian,)]
