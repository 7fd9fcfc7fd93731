"""A clip made anew with every head covered, without sound: for those whom its people do not know.

Inside each circle the picture is averaged to a few fields, so that nothing of a face can be had back. Frames
are shown at the moments at which the analysis read them. Only H.264 in MP4, which plays everywhere, and at
most 720 pixels high or wide: a shared view needs no more.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ascension.errors.jobs import ClipNotCopied
from ascension.vision.cleaning import OnShare
from ascension.vision.faces import Head, find_heads
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine
from ascension.vision.region import Picture
from ascension.vision.video import VideoInfo, VideoReader

_SHORTER_SIDE_PX: Final = 720
_FIELDS: Final = 3
"""A head's square is averaged to so many by so many."""
_SETTINGS: Final = {"preset": "veryfast", "crf": "23"}
_KEY_EVERY: Final = 60
_WHOLE: Final = {"movflags": "+faststart", "fflags": "+bitexact"}
_FINDING_SHARE: Final = 0.5
_CODES: Final = {"pq": 16, "hlg": 18}
_BT2020_PRIMARIES: Final = 9
_FULL, _LIMITED = 2, 1

HeadsAt = Callable[[float], Sequence[Head]]


def write_blurred(source: Path, target: Path, engine: Engine, *, threads: int, on_share: OnShare) -> None:
    """Read `source` twice, write `target` as MP4. Raises ClipNotCopied, what VideoReader raises."""
    heads = find_heads(
        source, engine, threads=threads, on_share=lambda share: on_share(_FINDING_SHARE * share)
    )
    try:
        with VideoReader(source, threads=threads) as video:
            _encode(video, target, heads.at, threads, on_share)
    except FFmpegError as error:
        raise ClipNotCopied from error


def _encode(video: VideoReader, target: Path, heads_at: HeadsAt, threads: int, on_share: OnShare) -> None:
    info = video.info
    size_px = _size_px(info)
    with av.open(target, "w", format="mp4", options=_WHOLE) as container:
        made: Any = container
        stream: Any = None
        for number, frame in enumerate(video):
            if stream is None:
                stream = _stream(container, info, frame, size_px, threads)
            picture = _covered(frame, size_px, heads_at(float(frame.ticks * info.time_base)))
            encoded = VideoFrame.from_ndarray(picture, format="yuv420p")
            # the clip begins with its first picture, whenever that was, as the cleaned one does
            encoded.pts, encoded.time_base = frame.ticks if number else 0, info.time_base
            made.mux(stream.encode(encoded))
            if info.declared_duration_s:
                done = min(float(frame.ticks * info.time_base) / info.declared_duration_s, 1.0)
                on_share(_FINDING_SHARE + (1 - _FINDING_SHARE) * done)
        if stream is not None:
            made.mux(stream.encode(None))


def _size_px(info: VideoInfo) -> tuple[int, int]:
    """Width and height of the copy: the shorter at most 720, both in fours, as its planes are laid out."""
    scale = min(1, Fraction(_SHORTER_SIDE_PX, min(info.width_px, info.height_px)))
    return 4 * round(info.width_px * scale / 4), 4 * round(info.height_px * scale / 4)


def _stream(
    container: OutputContainer, info: VideoInfo, frame: Frame, size_px: tuple[int, int], threads: int
) -> VideoStream:
    made: Any = container  # its types are not wholly known
    stream = made.add_stream("libx264", rate=30, options=_SETTINGS)
    stream.width, stream.height = size_px
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base, context.gop_size, context.thread_count = info.time_base, _KEY_EVERY, threads
    context.colorspace = frame.colors.matrix
    context.color_range = _FULL if frame.colors.full_range else _LIMITED
    if info.transfer in _CODES:
        context.color_trc, context.color_primaries = _CODES[info.transfer], _BT2020_PRIMARIES
    return stream


def _covered(frame: Frame, size_px: tuple[int, int], heads: Sequence[Head]) -> Picture:
    """(height * 3 / 2, width): the frame's planes below each other, as encoders take them."""
    width, height = size_px
    half = (width // 2, height // 2)
    planes = [
        frame.upright(frame.y, size_px).copy(),
        *(frame.upright(plane, half).copy() for plane in (frame.u, frame.v)),
    ]
    for plane in planes:
        scale = plane.shape[1] / frame.width_px
        for head in heads:
            cover(plane, head.x_px * scale, head.y_px * scale, head.radius_px * scale)
    return np.concatenate([plane.reshape(-1, width) for plane in planes])


def cover(plane: Picture, x_px: float, y_px: float, radius_px: float) -> None:
    """Average what is inside the circle to a few fields, in place."""
    rows, columns = plane.shape
    left, right = max(0, round(x_px - radius_px)), min(columns, round(x_px + radius_px) + 1)
    top, bottom = max(0, round(y_px - radius_px)), min(rows, round(y_px + radius_px) + 1)
    if left >= right or top >= bottom:
        return
    part = plane[top:bottom, left:right]
    fields = cv2.resize(part, (_FIELDS, _FIELDS), interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(fields, part.shape[::-1], interpolation=cv2.INTER_LINEAR)
    down, across = np.ogrid[top:bottom, left:right]
    inside = (across - x_px) ** 2 + (down - y_px) ** 2 <= radius_px**2
    part[inside] = smooth[inside]
