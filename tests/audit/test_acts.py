"""What people do leaves its entry, written with it, and nothing that names them."""

from collections.abc import AsyncIterator

import pytest

from ascension.audit import queries
from ascension.audit.chain import Entry
from ascension.audit.entries import Party, account, address
from ascension.audit.verification import verify
from ascension.infra.database.primary import Database
from tests.conftest import Engines
from tests.eventually import eventually
from tests.operations.test_operator import dead_jobs
from tests.platform import ACCEPTED, PASSWORD, Climber, Programs
from tests.privacy.test_consents import register
from tests.rows import sql

pytestmark = pytest.mark.proves("M57")


async def _entries(engines: Engines, actor: Party | None = None, subject: Party | None = None) -> list[Entry]:
    """Oldest first."""
    async with (
        Database(engines.api_url, pool_size=1, application="tests") as database,
        database.reading() as connection,
    ):
        which = queries.Which(
            actor=actor and await queries.name_of(connection, actor),
            subject=subject and await queries.name_of(connection, subject),
        )
        return (await queries.list_newest(connection, which, limit=100))[::-1]


@pytest.fixture
async def admin(climber: Climber, engines: Engines) -> AsyncIterator[Climber]:
    await sql(engines, "update users set role = 'admin' where id = %s", climber.user["id"])
    yield climber
    await sql(engines, "update users set role = 'climber' where id = %s", climber.user["id"])


async def test_logins_good_and_bad(engines: Engines, climber: Climber) -> None:
    async def log_in(email: str, password: str) -> int:
        body = {"email": email, "password": password}
        return (await climber.http.post("/api/v1/auth/login", json=body)).status_code

    unknown = f"nobody-{climber.email}"
    assert [await log_in(climber.email, "wrong wrong wrong"), await log_in(unknown, PASSWORD)] == [401, 401]
    assert await log_in(climber.email, PASSWORD) == 200
    everywhere = await climber.post("/api/v1/auth/logout-everywhere", {"this_too": True})
    assert everywhere.status_code == 204, everywhere.text
    done = [entry.action for entry in await _entries(engines, account(climber.user["id"]))]
    assert done == ["login.succeeded", "sessions.ended"]
    for email in (climber.email, unknown):
        assert [one.action for one in await _entries(engines, address(email))] == ["login.failed"]


async def test_a_sign_up_is_told_without_the_address(engines: Engines, api_url: str) -> None:
    made = await register(api_url, accepted=ACCEPTED)
    assert made.status_code == 201, made.text
    user = made.json()["user"]
    entries = await _entries(engines, account(user["id"]))
    assert [one.action for one in entries] == [
        "account.registered",
        "consent.given",
        "consent.given",
        "login.succeeded",
    ]
    assert not [word for word in (user["id"], user["email"], user["display_name"]) if word in str(entries)]


async def test_what_is_removed_is_told_without_what_it_was(engines: Engines, climber: Climber) -> None:
    analysis = await climber.analyze(b"a" * 1000)
    video_id = analysis["video"]["id"]
    for path in (f"analyses/{analysis['id']}", f"videos/{video_id}"):
        assert (await climber.delete(f"/api/v1/{path}?for_good=true")).status_code == 204
    assert (await climber.delete(f"/api/v1/videos/{video_id}")).status_code == 404
    me = account(climber.user["id"])
    assert [one.action for one in await _entries(engines, me, Party("video", video_id))] == ["video.deleted"]
    gone = await climber.http.request(
        "DELETE", "/api/v1/users/me", json={"password": PASSWORD}, headers=climber.headers
    )
    assert gone.status_code == 202
    entries = await _entries(engines, me)
    removed, ended = ["analysis.deleted", "video.deleted"], ["sessions.ended", "account.leaving"]
    assert [one.action for one in entries] == [*removed, *ended, "account.erased"]
    told = str(entries)
    assert not [
        word for word in (climber.user["id"], climber.email, video_id, analysis["id"]) if word in told
    ]


async def test_what_admins_do(engines: Engines, admin: Climber, stranger: Climber) -> None:
    (job_id,) = await dead_jobs(engines, stranger, 1)
    users = f"/api/v1/operator/users/{stranger.user['id']}"
    assert (await admin.patch(users, {"role": "coach", "tier": "premium"})).status_code == 200
    assert (await admin.post(f"/api/v1/operator/jobs/{job_id}/retry")).status_code == 200
    assert (await admin.post(f"/api/v1/operator/jobs/{job_id}/cancel")).status_code == 200
    assert (await admin.post(f"/api/v1/operator/jobs/{job_id}/cancel")).status_code == 409
    by_admin = await _entries(engines, account(admin.user["id"]))
    assert [(one.action, one.details) for one in by_admin] == [
        ("account.role_changed", '{"role":"coach"}'),
        ("plan.given", '{"reason":"","tier":"premium","until":null}'),
        ("account.tier_changed", '{"cause":"given","tier":"premium"}'),
        ("job.retried", "{}"),
        ("job.canceled", "{}"),
    ]
    assert by_admin[:3] == await _entries(engines, None, account(stranger.user["id"]))


async def test_a_start_leaves_its_settings_and_the_head_in_the_log(programs: Programs) -> None:
    engines = programs.engines
    process, _ = programs.api()

    async def is_told() -> bool:
        return any(line.get("event") == "audit_head" for line in process.events())

    await eventually(is_told)
    head = next(line["head"] for line in process.events() if line.get("event") == "audit_head")
    position, _, digest = head.partition(":")
    found = await sql(engines, "select encode(hash, 'hex') from audit_log where position = %s", position)
    assert found == [(digest,)]
    started = [one for one in await _entries(engines) if one.action == "platform.started"]
    assert '"environment":"test"' in started[-1].details
    assert '"signing_key":"' in started[-1].details
    assert engines.environment("api")["JWT_SECRET"] not in started[-1].details
    async with Database(engines.api_url, pool_size=1, application="tests") as database:
        assert (await verify(database)).fault is None
