"""Small videos with known content, good and bad, made by the tests themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

EXAMPLES = Path(__file__).parents[1] / "examples"
CLIMB = EXAMPLES / "climb.mp4"
SHARED_CLIPS = Path(__file__).parents[2] / "shared" / "clips"
SCENES = Path(__file__).parents[1] / "validation" / "clips"
"""Rendered climbs with their truth beside them."""

TIME_BASE = Fraction(1, 15360)
TICKS_PER_FRAME = 512
MATRIX_ONE = 65536
"""1.0 in a display matrix."""
INTERLACED = 0x40000 | 0x20000000
"""The encoder's flags for interlaced coding."""


@dataclass(frozen=True)
class Coding:
    """How `encode_clip` stores its pictures.

    matrix: a, b, c, d of the display matrix (1: 65536); transfer: color code of ITU-T H.273
    """

    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=lambda: {"crf": "18", "preset": "ultrafast"})
    flags: int = 0
    key_every: int = 30
    matrix: tuple[int, int, int, int] | None = None
    transfer: int | None = None
    metadata: dict[str, str] = field(default_factory=dict[str, str])


_WHOLE = {"movflags": "+faststart+use_metadata_tags", "fflags": "+bitexact"}
"""No number by chance in the file: the same pictures give the same bytes."""
HEVC = {"preset": "ultrafast", "x265-params": "log-level=error:pools=1"}


def encode_clip(
    path: Path, pictures: Iterable[Picture], coding: Coding, ticks: Iterable[int] | None = None
) -> Path:
    """As `write_clip`, with any coding; all pictures must have the size of the first."""
    pictures = iter(pictures)
    first = next(pictures)
    with av.open(path, "w", options=_WHOLE) as container:
        untyped: Any = container
        untyped.metadata.update(coding.metadata)
        stream = untyped.add_stream(coding.codec, rate=30, options=coding.options)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = coding.pixel_format
        context = stream.codec_context
        context.time_base, context.gop_size = TIME_BASE, coding.key_every
        context.flags |= coding.flags
        if coding.transfer is not None:
            context.color_trc = coding.transfer
        if coding.matrix is not None:
            a, b, c, d = coding.matrix
            stream.set_display_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30))
        times = iter(ticks) if ticks is not None else count_up()
        for picture, tick in zip(chain_first(first, pictures), times, strict=False):
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = tick, TIME_BASE
            untyped.mux(stream.encode(frame))
        untyped.mux(stream.encode(None))
    return path


def damaged_copy(source: Path, path: Path, *, share: float = 0.5, length_bytes: int) -> Path:
    """The same file with zeros written over a part that begins at `share` of it."""
    content = bytearray(source.read_bytes())
    begin = int(len(content) * share)
    content[begin : begin + length_bytes] = bytes(length_bytes)
    path.write_bytes(content)
    return path


def write_clip(
    path: Path,
    pictures: Iterable[Picture],
    *,
    ticks: Iterable[int] | None = None,
    rotation_deg: int = 0,
    pixel_aspect: Fraction = Fraction(1),
    faststart: bool = False,
) -> Path:
    """H.264 at 30 frames/s or at the given ticks. `rotation_deg`: of the display matrix, counterclockwise."""
    pictures = iter(pictures)
    first = next(pictures)
    options = {"movflags": "+faststart"} if faststart else {}
    with av.open(path, "w", options=options) as container:
        untyped: Any = container
        stream = untyped.add_stream("libx264", rate=30, options={"crf": "18", "preset": "ultrafast"})
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.sample_aspect_ratio = pixel_aspect
        stream.codec_context.time_base = TIME_BASE
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        times = iter(ticks) if ticks is not None else count_up()
        for picture, tick in zip(chain_first(first, pictures), times, strict=False):
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = tick, TIME_BASE
            untyped.mux(stream.encode(frame))
        untyped.mux(stream.encode(None))
    return path


def count_up() -> Iterator[int]:
    tick = 0
    while True:
        yield tick
        tick += TICKS_PER_FRAME


def chain_first(first: Picture, rest: Iterator[Picture]) -> Iterator[Picture]:
    yield first
    yield from rest


def write_sound(path: Path) -> Path:
    """One second of silence, without a picture."""
    with av.open(path, "w") as container:
        untyped: Any = container
        stream = untyped.add_stream("aac", rate=48000)
        for index in range(40):
            frame = AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 48000
            frame.pts = index * 1024
            untyped.mux(stream.encode(frame))
        untyped.mux(stream.encode(None))
    return path


def read_pictures(path: Path, limit: int | None = None) -> list[Picture]:
    """The stored pictures of a clip, by the library alone."""
    pictures: list[Picture] = []
    with av.open(path) as container:
        for frame in container.decode(video=0):
            if limit is not None and len(pictures) >= limit:
                break
            picture: Any = frame.to_ndarray(format="rgb24")
            pictures.append(picture)
    return pictures


def cut_climb(path: Path, frames: int) -> Path:
    """The first frames of the example climb as a clip of its own."""
    return write_clip(path, read_pictures(CLIMB, frames))


def wall_only(frames: int) -> list[Picture]:
    """A stretch of the example's wall on which nobody climbs."""
    return [np.ascontiguousarray(picture[:360, :]) for picture in read_pictures(CLIMB, frames)]


def checkered(height: int, width: int, frames: int) -> list[Picture]:
    """Moving squares: something to encode."""
    rows, columns = np.mgrid[:height, :width]
    pictures: list[Picture] = []
    for index in range(frames):
        gray = (((rows + 2 * index) // 16 + columns // 16) % 2 * 120 + 60).astype(np.uint8)
        pictures.append(np.repeat(gray[:, :, None], 3, axis=2))
    return pictures


@cache
def short_climb(frames: int = 12) -> bytes:
    """The first frames of the example climb: enough for a result, short enough for many jobs."""
    with TemporaryDirectory() as folder:
        return cut_climb(Path(folder) / "climb.mp4", frames).read_bytes()


@cache
def empty_wall() -> bytes:
    """A video with nobody in it."""
    with TemporaryDirectory() as folder:
        return write_clip(Path(folder) / "wall.mp4", checkered(320, 240, 30)).read_bytes()


@cache
def sound_only() -> bytes:
    """An MP4 with an audio track and no picture."""
    with TemporaryDirectory() as folder:
        return write_sound(Path(folder) / "sound.mp4").read_bytes()


@cache
def truncated_climb() -> bytes:
    """A climb whose file breaks off after its first third, its index in front."""
    with TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / "climb.mp4", read_pictures(CLIMB, 60), faststart=True)
        content = clip.read_bytes()
    return content[: len(content) // 3]
