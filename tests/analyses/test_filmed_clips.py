"""What a browser films: analyzed without length and index, given both when it is saved, and broken films."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from ascension.analyses.result import Facts
from ascension.errors.jobs import JobFailure
from ascension.jobs.compute import Child
from ascension.vision.cleaning import write_clean
from ascension.vision.gate import look
from ascension.vision.video import VideoReader
from tests.analyses.test_bad_clips import LIMITS, outcome
from tests.clips import CLIMB, read_pictures
from tests.filmed import CUES, DURATION, film

FRAMES = 24
HOSTILE = 80


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("filmed") / "climb.webm"
    return film(path, read_pictures(CLIMB, FRAMES)).read_bytes()


@pytest.fixture
def filmed(content: bytes, tmp_path: Path) -> Path:
    """Where the caged child may read it."""
    path = tmp_path / "climb.webm"
    path.write_bytes(content)
    return path


@pytest.fixture(params=[0.6, 0.8, 0.95])
def rest(request: pytest.FixtureRequest, content: bytes, tmp_path: Path) -> Path:
    """What was written of it before a crash."""
    path = tmp_path / "rest.webm"
    path.write_bytes(content[: int(len(content) * float(request.param))])
    return path


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Child]:
    found = Child("ascension.analyses.pipeline:run", LIMITS, tmp_path)
    yield found
    await found.kill()


def moments(path: Path) -> list[float]:
    """When its frames are shown, in seconds."""
    with VideoReader(path, threads=1) as video:
        return [float(frame.ticks * video.info.time_base) for frame in video]


async def test_a_filmed_climb_is_analyzed_and_its_frames_keep_their_moments(
    child: Child, filmed: Path, content: bytes
) -> None:
    assert CUES not in content
    assert DURATION not in content
    facts = await outcome(child, filmed)
    assert isinstance(facts, Facts), facts
    assert facts.video.frame_count == FRAMES
    assert not {"times_out_of_order", "end_missing", "frames_damaged"} & {one.code for one in facts.warnings}


def test_a_saved_copy_has_a_length_and_an_index(filmed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.webm"
    assert write_clean(filmed, copy, lambda _: None) == "video/webm"
    assert CUES in copy.read_bytes()
    assert DURATION in copy.read_bytes()
    assert look(copy).declared_duration_s == pytest.approx(moments(filmed)[-1], abs=0.1)
    assert moments(copy) == moments(filmed)


async def test_what_a_crash_left_of_a_film_is_analyzed_as_far_as_it_goes(child: Child, rest: Path) -> None:
    facts = await outcome(child, rest)
    assert isinstance(facts, Facts), facts
    assert 2 < facts.video.frame_count < FRAMES


def test_broken_films_are_read_or_refused_with_a_code(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile.webm"
    rng = np.random.default_rng(11)
    ends: set[str] = set()
    for _ in range(HOSTILE):
        hostile = bytearray(content)
        for place in rng.integers(0, min(len(hostile), 2000), 4):  # the head and the first cluster
            hostile[place] = int(rng.integers(0, 256))
        path.write_bytes(hostile)
        try:
            look(path)
            ends.add("read" if moments(path) else "nothing")
            write_clean(path, tmp_path / "copy.webm", lambda _: None)
        except JobFailure as failure:
            ends.add(failure.code)
    assert "read" in ends
    assert len(ends) > 1, "nothing was broken"
