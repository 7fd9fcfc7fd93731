"""The documented load on the whole of staging, through TLS: LOAD_SHORT=1 for a minute of it."""

import os
from pathlib import Path

import pytest

from benches.load import generator
from benches.load.generator import Load
from tests.rehearsal import report, wires
from tests.rehearsal.hosts import NAME

USERS = 100


@pytest.mark.rehearsal
async def test_the_documented_load_is_served(tmp_path: Path) -> None:
    generator.make()
    wanted = Load(
        script="health",
        users=USERS,
        is_short=os.environ.get("LOAD_SHORT") == "1",
        think=1,
        replicas=(f"https://{NAME}",),
        sources=f"{wires.USERS_FIRST_IP}-{wires.USERS_LAST_IP}",
    )
    async with generator.running(wanted, tmp_path) as run:
        pass
    figures = [run.figure("http_req_duration", one) for one in ("count", "med", "p(95)", "p(99)", "max")]
    report.note(f"k6, {USERS} users: requests, p50, p95, p99, max in ms", figures)
    assert run.missed() == []
