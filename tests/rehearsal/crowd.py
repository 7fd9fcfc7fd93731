"""Climbers at work while something happens: what they read and write down, and what is there at the end."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2 as httpx

from tests.platform import Climber

READERS = 4
WRITERS = 3
PAUSE_S = 0.15
PATIENCE_S = 180
TRIES_OF_ROUTE = 400
"""Then the next one: the API keeps 500 of one route."""


@dataclass
class Seen:
    """Every answer, and every try that was acknowledged. A write is repeated with its key until it is."""

    reads: Counter[str] = field(default_factory=Counter[str])
    writes: Counter[str] = field(default_factory=Counter[str])
    acknowledged: list[str] = field(default_factory=list[str])
    slowest_read_s: float = 0.0
    longest_gap_s: float = 0.0
    """In which no read was answered."""
    _last_answer_s: float = field(default_factory=time.monotonic)

    @property
    def failed_reads(self) -> dict[str, int]:
        return {what: count for what, count in self.reads.items() if what != "200"}

    def answered(self) -> None:
        now = time.monotonic()
        self.longest_gap_s = max(self.longest_gap_s, now - self._last_answer_s)
        self._last_answer_s = now

    def __str__(self) -> str:
        return (
            f"reads {dict(self.reads)}, writes {dict(self.writes)}, {len(self.acknowledged)} acknowledged,"
            f" slowest read {self.slowest_read_s:.2f} s, longest without an answer {self.longest_gap_s:.1f} s"
        )


@asynccontextmanager
async def at_work(climber: Climber, route_ids: Sequence[str]) -> AsyncGenerator[Seen]:
    """Until the end of the block; then what was written down is compared with what is there."""
    seen, over = Seen(), asyncio.Event()
    people = [asyncio.create_task(_read(climber, seen, over)) for _ in range(READERS)]
    people += [asyncio.create_task(_write(climber, route_ids, seen, over)) for _ in range(WRITERS)]
    try:
        yield seen
    finally:
        over.set()
        await asyncio.gather(*people)
    notes = await _notes(climber, route_ids)
    lost = [note for note in seen.acknowledged if notes[note] == 0]
    twice = [note for note in seen.acknowledged if notes[note] > 1]
    assert (lost, twice) == ([], []), seen


async def _notes(climber: Climber, route_ids: Sequence[str]) -> Counter[str]:
    notes = Counter[str]()
    for route_id in route_ids:
        answer = await climber.get(f"/api/v1/routes/{route_id}")
        assert answer.status_code == 200, answer.text
        notes.update(entry["note"] for entry in answer.json()["entries"])
    return notes


async def _read(climber: Climber, seen: Seen, over: asyncio.Event) -> None:
    while not over.is_set():
        began = time.monotonic()
        seen.reads[await _ask(climber, "GET", "/api/v1/analyses")] += 1
        seen.slowest_read_s = max(seen.slowest_read_s, time.monotonic() - began)
        seen.answered()
        await asyncio.sleep(PAUSE_S)


async def _write(climber: Climber, route_ids: Sequence[str], seen: Seen, over: asyncio.Event) -> None:
    today = datetime.now(UTC).date().isoformat()
    while not over.is_set():
        note, deadline = secrets.token_hex(8), time.monotonic() + PATIENCE_S
        path = f"/api/v1/routes/{route_ids[len(seen.acknowledged) // TRIES_OF_ROUTE]}/tries"
        body = {"day": today, "tries": 1, "is_sent": False, "note": note}
        while (told := await _ask(climber, "POST", path, body, note)) != "201":
            seen.writes[told] += 1
            assert time.monotonic() < deadline, f"not written down within {PATIENCE_S} s: {seen}"
            await asyncio.sleep(1)
        seen.writes[told] += 1
        seen.acknowledged.append(note)
        await asyncio.sleep(2 * PAUSE_S)


async def _ask(climber: Climber, method: str, path: str, body: object = None, key: str = "") -> str:
    """The status, or the name of what happened instead."""
    headers = climber.headers | ({"Idempotency-Key": key} if key else {})
    try:
        answer = await climber.http.request(method, path, json=body, headers=headers)
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(answer.status_code)
