"""Accounts by letter: confirmed, invited, passwords chosen anew; and nobody learns who has one."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx2 as httpx
import pytest
from pyotp.totp import TOTP

from tests.accounts.factors.test_totp import set_up
from tests.accounts.test_registration import fresh_email
from tests.conftest import Engines
from tests.eventually import eventually
from tests.mailbox import Mailbox, text_of, token_in
from tests.operations.test_job_commands import each
from tests.platform import ACCEPTED, PASSWORD, Climber, Programs, plain_http, seeded_climber
from tests.rows import sql

AUTH = "/api/v1/auth"
NEW_PASSWORD = "three unlinked words: otter, lamp, tide"
NOT_TOLD = {"date", "x-request-id", "ratelimit"}


@pytest.fixture
async def http(letters_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with plain_http(letters_url) as client:
        yield client


@pytest.fixture
async def owner(engines: Engines, letters_url: str) -> AsyncIterator[Climber]:
    """Somebody with an account there."""
    found = await seeded_climber(engines, letters_url)
    yield found
    await found.http.aclose()


async def hashes(http: httpx.AsyncClient) -> float:
    """How many the process has computed."""
    found = re.search(
        r"^ascension_password_hashes_total (\S+)$", (await http.get("/metrics")).text, re.MULTILINE
    )
    assert found is not None
    return float(found[1])


async def asked(http: httpx.AsyncClient, path: str, **body: Any) -> tuple[int, bytes, dict[str, str], float]:
    """Status, body, headers and hashes of one request."""
    before = await hashes(http)
    answer = await http.post(f"{AUTH}/{path}", json=body)
    told = {name: value for name, value in answer.headers.items() if name not in NOT_TOLD}
    return answer.status_code, answer.content, told, await hashes(http) - before


async def test_an_account_is_there_once_its_letter_was_opened(
    http: httpx.AsyncClient, mailbox: Mailbox, engines: Engines
) -> None:
    email = fresh_email()
    body = {"email": email, "password": PASSWORD, "display_name": "Mina <b>", "language": "fr"}
    body |= {"accepted": ACCEPTED}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    first = await http.post(f"{AUTH}/register", json=body, headers=key)
    again = await http.post(f"{AUTH}/register", json=body, headers=key)
    assert (first.status_code, first.json(), again.content) == (202, {"email": email}, first.content)
    assert "set-cookie" not in first.headers
    letter = await mailbox.letter(email)
    assert letter["Subject"] == "Confirme ton e-mail pour Ascension"
    assert "Mina" not in text_of(letter) + text_of(letter, "html"), "a stranger wrote that"
    assert f'href="{re.findall(r"http.*#.*", text_of(letter))[0]}"' in text_of(letter, "html")
    credentials = {"email": email, "password": PASSWORD}
    early = await http.post(f"{AUTH}/login", json=credentials)
    assert early.json()["error"] == "invalid_credentials"
    link = {"token": token_in(letter)}
    stranger = await http.post(f"{AUTH}/verification", json={**link, "password": "somebody else's words"})
    assert (stranger.status_code, stranger.json()["error"]) == (403, "password_wrong")
    entered = await http.post(f"{AUTH}/verification", json={**link, "password": PASSWORD})
    assert (entered.status_code, entered.json()["user"]["display_name"]) == (200, "Mina <b>")
    used = await http.post(f"{AUTH}/verification", json={**link, "password": PASSWORD})
    assert used.json()["error"] == "link_invalid"
    assert (await http.post(f"{AUTH}/login", json=credentials)).status_code == 200
    assert len(mailbox.to(email)) == 1, "the same wish with the same key sends no second letter"
    left = await sql(engines, "select id from registrations where email = %s", email)
    assert left == []


async def test_whoever_asks_does_not_learn_who_has_an_account(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox
) -> None:
    taken, free = owner.email, fresh_email()

    async def both(path: str, **body: Any) -> list[tuple[int, bytes, dict[str, str], float]]:
        answers = [await asked(http, path, email=email, **body) for email in (taken, free)]
        return [
            (status, content.replace(email.encode(), b"@"), {**told, "content-length": ""}, count)
            for email, (status, content, told, count) in zip((taken, free), answers, strict=True)
        ]

    for path, body, status, count in (
        ("register", {"password": NEW_PASSWORD, "display_name": "Mina", "accepted": ACCEPTED}, 202, 1),
        ("verification/letters", {}, 202, 0),
        ("password/letters", {}, 202, 0),
        ("login", {"password": "not the password"}, 401, 1),
    ):
        known, unknown = await both(path, **body)
        assert known == unknown, path
        assert (known[0], known[3]) == (status, count), path
    subjects = {"You have an Ascension account already", "Choose a new password for Ascension"}
    await mailbox.letter(taken, 3)
    assert {letter["Subject"] for letter in mailbox.to(taken)} == subjects
    await mailbox.letter(free, 2)
    assert {letter["Subject"] for letter in mailbox.to(free)} == {"Confirm your e-mail for Ascension"}


async def test_two_letters_make_one_account_with_the_password_of_the_one_opened(
    http: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    """A stranger registers somebody's address first: that never gets them the account."""
    email = fresh_email()
    wish = {"email": email, "password": "the stranger's own words", "accepted": ACCEPTED}
    await http.post(f"{AUTH}/register", json=wish)
    strangers = await mailbox.letter(email)
    await http.post(f"{AUTH}/register", json={**wish, "password": PASSWORD})
    mine = await mailbox.letter(email, 2)
    made = await http.post(f"{AUTH}/verification", json={"token": token_in(mine), "password": PASSWORD})
    assert made.status_code == 200
    late = {"token": token_in(strangers), "password": "the stranger's own words"}
    assert (await http.post(f"{AUTH}/verification", json=late)).json()["error"] == "link_invalid"


