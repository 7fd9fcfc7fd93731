"""Five faults: each wakes somebody, and each is told to be over when it is."""

import asyncio
import time
from collections.abc import Set as AbstractSet

import pytest

from tests.rehearsal import pager, report, storage, wires
from tests.rehearsal.hosts import API, DATABASE, WORKER
from tests.rehearsal.test_3_faults import asked, named

TOLD_WITHIN_S = 420
"""Prometheus asks every 15 s, an alert waits its minutes, Alertmanager 30 s for what comes together."""
OVER_WITHIN_S = 600
"""It says so every five minutes."""
POSTGRES = "postgresql@15-main.service"


def firing() -> set[str]:
    return {name for name, status in pager.told().items() if status == "firing"}


async def wait_for(names: AbstractSet[str], status: str, within_s: float) -> dict[str, int]:
    """Seconds until this was said of each."""
    began, seen = time.monotonic(), dict[str, int]()
    while seen.keys() < names:
        assert time.monotonic() - began < within_s, f"of {names - seen.keys()} not {status}: {pager.told()}"
        await asyncio.sleep(1)
        said = pager.told()
        now_s = round(time.monotonic() - began)
        seen |= {name: now_s for name in names - seen.keys() if said.get(name) == status}
    return seen


@pytest.mark.rehearsal
async def test_faults_are_told_and_what_is_over_is_told_too() -> None:
    before = firing()
    report.note("alerts before any fault", sorted(before))
    [*_, replica] = asked()
    names = {"HostDown", "NoWorker", "ReplicaOut", "StorageAway"}
    [home] = WORKER.wires
    wires.cut(home)
    wires.cut(storage.WIRE)
    API.execute("systemctl", "stop", named(replica))
    try:
        told = await wait_for(names, "firing", TOLD_WITHIN_S)
    finally:
        wires.mend(home)
        wires.mend(storage.WIRE)
        API.execute("systemctl", "start", named(replica))
    over = await wait_for(names, "resolved", OVER_WITHIN_S)
    DATABASE.execute("systemctl", "stop", POSTGRES)
    try:
        told |= await wait_for({"DatabaseDown"}, "firing", TOLD_WITHIN_S)
    finally:
        DATABASE.execute("systemctl", "start", POSTGRES)
    over |= await wait_for({"DatabaseDown"}, "resolved", OVER_WITHIN_S)
    report.note("seconds from fault to who is woken", told)
    report.note("seconds from its end to being told so", over)
    assert before == set()
