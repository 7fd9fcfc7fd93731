"""The database goes away for a while: everybody is told when to come again, then all goes on by itself.

`make outage` takes it away for 90 s and prints how long healing took.
"""

import asyncio
import os
import time

import pytest

from tests.clips import short_climb
from tests.eventually import eventually
from tests.jobs.test_worker import SHORT_LEASE
from tests.platform import Programs, new_climber

OUTAGE_S = float(os.environ.get("OUTAGE_S", "8"))
ASK_EVERY_S = 2


@pytest.mark.proves("M41")
@pytest.mark.thorough
async def test_the_platform_heals_by_itself_after_the_database_was_away(broken_programs: Programs) -> None:
    _, url = broken_programs.api(**SHORT_LEASE)
    broken_programs.worker(**SHORT_LEASE)
    climber = await new_climber(url)
    analysis = await climber.analyze(short_climb(60))
    await climber.wait_for_child(analysis["id"])
    database = broken_programs.engines.stack.engine("postgres")
    database.kill()
    until_s = time.monotonic() + OUTAGE_S
    while time.monotonic() < until_s:
        refused = await climber.get("/api/v1/analyses")
        assert (refused.status_code, refused.json()["error"]) == (503, "database_unavailable")
        assert int(refused.headers["Retry-After"]) > 0
        assert (await climber.http.get("/health")).status_code == 200
        await asyncio.sleep(ASK_EVERY_S)
    await database.start()
    there_s = time.monotonic()

    async def answers() -> bool:
        return (await climber.get("/api/v1/analyses")).status_code == 200

    await eventually(answers)
    answered_s = time.monotonic() - there_s
    waiting = await climber.analyze(short_climb())  # the worker takes new work, too
    for one in (analysis, waiting):
        assert (await climber.wait(one["id"]))["state"] == "completed"
    done_s = time.monotonic() - there_s
    print(f"away {OUTAGE_S:.0f} s: the API answered after {answered_s:.1f} s, jobs done after {done_s:.1f} s")
    await climber.http.aclose()
