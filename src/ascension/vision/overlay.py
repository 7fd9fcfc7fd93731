"""The clip with all that `tracks.Tracks` holds drawn in, as H.264 in MP4, without sound."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final, Protocol, cast

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from ascension.vision.drawing import Painter
from ascension.vision.region import Picture
from ascension.vision.tracks import Tracks
from ascension.vision.video import VideoInfo, VideoReader

ReportShare = Callable[[int, dict[str, float]], None]

_QUALITY: Final = {"crf": "20", "preset": "veryfast"}
_RATE: Final = 30
"""A hint for the encoder; what counts are the frames' own times."""
_REPORT_EVERY_S: Final = 0.25


def write_overlay(
    video_path: Path, tracks: Tracks, out_path: Path, *, threads: int, on_progress: ReportShare
) -> None:
    """Write the drawn clip to `out_path`, with the clip's own frame times. Raises what VideoReader raises."""
    frames = tracks.poses.frame_count
    began = reported = time.monotonic()
    with (
        VideoReader(video_path, threads=threads) as video,
        av.open(out_path, mode="w", format="mp4", options={"movflags": "+faststart"}) as container,
    ):
        muxer = cast("_Muxer", container)
        stream = _add_stream(muxer, video.info)
        painter = Painter(tracks, video.info.width_px)
        for index, frame in enumerate(video):
            picture = painter.paint(frame.rgb(), index)
            muxer.mux(stream.encode(_encodable(picture, stream, frame.ticks, video.info.time_base)))
            now = time.monotonic()
            if now - reported >= _REPORT_EVERY_S:
                reported = now
                speed = {"frames_per_s": round((index + 1) / (now - began), 1)}
                on_progress(round(100 * (index + 1) / frames), speed)
        muxer.mux(stream.encode(None))
    on_progress(100, {})


class _Stream(Protocol):
    """What is used of av's VideoStream, whose own annotations leave packets open."""

    width: int
    height: int
    pix_fmt: str | None
    codec_context: VideoCodecContext

    def encode(self, frame: VideoFrame | None) -> list[object]: ...


class _Muxer(Protocol):
    def add_stream(self, codec_name: str, *, rate: int, options: dict[str, str]) -> _Stream: ...

    def mux(self, packets: list[object]) -> None: ...


def _add_stream(container: _Muxer, info: VideoInfo) -> _Stream:
    stream = container.add_stream("libx264", rate=_RATE, options=_QUALITY)
    stream.width, stream.height = info.width_px // 2 * 2, info.height_px // 2 * 2  # 4:2:0 has no odd sizes
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = info.time_base
    return stream


def _encodable(picture: Picture, stream: _Stream, ticks: int, time_base: Fraction) -> VideoFrame:
    even = np.ascontiguousarray(picture[: stream.height, : stream.width])
    frame = VideoFrame.from_ndarray(even, format="rgb24")
    frame.pts = ticks
    frame.time_base = time_base
    return frame
