"""The database's host is gone with its disk: a bare one takes its place, out of the backup elsewhere.

The last test but the load: a new host has new keys, and all that stood here before is the backup's.
"""

import asyncio
import json
import secrets
import time
from datetime import UTC, datetime

import pytest

from tests.platform import Climber
from tests.rehearsal import hosts, report
from tests.rehearsal.hosts import DATABASE
from tests.rehearsal.staging import FIRST, install, trust

BACKUP = ("python3", "/opt/ascension/host/backup.py")
POSTGRES = "postgresql@15-main.service"
MOST_LOST_S = 300
"""Recovery point: what was acknowledged longer ago than this is there."""
WRITTEN_FOR_S = 150


async def write_down(climber: Climber, route_id: str) -> tuple[str, float]:
    """One try and the moment in which it was acknowledged."""
    note = secrets.token_hex(8)
    body = {"day": datetime.now(UTC).date().isoformat(), "tries": 1, "is_sent": False, "note": note}
    answer = await climber.post(f"/api/v1/routes/{route_id}/tries", body, Idempotency_Key=note)
    assert answer.status_code == 201, answer.text
    return note, time.monotonic()


@pytest.mark.rehearsal
async def test_a_host_that_is_gone_is_replaced(climber: Climber, route_ids: list[str]) -> None:
    [route_id, *_] = route_ids
    made = json.loads(await asyncio.to_thread(DATABASE.execute, *BACKUP, "run", within_s=600))
    report.note("backup", made)
    written: list[tuple[str, float]] = []
    until = time.monotonic() + WRITTEN_FOR_S
    while time.monotonic() < until:
        written.append(await write_down(climber, route_id))
        await asyncio.sleep(1)

    hosts.destroy(DATABASE)
    gone = time.monotonic()
    hosts.boot(DATABASE)
    hosts.wait_for_boot(DATABASE)
    trust(DATABASE)
    await asyncio.to_thread(install, FIRST, "-e", "backup_begins=false")
    installed = time.monotonic()
    DATABASE.execute("systemctl", "stop", POSTGRES)
    restored = await asyncio.to_thread(
        DATABASE.execute, *BACKUP, "restore", "--to", "latest", "--replace", within_s=900
    )
    back = time.monotonic()
    found = await kept(climber, route_id)
    lost = [gone - acknowledged for note, acknowledged in written if note not in found]
    report.note("a bare host installed, min", round((installed - gone) / 60, 1))
    report.note("its database restored, min", round((back - installed) / 60, 1))
    report.note(f"rows lost of {len(written)}", len(lost))
    report.note("the oldest of them was written before the end, s", round(max(lost, default=0)))
    report.note("restore", json.loads(restored))
    assert max(lost, default=0) <= MOST_LOST_S
    assert len(written) > len(lost)
    await write_down(climber, route_id)


async def kept(climber: Climber, route_id: str) -> set[str]:
    """Once the API has found the database again."""
    deadline = time.monotonic() + 60
    while True:
        answer = await climber.get(f"/api/v1/routes/{route_id}")
        if answer.status_code == 200:
            return {entry["note"] for entry in answer.json()["entries"]}
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(1)
