"""The wall's registration and picture on rendered climbs whose camera is known exactly."""

from pathlib import Path

import numpy as np
import pytest

from ascension.vision.video import VideoReader
from ascension.vision.wall.fit import FloatArray, inverse, moved
from ascension.vision.wall.picture import WallPainter, WallPicture
from ascension.vision.wall.registration import Registration, WallTracker

CLIPS = Path(__file__).parents[2] / "validation" / "clips"


def filmed(name: str) -> tuple[Registration, WallPicture, dict[str, FloatArray]]:
    """One read of a rendered clip, people where the truth says."""
    with np.load(CLIPS / f"{name}.npz") as archive:
        truth = {key: archive[key].astype(np.float64) for key in ("box_px", "wall_to_frame", "landmarks_px")}
    with VideoReader(CLIPS / f"{name}.mp4", threads=1) as video:
        size = video.info.width_px, video.info.height_px
        tracker, painter = WallTracker(*size), WallPainter(*size)
        for frame, box in zip(video, truth["box_px"], strict=True):
            boxes = box[None] if np.isfinite(box).all() else np.zeros((0, 4))
            tracker.see(frame.luma(), boxes)
            painter.add(frame, boxes)
    found = tracker.finish()
    picture = painter.compose(found, truth["landmarks_px"])
    assert picture is not None
    return found, picture, truth


def errors_px(found: Registration, wall_to_frame: FloatArray, size: tuple[int, int]) -> FloatArray:
    """(frames, points) how far the frame's points lie from where they belong in the reference frame."""
    assert found.reference_frame is not None
    grid = np.stack(np.meshgrid(*(np.linspace(0, side, 9) for side in size)), axis=-1).reshape(-1, 2)
    reference = wall_to_frame[found.reference_frame]
    return np.array(
        [
            np.linalg.norm(moved(guess, grid) - moved(reference @ inverse(true), grid), axis=1)
            for guess, true in zip(found.frame_to_wall, wall_to_frame, strict=True)
        ]
    )


@pytest.mark.parametrize("name", ["pan", "from-the-side", "bystander-crosses", "nobody"])
def test_a_rendered_wall_stands_still(name: str) -> None:
    found, picture, truth = filmed(name)
    assert found.placed.all()
    assert found.cut_frames == ()
    errors = errors_px(found, truth["wall_to_frame"], (480, 854))
    assert np.median(errors) < 0.5  # the target is 1.5
    assert np.percentile(errors, 95) < 3  # the corners of the frame may be floor, far from the wall's plane
    assert len(picture.webp()) < 150_000


def test_the_picture_of_an_empty_wall_is_that_wall() -> None:
    """Where nobody climbs the median of the registered frames is the frame itself, as sharp and as bright."""
    _, picture, _ = filmed("nobody")
    with VideoReader(CLIPS / "nobody.mp4", threads=1) as video:
        frames = [frame.rgb() for frame in video]
    middle = frames[len(frames) // 2].astype(np.float64)
    left, top = np.round(picture.wall_to_picture[:2, 2]).astype(int)
    part = picture.rgb[top : top + 854, left : left + 480].astype(np.float64)
    assert picture.seen[top : top + 854, left : left + 480][4:-4, 4:-4].all()
    assert np.median(np.abs(part - middle)) < 4
    assert part[4:-4, 4:-4].std() == pytest.approx(middle[4:-4, 4:-4].std(), rel=0.1)
