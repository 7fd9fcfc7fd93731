from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascension.errors.jobs import (
    AudioOnly,
    CodecUnsupported,
    EmptyVideo,
    JobFailure,
    NotAVideo,
    VideoMissing,
    VideoTooLarge,
    VideoTooLong,
    VideoTooSmall,
    VideoTruncated,
)
from ascension.vision.frame import Frame
from ascension.vision.video import VideoInfo, VideoReader
from tests.clips import CLIMB, checkered, write_clip, write_sound


def read(path: Path) -> tuple[VideoInfo, list[Frame]]:
    with VideoReader(path, threads=2) as video:
        return video.info, list(video)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", checkered(240, 320, 45), faststart=True)


def test_the_example_is_read_whole() -> None:
    info, frames = read(CLIMB)
    assert (info.width_px, info.height_px, info.rotation_deg, info.codec) == (480, 854, 0, "h264")
    assert len(frames) == info.declared_frames == 322
    assert [frame.ticks for frame in frames] == [512 * index for index in range(322)]
    assert info.time_base == Fraction(1, 15360)


@pytest.mark.parametrize(
    ("stored_turn_deg", "rotation_deg", "corner"),
    [(-90, 90, (0, -1)), (90, 270, (-1, 0)), (180, 180, (-1, -1))],
)
def test_frames_come_upright(
    stored_turn_deg: int, rotation_deg: int, corner: tuple[int, int], tmp_path: Path
) -> None:
    pictures = checkered(240, 320, 3)
    for picture in pictures:
        picture[:80, :80] = (255, 0, 0)
    info, frames = read(write_clip(tmp_path / "turned.mp4", pictures, rotation_deg=stored_turn_deg))
    assert info.rotation_deg == rotation_deg
    assert frames[0].rgb().shape == (info.height_px, info.width_px, 3)
    assert (info.width_px > info.height_px) == (rotation_deg == 180)
    rows, columns = (
        {0: slice(5, 35), -1: slice(-35, -5)}[corner[0]],
        {0: slice(5, 35), -1: slice(-35, -5)}[corner[1]],
    )
    assert frames[0].rgb()[rows, columns].reshape(-1, 3).mean(axis=0) == pytest.approx((255, 0, 0), abs=25)


def test_pixels_come_square(tmp_path: Path) -> None:
    info, frames = read(
        write_clip(tmp_path / "wide.mp4", checkered(240, 320, 3), pixel_aspect=Fraction(3, 2))
    )
    assert (info.width_px, info.height_px) == (480, 240)
    assert frames[0].rgb().shape == (240, 480, 3)


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    ticks = [0, 512, 1500, 2048, 9000]
    _, frames = read(write_clip(tmp_path / "uneven.mp4", checkered(240, 320, 5), ticks=ticks))
    assert [frame.ticks for frame in frames] == ticks


def test_matroska_is_read(tmp_path: Path) -> None:
    info, frames = read(write_clip(tmp_path / "clip.mkv", checkered(240, 320, 30)))
    assert len(frames) == 30
    assert info.declared_frames is None


def test_what_is_no_video_is_named(tmp_path: Path, clip: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("this is not a video\n" * 50, encoding="utf-8")
    playlist = tmp_path / "list.mp4"
    playlist.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{clip}\n#EXT-X-ENDLIST\n", encoding="utf-8"
    )
    joined = tmp_path / "joined.mp4"
    joined.write_text(f"ffconcat version 1.0\nfile {clip}\n", encoding="utf-8")
    for path in (text, playlist, joined):
        with pytest.raises(NotAVideo):
            read(path)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(EmptyVideo):
        read(empty)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoMissing):
        read(tmp_path / "none.mp4")


def test_sound_alone_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudioOnly):
        read(write_sound(tmp_path / "sound.m4a"))


def test_a_clip_without_its_end_is_named(tmp_path: Path, clip: Path) -> None:
    data = clip.read_bytes()
    head_first = tmp_path / "head-first.mp4"
    head_first.write_bytes(data[: len(data) * 6 // 10])
    head_last = write_clip(tmp_path / "head-last.mp4", checkered(240, 320, 30))
    head_last.write_bytes(head_last.read_bytes()[:-2000])
    for path in (head_first, head_last):
        with pytest.raises(VideoTruncated):
            read(path)


def test_a_foreign_codec_is_named(tmp_path: Path, clip: Path) -> None:
    foreign = tmp_path / "foreign.mp4"
    foreign.write_bytes(clip.read_bytes().replace(b"avc1", b"zzz1"))
    with pytest.raises(CodecUnsupported):
        read(foreign)


def test_pictures_beyond_the_limits_are_named(tmp_path: Path) -> None:
    with pytest.raises(VideoTooSmall):
        read(write_clip(tmp_path / "small.mp4", checkered(96, 96, 2)))
    with pytest.raises(VideoTooLarge):
        read(write_clip(tmp_path / "large.mp4", checkered(2400, 4200, 1)))
    with pytest.raises(VideoTooLong):
        read(write_clip(tmp_path / "long.mp4", checkered(240, 320, 3), ticks=[0, 512, 15360 * 601]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=60))
def test_a_damaged_file_ends_typed_or_is_read(
    changes: list[tuple[int, int]], clip: Path, tmp_path: Path
) -> None:
    data = bytearray(clip.read_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(data)
    try:
        _, frames = read(damaged)
    except JobFailure:
        return
    assert frames