async def test_a_stranger_who_asks_second_gives_the_account_no_password(
    http: httpx.AsyncClient, mailbox: Mailbox, engines: Engines
) -> None:
    """While somebody's own wish waits, a stranger asks for the same address, and for the letter once more."""
    email, theirs = fresh_email(), "the stranger's own words"
    wish = {"email": email, "password": PASSWORD, "display_name": "Mina", "accepted": ACCEPTED}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    await http.post(f"{AUTH}/register", json=wish, headers=key)
    mine = token_in(await mailbox.letter(email))
    second = {**wish, "password": theirs, "display_name": "Not Mina"}
    await http.post(f"{AUTH}/register", json=second, headers=key)  # the same key changes nothing
    await http.post(f"{AUTH}/register", json=second)
    await mailbox.letter(email, 2)
    await http.post(f"{AUTH}/verification/letters", json={"email": email})
    later = [token_in(letter) for letter in (await mailbox.letter(email, 3), *mailbox.to(email)[1:2])]

    async def confirm(token: str, password: str) -> tuple[int, str | None]:
        answer = await http.post(f"{AUTH}/verification", json={"token": token, "password": password})
        return answer.status_code, answer.json().get("error")

    assert [await confirm(token, PASSWORD) for token in later] == [(403, "password_wrong")] * 2
    assert await confirm(mine, theirs) == (403, "password_wrong")
    assert await confirm(mine, PASSWORD) == (200, None)
    assert [await confirm(token, theirs) for token in later] == [(403, "link_invalid")] * 2
    logins = [
        (await http.post(f"{AUTH}/login", json={"email": email, "password": password})).status_code
        for password in (theirs, PASSWORD)
    ]
    assert logins == [401, 200]
    assert await sql(engines, "select display_name from users where email = %s", email) == [("Mina",)]


