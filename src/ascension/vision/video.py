"""Reading a video that we do not trust: what it says of itself, its frames upright, typed failures.

FFmpeg is confined to local MP4/MOV and Matroska/WebM files: playlists and concatenations, which could make it
open other files or addresses, are refused; AVI, MPEG-TS and the like are named. What does not decode is left
out and told (`VideoReader.losses`); a clip of which most is missing is refused.

Known limit: decoders paint over some damage without a word (VP9 nearly always); it shows as smears. Holes in
H.264 and HEVC are found all the same, see `nal_units`.
"""

import errno
import math
from array import array
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.sidedata.sidedata import SideData, Type
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ascension.errors.jobs import (
    AudioOnly,
    CodecUnsupported,
    ContainerUnsupported,
    EmptyVideo,
    JobFailure,
    NotAVideo,
    VideoDamaged,
    VideoMissing,
    VideoTooLarge,
    VideoTooLong,
    VideoTooSmall,
    VideoTruncated,
)
from ascension.vision.frame import Frame, frame_from
from ascension.vision.losses import Losses, damaged_ticks, missing_ticks, spans_of
from ascension.vision.nal_units import soundness_of

MAX_DURATION_S: Final = 600.0
MAX_FRAMES: Final = 600 * 240
MAX_PIXELS: Final = 4096 * 2304
MAX_SIDE_PX: Final = 4096
MIN_SIDE_PX: Final = 144
_LARGE_PX: Final = 2560 * 1440
"""Beyond it one thread decodes: each further one keeps pictures of up to 25 MB of its own."""
MIN_STEP_S: Final = 0.0005
"""No camera takes frames closer together, and speeds over shorter steps are noise without bounds."""

_WORTHLESS_SHARE: Final = 0.5
"""A clip that lacks more than this is refused: the climb is mostly elsewhere. Less is analyzed and told."""
_MISSING_SHARE: Final = 0.05
_MISSING_S: Final = 0.25
"""Declared lengths are rough: only an end that lacks more than both is missing."""
_REPEATS: Final = 10
"""An edit list may show pictures again, in a loop; one that does so more often is made to cost time."""
_OPEN_TIMEOUT_S: Final = 30
_CONFINED: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm",
    "max_streams": "64",
    # beyond it nothing is said of the size; up to it, what is too large for us is named so
    "max_pixels": str(8192 * 8192),
}
_QUARTER_TURN_DEG: Final = 90
_MP4_MARK: Final = b"ftyp"
_FOREIGN_MARKS: Final = (
    (0, b"RIFF"),  # AVI
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),  # WMV
    (0, b"FLV\x01"),
    (0, b"OggS"),
    (0, b"\x00\x00\x01\xba"),  # MPEG program stream
    (0, b"\x06\x0e\x2b\x34"),  # MXF
)
_TRANSPORT_SYNC: Final = 0x47
_TRANSPORT_PACKETS: Final = ((0, 188), (4, 192))
"""First sync byte and packet length of MPEG-TS and of the variant that camcorders write."""

_TRANSFERS: Final = {16: "pq", 18: "hlg"}
"""HDR transfer functions by their code of ITU-T H.273."""
CAPTURE_RATE_TAG: Final = "com.android.capture.fps"


@dataclass(frozen=True)
class VideoInfo:
    """What is known before the frames are read. Sizes are those of the displayed frame.

    rotation_deg: the clockwise turn that shows the stored picture upright: 0, 90, 180 or 270
    mirrored: the file asks for left and right to be exchanged before that turn; frames come so
    time_base: seconds per tick; declared_*: what the file claims, None where it claims nothing
    transfer: "pq" or "hlg" for high dynamic range, "sdr" for everything else
    capture_fps: the camera's rate where the file tells it; above the playing rate it is slow motion
    other_videos: how many more picture tracks the file holds, cover pictures left out
    """

    width_px: int
    height_px: int
    rotation_deg: int
    codec: str
    time_base: Fraction
    declared_frames: int | None
    declared_duration_s: float | None
    mirrored: bool
    transfer: str
    capture_fps: float | None
    other_videos: int = 0


