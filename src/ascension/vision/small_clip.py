"""A clip made anew, small and without sound, in the form that plays everywhere: H.264 in MP4.

Frames are shown at the moments at which the analysis read them, at most 720 pixels high or wide. Nothing else
of the file is taken over: no sound, place, device or text.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ascension.errors.jobs import ClipNotCopied
from ascension.vision.cleaning import OnShare
from ascension.vision.frame import Frame
from ascension.vision.region import Picture
from ascension.vision.video import VideoInfo, VideoReader

_SHORTER_SIDE_PX: Final = 720
_SETTINGS: Final = {"preset": "veryfast", "crf": "23"}
_KEY_EVERY: Final = 60
_WHOLE: Final = {"movflags": "+faststart", "fflags": "+bitexact"}
_CODES: Final = {"pq": 16, "hlg": 18}
_BT2020_PRIMARIES: Final = 9
_FULL, _LIMITED = 2, 1

Retouch = Callable[[Frame, float, Sequence[Picture]], None]
"""Changes a frame's planes in place; the second is its moment, in seconds."""


def write_small(
    source: Path, target: Path, *, threads: int, on_share: OnShare, retouch: Retouch | None = None
) -> None:
    """Write `target` as MP4. Raises ClipNotCopied, what VideoReader raises."""
    try:
        with VideoReader(source, threads=threads) as video:
            _encode(video, target, threads, on_share, retouch)
    except FFmpegError as error:
        raise ClipNotCopied from error


def _encode(
    video: VideoReader, target: Path, threads: int, on_share: OnShare, retouch: Retouch | None
) -> None:
    info = video.info
    size_px = _size_px(info)
    with av.open(target, "w", format="mp4", options=_WHOLE) as container:
        made: Any = container
        stream: Any = None
        for number, frame in enumerate(video):
            if stream is None:
                stream = _stream(container, info, frame, size_px, threads)
            at_s = float(frame.ticks * info.time_base)
            planes = _planes(frame, size_px)
            if retouch is not None:
                retouch(frame, at_s, planes)
            joined = np.concatenate([plane.reshape(-1, size_px[0]) for plane in planes])
            encoded = VideoFrame.from_ndarray(joined, format="yuv420p")
            # the clip begins with its first picture, whenever that was, as the cleaned one does
            encoded.pts, encoded.time_base = frame.ticks if number else 0, info.time_base
            made.mux(stream.encode(encoded))
            if info.declared_duration_s:
                on_share(min(at_s / info.declared_duration_s, 1.0))
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


def _planes(frame: Frame, size_px: tuple[int, int]) -> list[Picture]:
    """The frame's planes upright, as large as the copy's: ours to change."""
    half = (size_px[0] // 2, size_px[1] // 2)
    return [
        frame.upright(frame.y, size_px).copy(),
        *(frame.upright(plane, half).copy() for plane in (frame.u, frame.v)),
    ]
