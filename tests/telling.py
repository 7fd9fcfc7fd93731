"""Clips that tell more than their pictures, as phones and action cameras write them, made by the tests."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.packet import Packet
from av.video.frame import VideoFrame

from tests.clips import HEVC, checkered

PLACE = "+48.8566+002.3522/"
DEVICE = "Tellphone 15 Pro SN-C39XL7Q1"
SOUND_RATE = 48_000
POSITIONS = b"GPS5 48.8566 2.3522 "
USER_DATA = b"serial SN-C39XL7Q1 at 48.8566"
SECRETS = (PLACE.encode(), DEVICE.encode(), POSITIONS, USER_DATA, b"2026-11-01T10:11:12")


@dataclass(frozen=True)
class Telling:
    """How a telling clip is built. sound_s: when it begins, before or after the picture at 0."""

    name: str = "phone.mp4"
    codec: str = "libx264"
    sound: str | None = "aac"
    sound_s: float = 0.0
    matrix: tuple[int, int, int, int] | None = None
    frames: int = 45
    options: tuple[tuple[str, str], ...] = (("preset", "veryfast"), ("bf", "2"))
    with_positions: bool = True
    with_user_data: bool = True
    first_picture_s: float = 0.0


AS_IPHONES_FILM = Telling(codec="libx265", options=tuple(HEVC.items()))
"""Which few browsers play."""


def telling_clip(path: Path, how: Telling | None = None) -> Path:
    """Moving squares with sound, a track of positions, and every name and place that a file can carry."""
    how = how or Telling()
    is_webm = path.suffix == ".webm"
    options = {} if is_webm else {"movflags": "+use_metadata_tags"}
    with av.open(path, "w", options=options) as opened:
        container: Any = opened
        container.metadata.update(
            {
                "location": PLACE,
                "com.apple.quicktime.location.ISO6709": PLACE,
                "com.apple.quicktime.model": DEVICE,
                "com.android.capture.fps": "240",
                "creation_time": "2026-11-01T10:11:12Z",
                "comment": f"XMP {PLACE}",
            }
        )
        video = container.add_stream(how.codec, rate=30, options=dict(how.options))
        video.width, video.height, video.pix_fmt = 320, 240, "yuv420p"
        video.codec_context.time_base = Fraction(1, 15360)
        video.metadata["handler_name"] = DEVICE
        if how.matrix is not None:
            a, b, c, d = how.matrix
            video.set_display_matrix((a, b, 0, c, d, 0, 0, 0, 1 << 30))
        sound = container.add_stream(how.sound, rate=SOUND_RATE) if how.sound else None
        positions = container.add_data_stream("bin_data") if how.with_positions and not is_webm else None
        _write_sound(container, sound, how)
        for number, picture in enumerate(checkered(240, 320, how.frames)):
            frame = VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number * 512 + round(how.first_picture_s * 15360)
            frame.time_base = Fraction(1, 15360)
            for packet in video.encode(frame):
                container.mux(_with_user_data(packet) if _takes_user_data(how) else packet)
            if positions is not None and number % 15 == 0:
                told = Packet(POSITIONS * 4)
                told.pts = told.dts = number * 512
                told.time_base, told.stream = Fraction(1, 15360), positions
                container.mux(told)
        container.mux(video.encode(None))
    return path


def _takes_user_data(how: Telling) -> bool:
    return how.with_user_data and how.codec == "libx264"


def _with_user_data(packet: Any) -> Any:
    """The same packet, before its picture a unit of free text (H.264 annex D, type 5), as some cameras do."""
    body = bytes(range(1, 17)) + USER_DATA
    unit = b"\x06\x05" + bytes([len(body)]) + body + b"\x80"
    content = bytes(packet)
    start = b"\x00\x00\x00\x01" if content.startswith((b"\x00\x00\x00\x01", b"\x00\x00\x01")) else None
    made: Any = Packet((start or len(unit).to_bytes(4, "big")) + unit + content)
    made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
    made.duration, made.is_keyframe, made.stream = packet.duration, packet.is_keyframe, packet.stream
    return made


def _write_sound(container: Any, sound: Any, how: Telling) -> None:
    if sound is None:
        return
    count = how.frames * SOUND_RATE // 30 // 960
    for index in range(count):
        tone = np.sin(np.arange(960) * (0.05 + 0.001 * index)).astype(np.float32)[None] * 0.3
        frame = AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = SOUND_RATE, index * 960 + round(how.sound_s * SOUND_RATE)
        frame.time_base = Fraction(1, SOUND_RATE)
        container.mux(sound.encode(frame))
    container.mux(sound.encode(None))
