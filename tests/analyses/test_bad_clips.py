"""Odd, broken and hostile clips through the compute child with its limits: a result with remarks, or a code.

Each ends in one or the other, and the same child goes on with the next.
"""

import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from ascension.analyses.result import Facts, decode
from ascension.errors.jobs import JobFailure
from ascension.jobs.compute import Child, Limits
from tests.clips import (
    CLIMB,
    HEVC,
    INTERLACED,
    MATRIX_ONE,
    TICKS_PER_FRAME,
    Coding,
    Picture,
    checkered,
    damaged_copy,
    encode_clip,
    read_pictures,
    write_clip,
)
from tests.vision.test_damage import claim_size, edit_list

FRAMES = 24
FEW = 8
LIMITS = Limits(time_s=90, memory_bytes=1 << 30, threads=2)


def unheard(_stage: str, _progress_pct: int, _figures: dict[str, float]) -> None:
    return


@pytest.fixture(scope="module")
def climb() -> list[Picture]:
    return read_pictures(CLIMB, FRAMES)


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Child]:
    found = Child("ascension.analyses.pipeline:run", LIMITS, tmp_path)
    yield found
    await found.kill()


async def outcome(child: Child, path: Path) -> Facts | str:
    """What the result's header says, or the code of the failure."""
    result_path = path.with_suffix(".result")
    request: dict[str, object] = {"video_path": str(path), "result_path": str(result_path), "threads": 2}
    try:
        await child.run(request, unheard)
    except JobFailure as failure:
        return failure.code
    return decode(result_path.read_bytes()).facts


def codes(facts: Facts | str) -> list[str]:
    assert isinstance(facts, Facts), facts
    assert all(caution.detail.endswith(".") for caution in facts.warnings)
    return [caution.code for caution in facts.warnings]


