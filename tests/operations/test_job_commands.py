"""`ascension admins`, `users` and `jobs` on the environment's engines, as somebody types them."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ascension.errors.accounts import AccountNotFound, FactorMissing
from tests.accounts.factors.test_totp import set_up
from tests.conftest import Engines
from tests.operations.test_operator import OPERATOR, dead_jobs
from tests.platform import PASSWORD, ROOT, Climber
from tests.rows import sql

ASCENSION = Path(sys.executable).with_name("ascension")


# Loading the platform takes most of a command's time: one process runs several.
SEVERAL = """
import json, sys
from typer.testing import CliRunner
from ascension.cli import app
asked = json.load(sys.stdin)
ended = [CliRunner().invoke(app, words, input=typed) for words, typed in asked]
print(json.dumps([[one.exit_code, one.stdout, one.stderr] for one in ended]))
"""
Ended = tuple[int, str, str]
"""Exit code, standard output, standard error."""


async def run(environment: dict[str, str], program: list[str], typed: str) -> Ended:
    ended = await asyncio.to_thread(
        subprocess.run,
        program,
        env=environment,
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


async def ascension(engines: Engines, *arguments: str, **more: str) -> Ended:
    """One command as somebody types it."""
    return await run(engines.environment("api", COLUMNS="200", **more), [str(ASCENSION), *arguments], "")


async def each(engines: Engines, *commands: str, typed: str = "") -> list[Ended]:
    """Several commands, one after the other; `typed` at whatever they ask."""
    environment = engines.environment("api", COLUMNS="200")
    asked = json.dumps([(words.split(), typed) for words in commands])
    code, out, err = await run(environment, [sys.executable, "-c", SEVERAL], asked)
    assert code == 0, err
    return [(one[0], one[1], one[2]) for one in json.loads(out)]


async def test_codes_are_turned_off_on_the_machine(climber: Climber, engines: Engines) -> None:
    await set_up(climber)
    login = {"email": climber.email, "password": PASSWORD}
    assert (await climber.http.post("/api/v1/auth/login", json=login)).status_code == 202
    command = f"users codes-off {climber.email.upper()}"
    [(refused, asked, _)] = await each(engines, command, typed="n\n")
    assert (refused, "by another way than e-mail?" in asked) == (1, True)
    assert (await climber.http.post("/api/v1/auth/login", json=login)).status_code == 202
    agreed, none_left, unknown = await each(
        engines, f"{command} --yes", f"{command} --yes", "users codes-off nobody@example.org --yes"
    )
    assert (agreed[0], f"Logging in as {climber.email} asks for no codes" in agreed[1]) == (0, True)
    assert (none_left[0], FactorMissing.message() in none_left[2]) == (1, True)
    assert (unknown[0], AccountNotFound.message() in unknown[2]) == (1, True)
    assert (await climber.http.post("/api/v1/auth/login", json=login)).status_code == 200
    entries = await sql(
        engines,
        """
        select actor, details::text from audit_log
        where action = 'factor.removed' and subject = audit_name('account', %s)
        """,
        climber.user["id"],
    )
    assert entries == [("command", '{"kind":"totp"}')]
    letters = await sql(engines, "select kind from letters where recipient = %s", climber.email)
    assert letters == [("codes_off",)]


@pytest.mark.proves("D02")
async def test_an_account_is_made_admin_and_is_one_no_more(
    climber: Climber, stranger: Climber, engines: Engines
) -> None:
    await sql(engines, "update users set role = 'climber', operator = false where role = 'admin'")

    async def status() -> int:
        return (await climber.get(f"{OPERATOR}/queue")).status_code

    assert await status() == 404
    code, out, _ = await ascension(engines, "admins", "add", climber.email.upper())
    assert (code, out.strip()) == (0, f"{climber.email.upper()} is an admin.")
    assert await status() == 200
    last, _, listed, removed, unknown = await each(
        engines,
        f"admins remove {climber.email}",
        f"admins add {stranger.email}",
        "admins list",
        f"admins remove {climber.email}",
        "admins add nobody@example.org",
    )
    assert (last[0], "This is the only admin" in last[2]) == (1, True)
    assert climber.email in listed[1]
    assert stranger.email in listed[1]
    assert removed[0] == 0
    assert await status() == 404
    assert unknown[:2] == (1, "")
    assert "register it first" in unknown[2]


@pytest.mark.proves("D11")
async def test_dead_jobs_are_listed_shown_and_tried_again(climber: Climber, engines: Engines) -> None:
    await sql(engines, "delete from jobs where state = 'dead'")
    lost = await dead_jobs(engines, climber, 3)
    await dead_jobs(engines, climber, 1, code="compute_crashed")
    listed, page, shown, retried, again, canceled, nobody, kept = await each(
        engines,
        "jobs list --reason worker_lost",
        "jobs list --oldest -n 2 --json",
        f"jobs show {lost[0]}",
        f"jobs retry {lost[0]} --json",
        f"jobs retry {lost[0]} --json",
        f"jobs cancel {lost[0]} --json",
        f"jobs show {uuid4()} --json",
        "jobs retry-dead",
        typed="n\n",
    )
    assert all(job_id in listed[1] for job_id in lost)
    assert "compute_crashed" not in listed[1]
    assert [job["id"] for job in told(page)["items"]] == lost[:2]
    assert told(page)["next_cursor"] == lost[1]
    for words in ("worker_lost: The analysis was lost", "3, of them 2 crashed", "worker-1", "poses 1.5 s"):
        assert words in shown[1]
    assert told(retried)["state"] == "queued"
    assert (again[0], told(again)["error"]) == (1, "job_not_retryable")
    assert told(canceled)["state"] == "canceled"
    assert (nobody[0], told(nobody)["error"]) == (1, "job_not_found")
    assert (kept[0], "Run 3 dead jobs again?" in kept[2]) == (1, True)
    moved, rest, none = await each(
        engines,
        "jobs retry-dead --reason worker_lost --yes --json",
        "jobs list --json",
        "jobs list --reason worker_lost",
    )
    assert (moved[0], told(moved)) == (0, {"retried": 2, "left": 0})
    assert len(told(rest)["items"]) == 1
    assert "No such job is dead" in none[1]
    await sql(engines, "delete from jobs where kind = 'rehearsal'")


@pytest.mark.proves("D11")
async def test_the_queue_is_watched_and_mistakes_are_named(climber: Climber, engines: Engines) -> None:
    await climber.analyze(b"waits")
    drawn, seen, mistaken = await each(
        engines, "jobs watch --times 1", "jobs watch --times 1 --json", "jobs list --state sleeping"
    )
    assert "infinity" in drawn[1]
    assert "waiting" in drawn[1]
    free = next(tier for tier in told(seen)["tiers"] if tier["tier"] == "free")
    assert free["queued"]["jobs"] >= 1
    assert mistaken[0] == 2
    away = await ascension(engines, "jobs", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert away[:2] == (1, "")
    assert "database_unavailable" in away[2]


def told(ended: Ended) -> dict[str, Any]:
    """The one JSON object of a command."""
    found: dict[str, Any] = json.loads(ended[1])
    return found
