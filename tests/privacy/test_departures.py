"""An account that is to go: closed at once, kept by whoever logs in in time, erased afterwards."""

import pytest

from tests.conftest import Engines
from tests.eventually import eventually
from tests.mailbox import Mailbox, text_of
from tests.platform import PASSWORD, Climber, Programs, new_climber
from tests.retention.test_erasure import close_code, erase
from tests.retention.traces import rows_with
from tests.rows import sql

LOGIN = "/api/v1/auth/login"


@pytest.fixture
def grace_url(programs: Programs, mail_settings: dict[str, str]) -> str:
    settings = {**mail_settings, "ACCOUNT_GRACE_S": "86400", "HOUSEKEEPING_S": "0.2", "ERASURE_SETTLE_S": "1"}
    return programs.api(**settings)[1]


async def keep_challenge(climber: Climber) -> str:
    asked = await climber.http.post(LOGIN, json={"email": climber.email, "password": PASSWORD})
    assert asked.status_code == 202, asked.text
    return asked.json()["keep_challenge"]


async def test_an_account_that_is_to_go_is_closed_at_once_and_comes_back_whole(
    grace_url: str, mailbox: Mailbox, engines: Engines
) -> None:
    climber = await new_climber(grace_url)
    analysis = await climber.analyze(b"somebody's climb")
    wrong = await erase(climber, "not the password")
    assert (wrong.status_code, wrong.json()["error"]) == (403, "password_wrong")
    async with climber.live() as socket:
        answer = await erase(climber)
        assert (answer.status_code, answer.json()["state"]) == (202, "leaving"), answer.text
        assert await close_code(socket) is not None
    for path in ("/api/v1/users/me", f"/api/v1/analyses/{analysis['id']}", "/api/v1/analyses"):
        assert (await climber.get(path)).status_code == 401, path
    assert (await climber.http.post("/api/v1/auth/refresh")).status_code == 401
    jobs = await sql(engines, "select state from jobs where user_id = %s", climber.user["id"])
    assert jobs == [("canceled",)]
    letter = await mailbox.letter(climber.email)
    assert answer.json()["erase_at"][:10] in text_of(letter)

    guess = await climber.http.post(LOGIN, json={"email": climber.email, "password": "not the password"})
    assert (guess.status_code, guess.json()["error"]) == (401, "invalid_credentials")
    challenge = await keep_challenge(climber)
    kept = await climber.http.post("/api/v1/auth/keep", json={"keep_challenge": challenge})
    assert kept.status_code == 200, kept.text
    again = await climber.http.post("/api/v1/auth/keep", json={"keep_challenge": challenge})
    assert (again.status_code, again.json()["error"]) == (403, "challenge_expired")
    climber.token = kept.json()["access_token"]
    assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).status_code == 200
    assert (await climber.post(f"/api/v1/analyses/{analysis['id']}/retry")).status_code == 202
    actions = await sql(
        engines,
        "select action from audit_log where actor = audit_name('account', %s) order by position",
        climber.user["id"],
    )
    told = [action for (action,) in actions if action in ("account.leaving", "account.kept")]
    assert told == ["account.leaving", "account.kept"]
    await climber.http.aclose()


@pytest.mark.proves("M23")
async def test_after_the_grace_nothing_is_left(grace_url: str, mailbox: Mailbox, engines: Engines) -> None:
    climber, bystander = await new_climber(grace_url), await new_climber(grace_url)
    await climber.upload(b"v" * 1000)
    for one in (climber, bystander):
        assert (await erase(one)).json()["state"] == "leaving"
    await mailbox.letter(climber.email)
    challenge = await keep_challenge(climber)
    invited = {climber.email: 0, "old@example.org": 45, "lately@example.org": 40}
    for email, age_days in invited.items():
        await sql(
            engines,
            """
            insert into invitations (id, email, expires_at)
            values (gen_random_uuid(), %s, now() - make_interval(days => %s) + interval '14 days')
            """,
            email,
            age_days,
        )
    await sql(engines, "update departures set erase_at = now() where user_id = %s", climber.user["id"])
    await mailbox.letter(climber.email, 2)
    assert mailbox.to(climber.email)[-1]["Subject"] == "Your Ascension account is erased"
    late = await climber.http.post("/api/v1/auth/keep", json={"keep_challenge": challenge})
    assert (late.status_code, late.json()["error"]) == (401, "session_revoked")

    async def is_gone() -> bool:
        return await rows_with(engines, climber.user["id"]) == []

    await eventually(is_gone)

    async def are_forgotten() -> bool:
        left = await sql(engines, "select email from invitations where email = any(%s)", list(invited))
        return left == [("lately@example.org",)]

    await eventually(are_forgotten)
    assert await sql(engines, "select count(*) from departures where user_id = %s", bystander.user["id"]) == [
        (1,)
    ]
    for one in (climber, bystander):
        await one.http.aclose()
