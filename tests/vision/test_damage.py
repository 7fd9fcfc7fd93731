"""Clips that are broken, odd or hostile: read as far as they go and told of, or refused with the reason."""

import struct
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition

from ascension.errors.jobs import (
    CodecUnsupported,
    ContainerUnsupported,
    JobFailure,
    NotAVideo,
    VideoDamaged,
    VideoTooLarge,
    VideoTooLong,
    VideoTooSmall,
    VideoTruncated,
)
from ascension.vision.frame import Frame
from ascension.vision.gate import about_file
from ascension.vision.losses import Losses, Span, damaged_ticks, missing_ticks, spans_of
from ascension.vision.nal_units import soundness_of
from ascension.vision.video import VideoInfo, VideoReader, glimpses
from tests.clips import (
    HEVC,
    INTERLACED,
    MATRIX_ONE,
    TICKS_PER_FRAME,
    Coding,
    Picture,
    checkered,
    damaged_copy,
    encode_clip,
    write_clip,
)

FRAMES = 60
RED, GREEN, BLUE, GRAY = (220, 30, 30), (30, 200, 30), (30, 30, 220), (120, 120, 120)


def read(path: Path) -> tuple[VideoInfo, list[Frame], Losses]:
    with VideoReader(path, threads=2) as video:
        frames = list(video)
        return video.info, frames, video.losses()


def noisy(frames: int = FRAMES) -> list[Picture]:
    """Pictures that need many bytes, so that a hole in the file hits some of them."""
    rng = np.random.default_rng(5)
    base = rng.integers(40, 200, (240, 320, 3)).astype(np.uint8)
    return [np.roll(base, 3 * index, axis=1) for index in range(frames)]


def cornered() -> Picture:
    """Red top left, green top right, blue bottom left, gray elsewhere."""
    picture = np.full((240, 320, 3), GRAY, np.uint8)
    picture[:80, :80], picture[:80, -80:], picture[-80:, :80] = RED, GREEN, BLUE
    return picture


def corners(picture: Picture) -> list[tuple[int, int, int]]:
    """The four corners' colors, each as the nearest of the painted ones: top left, top right, bottom ..."""
    found: list[tuple[int, int, int]] = []
    for place in ((20, 20), (20, -20), (-20, 20), (-20, -20)):
        color = picture[place].astype(int)
        found.append(min((RED, GREEN, BLUE, GRAY), key=lambda other: int(np.abs(color - other).sum())))
    return found


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", noisy(), Coding(key_every=20))


def test_a_whole_clip_lacks_nothing(clip: Path) -> None:
    _, frames, losses = read(clip)
    assert len(frames) == FRAMES
    assert losses == Losses()