async def test_a_forgotten_password_is_chosen_anew_once_and_ends_every_session(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines
) -> None:
    await http.post(f"{AUTH}/password/letters", json={"email": owner.email})
    token = token_in(await mailbox.letter(owner.email))
    for weak, error in (("password2024!!", "password_common"), (f"{owner.email}1", "password_personal")):
        refused = await http.post(f"{AUTH}/password/reset", json={"token": token, "password": weak})
        assert (refused.status_code, refused.json()["error"]) == (422, error)
    side_by_side = await asyncio.gather(
        *(
            http.post(f"{AUTH}/password/reset", json={"token": token, "password": NEW_PASSWORD})
            for _ in range(2)
        )
    )
    assert sorted(answer.status_code for answer in side_by_side) == [204, 403]
    assert (await owner.http.post(f"{AUTH}/refresh")).status_code == 401
    old, new = [
        await http.post(f"{AUTH}/login", json={"email": owner.email, "password": password})
        for password in (PASSWORD, NEW_PASSWORD)
    ]
    assert (old.status_code, new.status_code) == (401, 200)
    told = await mailbox.letter(owner.email, 2)
    assert told["Subject"] == "Your Ascension password was changed"
    noted = await sql(engines, "select count(*) from audit_log where action = 'password.reset'")
    assert noted[0][0] >= 1


async def test_a_link_is_old_after_half_an_hour_and_stored_as_a_hash_only(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines
) -> None:
    await http.post(f"{AUTH}/password/letters", json={"email": owner.email})
    token = token_in(await mailbox.letter(owner.email))
    age = await sql(
        engines,
        """
        select extract(epoch from expires_at - now())::int, token_hash = sha256(%s::bytea)
        from letter_tokens where subject_id = %s
        """,
        token.encode(),
        owner.user["id"],
    )
    assert [(1700 < seconds <= 1800, is_hash) for seconds, is_hash in age] == [(True, True)]
    await sql(engines, "update letter_tokens set expires_at = now() where subject_id = %s", owner.user["id"])
    late = await http.post(f"{AUTH}/password/reset", json={"token": token, "password": NEW_PASSWORD})
    assert late.json()["error"] == "link_invalid"


async def test_a_password_is_changed_by_who_knows_it_and_other_sessions_end(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox
) -> None:
    elsewhere = await http.post(f"{AUTH}/login", json={"email": owner.email, "password": PASSWORD})
    assert elsewhere.status_code == 200
    wrong = {"password": "not my password", "new_password": NEW_PASSWORD}
    assert (await owner.post(f"{AUTH}/password", wrong)).json()["error"] == "password_wrong"
    changed = await owner.post(f"{AUTH}/password", {"password": PASSWORD, "new_password": NEW_PASSWORD})
    assert changed.status_code == 204, changed.text
    assert (await owner.http.post(f"{AUTH}/refresh")).status_code == 200, "this session goes on"
    assert (await http.post(f"{AUTH}/refresh")).status_code == 401
    assert (await mailbox.letter(owner.email))["Subject"] == "Your Ascension password was changed"


async def test_nobody_is_sent_more_than_five_letters_of_a_kind_an_hour(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines
) -> None:
    for _ in range(7):
        await http.post(f"{AUTH}/password/letters", json={"email": owner.email})

    async def settled() -> bool:
        outcomes = await sql(
            engines, "select outcome, count(*) from letters where recipient = %s group by 1", owner.email
        )
        return sorted(outcomes, key=str) == [("dropped", 2), ("sent", 5)]

    await eventually(settled, timeout_s=60)
    assert len(mailbox.to(owner.email)) == 5


async def test_what_strangers_ask_for_does_not_hold_up_the_owner(
    http: httpx.AsyncClient, owner: Climber, engines: Engines
) -> None:
    """A browser that logged into the account before has five letters of its own."""
    login = await owner.http.post(f"{AUTH}/login", json={"email": owner.email, "password": PASSWORD})
    assert login.status_code == 200
    wish = {"email": owner.email}
    answers = [await http.post(f"{AUTH}/password/letters", json=wish) for _ in range(6)]
    answers.append(await owner.http.post(f"{AUTH}/password/letters", json=wish))
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}

    async def settled() -> bool:
        found = await sql(
            engines, "select is_own, outcome from letters where recipient = %s order by id", owner.email
        )
        return found == [*[(False, "sent")] * 5, (False, "dropped"), (True, "sent")]

    await eventually(settled, timeout_s=60)


