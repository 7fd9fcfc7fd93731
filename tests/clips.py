"""Clips for tests, made on the spot: short cuts of the example, and files that are no climb at all."""

# PyAV leaves keyword arguments untyped
# pyright: reportUnknownMemberType=false

import io
import tempfile
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

from tests.platform import EXAMPLE


@cache
def short_climb(frames: int = 12) -> bytes:
    """The first frames of the example climb: enough for a result, short enough for many jobs."""
    target = io.BytesIO()
    with av.open(str(EXAMPLE)) as source, av.open(target, "w", format="mp4") as sink:
        stream = sink.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 480, 854, "yuv420p"
        for number, frame in enumerate(source.decode(video=0)):
            if number == frames:
                break
            frame.pts, frame.time_base = number, Fraction(1, 30)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode())
    return target.getvalue()


@cache
def empty_wall(frames: int = 30) -> bytes:
    """A video with nobody in it."""
    target = io.BytesIO()
    noise = np.random.default_rng(1).integers(90, 110, (320, 240, 3), dtype=np.uint8)
    with av.open(target, "w", format="mp4") as sink:
        stream = sink.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 240, 320, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(noise, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode())
    return target.getvalue()


@cache
def sound_only() -> bytes:
    """An MP4 with an audio track and no picture."""
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as sink:
        stream = sink.add_stream("aac", rate=44_100)
        for _ in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate = 44_100
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode())
    return target.getvalue()


def truncated_climb() -> bytes:
    """A climb whose file breaks off in the middle, its index in front."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "climb.mp4"
        with (
            av.open(str(EXAMPLE)) as source,
            av.open(str(whole), "w", options={"movflags": "faststart"}) as sink,
        ):
            stream = sink.add_stream_from_template(source.streams.video[0])
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    sink.mux(packet)
        content = whole.read_bytes()
    return content[: len(content) // 2]
