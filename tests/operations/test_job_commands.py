"""`ascension operators` and `ascension jobs` on the environment's engines, as somebody types them."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Engines
from tests.operations.test_operator import OPERATOR, dead_jobs
from tests.platform import ROOT, Climber
from tests.rows import sql

ASCENSION = Path(sys.executable).with_name("ascension")


async def ascension(engines: Engines, *arguments: str, typed: str = "", **more: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [ASCENSION, *arguments],
        env=engines.environment("api", COLUMNS="200", **more),
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


async def told(engines: Engines, *arguments: str, code: int = 0) -> dict[str, Any]:
    """The one JSON object of a command."""
    exit_code, out, err = await ascension(engines, "jobs", *arguments, "--json")
    assert exit_code == code, out + err
    return json.loads(out)


@pytest.mark.proves("D02")
async def test_an_account_is_made_operator_and_is_one_no_more(climber: Climber, engines: Engines) -> None:
    async def status() -> int:
        return (await climber.get(f"{OPERATOR}/queue")).status_code

    assert await status() == 404
    code, out, _ = await ascension(engines, "operators", "add", climber.email.upper())
    assert (code, out.strip()) == (0, f"{climber.email.upper()} is an operator.")
    assert await status() == 200
    assert climber.email in (await ascension(engines, "operators", "list"))[1]
    assert (await ascension(engines, "operators", "remove", climber.email))[0] == 0
    assert await status() == 404
    code, out, err = await ascension(engines, "operators", "add", "nobody@example.org")
    assert (code, out) == (1, "")
    assert "register it first" in err


@pytest.mark.proves("D11")
async def test_dead_jobs_are_listed_shown_and_tried_again(climber: Climber, engines: Engines) -> None:
    await sql(engines, "delete from jobs where state = 'dead'")
    assert "No such job is dead" in (await ascension(engines, "jobs", "list"))[1]
    lost = await dead_jobs(engines, climber, 3)
    await dead_jobs(engines, climber, 1, code="compute_crashed")
    _, listed, _ = await ascension(engines, "jobs", "list", "--reason", "worker_lost")
    assert all(job_id in listed for job_id in lost)
    assert "compute_crashed" not in listed
    page = await told(engines, "list", "--oldest", "-n", "2")
    assert [job["id"] for job in page["items"]] == lost[:2]
    rest = await told(engines, "list", "--oldest", "--cursor", page["next_cursor"])
    assert (len(rest["items"]), rest["next_cursor"]) == (2, None)
    _, shown, _ = await ascension(engines, "jobs", "show", lost[0])
    for words in ("worker_lost: The analysis was lost", "3, of them 2 crashed", "worker-1", "poses 1.5 s"):
        assert words in shown
    assert (await told(engines, "retry", lost[0]))["state"] == "queued"
    assert (await told(engines, "retry", lost[0], code=1))["error"] == "job_not_retryable"
    assert (await told(engines, "cancel", lost[0]))["state"] == "canceled"
    assert (await told(engines, "show", str(uuid4()), code=1))["error"] == "job_not_found"
    kept, _, asked = await ascension(engines, "jobs", "retry-dead", typed="n\n")
    assert (kept, "Run 3 dead jobs again?" in asked) == (1, True)
    assert await told(engines, "retry-dead", "--reason", "worker_lost", "--yes") == {"retried": 2, "left": 0}
    assert len((await told(engines, "list"))["items"]) == 1
    await sql(engines, "delete from jobs where kind = 'rehearsal'")


@pytest.mark.proves("D11")
async def test_the_queue_is_watched_and_mistakes_are_named(climber: Climber, engines: Engines) -> None:
    await climber.analyze(b"waits")
    _, drawn, _ = await ascension(engines, "jobs", "watch", "--times", "1")
    assert "infinity" in drawn
    assert "waiting" in drawn
    seen = await told(engines, "watch", "--times", "1")
    assert next(tier for tier in seen["tiers"] if tier["tier"] == "free")["queued"]["jobs"] >= 1
    assert (await ascension(engines, "jobs", "list", "--state", "sleeping"))[0] == 2
    away = await ascension(engines, "jobs", "list", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert (away[0], away[1]) == (1, "")
    assert "database_unavailable" in away[2]
