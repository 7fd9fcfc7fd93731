"""Five faults: each is told by its alert, and each alert goes when its fault is over."""

import asyncio
import json
import time
from collections.abc import Set as AbstractSet

import pytest

from tests.rehearsal import report, storage, wires
from tests.rehearsal.hosts import API, DATABASE, WORKER
from tests.rehearsal.test_3_faults import asked, named

TOLD_WITHIN_S = 420
OVER_WITHIN_S = 420
"""Prometheus asks every 15 s, an alert waits its minutes, and Alertmanager gathers what comes together."""
POSTGRES = "postgresql@15-main.service"
ALERTS = (
    "import urllib.request as r;"
    "print(r.urlopen('http://127.0.0.1:9093/api/v2/alerts', timeout=5).read().decode())"
)


def alerts() -> set[str]:
    """Names of those that Alertmanager holds."""
    told = json.loads(API.execute("python3", "-c", ALERTS))
    return {one["labels"]["alertname"] for one in told if one["status"]["state"] == "active"}


async def wait_for(names: AbstractSet[str], within_s: float, *, gone: bool = False) -> dict[str, float]:
    """Seconds until each was there, or gone."""
    began, seen = time.monotonic(), dict[str, float]()
    while seen.keys() < names:
        assert time.monotonic() - began < within_s, f"missing {names - seen.keys()}, there {alerts()}"
        await asyncio.sleep(5)
        there = await asyncio.to_thread(alerts)
        for name in names - seen.keys():
            if (name in there) != gone:
                seen[name] = round(time.monotonic() - began)
    return seen


@pytest.mark.rehearsal
async def test_faults_are_told_and_what_is_over_is_told_too() -> None:
    before = alerts()
    report.note("alerts before any fault", sorted(before))
    [*_, replica] = asked()
    names = {"HostDown", "NoWorker", "ReplicaOut", "StorageAway"}
    [home] = WORKER.wires
    wires.cut(home)
    wires.cut(storage.WIRE)
    API.execute("systemctl", "stop", named(replica))
    try:
        told = await wait_for(names, TOLD_WITHIN_S)
    finally:
        wires.mend(home)
        wires.mend(storage.WIRE)
        API.execute("systemctl", "start", named(replica))
    over = await wait_for(names, OVER_WITHIN_S, gone=True)
    DATABASE.execute("systemctl", "stop", POSTGRES)
    try:
        told |= await wait_for({"DatabaseDown"}, TOLD_WITHIN_S)
    finally:
        DATABASE.execute("systemctl", "start", POSTGRES)
    over |= await wait_for({"DatabaseDown"}, OVER_WITHIN_S, gone=True)
    report.note("seconds from fault to alert", told)
    report.note("seconds from its end to the alert's", over)
    assert before == set()
