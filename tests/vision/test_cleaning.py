"""A cleaned clip: the same pictures at the same moments, and nothing else."""

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import pytest

from ascension.errors.jobs import ClipNotCopied, JobFailure
from ascension.vision.cleaning import write_clean
from ascension.vision.video import VideoInfo, VideoReader
from tests.clips import CLIMB, MATRIX_ONE, damaged_copy, sound_only
from tests.telling import SECRETS, Telling, telling_clip

ONE = MATRIX_ONE
KINDS: dict[str, Telling] = {
    "phone.mp4": Telling(),
    "lying.mov": Telling(matrix=(0, ONE, -ONE, 0), with_positions=False),
    "selfie.mov": Telling(matrix=(-ONE, 0, 0, ONE), with_positions=False),
    "sound-first.mp4": Telling(first_picture_s=0.25),
    "sound-later.mp4": Telling(sound_s=0.3),
    "mute.mp4": Telling(sound=None),
    "old.3gp": Telling(options=(("bf", "0"),), with_positions=False),
    "desk.mkv": Telling(with_positions=False),
    "opus.mkv": Telling(with_positions=False, sound="libopus"),
    "vp8.webm": Telling(codec="libvpx", sound="libopus", options=(("deadline", "realtime"),)),
    "hevc.mp4": Telling(
        codec="libx265", options=(("preset", "ultrafast"), ("x265-params", "log-level=error:pools=1"))
    ),
}


def read(path: Path) -> tuple[VideoInfo, list[Fraction], list[str]]:
    """What the clip says of itself, when its frames are shown, and their digests."""
    with VideoReader(path, threads=1) as video:
        times: list[Fraction] = []
        digests: list[str] = []
        for frame in video:
            times.append(frame.ticks * video.info.time_base)
            planes = b"".join(plane.tobytes() for plane in (frame.y, frame.u, frame.v))
            digests.append(hashlib.sha256(planes).hexdigest())
        return video.info, times, digests


def cleaned(source: Path, folder: Path) -> Path:
    target = folder / "cleaned"
    write_clean(source, target, lambda _: None)
    return target


@pytest.mark.parametrize("name", KINDS)
def test_the_same_pictures_at_the_same_moments_and_nothing_else(tmp_path: Path, name: str) -> None:
    source = telling_clip(tmp_path / name, KINDS[name])
    target = cleaned(source, tmp_path)
    info, times, digests = read(source)
    clean_info, clean_times, clean_digests = read(target)
    assert clean_digests == digests
    # before the first picture nothing was shown: now it is there from the start
    assert clean_times == [Fraction(0), *times[1:]]
    for fact in ("width_px", "height_px", "rotation_deg", "mirrored", "codec", "time_base", "capture_fps"):
        assert getattr(clean_info, fact) == getattr(info, fact), fact
    told = [secret for secret in SECRETS if secret in source.read_bytes()]
    assert len(told) >= 2, "the clip was to tell something"
    assert not [secret for secret in SECRETS if secret in target.read_bytes()]
    with av.open(target) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        known = {"major_brand", "minor_version", "compatible_brands", "com.android.capture.fps", "encoder"}
        assert set(container.metadata) <= known
        assert container.metadata.get("encoder", "Lavf") == "Lavf", "no version, no device"


def test_a_real_climb_is_copied_to_the_bit_and_the_same_way_each_time(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    target = cleaned(CLIMB, tmp_path)
    assert read(target)[1:] == read(CLIMB)[1:]
    assert target.read_bytes() == cleaned(CLIMB, tmp_path / "again").read_bytes()


def test_slow_motion_is_still_known(tmp_path: Path) -> None:
    source = telling_clip(tmp_path / "slow.mp4")
    assert read(source)[0].capture_fps == 240
    assert read(cleaned(source, tmp_path))[0].capture_fps == 240


def test_what_cannot_be_copied_is_a_coded_failure(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(CLIMB.read_bytes()[:200] + bytes(50_000))
    mute = tmp_path / "sound.mp4"
    mute.write_bytes(sound_only())
    for source in (broken, mute, tmp_path / "missing.mp4"):
        with pytest.raises(JobFailure):
            cleaned(source, tmp_path)


def test_a_damaged_clip_is_copied_as_it_is_or_refused(tmp_path: Path) -> None:
    source = damaged_copy(CLIMB, tmp_path / "damaged.mp4", length_bytes=20_000)
    try:
        assert read(cleaned(source, tmp_path))[1:] == read(source)[1:]
    except ClipNotCopied:
        assert source.exists()