async def test_letters_are_in_the_language_that_the_owner_chose(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox
) -> None:
    assert (await owner.put("/api/v1/users/me/language", {"language": "fr"})).status_code == 204
    await http.post(f"{AUTH}/password/letters", json={"email": owner.email, "language": "en"})
    assert (await mailbox.letter(owner.email))["Subject"] == "Choisis un nouveau mot de passe pour Ascension"


async def test_an_admin_turns_codes_off_for_whoever_lost_their_phone_and_the_owner_is_told(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines, letters_url: str
) -> None:
    admin = await seeded_climber(engines, letters_url)
    await sql(engines, "update users set role = 'admin' where id = %s", admin.user["id"])
    at = f"/api/v1/operator/users/{owner.user['id']}/codes"
    none = await admin.delete(at)
    assert (none.status_code, none.json()["error"]) == (409, "factor_missing")
    begun = (await owner.post("/api/v1/users/me/totp", {"password": PASSWORD})).json()
    await owner.post("/api/v1/users/me/totp/confirm", {"code": TOTP(begun["secret"]).now()})
    login = {"email": owner.email, "password": PASSWORD}
    assert (await http.post(f"{AUTH}/login", json=login)).status_code == 202
    assert (await owner.delete(at)).status_code == 404, "not even their own"
    done = await admin.delete(at)
    assert (done.status_code, done.json()["has_codes"]) == (200, False)
    assert (await http.post(f"{AUTH}/login", json=login)).status_code == 200
    assert "asks for no codes" in (await mailbox.letter(owner.email))["Subject"]
    [entry] = await sql(
        engines,
        """
        select actor = audit_name('account', %s), details::text from audit_log
        where action = 'factor.removed' and subject = audit_name('account', %s)
        """,
        admin.user["id"],
        owner.user["id"],
    )
    assert entry == (True, '{"kind":"totp"}')
    await admin.http.aclose()


async def test_a_mail_server_that_takes_none_delays_letters_and_no_request(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines
) -> None:
    mailbox.answer, before = "451 later", mailbox.refused
    try:
        assert (await http.post(f"{AUTH}/password/letters", json={"email": owner.email})).status_code == 202

        async def refused() -> bool:
            return mailbox.refused - before >= 2

        await eventually(refused, timeout_s=60)
    finally:
        mailbox.answer = None
    letter = await mailbox.letter(owner.email)
    assert token_in(letter)
    kept = await sql(
        engines, "select row_to_json(letters)::text from letters where recipient = %s", owner.email
    )
    assert token_in(letter) not in str(kept)


async def test_a_letter_that_is_refused_for_good_is_given_up(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines
) -> None:
    mailbox.answer = "550 no such mailbox"
    try:
        await http.post(f"{AUTH}/password/letters", json={"email": owner.email})

        async def given_up() -> bool:
            found = await sql(
                engines, "select outcome, attempts from letters where recipient = %s", owner.email
            )
            return found == [("given_up", 1)]

        await eventually(given_up, timeout_s=60)
    finally:
        mailbox.answer = None


