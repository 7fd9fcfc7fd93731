"""The small picture of a climb: which frame it is, and how small."""

import cv2
import numpy as np
import pytest

from ascension.biomechanics.poses import PoseSequence
from ascension.vision.frame import Frame, frame_of
from ascension.vision.thumbnail import MAX_BYTES, Thumbnail, thumbnail_of

FRAMES = 90
SIZE_PX = (540, 960)


def gray(level: int) -> Frame:
    return frame_of(np.full((*SIZE_PX[::-1], 3), level, np.uint8))


def poses(person: slice, best: int | None = None) -> PoseSequence:
    """Somebody in these frames, seen well in one of them."""
    seen = np.zeros(FRAMES, np.bool_)
    seen[person] = True
    visibility = np.where(seen[:, None], np.full((FRAMES, 33), 0.5), np.nan)
    if best is not None:
        visibility[best] = 0.9
    return PoseSequence(
        time_s=np.arange(FRAMES) / 30,
        landmarks_px=np.where(seen[:, None, None], np.full((FRAMES, 33, 2), 9.0), np.nan),
        visibility=visibility,
        person=seen,
    )


def level_of(thumbnail: Thumbnail | None) -> int:
    """How bright the picture is: which frame it was."""
    assert thumbnail is not None
    picture = cv2.imdecode(np.frombuffer(thumbnail.webp, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture.shape == (thumbnail.height_px, thumbnail.width_px)
    return round(float(picture.mean()) / 10)


@pytest.mark.parametrize(
    ("person", "best", "wanted"),
    [
        (slice(0, 90), 50, 5),
        (slice(0, 90), 80, 3),  # well seen, but not in the middle of the climb: the first that is
        (slice(60, 90), 70, 7),
        (slice(0, 6), None, 0),
    ],
)
def test_it_is_of_the_middle_of_the_climb_where_most_is_seen(person: slice, best: int, wanted: int) -> None:
    kept = {frame: gray(frame) for frame in range(0, FRAMES, 10)}
    made = thumbnail_of(kept, poses(person, best))
    assert level_of(made) == wanted
    assert made is not None
    assert (made.width_px, made.height_px) == (320, 569)


def test_without_the_climber_there_is_none() -> None:
    assert thumbnail_of({50: gray(50)}, poses(slice(0, 10))) is None


def test_it_is_small_whatever_it_shows() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*SIZE_PX[::-1], 3), np.uint8)
    made = thumbnail_of({0: frame_of(noise)}, poses(slice(0, 90)))
    assert made is not None
    assert len(made.webp) <= MAX_BYTES
    assert made.height_px == round(made.width_px * SIZE_PX[1] / SIZE_PX[0])
