"""Clips as a browser's MediaRecorder writes them: no length, no index, frames that come unevenly."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame

from tests.clips import Picture

CUES = b"\x1c\x53\xbb\x6b"
DURATION = b"\x44\x89\x88"
"""The element, and that its value has 8 bytes."""
STEP_MS = 33


def film(path: Path, pictures: Iterable[Picture], *, codec: str = "libvpx") -> Path:
    """A WebM in which moments are whole milliseconds that waver by a few."""
    rng = np.random.default_rng(7)
    made: Any = av.open(path, "w", format="webm", options={"live": "1", "fflags": "+bitexact"})
    with made:
        stream: Any = None
        moment_ms = 0
        for picture in pictures:
            if stream is None:
                stream = made.add_stream(codec, rate=30, options={"deadline": "realtime", "cpu-used": "8"})
                stream.height, stream.width, stream.pix_fmt = picture.shape[0], picture.shape[1], "yuv420p"
                stream.codec_context.time_base = Fraction(1, 1000)
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = moment_ms, Fraction(1, 1000)
            made.mux(stream.encode(frame))
            moment_ms += STEP_MS + int(rng.integers(-4, 5))
        made.mux(stream.encode(None))
    return path