class VideoReader:
    """A video file opened for one pass: `with VideoReader(path, threads=2) as video: for frame in video:`.

    Raises a JobFailure of its own for every way in which a file can be unfit; VideoTruncated and VideoDamaged
    come at the end of the pass, when less than half of what the file declares came out.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        self._container, self._stream = open_stream(path, threads)
        context = self._stream.codec_context
        self._is_sound = soundness_of(context.name, context.extradata)
        self._stored, self._key_frames, self._decoded = array("q"), array("q"), array("q")
        self._unsound = array("q")
        self._unordered = self._interlaced = self._resized = 0
        self._end_s = 0.0
        try:
            self._frames = self._decode()
            self._first = next(self._frames, None)
            if self._first is None:
                raise VideoDamaged if self._stored else VideoTruncated
            self._stored_size = (self._first.width, self._first.height)
            self.info = _describe(self._container, self._stream, self._first)
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    def __iter__(self) -> Iterator[Frame]:
        start = start_ticks(self._container, self.info.time_base)
        count = 0
        for decoded in self._in_order():
            ticks = (decoded.pts or 0) - start
            time_s = ticks * self.info.time_base
            if time_s > MAX_DURATION_S or count >= MAX_FRAMES:
                raise VideoTooLong
            try:
                frame = _frame(decoded, ticks, self.info)
            except FFmpegError:
                continue  # damaged so that it has no colors
            self._decoded.append(decoded.pts or 0)
            self._interlaced += decoded.interlaced_frame
            self._resized += (decoded.width, decoded.height) != self._stored_size
            self._end_s = float(time_s)
            count += 1
            del decoded  # as large as the frame, or twice that
            yield frame
        self._refuse_what_is_mostly_missing()

    def losses(self) -> Losses:
        """What the pass left out or doubts. Ask after a whole pass: what is unread counts as missing."""
        lost = missing_ticks(self._stored, self._decoded)
        doubtful = np.union1d(lost, np.asarray(self._unsound, np.int64))
        damaged = damaged_ticks(doubtful, self._decoded, np.setdiff1d(self._key_frames, doubtful))
        everything = np.unique(np.concatenate([np.asarray(self._stored), np.asarray(self._decoded)]))
        start = start_ticks(self._container, self.info.time_base)
        return Losses(
            missing=spans_of(lost - start, everything - start, self.info.time_base),
            damaged=spans_of(damaged - start, everything - start, self.info.time_base),
            end_s=self._missing_end_s(),
            unordered=self._unordered,
            interlaced=self._interlaced,
            resized=self._resized,
        )

    def _in_order(self) -> Iterator[VideoFrame]:
        """Frames whose time increases. One is held back: of two that disagree, the one off course goes."""
        held, self._first = self._first, None
        if held is None:
            return
        last: int | None = None
        for decoded in self._frames:
            step = (decoded.pts or 0) - (held.pts or 0)
            if step * self.info.time_base >= MIN_STEP_S:
                yield held
                last, held = held.pts, decoded
                continue
            if step > 0:
                self._decoded.append(decoded.pts or 0)  # not lost, but of the same moment
                self._unordered += 1
                continue
            self._unordered += 1
            if last is None or ((decoded.pts or 0) - last) * self.info.time_base >= MIN_STEP_S:
                held = decoded
        yield held

    def _decode(self) -> Iterator[VideoFrame]:
        """Frames with a timestamp. A damaged packet costs its frames, not the clip: `losses` tells."""
        for packet in self._packets():
            try:
                frames = packet.decode()
            except FFmpegError:
                continue
            yield from (frame for frame in frames if frame.pts is not None)

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        with suppress(FFmpegError):  # the rest cannot be read
            for packet in self._container.demux(self._stream):
                if packet.pts is not None and not packet.is_discard:
                    self._stored.append(packet.pts)
                    if packet.is_keyframe:
                        self._key_frames.append(packet.pts)
                    if not self._is_sound(bytes(packet)):
                        self._unsound.append(packet.pts)
                yield packet

    def _refuse_what_is_mostly_missing(self) -> None:
        if self._missing_end_s() > _WORTHLESS_SHARE * (self.info.declared_duration_s or 0):
            raise VideoTruncated
        missing = len(missing_ticks(self._stored, self._decoded))
        if missing > _WORTHLESS_SHARE * len(self._stored):
            raise VideoDamaged

    def _missing_end_s(self) -> float:
        declared_s, declared_frames = self.info.declared_duration_s, self.info.declared_frames
        if declared_s is None:
            return 0.0
        missing_s = declared_s - self._end_s
        if missing_s <= max(_MISSING_S, _MISSING_SHARE * declared_s):
            return 0.0
        if declared_frames is not None and len(self._decoded) >= (1 - _MISSING_SHARE) * declared_frames:
            return 0.0  # all frames came: only the last one is long
        return missing_s


def glimpses(path: Path, *, count: int) -> tuple[VideoInfo, Iterator[Frame]]:
    """What the file says, and up to `count` key frames spread over the clip: a moment's look before the pass.

    Frames are read when they are asked for. A clip with few key frames gives fewer; a file that cannot be
    searched gives its first one. Raises the JobFailures of `VideoReader`.
    """
    with VideoReader(path, threads=1) as video:
        info = video.info
    return info, _spread(*open_stream(path, threads=1), info, count)


def _spread(container: InputContainer, stream: VideoStream, info: VideoInfo, count: int) -> Iterator[Frame]:
    last: int | None = None
    with container:
        stream.codec_context.skip_frame = "NONKEY"
        start = start_ticks(container, info.time_base)
        for place in range(count):
            target_s = (info.declared_duration_s or 0.0) * place / count
            with suppress(FFmpegError):
                container.seek(start + round(target_s / info.time_base), stream=stream)
                decoded = next((frame for frame in container.decode(stream) if frame.pts is not None), None)
                ticks = None if decoded is None else (decoded.pts or 0) - start
                if decoded is not None and ticks is not None and (last is None or ticks > last):
                    last = ticks
                    yield _frame(decoded, ticks, info)


def open_stream(path: Path, threads: int) -> tuple[InputContainer, VideoStream]:
    """The picture stream, within the limits, ready to decode. The caller closes the container."""
    _check_file(path)
    container = _open(path)
    try:
        stream = _picture_stream(container)
        _check_limits(container, stream)
        stream.thread_type = "AUTO"
        large = stream.codec_context.width * stream.codec_context.height > _LARGE_PX
        stream.codec_context.thread_count = 1 if large else threads
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
    except BaseException:
        container.close()
        raise
    return container, stream


def _frame(decoded: VideoFrame, ticks: int, info: VideoInfo) -> Frame:
    """The frame as it is to be shown. Interlaced: one field, since the other is of another moment."""
    frame = frame_from(decoded, ticks, (info.width_px, info.height_px), info.rotation_deg)
    if info.mirrored:
        y, u, v = (np.ascontiguousarray(plane[:, ::-1]) for plane in (frame.y, frame.u, frame.v))
        frame = replace(frame, y=y, u=u, v=v)
    if decoded.interlaced_frame:
        frame = replace(frame, y=frame.y[::2], u=frame.u[::2], v=frame.v[::2])
    return frame


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise VideoMissing from error
    if size == 0:
        raise EmptyVideo


def _open(path: Path) -> InputContainer:
    try:
        return av.open(path, mode="r", options=_CONFINED, timeout=_OPEN_TIMEOUT_S, metadata_errors="replace")
    except FFmpegError as error:
        if error.errno == errno.ENOMEM:
            raise NotAVideo("The file has more tracks than any camera records.") from error
        raise _unreadable(path) from error


def _unreadable(path: Path) -> JobFailure:
    """Why a file could not be opened, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(512)
    if head[4:8] == _MP4_MARK:
        return VideoTruncated()
    if any(head.startswith(mark, place) for place, mark in _FOREIGN_MARKS):
        return ContainerUnsupported()
    for first, length in _TRANSPORT_PACKETS:
        if {head[place : place + 1] for place in (first, first + length)} == {bytes([_TRANSPORT_SYNC])}:
            return ContainerUnsupported()
    return NotAVideo()