def test_a_hole_costs_its_frames_and_dooms_those_until_the_next_key_frame(clip: Path, tmp_path: Path) -> None:
    size = clip.stat().st_size
    holed = damaged_copy(clip, tmp_path / "holed.mp4", share=0.5, length_bytes=size // FRAMES)
    _, frames, losses = read(holed)
    missing = sum(span.frames for span in losses.missing)
    assert 1 <= missing <= 3
    assert len(frames) == FRAMES - missing
    assert [0.8 < span.start_s <= span.end_s < 1.3 for span in losses.missing] == [True] * len(losses.missing)
    (damaged,) = losses.damaged
    assert damaged.start_s > losses.missing[0].end_s
    assert damaged.end_s == pytest.approx(39 / 30, abs=1e-6), "frame 40 is a key frame"


def test_the_frames_called_damaged_are_those_that_differ(clip: Path, tmp_path: Path) -> None:
    size = clip.stat().st_size
    _, whole, _ = read(clip)
    _, frames, losses = read(
        damaged_copy(clip, tmp_path / "holed.mp4", share=0.4, length_bytes=size // FRAMES)
    )
    truth = {frame.ticks: frame.y for frame in whole}
    differing = {
        frame.ticks for frame in frames if np.abs(truth[frame.ticks].astype(int) - frame.y).mean() > 1
    }
    told = {
        frame.ticks
        for frame in frames
        for span in losses.damaged
        if span.start_s <= frame.ticks / 15360 <= span.end_s
    }
    assert differing
    assert differing <= told


@pytest.mark.parametrize(
    ("coding", "name"),
    [
        (Coding("libx265", options=HEVC), "clip.mp4"),
        (Coding("libvpx-vp9", options={"deadline": "realtime", "cpu-used": "8"}), "clip.webm"),
        (
            Coding("libvpx", options={"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1"}),
            "clip.webm",
        ),
        (Coding("libsvtav1", options={"preset": "12", "svtav1-params": "lp=1"}), "clip.mp4"),
        (Coding("mpeg4", options={"qmin": "3"}), "clip.mp4"),
    ],
    ids=lambda value: value.codec if isinstance(value, Coding) else "",
)
def test_other_codecs_are_read_whole_and_survive_a_hole(coding: Coding, name: str, tmp_path: Path) -> None:
    whole = encode_clip(tmp_path / name, noisy(), coding)
    _, frames, losses = read(whole)
    assert (len(frames), losses) == (FRAMES, Losses())
    holed = damaged_copy(
        whole, tmp_path / f"holed-{name}", share=0.6, length_bytes=whole.stat().st_size // 30
    )
    _, frames, losses = read(holed)
    assert len(frames) + sum(span.frames for span in losses.missing) <= FRAMES
    assert len(frames) > FRAMES / 2


def test_a_hole_that_the_decoder_paints_over_is_told(tmp_path: Path) -> None:
    whole = encode_clip(tmp_path / "whole.mp4", noisy(), Coding("libx265", options=HEVC, key_every=20))
    holed = damaged_copy(
        whole, tmp_path / "holed.mp4", share=0.5, length_bytes=whole.stat().st_size // FRAMES
    )
    truth = {frame.ticks: frame.y for frame in read(whole)[1]}
    _, frames, losses = read(holed)
    assert len(frames) == FRAMES, "the decoder says nothing"
    differing = {
        frame.ticks / 15360 for frame in frames if np.abs(truth[frame.ticks].astype(int) - frame.y).mean() > 1
    }
    told = [time_s for time_s in differing if any(s.start_s <= time_s <= s.end_s for s in losses.damaged)]
    assert differing
    assert len(told) >= 0.8 * len(differing)
    assert read(whole)[2] == Losses()


@pytest.mark.parametrize("length_size", [1, 2, 4])
def test_units_are_sound_until_a_rule_is_broken(length_size: int) -> None:
    check = soundness_of("h264", bytes([1, 0x64, 0, 0x1F, 0xFC | (length_size - 1)]))
    units = [b"\x65\x88\x00\x00\x03\x01", b"\x41\x9a"]
    packet = b"".join(len(unit).to_bytes(length_size, "big") + unit for unit in units)
    assert check(packet)
    assert check(b"")
    assert check((len(units[0]) + 5).to_bytes(length_size, "big") + units[0] + bytes(5)), "filled up"
    for damaged in (
        packet.replace(b"\x00\x00\x03", b"\x00\x00\x00"),
        packet.replace(b"\x65\x88", b"\xe5\x88"),
        packet[:-1],
        packet + bytes(length_size),
    ):
        assert not check(damaged)
    assert soundness_of("vp9", None)(bytes(9)), "no rule is known"
    assert soundness_of("h264", b"\x00\x00\x00\x01\x67")(bytes(9)), "not units behind lengths"


def test_a_lost_end_is_told_up_to_half_and_refused_beyond(clip: Path, tmp_path: Path) -> None:
    content = clip.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(content[: len(content) * 3 // 4])
    _, frames, losses = read(cut)
    assert 0.6 * FRAMES < len(frames) < 0.85 * FRAMES
    assert losses.end_s == pytest.approx((FRAMES - len(frames)) / 30, abs=0.1)
    cut.write_bytes(content[: len(content) * 4 // 10])
    with pytest.raises(VideoTruncated):
        read(cut)


def test_a_clip_that_hardly_decodes_is_refused(clip: Path, tmp_path: Path) -> None:
    holed = damaged_copy(
        clip, tmp_path / "holed.mp4", share=0.25, length_bytes=clip.stat().st_size * 65 // 100
    )
    with pytest.raises(VideoDamaged):
        read(holed)


def test_times_that_stand_still_or_go_back_cost_their_frames_only(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", checkered(240, 320, 20))
    ticks = [round(1000 / 30 * index) for index in range(20)]
    ticks[8] = 9_000  # one frame far ahead of its place
    ticks[14] = ticks[13]
    odd = rewrite_times(clip, tmp_path / "odd.mkv", ticks)
    _, frames, losses = read(odd)
    assert losses.unordered == 2
    assert [frame.ticks for frame in frames] == [
        tick for index, tick in enumerate(ticks) if index not in (8, 14)
    ]


def test_frames_of_one_moment_are_read_once(tmp_path: Path) -> None:
    ticks = [TICKS_PER_FRAME * index for index in range(20)]
    ticks[9:11] = [ticks[8] + 1, ticks[8] + 2]  # a fifteen thousandth of a second later
    _, frames, losses = read(write_clip(tmp_path / "burst.mp4", checkered(240, 320, 20), ticks=ticks))
    assert [frame.ticks for frame in frames] == [*ticks[:9], *ticks[11:]]
    assert (losses.unordered, losses.missing) == (2, ())


def test_pixels_so_thin_that_no_picture_is_left_are_named(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "thin.mp4", checkered(240, 320, 4), pixel_aspect=Fraction(1, 2))
    data = bytearray(clip.read_bytes())
    place = data.index(b"pasp") + 4
    data[place : place + 8] = struct.pack(">II", 1, 2000)
    clip.write_bytes(data)
    with pytest.raises(VideoTooSmall):
        read(clip)


def rewrite_times(source: Path, path: Path, ticks: list[int]) -> Path:
    """A Matroska file of one cluster whose blocks keep their order and get other times (ms)."""
    data = bytearray(source.read_bytes())
    with av.open(source) as container:
        places = [packet.pos for packet in container.demux(video=0) if packet.pts is not None]
    for place, tick in zip(places, ticks, strict=True):
        assert place is not None
        # a block: the track's number (1), then its time as a signed 16-bit number
        track = data.index(b"\x81", place)
        data[track + 1 : track + 3] = struct.pack(">h", tick)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("matrix", "rotation_deg", "mirrored", "shown"),
    [
        ((-MATRIX_ONE, 0, 0, MATRIX_ONE), 0, True, [GREEN, RED, GRAY, BLUE]),
        ((MATRIX_ONE, 0, 0, -MATRIX_ONE), 180, True, [BLUE, GRAY, RED, GREEN]),
        ((0, MATRIX_ONE, MATRIX_ONE, 0), 270, True, [RED, BLUE, GREEN, GRAY]),
        ((0, MATRIX_ONE, -MATRIX_ONE, 0), 90, False, [BLUE, RED, GRAY, GREEN]),
    ],
    ids=["left-right", "upside-down", "mirrored and turned", "turned"],
)
def test_a_mirrored_file_is_shown_as_it_asks(
    matrix: tuple[int, int, int, int],
    rotation_deg: int,
    mirrored: bool,
    shown: list[tuple[int, int, int]],
    tmp_path: Path,
) -> None:
    path = encode_clip(tmp_path / "clip.mp4", [cornered()] * 3, Coding(matrix=matrix))
    info, frames, _ = read(path)
    assert (info.rotation_deg, info.mirrored) == (rotation_deg, mirrored)
    assert corners(frames[0].rgb()) == shown
    assert frames[0].rgb().shape == (info.height_px, info.width_px, 3)


def test_interlaced_frames_give_one_field(tmp_path: Path) -> None:
    striped = np.full((240, 320, 3), 80, np.uint8)
    striped[:80, :80] = 20
    striped[1::2] = 255  # the other field is of another moment: it must not be seen
    coding = Coding("mpeg4", options={"qmin": "1", "qmax": "3"}, flags=INTERLACED)
    info, frames, losses = read(encode_clip(tmp_path / "clip.mkv", [striped] * 4, coding))
    assert losses.interlaced == 4
    picture = frames[1].rgb()
    assert picture.shape == (info.height_px, info.width_px, 3)
    assert picture[:60, :60].mean() == pytest.approx(20, abs=6)
    assert picture[100:, 100:].mean() == pytest.approx(80, abs=6)
    assert picture[100:, 100:].std() < 10


@pytest.mark.parametrize(("code", "name"), [(16, "pq"), (18, "hlg"), (1, "sdr")])
def test_hdr_is_read_and_known(code: int, name: str, tmp_path: Path) -> None:
    coding = Coding("libx265", "yuv420p10le", HEVC, transfer=code)
    info, frames, _ = read(encode_clip(tmp_path / "clip.mp4", [cornered()] * 3, coding))
    assert info.transfer == name
    assert corners(frames[0].rgb()) == [RED, GREEN, BLUE, GRAY]


def test_the_cameras_own_rate_is_known(tmp_path: Path) -> None:
    tag = {"com.android.capture.fps": "240.000000"}
    info, _, _ = read(encode_clip(tmp_path / "slow.mp4", checkered(240, 320, 4), Coding(metadata=tag)))
    assert info.capture_fps == 240
    nonsense = {"com.android.capture.fps": "many"}
    info, _, _ = read(encode_clip(tmp_path / "odd.mp4", checkered(240, 320, 4), Coding(metadata=nonsense)))
    assert info.capture_fps is None


def test_240_frames_a_second_keep_their_times(tmp_path: Path) -> None:
    path = encode_clip(tmp_path / "fast.mp4", checkered(240, 320, 50), Coding(), range(0, 50 * 64, 64))
    _, frames, losses = read(path)
    assert [frame.ticks for frame in frames] == list(range(0, 50 * 64, 64))
    assert losses == Losses()


def test_a_size_that_changes_midway_is_fitted_and_told(tmp_path: Path) -> None:
    joined = join_sizes(tmp_path, [(240, 320), (480, 640)])
    info, frames, losses = read(joined)
    assert (info.width_px, info.height_px) == (320, 240)
    assert len(frames) == 20
    assert losses.resized == 10
    assert {frame.rgb().shape for frame in frames} == {(240, 320, 3)}


def test_a_picture_that_grows_beyond_the_limit_midway_is_not_decoded(tmp_path: Path) -> None:
    joined = join_sizes(tmp_path, [(240, 320), (2400, 4200)], frames=4)
    _, frames, losses = read(joined)
    assert len(frames) == 4
    assert sum(span.frames for span in losses.missing) == 4


def join_sizes(folder: Path, sizes: list[tuple[int, int]], frames: int = 10) -> Path:
    """One Matroska track whose VP8 pictures change their size, as a stream from a video call does."""
    path = folder / "joined.webm"
    with av.open(path, "w") as container:
        untyped: Any = container
        stream: Any = None
        for part, (height, width) in enumerate(sizes):
            coding = Coding("libvpx", options={"deadline": "realtime", "cpu-used": "8"})
            source = encode_clip(folder / f"{part}.webm", checkered(height, width, frames), coding)
            with av.open(source) as given:
                if stream is None:
                    stream = untyped.add_stream_from_template(given.streams.video[0])
                for packet in given.demux(video=0):
                    if packet.pts is not None and packet.dts is not None:
                        shift = part * round(frames / 30 / packet.time_base)
                        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                        packet.stream = stream
                        untyped.mux(packet)
    return path


@pytest.mark.parametrize("kind", ["avi", "ts", "mts", "mpg", "flv", "wmv"])
def test_foreign_containers_are_named(kind: str, tmp_path: Path) -> None:
    coding = Coding("msmpeg4", options={}) if kind == "wmv" else Coding()
    path = encode_clip(tmp_path / f"clip.{kind}", checkered(240, 320, 5), coding)
    disguised = path.rename(tmp_path / f"{kind}.mp4")
    with pytest.raises(ContainerUnsupported):
        read(disguised)


def test_one_pixel_and_8k_are_refused_before_decoding(tmp_path: Path) -> None:
    began = time.process_time()
    for width, height, error in [
        (1, 1, VideoTooSmall),
        (7680, 4320, VideoTooLarge),
        (8192, 8000, VideoTooLarge),
        (65535, 65535, CodecUnsupported),
    ]:
        claimed = claim_size(tmp_path / "claimed.mkv", width, height)
        with pytest.raises(error):
            read(claimed)
    assert time.process_time() - began < 5


def claim_size(path: Path, width: int, height: int) -> Path:
    """A Matroska file of one small picture whose header announces another size."""
    encode_clip(path, checkered(240, 320, 1), Coding("ffv1", options={}))
    data = path.read_bytes()
    for tag, before, now in ((b"\xb0\x82", 320, width), (b"\xba\x81", 240, height)):
        assert data.count(tag + before.to_bytes(tag[1] & 15, "big")) == 1
        data = data.replace(
            tag + before.to_bytes(tag[1] & 15, "big"), tag[:1] + b"\x82" + now.to_bytes(2, "big")
        )
    path.write_bytes(data)
    return path


def test_a_small_file_that_claims_hours_is_refused_at_once(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", checkered(240, 320, 10))
    data = clip.read_bytes()
    place = data.index(b"\x44\x89\x88") + 3
    clip.write_bytes(data[:place] + struct.pack(">d", 36e6) + data[place + 8 :])
    with pytest.raises(VideoTooLong):
        read(clip)


@pytest.mark.parametrize("edits", [70_000, 200_000])
def test_a_small_file_that_repeats_itself_for_hours_is_refused_at_once(edits: int, tmp_path: Path) -> None:
    clip = edit_list(write_clip(tmp_path / "clip.mp4", checkered(160, 208, 6)), edits=edits)
    assert clip.stat().st_size < 3_000_000
    began = time.process_time()
    with pytest.raises(NotAVideo, match="list of edits"):
        read(clip)
    assert time.process_time() - began < 1


def test_a_clip_that_its_edits_show_twice_is_read(tmp_path: Path) -> None:
    clip = edit_list(write_clip(tmp_path / "clip.mp4", checkered(160, 208, 20)), edits=2)
    _, frames, _ = read(clip)
    assert len(frames) >= 2


@pytest.mark.parametrize("main", [0, 1])
def test_of_two_videos_the_main_one_is_read_and_the_other_told(main: int, tmp_path: Path) -> None:
    sizes = ((160, 208), (480, 640))
    path = tmp_path / "two.mp4"
    rng = np.random.default_rng(3)
    with av.open(path, "w") as container:
        untyped: Any = container
        streams: list[Any] = []
        for height, width in sizes:
            stream = untyped.add_stream("libx264", rate=30)
            stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
            stream.disposition = Disposition.default if len(streams) == main else Disposition(0)
            streams.append(stream)
        for stream, (height, width) in zip(streams, sizes, strict=True):
            for _ in range(10):
                picture = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
                untyped.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            untyped.mux(stream.encode(None))
    info, frames, _ = read(path)
    height, width = sizes[main]
    assert (info.width_px, info.height_px, info.other_videos, len(frames)) == (width, height, 1, 10)
    (remark,) = [remark for remark in about_file(info) if remark.code == "several_videos"]
    assert f"2 videos; the one of {width} x {height}" in remark.sentence()


def edit_list(path: Path, edits: int) -> Path:
    """The file with its edit list replaced by one of that many entries, each a hundredth of a second."""
    data = path.read_bytes()
    moov = data.index(b"moov") - 4
    atoms = data[moov:]
    place = atoms.index(b"edts") - 4
    length = struct.unpack(">I", atoms[place : place + 4])[0]
    entries = struct.pack(">IIHH", 10, 0, 1, 0) * edits
    elst = struct.pack(">I4sII", 16 + len(entries), b"elst", 0, edits) + entries
    edts = struct.pack(">I4s", 8 + len(elst), b"edts") + elst
    grown = len(edts) - length
    atoms = bytearray(atoms[:place] + edts + atoms[place + length :])
    for name in (b"moov", b"trak"):  # what the edit list lies in grows with it
        at = atoms.index(name) - 4
        atoms[at : at + 4] = struct.pack(">I", struct.unpack(">I", atoms[at : at + 4])[0] + grown)
    path.write_bytes(data[:moov] + bytes(atoms))
    return path


def test_an_unknown_codec_in_matroska_is_named(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mkv", checkered(240, 320, 4))
    clip.write_bytes(clip.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_NOSUCH/CODEC1"))
    with pytest.raises(CodecUnsupported):
        read(clip)


def test_glimpses_are_spread_over_the_clip(clip: Path) -> None:
    info, pictures = glimpses(clip, count=8)
    assert info.declared_frames == FRAMES
    assert [picture.ticks // TICKS_PER_FRAME for picture in pictures] == [0, 20, 40]
    _, single = glimpses(clip, count=1)
    assert [picture.ticks for picture in single] == [0]


def test_missing_and_damaged_follow_from_the_packets() -> None:
    stored = list(range(0, 100, 10))
    decoded = [0, 10, 40, 50, 60, 70, 80, 90]
    lost = missing_ticks(stored, decoded)
    assert lost.tolist() == [20, 30]
    assert damaged_ticks(lost, decoded, [0, 60]).tolist() == [40, 50]
    assert damaged_ticks(lost, decoded, [0]).tolist() == [40, 50, 60, 70, 80, 90]
    assert spans_of(lost, np.array(stored), Fraction(1, 10)) == (Span(2.0, 3.0, 2),)
    assert missing_ticks([0, 10, 11, 20, 30], [0, 10, 20, 30]).tolist() == [], "a picture that is never shown"
    assert missing_ticks([0, 10], []).tolist() == [0, 10]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.webm"])
def test_a_file_with_bytes_gone_wrong_is_read_or_named(name: str, tmp_path: Path) -> None:
    codec = "libvpx" if name.endswith("webm") else "libx264"
    options = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {"preset": "ultrafast"}
    whole = encode_clip(tmp_path / name, checkered(160, 208, 20), Coding(codec, options=options)).read_bytes()
    rng = np.random.default_rng(7)
    ends: set[str] = set()
    for _ in range(60):
        content = np.frombuffer(whole, np.uint8).copy()
        places = rng.integers(0, len(content), int(rng.integers(1, 40)))
        content[places] = rng.integers(0, 256, len(places))
        damaged = tmp_path / f"damaged-{name}"
        damaged.write_bytes(content[: len(content) - int(rng.integers(0, 200))].tobytes())
        try:
            _, frames, _ = read(damaged)
        except JobFailure as failure:
            ends.add(failure.code)
        else:
            assert frames
            ends.add("read")
    assert "read" in ends
    assert NotAVideo.code in ends or len(ends) > 1
