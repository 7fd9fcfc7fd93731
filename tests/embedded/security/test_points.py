"""`ascension doctor --security`: the whole of it in each environment, and each thing that is wrong."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import pytest

from ascension.embedded.security import keeping_checks, packages, points, situation
from ascension.embedded.security.situation import Finding, Verdict
from tests.conftest import Engines, new_home, remove_home, unused_port
from tests.mailbox import Mailbox
from tests.platform import ROOT
from tests.rows import sql

pytestmark = pytest.mark.proves("M61")
GOLDEN = Path(__file__).parent
OF_THE_MACHINE = {"P08", "A05"}
"""The age of the list of advisories, and what this kernel can."""
GOOD = {
    "WEB_ORIGINS": '["https://ascension.example.org"]',
    "TRUSTED_PROXIES": "10.0.0.0/16",
    "JWT_SECRET": "f3b1c5d7e9a20b4c6d8e0f1a2b3c4d5e",
    "ACCOUNT_SECRET": "0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d",
}
PRODUCTION = {**GOOD, "ENVIRONMENT": "production"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment that names nothing, and a home where nothing runs."""
    for name in set(os.environ) - {"PATH", "HOME", "LANG"}:
        monkeypatch.delenv(name)
    home = new_home()
    monkeypatch.setenv("ASCENSION_HOME", str(home.path))
    yield monkeypatch
    remove_home(home)


def _examine(backups: Path | None = None) -> dict[str, Finding]:
    where = situation.find(os.environ, backups, NOW)
    return {row.id: row.finding for row in points.examine(where)}