def _picture_stream(container: InputContainer) -> VideoStream:
    # what the file calls its main track, else the one with the most data; never a cover picture
    stream = container.streams.best("video")
    if isinstance(stream, VideoStream):
        return stream
    raise AudioOnly if container.streams.audio else NotAVideo


def _check_limits(container: InputContainer, stream: VideoStream) -> None:
    """Before anything is decoded: a few bytes can announce a picture that fills the memory."""
    if cast("VideoCodecContext | None", stream.codec_context) is None:
        raise CodecUnsupported
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise VideoTooLarge
    if min(width, height) < MIN_SIDE_PX:
        raise VideoTooSmall if min(width, height) > 0 else CodecUnsupported
    if (_declared_duration_s(container, stream) or 0.0) > MAX_DURATION_S:
        raise VideoTooLong
    shown = len(stream.index_entries)
    if stream.frames and shown > _REPEATS * stream.frames:
        raise NotAVideo("The file repeats its few pictures by a made-up list of edits. Export it again.")
    if shown > MAX_FRAMES:
        raise VideoTooLong


def _describe(container: InputContainer, stream: VideoStream, first: VideoFrame) -> VideoInfo:
    ratio = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(first.width * ratio), first.height
    if width * height > MAX_PIXELS or width > MAX_SIDE_PX:
        raise VideoTooLarge
    if min(width, height) < MIN_SIDE_PX:
        raise VideoTooSmall  # by its pixels' shape, which may be anything
    rotation, mirrored = _orientation(first)
    if rotation % (2 * _QUARTER_TURN_DEG):
        width, height = height, width
    time_base = stream.time_base
    if time_base is None or time_base <= 0:
        raise NotAVideo
    return VideoInfo(
        width_px=width,
        height_px=height,
        rotation_deg=rotation,
        codec=stream.codec_context.name,
        time_base=time_base,
        declared_frames=stream.frames or None,
        declared_duration_s=_declared_duration_s(container, stream),
        mirrored=mirrored,
        transfer=_TRANSFERS.get(int(first.color_trc), "sdr"),
        capture_fps=capture_fps_of(container),
        other_videos=sum(
            other.index != stream.index and not other.disposition & Disposition.attached_pic
            for other in container.streams.video
        ),
    )


