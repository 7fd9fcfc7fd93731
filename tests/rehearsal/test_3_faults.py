"""Lines are cut and processes killed while climbers are at work: nothing is lost, nothing is there twice."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.platform import EXAMPLE, Climber
from tests.rehearsal import report, wires
from tests.rehearsal.crowd import at_work
from tests.rehearsal.hosts import API, DATABASE, WORKER, Machine

LINK_CUT_S = 60
DATABASE_CUT_S = 90
BACK_WITHIN_S = 30
MISSES_TAKE_S = 3 * 5 + 5
"""Three questions of the balancer, five seconds apart, and the last one's answer."""


@asynccontextmanager
async def cut_off(machine: Machine) -> AsyncGenerator[None]:
    for wire in machine.wires:
        wires.cut(wire)
    try:
        yield
    finally:
        for wire in machine.wires:
            wires.mend(wire)


@pytest.mark.rehearsal
async def test_a_worker_whose_link_is_cut_goes_on(climber: Climber) -> None:
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    await climber.wait_for_child(analysis["id"])
    async with cut_off(WORKER):
        await asyncio.sleep(LINK_CUT_S)
    mended = time.monotonic()
    done = await climber.wait(analysis["id"], timeout_s=300)
    report.note(
        f"link of the worker cut for {LINK_CUT_S} s: result after it, s", round(time.monotonic() - mended, 1)
    )
    assert done["state"] == "completed", done
    result = await climber.get(f"/api/v1/analyses/{analysis['id']}/result")
    assert result.status_code == 200


@pytest.mark.rehearsal
async def test_a_database_that_is_cut_off_costs_time_and_nothing_else(
    climber: Climber, route_ids: list[str]
) -> None:
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    async with at_work(climber, route_ids) as seen:
        await asyncio.sleep(5)
        async with cut_off(DATABASE):
            await asyncio.sleep(DATABASE_CUT_S)
        mended = time.monotonic()
        before = len(seen.acknowledged)
        while len(seen.acknowledged) < before + 3:
            await asyncio.sleep(0.1)
        healed_s = time.monotonic() - mended
        await asyncio.sleep(5)
    done = await climber.wait(analysis["id"], timeout_s=300)
    report.note(f"database cut off for {DATABASE_CUT_S} s: written again after it, s", round(healed_s, 1))
    report.note("meanwhile", seen)
    assert done["state"] == "completed", done
    assert healed_s < BACK_WITHIN_S
    assert seen.reads.keys() <= {"200", "503"}


@pytest.mark.rehearsal
async def test_a_replica_that_is_killed_is_missed_by_nobody(climber: Climber, route_ids: list[str]) -> None:
    [replica, *_] = asked()
    unit = f"ascension-api-*@{replica}.service"
    async with at_work(climber, route_ids) as seen:
        await asyncio.sleep(5)
        await asyncio.to_thread(
            API.execute, "systemctl", "kill", "--signal=SIGKILL", "--kill-whom=main", unit
        )
        await asyncio.to_thread(API.execute, "systemctl", "stop", unit)
        await asyncio.sleep(MISSES_TAKE_S)
        out = await asyncio.to_thread(asked)
        await asyncio.to_thread(API.execute, "systemctl", "start", named(replica))
        await asyncio.sleep(MISSES_TAKE_S)
        back = await asyncio.to_thread(asked)
    report.note("replica killed under load", seen)
    assert (replica in out, replica in back) == (False, True)
    assert seen.failed_reads == {}


def named(replica: int) -> str:
    color = "blue" if replica < 8090 else "green"
    return f"ascension-api-{color}@{replica}.service"


def asked() -> list[int]:
    """Whom nginx asks just now."""
    told = API.execute("cat", "/var/lib/ascension/balancer/servers.conf")
    lines = [line for line in told.splitlines() if line.startswith("server ") and " down" not in line]
    return [int(line.split()[1].rstrip(";").rsplit(":", 1)[1]) for line in lines]