def _set(patch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        patch.setenv(name, value)


def _told(found: dict[str, Finding]) -> str:
    lines = (
        f"{name} {one.verdict.value}: {re.sub(r'[0-9]+ entries', 'N entries', one.answered)}"
        for name, one in found.items()
        if name not in OF_THE_MACHINE
    )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("environment", ["development", "test", "staging", "production"])
@pytest.mark.parametrize("is_set", [False, True], ids=["nothing", "platform"])
def test_all_points_in_each_environment(
    clean_database: Engines, bare: pytest.MonkeyPatch, tmp_path: Path, environment: str, is_set: bool
) -> None:
    backups = None
    if is_set:
        _set(bare, **clean_database.environment("api", **GOOD))
        (tmp_path / "new.backup").touch()
        an_hour_ago_s = NOW.timestamp() - 3600
        os.utime(tmp_path / "new.backup", (an_hour_ago_s, an_hour_ago_s))
        backups = tmp_path
    bare.setenv("ENVIRONMENT", environment)
    found = _examine(backups)
    expected = (GOLDEN / f"{'platform' if is_set else 'nothing'}-{environment}.txt").read_text()
    assert _told(found) == expected
    assert len([name for name in found if name.startswith("P")]) == 10


WRONG = [
    ("A01", {"JWT_SECRET": "changeme-changeme-changeme-changeme"}, "JWT_SECRET is weak"),
    ("A01", {"ACCOUNT_SECRET": ""}, "ACCOUNT_SECRET is not set"),
    ("P01", {"REDIS_URL": "redis://cache.example.org"}, "not encrypted: REDIS_URL"),
    ("P01", {"S3_ENDPOINT": "http://s3.example.org"}, "not encrypted: S3_ENDPOINT"),
    ("P02", {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE"}, "a permanent AWS key"),
    ("P04", {"REDIS_URL": "rediss://8.8.8.8"}, "8.8.8.8 is at 8.8.8.8"),
    ("P09", {"RATE_LIMIT_FACTOR": "100"}, "100 times"),
    ("A02", {"SECURE_COOKIES": "false"}, "over plain http as well"),
    ("A03", {"LOG_LEVEL": "debug"}, "debug"),
    ("A04", {"WEB_ORIGINS": '["https://*.example.org"]'}, "not https: https://*"),
    ("A08", {"EMAIL_VERIFICATION": "off"}, "open, confirmation of e-mails off"),
    ("A10", {"TRUSTED_PROXIES": "8.0.0.0/6"}, "anybody could forge"),
    ("A10", {"TRUSTED_PROXIES": "0.0.0.0/0"}, "TRUSTED_PROXIES"),
]


def test_what_is_wrong_fails_in_production_and_shows_no_secret(
    engines: Engines, bare: pytest.MonkeyPatch
) -> None:
    _set(bare, **engines.environment("api", **PRODUCTION))
    checks = {name: check for name, _, check in points.POINTS}
    for name, wrong, words in WRONG:
        with bare.context() as patch:
            _set(patch, **wrong)
            where = situation.find(os.environ, None, NOW)
            (row,) = points.examine_these(where, [(name, "", checks[name])])
        assert (row.finding.verdict, words in row.finding.answered) == (Verdict.FAIL, True), (name, row)
        assert "changeme-" not in str(row)


def test_engines_that_are_set_up_wrongly_fail(
    engines: Engines, bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _set(bare, **engines.environment("api", **PRODUCTION))
    bare.setenv("DATABASE_URL", engines.admin_url)
    found = _examine(tmp_path)
    assert (found["P03"].verdict, "is a superuser" in found["P03"].answered) == (Verdict.FAIL, True)
    assert (found["A07"].verdict, found["A07"].answered) == (Verdict.FAIL, "there is none")
    bare.setenv("DATABASE_URL", engines.api_url.replace("127.0.0.1:", "127.0.0.1:1"))
    assert _examine()["P06"].verdict is Verdict.FAIL


@pytest.mark.thorough
async def test_an_admin_needs_a_second_factor(clean_database: Engines) -> None:
    await sql(
        clean_database,
        "insert into users (id, email, display_name, password_hash, role)"
        " values (gen_random_uuid(), 'a@b.org', 'A', 'x', 'admin')",
    )
    ended = await asyncio.to_thread(
        subprocess.run,
        [Path(sys.executable).with_name("ascension"), "doctor", "--security", "--json"],
        env=clean_database.environment("api", **PRODUCTION),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    told = json.loads(ended.stdout)
    (admins,) = [one for one in told["points"] if one["id"] == "A09"]
    assert (ended.returncode, admins["verdict"], admins["answered"]) == (1, "fail", "1 of 1")
    assert told["counts"]["fail"] == 1
    assert not [name for name in ("JWT_SECRET", "ACCOUNT_SECRET") if GOOD[name] in ended.stdout]


def test_an_advisory_is_found_and_a_version_nobody_asked_for_is_not_called_good(
    tmp_path: Path,
) -> None:
    lock, web = tmp_path / "run.lock", tmp_path / "package-lock.json"
    lock.write_text("aiohttp==3.0.0 \\\n    --hash=sha256:00\nredis[hiredis]==8.1.0 ; python_version > '3'\n")
    web.write_text(json.dumps({"packages": {"": {}, "node_modules/a": {"version": "1.0.0", "dev": True}}}))
    found = packages.locked(lock, web)
    assert [one.key for one in found] == ["PyPI:aiohttp@3.0.0", "PyPI:redis@8.1.0", "npm:a@1.0.0"]
    answers = {"PyPI:aiohttp@3.0.0": ["GHSA-1", "GHSA-2"], "npm:a@1.0.0": []}
    path = tmp_path / "advisories.json"
    stored = {"source": "x", "fetched_on": "2026-11-01", "accepted": {"GHSA-2": "only on Windows"}}
    path.write_text(json.dumps({**stored, "answers": answers}))
    known = packages.known(found, path)
    assert known.affected == {"PyPI:aiohttp@3.0.0": ["GHSA-1"]}
    assert known.not_looked_up == ["PyPI:redis@8.1.0"]
    assert known.age_days(NOW.date()) == 21


def test_the_real_locks_are_read_whole() -> None:
    begun = [line for line in packages.PYTHON_LOCK.read_text().splitlines() if re.match("[a-z0-9]", line)]
    found = packages.locked()
    assert len(begun) == len([one for one in found if one.ecosystem == "PyPI"])
    assert {one.name for one in found if one.ecosystem == "npm" and one.is_shipped} >= {
        "preact",
        "openapi-fetch",
    }


LATE: tuple[LiteralString, ...] = (
    """
    insert into audit_log (at, actor, action, subject, details)
    values (now() - interval '400 days', 'platform', 'platform.started', 'platform', '{}')
    """,
    "insert into object_deletions (object_key, not_before) values ('x', now() - interval '2 days')",
    """
    insert into letters (id, kind, recipient, language, outcome, settled_at)
    values (gen_random_uuid(), 'invitation', 'a@example.org', 'en', 'given_up', now())
    """,
)


async def test_what_does_not_happen_by_itself_any_more_is_told(
    clean_database: Engines, bare: pytest.MonkeyPatch
) -> None:
    _set(bare, **clean_database.environment("api", **PRODUCTION))
    for statement in LATE:
        await sql(clean_database, statement)

    def found() -> dict[str, Finding]:
        return {
            row.id: row.finding for row in points.examine(situation.find(os.environ, None, datetime.now(UTC)))
        }

    late = await asyncio.to_thread(found)
    told = {name: (late[name].verdict, late[name].answered) for name in ("A12", "A14", "A16")}
    assert told == {
        "A12": (Verdict.WARN, "JWT_SECRET 400 days, ACCOUNT_SECRET 400 days old (a year at most)"),
        "A14": (Verdict.FAIL, "0 videos, 1 objects"),
        "A16": (Verdict.WARN, "1 given up, 0 waiting for over an hour"),
    }
    await sql(
        clean_database,
        "insert into audit_log (actor, action, subject, details) values"
        """ ('platform', 'key.rotated', 'platform', '{"which":"signing_key"}')""",
    )
    assert "JWT_SECRET 0 days, ACCOUNT_SECRET 400 days" in (await asyncio.to_thread(found))["A12"].answered


async def test_the_mail_server_is_greeted(
    clean_database: Engines, bare: pytest.MonkeyPatch, mailbox: Mailbox
) -> None:
    """The one of the tests speaks no TLS: enough in development, unusable in production."""
    _set(bare, **clean_database.environment("api", **PRODUCTION), MAIL_FROM="letters@example.org")

    async def told(environment: str, port: int) -> tuple[Verdict, str]:
        _set(bare, ENVIRONMENT=environment, SMTP_URL=f"smtp://127.0.0.1:{port}")
        where = situation.find(os.environ, None, NOW)
        finding = await asyncio.to_thread(keeping_checks.mail_server, where)
        return finding.verdict, finding.answered

    before = len(mailbox.letters)
    assert await told("development", mailbox.port) == (Verdict.WARN, "answers, without TLS")
    assert await told("production", mailbox.port) == (Verdict.FAIL, "it cannot be used: SMTPException")
    assert await told("production", unused_port()) == (Verdict.FAIL, "it cannot be used: SMTPConnectError")
    assert len(mailbox.letters) == before, "no letter is sent"


def test_a_bucket_is_asked_how_it_is_set_up(engines: Engines, bare: pytest.MonkeyPatch) -> None:
    key_id, secret = engines.s3_keys("admin")
    _set(bare, **engines.environment("api", **PRODUCTION))
    _set(bare, AWS_ACCESS_KEY_ID=key_id, AWS_SECRET_ACCESS_KEY=secret)
    finding = keeping_checks.bucket_settings(situation.find(os.environ, None, NOW))
    assert finding.verdict is Verdict.FAIL
    assert finding.answered == "versions off, encrypted no, closed not told (NotImplemented)"
    _set(bare, S3_ENDPOINT=f"http://127.0.0.1:{unused_port()}")
    away = keeping_checks.bucket_settings(situation.find(os.environ, None, NOW))
    assert (away.verdict, "does not answer" in away.answered) == (Verdict.FAIL, True)