def uneven(count: int) -> list[int]:
    """Now 20, now 60 frames a second, and one long gap."""
    steps = [TICKS_PER_FRAME * 3 // 2 if index % 4 == 0 else TICKS_PER_FRAME // 2 for index in range(count)]
    steps[count // 2] = TICKS_PER_FRAME * 6
    return np.cumsum(steps).tolist()


def other_view(pictures: list[Picture]) -> list[Picture]:
    """The same climb as if a second camera had filmed it: mirrored, its colors turned round."""
    return [np.ascontiguousarray(255 - picture[:, ::-1]) for picture in pictures]


def enlarged(picture: Picture) -> Picture:
    """As a phone films it in 4K, upright."""
    return cv2.resize(picture, (2160, 3840), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


WITH_REMARKS: dict[str, tuple[Callable[[Path, list[Picture]], Path], list[str]]] = {
    "uneven": (lambda path, climb: encode_clip(path, climb, Coding(), uneven(FRAMES)), ["uneven_frames"]),
    "240 fps": (
        lambda path, climb: encode_clip(path, climb, Coding(), range(0, 64 * FRAMES, 64)),
        ["short_clip"],
    ),
    "hdr": (
        lambda path, climb: encode_clip(path, climb, Coding("libx265", "yuv420p10le", HEVC, transfer=16)),
        ["hdr"],
    ),
    "rotated": (
        lambda path, climb: write_clip(path, [np.rot90(picture) for picture in climb], rotation_deg=-90),
        [],
    ),
    "4K HEVC 10 bit": (
        lambda path, climb: encode_clip(
            path, map(enlarged, climb[:FEW]), Coding("libx265", "yuv420p10le", HEVC, transfer=18)
        ),
        ["hdr", "short_clip"],
    ),
    "mirrored": (
        lambda path, climb: encode_clip(path, climb, Coding(matrix=(-MATRIX_ONE, 0, 0, MATRIX_ONE))),
        ["mirrored"],
    ),
    "interlaced": (
        lambda path, climb: encode_clip(
            path, climb, Coding("mpeg4", options={"qmin": "2", "qmax": "4"}, flags=INTERLACED)
        ),
        ["interlaced"],
    ),
    "slow motion": (
        lambda path, climb: encode_clip(path, climb, Coding(metadata={"com.android.capture.fps": "120.0"})),
        ["slow_motion"],
    ),
    "cut": (lambda path, climb: write_clip(path, [*climb[:12], *other_view(climb[12:])]), ["cut"]),
    "frozen": (
        lambda path, climb: write_clip(path, [*climb[:8], *[climb[8]] * 45, *climb[9:16]]),
        ["frozen"],
    ),
}


@pytest.mark.thorough
async def test_odd_clips_end_in_a_result_that_says_so(
    child: Child, tmp_path: Path, climb: list[Picture]
) -> None:
    for name, (make, expected) in WITH_REMARKS.items():
        facts = await outcome(child, make(tmp_path / f"{name}.mp4", climb))
        assert set(expected) <= set(codes(facts)), name
        assert isinstance(facts, Facts)
        assert facts.video.width_px < facts.video.height_px, f"{name} is not upright"
        assert facts.summary.detection_rate_pct > 50, name


async def test_a_dark_clip_is_called_so_unless_nobody_is_seen_in_it(
    child: Child, tmp_path: Path, climb: list[Picture]
) -> None:
    """Networks in f32 lose this climber, in bf16 they do not: either answer is true."""
    dark = [(picture * 0.1).astype(np.uint8) for picture in climb]
    facts = await outcome(child, write_clip(tmp_path / "dark.mp4", dark))
    assert facts == "nobody_in_the_dark" or "dark" in codes(facts)


async def test_a_hole_in_the_file_costs_what_it_holds(
    child: Child, tmp_path: Path, climb: list[Picture]
) -> None:
    whole = encode_clip(tmp_path / "whole.mp4", climb, Coding(key_every=12))
    holed = damaged_copy(whole, tmp_path / "holed.mp4", share=0.7, length_bytes=whole.stat().st_size // 12)
    facts = await outcome(child, holed)
    assert {"frames_missing", "frames_damaged"} <= set(codes(facts))
    assert isinstance(facts, Facts)
    assert facts.video.frame_count == FRAMES - 3


async def test_worthless_and_hostile_clips_end_with_their_code(child: Child, tmp_path: Path) -> None:
    black = [np.zeros((320, 240, 3), np.uint8)] * 40
    bad: dict[str, Callable[[Path], Path]] = {
        "video_black": lambda path: encode_clip(path, black, Coding(key_every=5)),
        "video_too_sparse": lambda path: write_clip(
            path, checkered(240, 320, 6), ticks=range(0, 6 * 15360, 15360)
        ),
        "video_too_short": lambda path: write_clip(path, checkered(240, 320, 2)),
        "video_too_small": lambda path: write_clip(path, checkered(16, 16, 5)),
        "video_too_large": lambda path: encode_clip(path, [np.zeros((4320, 7680, 3), np.uint8)], Coding()),
        "video_too_long": claims_hours,
        "not_a_video": lambda path: edit_list(write_clip(path, checkered(160, 208, 6)), edits=200_000),
        "container_unsupported": lambda path: encode_clip(
            path.with_suffix(".avi"), checkered(240, 320, 5), Coding()
        ),
        "codec_unsupported": unknown_codec,
        "no_person": lambda path: write_clip(path, checkered(320, 240, 20)),
    }
    for code, make in bad.items():
        assert await outcome(child, make(tmp_path / f"{code}.mp4")) == code
    for side_px, code in ((1, "video_too_small"), (65535, "codec_unsupported")):
        assert await outcome(child, claim_size(tmp_path / "claimed.mkv", side_px, side_px)) == code


def claims_hours(path: Path) -> Path:
    """Ten frames whose header says ten hours."""
    clip = write_clip(path.with_suffix(".mkv"), checkered(240, 320, 10))
    data = clip.read_bytes()
    place = data.index(b"\x44\x89\x88") + 3  # "Duration", a number of eight bytes
    clip.write_bytes(data[:place] + struct.pack(">d", 36e6) + data[place + 8 :])
    return clip


def unknown_codec(path: Path) -> Path:
    clip = write_clip(path, checkered(240, 320, 4), faststart=True)
    clip.write_bytes(clip.read_bytes().replace(b"avc1", b"zzz1"))
    return clip


async def test_a_file_of_many_tracks_is_refused(child: Child, tmp_path: Path) -> None:
    crowded = tmp_path / "crowded.mp4"
    with av.open(crowded, "w") as container:
        untyped: Any = container
        for _ in range(120):
            stream = untyped.add_stream("mpeg4", rate=30)
            stream.height, stream.width, stream.pix_fmt = 240, 320, "yuv420p"
        for stream in untyped.streams.video:
            for picture in checkered(240, 320, 2):
                untyped.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            untyped.mux(stream.encode(None))
    assert await outcome(child, crowded) == "not_a_video"
