"""A release and the way back, while climbers are at work."""

import asyncio
import time

import pytest

from tests.platform import EXAMPLE, Climber
from tests.rehearsal import report
from tests.rehearsal.crowd import at_work
from tests.rehearsal.hosts import API
from tests.rehearsal.staging import CHANGED, FIRST, SECOND, install, release

FLIP_WITHIN_S = 60
PROGRAM = "/opt/ascension/host/release.py"


async def version(climber: Climber) -> str:
    return (await climber.http.get("/health")).json()["version"]


@pytest.mark.rehearsal
def test_the_playbook_once_more_changes_nothing() -> None:
    began = time.monotonic()
    changed = {host: int(count) for host, count in CHANGED.findall(install(FIRST))}
    report.note("the playbook once more, s", round(time.monotonic() - began))
    report.note("what it changed", changed)
    assert changed == dict.fromkeys(("gpu-1", "vps-1", "vps-2"), 0)


@pytest.mark.rehearsal
async def test_a_release_and_the_way_back_are_noticed_by_nobody(
    climber: Climber, route_ids: list[str]
) -> None:
    assert await version(climber) == FIRST
    analysis = await climber.analyze(EXAMPLE.read_bytes())
    async with at_work(climber, route_ids) as seen:
        began = time.monotonic()
        await asyncio.to_thread(release, SECOND)
        took_s = time.monotonic() - began
        after = await version(climber)
        began = time.monotonic()
        await asyncio.to_thread(API.execute, PROGRAM, "back", within_s=600)
        back_s = time.monotonic() - began
        before = await version(climber)
    done = await climber.wait(analysis["id"], timeout_s=300)
    report.note("release by the playbook, s", round(took_s, 1))
    report.note("the way back on the API's host, s", round(back_s, 1))
    report.note("under load", seen)
    assert (after, before) == (SECOND, FIRST)
    assert done["state"] == "completed", done
    assert (seen.failed_reads, seen.writes.keys()) == ({}, {"201"})


@pytest.mark.rehearsal
async def test_a_flip_and_the_flip_back_are_noticed_by_nobody(climber: Climber, route_ids: list[str]) -> None:
    await asyncio.to_thread(API.execute, PROGRAM, "start", SECOND, within_s=300)
    async with at_work(climber, route_ids) as seen:
        await asyncio.sleep(2)
        times_s: list[float] = []
        for expected in (SECOND, FIRST):
            began = time.monotonic()
            await asyncio.to_thread(API.execute, PROGRAM, "flip")
            times_s.append(time.monotonic() - began)
            assert await version(climber) == expected
            await asyncio.sleep(5)
    report.note("flip and flip back, s", [round(one, 1) for one in times_s])
    report.note("under load", seen)
    assert (seen.failed_reads, seen.writes.keys()) == ({}, {"201"})
    assert max(times_s) < FLIP_WITHIN_S