def _orientation(first: VideoFrame) -> tuple[int, bool]:
    """Clockwise quarter turns in degrees, after the exchange of left and right where that is True.

    From the display matrix: (x, y) is shown at (a x + c y, b x + d y), y down; numbers 0, 1, 3, 4 of nine.
    """
    tag = cast("Mapping[Type, SideData]", first.side_data).get(Type.DISPLAYMATRIX)
    if tag is None:
        return 0, False
    matrix = np.frombuffer(bytes(tag), np.int32).astype(np.float64)
    a, b, c, d = matrix[[0, 1, 3, 4]]
    mirrored = bool(a * d < b * c)
    turn_deg = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))
    return round(turn_deg / _QUARTER_TURN_DEG) * _QUARTER_TURN_DEG % 360, mirrored


def capture_fps_of(container: InputContainer) -> float | None:
    """What Android's cameras write. None where nothing is said or it makes no sense."""
    with suppress(ValueError):
        rate = float(container.metadata.get(CAPTURE_RATE_TAG, "nan"))
        return rate if 1 <= rate <= 10_000 else None
    return None


def _declared_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """The shorter claim: a trimmed clip keeps hidden frames in its stream, sound may outlast the picture."""
    claims: list[float] = []
    if container.duration is not None:
        claims.append(container.duration / av.time_base)
    if seconds := _seconds(stream):
        claims.append(seconds)
    return min(claims, default=None)


def _seconds(stream: VideoStream) -> float:
    """The stream's own claim; 0: none."""
    return float((stream.duration or 0) * (stream.time_base or 0))


def start_ticks(container: InputContainer, time_base: Fraction) -> int:
    """Where the clip begins, in ticks of `time_base`: its earliest track's start, sound included."""
    start = cast("int | None", container.start_time)  # None where no stream says when it begins
    return round(Fraction(start or 0, av.time_base) / time_base)
