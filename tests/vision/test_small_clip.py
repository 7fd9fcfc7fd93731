"""The small copy that plays everywhere: H.264, every picture at its moment, nothing beside them."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from ascension.errors.jobs import ClipNotCopied, NotAVideo
from ascension.vision.small_clip import write_small
from ascension.vision.video import VideoReader
from tests.clips import Coding, checkered, encode_clip
from tests.telling import AS_IPHONES_FILM, SECRETS, telling_clip


def moments(path: Path) -> list[Fraction]:
    with VideoReader(path, threads=1) as video:
        return [frame.ticks * video.info.time_base for frame in video]


@pytest.mark.parametrize("first_picture_s", [0.0, 0.4])
def test_a_clip_that_few_browsers_play_becomes_one_that_all_play(
    first_picture_s: float, tmp_path: Path
) -> None:
    turned = replace(AS_IPHONES_FILM, matrix=(0, 1 << 16, -(1 << 16), 0), first_picture_s=first_picture_s)
    sent, small = telling_clip(tmp_path / "sent.mp4", turned), tmp_path / "small.mp4"
    shares: list[float] = []
    write_small(sent, small, threads=1, on_share=shares.append)
    with av.open(small) as container:
        assert len(container.streams) == 1
        coded = container.streams.video[0].codec_context
        assert coded.name == "h264"
        assert (coded.width, coded.height) == (240, 320), "turned upright"
    before = moments(sent)
    assert moments(small) == [Fraction(0), *before[1:]], "the clip begins with its first picture"
    assert shares == sorted(shares)
    assert not any(secret in small.read_bytes() for secret in SECRETS)


def test_what_is_large_becomes_small(tmp_path: Path) -> None:
    sent = encode_clip(tmp_path / "large.mp4", checkered(1000, 1800, 2), Coding())
    write_small(sent, tmp_path / "small.mp4", threads=1, on_share=lambda _: None)
    with VideoReader(tmp_path / "small.mp4", threads=1) as video:
        assert (video.info.width_px, video.info.height_px) == (1296, 720)


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.mp4").write_bytes(b"nothing to be seen")
    with pytest.raises((ClipNotCopied, NotAVideo)):
        write_small(tmp_path / "none.mp4", tmp_path / "small.mp4", threads=1, on_share=lambda _: None)
