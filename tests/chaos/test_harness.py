"""The harness itself: doors shut as they say, seeds repeat, and every check finds what it is there for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.chaos import audit, compute, report
from tests.chaos.audit import Left
from tests.chaos.journeys import Owed, mix
from tests.chaos.plan import ENGINES, KILLS, SHORT, Kind, Shape, make_plan
from tests.chaos.proxy import CUTS, Door, Mode

LONG = Shape(seconds=900)


async def _shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An engine that answers every line in capitals."""
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    server = await asyncio.start_server(_shout, "127.0.0.1", 0)
    found = Door(server.sockets[0].getsockname()[1])
    await found.open()
    yield found
    await found.close()
    server.close()


class Caller:
    """One connection through the door."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def of(cls, door: Door) -> "Caller":
        return cls(*await asyncio.open_connection("127.0.0.1", door.port))

    async def ask(self, patience_s: float) -> bytes | None:
        """What comes back for a line in this time; None: nothing. Raises ConnectionError."""
        self._writer.write(b"hello\n")
        try:
            async with asyncio.timeout(patience_s):
                return await self._reader.readline()
        except TimeoutError:
            return None

    def close(self) -> None:
        self._writer.close()


PATIENCE_S = 20.0
SILENCE_S = 0.4


async def _end(caller: Caller, expected: str) -> str:
    try:
        answer = await caller.ask(SILENCE_S if expected == "silent" else PATIENCE_S)
    except ConnectionError:
        return "broken"
    return "broken" if answer == b"" else "silent" if answer is None else "answered"


@pytest.mark.parametrize(
    ("mode", "old", "new"),
    [
        ("pass", "answered", "answered"),
        ("slow", "answered", "answered"),
        ("refuse", "broken", "refused"),
        ("swallow", "silent", "silent"),
        ("reset", "broken", "broken"),
        ("half-open", "silent", "silent"),
    ],
)
async def test_a_door_is_shut_as_its_mode_says_and_opens_again(
    door: Door, mode: Mode, old: str, new: str
) -> None:
    before = await Caller.of(door)
    assert await before.ask(PATIENCE_S) == b"HELLO\n"
    await door.switch(mode)
    assert await _end(before, old) == old
    try:
        fresh = await Caller.of(door)
    except ConnectionRefusedError:
        assert new == "refused"
    else:
        assert await _end(fresh, new) == new
        fresh.close()
    port = door.port
    await door.switch("pass")
    assert door.port == port
    if old != "answered":
        assert await _end(before, "broken") == "broken", "what was dropped from it would never come"
    after = await Caller.of(door)
    assert await after.ask(PATIENCE_S) == b"HELLO\n"
    assert (door.dropped_bytes > 0) == (mode in ("swallow", "half-open"))
    for caller in (before, after):
        caller.close()


@pytest.mark.parametrize("shape", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("seed", range(5))
def test_a_seed_repeats_its_faults_and_has_every_kind(shape: Shape, seed: int) -> None:
    plan = make_plan(seed, shape)
    assert plan == make_plan(seed, shape)
    assert plan != make_plan(seed + 1, shape)
    assert {fault.kind for fault in plan} == set(get_args(Kind))
    assert mix(200, seed) == mix(200, seed)
    ends_s = [fault.at_s + fault.length_s for fault in plan]
    assert shape.seconds <= max(ends_s) + shape.settle_s
    assert max(ends_s) < shape.seconds * 1.8
    cuts = {(fault.engine, fault.mode) for fault in plan if fault.kind == "cut off"}
    assert {engine for engine, _ in cuts} == set(ENGINES)
    assert {mode for _, mode in cuts} == set(CUTS)
    alone = [fault for fault in plan if fault.kind == "cut off for all"]
    for fault in plan:
        for other in alone:
            apart = fault.at_s >= other.at_s + other.length_s or fault.at_s + fault.length_s <= other.at_s
            assert fault is other or apart


def test_a_form_throws_its_own_kinds_alone() -> None:
    assert {fault.kind for fault in make_plan(1, KILLS)} == set(KILLS.kinds)


def test_what_cannot_be_here_is_left_out() -> None:
    kinds = {fault.kind for fault in make_plan(3, SHORT, ["full disk valkey", "clock of an api"])}
    assert set(get_args(Kind)) - kinds == {"full disk valkey", "clock of an api"}


def _entry(before: str | None, state: str, **more: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "at": 1.0,
        "job_id": "job",
        "subject_id": "one",
        "before": before,
        "state": state,
        "attempt": 1,
        "worker_id": "vm-1",
        "failure_code": None,
        "lease_before_s": None,
        "lease_s": 6.0 if state == "processing" else None,
        "role": "ascension_worker",
    }
    return entry | more


NONCE = 7
SHA256 = compute.cheap_sha256(NONCE)
GOOD_LOG = [
    _entry(None, "queued", role="ascension_api"),
    _entry("queued", "processing", at=1.5),
    _entry("processing", "done", at=2.0, lease_before_s=5.0),
]
GOOD_JOB: dict[str, Any] = {
    "id": "one",
    "job_id": "job",
    "state": "done",
    "failure_code": None,
    "attempt": 1,
    "crashes": 0,
    "sha256": SHA256,
}
GOOD_OWED = Owed("one", "somebody", "video", "cheap", NONCE, "completed", etag=SHA256)
GOOD = Left([GOOD_OWED], {"one": GOOD_JOB}, GOOD_LOG, Counter({"one": 1}), 6.0)


def _job(**more: Any) -> Left:
    return replace(GOOD, jobs={"one": GOOD_JOB | more})


def _log(*entries: dict[str, Any]) -> Left:
    return replace(GOOD, log=[*GOOD_LOG, *entries])


@pytest.mark.parametrize(
    ("check", "left"),
    [
        ("lost", replace(GOOD, jobs={})),
        ("stuck", _job(state="processing")),
        ("done twice", _log(_entry("queued", "processing"), _entry("processing", "done"))),
        ("results stored once", replace(GOOD, results=Counter({"one": 2}))),
        ("results stored once", replace(GOOD, results=Counter({"one": 1, "two": 1}))),
        ("results stored once", _job(sha256=None)),
        ("failures have a typed reason", _job(state="failed", failure_code="storage_unavailable")),
        ("failures have a typed reason", _job(state="dead")),
        ("each ends as it must", _job(state="failed", failure_code="no_person")),
        ("each ends as it must", replace(GOOD, owed=[replace(GOOD_OWED, clip="crashes")])),
        ("no clip kills a third time", _job(crashes=3)),
        ("results are their own", replace(GOOD, owed=[replace(GOOD_OWED, etag="another")])),
        ("leases by the database's clock", _log(_entry("queued", "processing", lease_s=3600.0))),
        ("leases by the database's clock", _log(_entry("processing", "processing", lease_before_s=3.0))),
        (
            "leases by the database's clock",
            _log(_entry("processing", "queued", lease_before_s=3.0, role="ascension_api")),
        ),
    ],
)
def test_every_check_of_jobs_finds_its_fault(check: str, left: Left) -> None:
    assert audit.check_jobs(GOOD) == []
    findings = audit.check_jobs(left)
    assert check in {finding.check for finding in findings}


def test_the_history_of_a_job_that_offends_is_told() -> None:
    told = audit.history(GOOD, audit.check_jobs(_job(state="processing")))
    assert [line.split(" attempt")[0].split(" ", 2)[2] for line in told] == [
        "None -> queued",
        "queued -> processing",
        "processing -> done",
    ]
    assert audit.history(GOOD, []) == []


def test_a_user_who_deletes_or_cancels_loses_nothing() -> None:
    assert audit.check_jobs(replace(GOOD, owed=[replace(GOOD_OWED, delete_asked=True)], jobs={})) == []
    canceled = replace(_job(state="canceled", sha256=None), owed=[replace(GOOD_OWED, cancel_asked=True)])
    assert audit.check_jobs(replace(canceled, log=[], results=Counter())) == []


LINES = {
    "unexpected": (
        "Traceback (most recent call last):",
        '{"event": "boom", "level": "error"}',
        '{"event": "noted", "level": "warning", "exception": [{"exc_type": "KeyError"}]}',
    ),
    "known": (
        '{"event": "job_crashed", "level": "error"}',
        '{"event": "sweep_without_database", "level": "warning"}',
        '{"event": "anything", "level": "info"}',
        '{"event": "cut off by a ki',
    ),
}


def test_logs_are_scanned_for_what_nobody_meant_to_write(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_text("\n".join((*LINES["unexpected"], *LINES["known"])))
    findings, told = audit.check_logs([log])
    assert len(findings) == len(LINES["unexpected"])
    assert told["job_crashed"] == told["sweep_without_database"] == 1


def test_jobs_of_a_killed_worker_are_followed_to_their_next_start() -> None:
    log = [
        _entry("queued", "processing", at=1.0, worker_id="vm-10"),
        _entry("processing", "queued", at=8.0, worker_id="vm-10"),
        _entry("queued", "processing", at=9.0, worker_id="vm-11"),
    ]
    assert report.takeovers(replace(GOOD, log=log), [(2.0, "10")]) == [7.0]
    assert report.takeovers(replace(GOOD, log=log), [(2.0, "11")]) == []


def test_the_child_computes_cheap_clips_with_a_result_of_their_own(tmp_path: Path) -> None:
    def ask(content: bytes, report_progress: Callable[[str, int, dict[str, float]], None]) -> bytes:
        video, result = tmp_path / "video", tmp_path / "result"
        video.write_bytes(content)
        compute.run({"video_path": str(video), "result_path": str(result)}, report_progress)
        return result.read_bytes()

    told: list[str] = []
    clips = [compute.cheap_clip("computes", seconds=0.01, nonce=nonce, padding_bytes=50) for nonce in (5, 6)]
    made = [ask(clip, lambda stage, _pct, _figures: told.append(stage)) for clip in clips]
    assert made == [compute.cheap_result(5), compute.cheap_result(6)]
    assert made[0] != made[1]
    assert set(told) == {"poses"}
