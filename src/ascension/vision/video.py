"""Reading a video that we do not trust: what it says of itself, its frames upright, typed failures.

FFmpeg is confined to local MP4/MOV and Matroska/WebM files: playlists and concatenations, which could make it
open other files or addresses, are refused. Known limit: a mirrored display matrix is read as not mirrored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ascension.errors import (
    AudioOnly,
    CodecUnsupported,
    EmptyVideo,
    NotAVideo,
    VideoMissing,
    VideoTooLarge,
    VideoTooLong,
    VideoTooSmall,
    VideoTruncated,
)
from ascension.vision.frame import Frame, frame_from

MAX_DURATION_S: Final = 600.0
MAX_FRAMES: Final = 600 * 240
MAX_PIXELS: Final = 4096 * 2304
MAX_SIDE_PX: Final = 4096
MIN_SIDE_PX: Final = 144

_MISSING_SHARE: Final = 0.05
_MISSING_S: Final = 0.25
"""A clip that lacks more than both of what it declares has lost its end."""
_OPEN_TIMEOUT_S: Final = 30
_CONFINED: Final = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm",
    "max_pixels": str(MAX_PIXELS),
}
_QUARTER_TURN_DEG: Final = 90
_MP4_MARK: Final = b"ftyp"


@dataclass(frozen=True)
class VideoInfo:
    """What is known before the frames are read. Sizes are those of the displayed frame.

    rotation_deg: the clockwise turn that shows the stored picture upright: 0, 90, 180 or 270
    time_base: seconds per tick; declared_*: what the file claims, None where it claims nothing
    """

    width_px: int
    height_px: int
    rotation_deg: int
    codec: str
    time_base: Fraction
    declared_frames: int | None
    declared_duration_s: float | None


class VideoReader:
    """A video file opened for one pass: `with VideoReader(path, threads=2) as video: for frame in video:`.

    Raises a JobFailure of its own for every way in which a file can be unfit; VideoTruncated comes at the
    end of the pass, when noticeably fewer frames came out than the file declares.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        _check_file(path)
        self._container = _open(path)
        try:
            self._stream = _picture_stream(self._container)
            _check_limits(self._stream)
            self._stream.thread_type = "AUTO"
            self._stream.codec_context.thread_count = threads
            self._stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
            self._decoded = self._decode()
            self._first = next(self._decoded, None)
            if self._first is None:
                raise VideoTruncated
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
        start = _start_ticks(self._container, self.info.time_base)
        size_px = (self.info.width_px, self.info.height_px)
        last: int | None = None
        count = 0
        for decoded in self._frames():
            ticks = (decoded.pts or 0) - start
            if last is not None and ticks <= last:
                continue  # a frame that repeats or goes back in time is never shown
            if ticks * self.info.time_base > MAX_DURATION_S or count >= MAX_FRAMES:
                raise VideoTooLong
            try:
                frame = frame_from(decoded, ticks, size_px, self.info.rotation_deg)
            except FFmpegError:
                continue  # a frame damaged so that it has no colors
            yield frame
            last = ticks
            count += 1
        self._check_complete(count, float((last or 0) * self.info.time_base))

    def _frames(self) -> Iterator[VideoFrame]:
        if self._first is not None:
            yield self._first
        self._first = None
        yield from self._decoded

    def _decode(self) -> Iterator[VideoFrame]:
        """Frames with a timestamp. A damaged packet costs its frames, not the clip: the count tells."""
        for packet in self._packets():
            try:
                frames = packet.decode()
            except FFmpegError:
                continue
            yield from (frame for frame in frames if frame.pts is not None)

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        try:
            yield from self._container.demux(self._stream)
        except FFmpegError:
            return

    def _check_complete(self, frames: int, end_s: float) -> None:
        declared_s, declared_frames = self.info.declared_duration_s, self.info.declared_frames
        if declared_s is None:
            return
        missing_s = declared_s - end_s
        if missing_s <= max(_MISSING_S, _MISSING_SHARE * declared_s):
            return
        if declared_frames is not None and frames >= (1 - _MISSING_SHARE) * declared_frames:
            return  # all frames came: only the last one is long
        raise VideoTruncated


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
        with path.open("rb") as file:
            begins_as_mp4 = file.read(12)[4:8] == _MP4_MARK
        raise (VideoTruncated if begins_as_mp4 else NotAVideo) from error


def _picture_stream(container: InputContainer) -> VideoStream:
    stream = container.streams.best("video")  # not the cover picture that some files carry
    if isinstance(stream, VideoStream):
        return stream
    raise AudioOnly if container.streams.audio else NotAVideo


def _check_limits(stream: VideoStream) -> None:
    """Before anything is decoded: a few bytes can announce a picture that fills the memory."""
    if cast("VideoCodecContext | None", stream.codec_context) is None:
        raise CodecUnsupported
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise VideoTooLarge
    if min(width, height) < MIN_SIDE_PX:
        raise VideoTooSmall if min(width, height) > 0 else CodecUnsupported
    if _seconds(stream) > MAX_DURATION_S:
        raise VideoTooLong


def _describe(container: InputContainer, stream: VideoStream, first: VideoFrame) -> VideoInfo:
    ratio = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(first.width * ratio), first.height
    if width * height > MAX_PIXELS or width > MAX_SIDE_PX:
        raise VideoTooLarge
    # the library gives the counterclockwise turn
    rotation = -round(first.rotation / _QUARTER_TURN_DEG) * _QUARTER_TURN_DEG % 360
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
    )


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


def _start_ticks(container: InputContainer, time_base: Fraction) -> int:
    start = cast("int | None", container.start_time)  # None where no stream says when it begins
    return round(Fraction(start or 0, av.time_base) / time_base)