async def test_by_invitation_only_who_was_invited_makes_an_account_and_once(
    programs: Programs, engines: Engines, mailbox: Mailbox, mail_settings: dict[str, str], climber: Climber
) -> None:
    guest, other, gone = fresh_email(), fresh_email(), fresh_email()
    invited, _, taken_back, has_one, listed = await each(
        engines,
        f"invitations add {guest.upper()} --language fr",
        f"invitations add {gone}",
        f"invitations remove {gone}",
        f"invitations add {climber.email}",
        "invitations list",
    )
    _, url = programs.api(**mail_settings, EMAIL_VERIFICATION="required", SIGN_UP="invitation")
    assert (invited[0], taken_back[0], has_one[0]) == (0, 0, 1)
    assert guest in listed[1]
    assert "taken back" in listed[1]
    letter = await mailbox.letter(guest)
    assert letter["Subject"] == "Tu es invité sur Ascension"
    async with plain_http(url) as http:
        assert (await http.get(f"{AUTH}/sign-up")).json()["sign_up"] == "invitation"

        async def register(email: str, **more: str) -> httpx.Response:
            wish = {"email": email, "password": PASSWORD, "accepted": ACCEPTED, **more}
            return await http.post(f"{AUTH}/register", json=wish)

        token = token_in(letter)
        for answer in (await register(guest), await register(other, invitation=token)):
            assert (answer.status_code, answer.json()["error"]) == (403, "invitation_invalid")
        made = await register(guest, invitation=token)
        assert (made.status_code, made.json()["user"]["email"]) == (201, guest)
        assert (await register(guest, invitation=token)).json()["error"] == "invitation_invalid"
        for already_sent in mailbox.to(
            gone
        ):  # an API of another test may have been quicker than the second command
            late = await register(gone, invitation=token_in(already_sent))
            assert (late.status_code, late.json()["error"]) == (403, "invitation_invalid")
    assert await sql(engines, "select 1 from letters where recipient = %s and outcome is null", gone) == []


async def test_where_sign_up_is_closed_nobody_makes_an_account(programs: Programs) -> None:
    _, url = programs.api(SIGN_UP="closed")
    async with plain_http(url) as http:
        wish = {"email": fresh_email(), "password": PASSWORD, "accepted": ACCEPTED}
        refused = await http.post(f"{AUTH}/register", json=wish)
        assert (refused.status_code, refused.json()["error"]) == (403, "sign_up_closed")
        off = await http.post(f"{AUTH}/password/letters", json={"email": fresh_email()})
        assert (off.status_code, off.json()["error"]) == (409, "letters_off")


async def test_an_address_that_breaks_the_parser_and_an_old_letter_hold_up_no_other(
    http: httpx.AsyncClient, owner: Climber, mailbox: Mailbox, engines: Engines
) -> None:
    mark = secrets.token_hex(6)
    broken, old = f"{mark}@[b.c", f"{mark}@example.org"
    for email, age in ((broken, 1), (old, 25)):
        await sql(
            engines,
            """
            insert into letters (id, kind, recipient, language, created_at, due_at)
            values (gen_random_uuid(), 'password_changed', %s, 'en', now() - make_interval(hours => %s),
                now() - interval '1 hour')
            """,
            email,
            age,
        )
    await http.post(f"{AUTH}/password/letters", json={"email": owner.email})
    await mailbox.letter(owner.email)
    outcomes = await sql(engines, "select recipient, outcome from letters where recipient ^@ %s", mark)
    assert sorted(outcomes) == sorted([(broken, "given_up"), (old, "given_up")])
    assert mailbox.to(old) == [], "what was to be said a day ago is not said now"
    refused = await http.post(f"{AUTH}/password/letters", json={"email": broken})
    assert refused.status_code == 422


async def test_the_owner_is_told_of_each_change_of_what_lets_in_in_their_language(
    owner: Climber, mailbox: Mailbox
) -> None:
    told = await owner.http.put(
        "/api/v1/users/me/language",
        json={"language": "fr"},
        headers={"Authorization": f"Bearer {owner.token}"},
    )
    assert told.status_code == 204, told.text
    await set_up(owner)
    assert "un nouveau moyen" in (await mailbox.letter(owner.email))["Subject"]
    await owner.post("/api/v1/users/me/recovery-codes", {"password": PASSWORD})
    assert "un nouveau moyen" in (await mailbox.letter(owner.email, 2))["Subject"]
    off = await owner.http.request(
        "DELETE",
        "/api/v1/users/me/totp",
        json={"password": PASSWORD},
        headers={"Authorization": f"Bearer {owner.token}"},
    )
    assert off.status_code == 204, off.text
    removed = await mailbox.letter(owner.email, 3)
    assert "a été retiré" in removed["Subject"]
    assert "/account" in text_of(removed)
