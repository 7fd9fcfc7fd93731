"""A clip without what its picture does not need: no sound, place, device, time of day, other tracks or texts.

Packets are copied, never coded anew, so the pictures are the same to the bit; rotation and colors are kept,
and every picture is shown at the moment at which the analysis read it. What stays is in the pictures
themselves, and how their encoder is set. Known limits: a trimmed clip keeps the hidden pictures that the
first shown ones are made of; text among HEVC's settings in the file's head, where an encoder puts it there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal, cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from ascension.errors.jobs import ClipNotCopied
from ascension.vision.nal_units import without_user_data
from ascension.vision.video import CAPTURE_RATE_TAG, capture_fps_of, open_stream, start_ticks

ContentType = Literal["video/mp4", "video/quicktime", "video/webm"]
OnShare = Callable[[float], None]
"""How much is done, 0-1."""

_IN_WEBM: Final = frozenset({"vp8", "vp9", "av1"})
_IN_MP4: Final = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
_FORMATS: Final[dict[ContentType, str]] = {"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm"}
_MOST_TICKS_PER_S: Final = 2**31 - 1
_REPORT_EVERY: Final = 100


@dataclass(frozen=True)
class _Moment:
    """When one packet is decoded and its picture shown, in ticks since the clip's start."""

    shown: int
    decoded: int | None
    is_hidden: bool


def write_clean(source: Path, target: Path, on_share: OnShare) -> ContentType:
    """Write the pictures of `source`, alone, to `target`; what kind of file it is.

    Raises:
        ClipNotCopied: they cannot be, or would be shown at other moments. What VideoReader raises.
    """
    try:
        moments = _moments(source)
        plan = _planned(moments)
        content_type, time_base = _write(source, target, plan, on_share)
    except (FFmpegError, ValueError, OverflowError) as error:
        raise ClipNotCopied from error
    if _shown(_moments(target)) != _shown(plan) or _time_base(target) != time_base:
        raise ClipNotCopied
    return content_type


def _moments(path: Path) -> list[_Moment]:
    container, stream = open_stream(path, threads=1)
    with container:
        start = start_ticks(container, _base_of(stream))
        return [
            _Moment(packet.pts - start, None if packet.dts is None else packet.dts - start, packet.is_discard)
            for packet in _packets(container, stream)
            if packet.pts is not None
        ]


def _packets(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    for packet in container.demux(stream):
        if packet.size:
            if packet.pts is None:
                raise ClipNotCopied
            yield packet


def _base_of(stream: VideoStream) -> Fraction:
    if stream.time_base is None:
        raise ClipNotCopied
    return stream.time_base


def _time_base(path: Path) -> Fraction:
    container, stream = open_stream(path, threads=1)
    with container:
        return _base_of(stream)


def _shown(moments: Sequence[_Moment]) -> list[int]:
    return sorted(moment.shown for moment in moments if not moment.is_hidden)


def _planned(moments: Sequence[_Moment]) -> list[_Moment]:
    """The same moments; the first picture is shown from the clip's very start.

    Where sound began before the picture, its start was the clip's. Without it the picture's would be, and
    everything be shown that much earlier.
    """
    shown = _shown(moments)
    if not shown:
        raise ClipNotCopied
    planned = [
        _Moment(0, moment.decoded, False) if moment.shown == shown[0] and not moment.is_hidden else moment
        for moment in moments
    ]
    return planned if _is_decodable(planned) else _with_decoding_times(planned)


def _is_decodable(moments: Sequence[_Moment]) -> bool:
    last: int | None = None
    for moment in moments:
        if (
            moment.decoded is None
            or moment.decoded > moment.shown
            or (last or moment.decoded - 1) >= moment.decoded
        ):
            return False
        last = moment.decoded
    return True


def _with_decoding_times(moments: Sequence[_Moment]) -> list[_Moment]:
    """Each packet is decoded when as many pictures have been shown, less those that wait for later ones."""
    shown = sorted(moment.shown for moment in moments)
    rank = {ticks: place for place, ticks in enumerate(shown)}
    delay = max(place - rank[moment.shown] for place, moment in enumerate(moments))
    early = [shown[0] - delay + place for place in range(delay)]
    times = [*early, *shown]
    return [
        _Moment(moment.shown, time, moment.is_hidden) for moment, time in zip(moments, times, strict=False)
    ]


def _write(
    source: Path, target: Path, plan: Sequence[_Moment], on_share: OnShare
) -> tuple[ContentType, Fraction]:
    container, stream = open_stream(source, threads=1)
    with container:
        time_base = _base_of(stream)
        content_type = _content_type(container, stream)
        clean = without_user_data(stream.codec_context.name, stream.codec_context.extradata)
        made: Any = av.open(
            target, "w", format=_FORMATS[content_type], options=_options(content_type, time_base)
        )
        with made:
            if (rate := capture_fps_of(container)) is not None:
                made.metadata[CAPTURE_RATE_TAG] = f"{rate:g}"  # without it slow motion is no longer known
            copied = made.add_stream_from_template(stream, opaque=True)
            copied.metadata.clear()
            copied.time_base = time_base
            for number, (packet, moment) in enumerate(zip(_packets(container, stream), plan, strict=True)):
                made.mux_one(_copied(packet, moment, clean, copied))
                if number % _REPORT_EVERY == 0:
                    on_share(number / len(plan))
    return content_type, time_base


def _copied(
    packet: "Packet[VideoStream]", moment: _Moment, clean: Callable[[bytes], bytes], stream: VideoStream
) -> "Packet[VideoStream]":
    made: Any = Packet(clean(bytes(packet)))
    made.pts, made.dts, made.time_base = moment.shown, moment.decoded, packet.time_base
    made.duration, made.is_keyframe, made.stream = packet.duration, packet.is_keyframe, stream
    return cast("Packet[VideoStream]", made)


def _content_type(container: InputContainer, stream: VideoStream) -> ContentType:
    """Of the copy: as the clip was where it can be, else what browsers play, else what takes every coding."""
    codec = stream.codec_context.codec.canonical_name  # whatever library decodes it
    if "matroska" in container.format.name and codec in _IN_WEBM:
        return "video/webm"
    return "video/mp4" if codec in _IN_MP4 else "video/quicktime"


def _options(content_type: ContentType, time_base: Fraction) -> dict[str, str]:
    """bitexact: nothing is told of the program that writes. Ticks stay as fine as they were."""
    options = {"fflags": "+bitexact"}
    if content_type == "video/webm":
        return options
    if time_base.numerator != 1 or time_base.denominator > _MOST_TICKS_PER_S:
        raise ClipNotCopied
    ticks_per_s = str(time_base.denominator)
    return options | {
        "movflags": "+faststart+use_metadata_tags",
        "video_track_timescale": ticks_per_s,
        "movie_timescale": ticks_per_s,
    }
