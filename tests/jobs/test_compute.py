"""The parent's handle on its child: whatever the child says or does, the next job finds a working one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import pytest

from ascension.errors.jobs import ComputeCrashed, ComputeStalled, ComputeTimeLimit, NotAVideo
from ascension.errors.setup import SetupError
from ascension.jobs import compute
from ascension.jobs.compute import Child, Limits

PIPELINE = "ascension.analyses.pipeline:run"
LIMITS = Limits(time_s=20, memory_bytes=1 << 30, threads=1)


def ignore(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
    """A listener that does nothing."""


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Child]:
    found = Child(PIPELINE, LIMITS, tmp_path)
    yield found
    await found.kill()


@pytest.fixture
async def talkative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[str], Child]]:
    """A child that answers every request with the given Python expression of bytes."""
    made: list[Child] = []

    def make(answer: str) -> Child:
        program = tmp_path / "child"
        program.write_text(
            f"#!{sys.executable}\n"
            "import sys\n"
            "sys.stdout.buffer.write(b'{\"ready\": true}\\n'); sys.stdout.flush()\n"
            f"for _ in sys.stdin: sys.stdout.buffer.write({answer}); sys.stdout.flush()\n"
        )
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
        made.append(Child(PIPELINE, Limits(time_s=2, memory_bytes=1 << 30, threads=1), tmp_path))
        return made[-1]

    yield make
    for child in made:
        await child.kill()


def request(tmp_path: Path) -> dict[str, object]:
    """Asks for a video that is none, so that the true pipeline answers at once."""
    video = tmp_path / "video"
    video.write_bytes(b"not a video")
    return {"video_path": str(video), "result_path": str(tmp_path / "result"), "threads": 1}


@pytest.mark.usefixtures("stub_program")
async def test_a_library_that_is_missing_is_told_as_the_machines_fault(tmp_path: Path) -> None:
    lacking = Child("tests.jobs.stub_lacking:entrypoint", LIMITS, tmp_path)
    for _ in range(2):
        with pytest.raises(SetupError, match=r"the system library libgomp\.so\.1 is missing: `apt-get"):
            await lacking.run({}, ignore)
    assert not lacking.is_running


async def test_a_child_computes_for_one_user_and_leaves_nothing_to_the_next(
    child: Child, tmp_path: Path
) -> None:
    """Whoever took it over by a video sees the next user's neither in memory nor in a file."""
    first, second = uuid4(), uuid4()
    left = tmp_path / "left" / "by the first"

    async def process_of(user_id: UUID) -> psutil.Process:
        await child.serve(user_id)
        with pytest.raises(NotAVideo):
            await child.run(request(tmp_path), ignore)
        running = [one for one in psutil.Process().children() if "ascension.jobs.child" in one.cmdline()]
        (found,) = running
        return found

    before = await process_of(first)
    left.parent.mkdir()
    left.write_text("x")
    assert await process_of(first) == before, "the same user's next job finds it loaded"
    assert left.exists()
    after = await process_of(second)
    assert (after == before, before.is_running(), left.parent.exists()) == (False, False, False)


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.3])
async def test_a_cancel_while_the_child_starts_costs_the_next_job_nothing(
    child: Child, tmp_path: Path, after_s: float
) -> None:
    first = asyncio.create_task(child.run(request(tmp_path), ignore))
    await asyncio.sleep(after_s)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    assert first.cancelled()
    with pytest.raises(NotAVideo):
        await child.run(request(tmp_path), ignore)


@pytest.mark.parametrize(
    "answer",
    [
        r"b'not json\n'",
        r"b'\xff\xfe\n'",
        r"b'5\n'",
        r"b'{}\n'",
        r"b'[' * 100_000 + b'\n'",
        r"b'x' * 5_000_000 + b'\n'",
        r"b'{\"result\": 5}\n'",
        r"b'{\"failure\": [], \"detail\": \"\"}\n'",
        r"b'{\"failure\": \"no_such_code\", \"detail\": \"\"}\n'",
        r"b'{\"failure\": \"not_a_video\"}\n'",
        r"b'{\"stage\": \"poses\", \"progress_pct\": 1, \"figures\": {\"a\": NaN}}\n'",
        r"b'{\"stage\": \"\\u0000\", \"progress_pct\": 1, \"figures\": {}}\n'",
        r"b'{\"stage\": 1}\n'",
    ],
)
async def test_an_answer_that_makes_no_sense_is_a_crash(
    talkative: Callable[[str], Child], answer: str
) -> None:
    child = talkative(answer)
    with pytest.raises(ComputeCrashed):
        await child.run({}, ignore)


async def test_progress_stays_in_its_bounds(talkative: Callable[[str], Child]) -> None:
    child = talkative(
        r"b''.join(b'{\"stage\": \"poses\", \"progress_pct\": %d, \"figures\": {}}\n' % n"
        " for n in (-7, 50, 70000))"
        r" + b'{\"result\": {}}\n'"
    )
    heard: list[int] = []
    assert await child.run({}, lambda stage, progress_pct, figures: heard.append(progress_pct)) == {}
    assert heard == [0, 50, 100]


async def test_a_child_that_only_talks_stood_still(
    talkative: Callable[[str], Child],
) -> None:
    child = talkative(r"b'{\"stage\": \"poses\", \"progress_pct\": 1, \"figures\": {}}\n'")
    with pytest.raises(ComputeStalled):
        await child.run({}, ignore)


async def test_a_child_that_computes_without_end_is_over_its_time_limit(
    talkative: Callable[[str], Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compute, "BUSY_SHARE", 0.02)  # whatever else this machine does
    child = talkative("b'' * sum(iter(int, 1))")
    with pytest.raises(ComputeTimeLimit):
        await child.run({}, ignore)
