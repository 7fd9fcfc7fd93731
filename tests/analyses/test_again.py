"""A result that is made anew: until that is done, and when it fails, what there was stands."""

import asyncio
from typing import Any

import pytest

from tests.clips import short_climb
from tests.jobs.conftest import children_of
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Process, Programs, until

ANALYSES = "/api/v1/analyses"


async def made_anew(climber: Climber, path: str) -> None:
    answer = await climber.post(f"{path}/retry", {"body_height_m": 1.8})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer.json()["summary"] is not None


async def dies_twice(worker: Process, climber: Climber, analysis: dict[str, Any]) -> None:
    """Kill whatever computes it until it is given up."""
    async with asyncio.timeout(60):
        while (await climber.get(f"{ANALYSES}/{analysis['id']}")).json()["state"] != "completed":
            for child in children_of(worker):
                child.kill()
            await asyncio.sleep(0.1)


@pytest.mark.proves("D13")
@pytest.mark.thorough
async def test_a_run_that_fails_dies_or_is_canceled_leaves_the_result_before(
    climber: Climber, programs: Programs
) -> None:
    worker = programs.worker(**QUICK)
    analysis = await climber.analyze(short_climb())
    path = f"{ANALYSES}/{analysis['id']}"
    good = await climber.wait(analysis["id"])
    result = (await climber.get(f"{path}/result")).content
    used = (await climber.get("/api/v1/users/me")).json()["quota"]["used"]

    async def stands(failure: str | None) -> None:
        now = (await climber.get(path)).json()
        assert (now["failure"] and now["failure"]["error"]) == failure
        for field in ("state", "summary", "finished_at", "has_wall_picture"):
            assert now[field] == good[field], field
        assert (await climber.get(f"{path}/result")).content == result
        (listed,) = (await climber.get(ANALYSES)).json()["items"]
        assert listed["state"] == "completed"
        assert (await climber.get("/api/v1/users/me")).json()["quota"]["used"] == used

    assert good["state"] == "completed"
    await made_anew(climber, path)
    await dies_twice(worker, climber, analysis)
    await stands("compute_crashed")

    worker.stop()
    await made_anew(climber, path)
    assert (await climber.post(f"{path}/cancel")).status_code == 202
    await stands(None)

    limited = programs.worker(**QUICK, JOB_MEMORY_LIMIT_MB="256")
    await made_anew(climber, path)
    await climber.wait(analysis["id"])
    await stands("compute_memory_limit")
    limited.stop()

    programs.worker(**QUICK)
    assert (await climber.post(f"{path}/retry")).status_code == 202
    again = await climber.wait(analysis["id"])
    assert (again["state"], again["failure"]) == ("completed", None)
    assert again["finished_at"] > good["finished_at"]
    await until(lambda: any(event["event"] == "job_done" for event in programs.processes[-1].events()))
