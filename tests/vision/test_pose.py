from pathlib import Path

import av
import numpy as np
import pytest

from ascension.biomechanics.conventions import MAIN_JOINTS, Landmark
from ascension.vision import weights
from ascension.vision.detector import detect
from ascension.vision.pose import Pose, PoseTracker, refine
from ascension.vision.region import Region, around
from ascension.vision.runtime import load
from tests.clips import CLIMB, EXAMPLES, SHARED_CLIPS, Picture, read_pictures, wall_only

TRUTH = EXAMPLES / "climb_truth.npz"


@pytest.fixture(scope="module")
def frames() -> list[Picture]:
    return read_pictures(CLIMB, 12)


def error_pct(pose: Pose, frame: int) -> float:
    """Mean distance of the main joints from the truth, in percent of a torso of 106 px."""
    true = np.load(TRUTH)["landmarks_px"][frame]
    distances = np.linalg.norm(pose.landmarks_px - true, axis=1)[list(MAIN_JOINTS)]
    return float(distances.mean() / 106 * 100)


def test_the_climber_is_found_where_the_climber_is(frames: list[Picture]) -> None:
    tracker = PoseTracker("heavy", threads=2)
    for index, frame in enumerate(frames):
        pose = tracker.track(frame)
        assert pose is not None
        assert error_pct(pose, index) < 9
        assert pose.visibility.shape == (33,)
        assert 0 <= pose.visibility.min() <= pose.visibility.max() <= 1


def test_left_is_the_climbers_own_left(frames: list[Picture]) -> None:
    pose = PoseTracker("heavy", threads=2).track(frames[0])
    assert pose is not None
    assert pose.landmarks_px[Landmark.LEFT_SHOULDER, 0] < pose.landmarks_px[Landmark.RIGHT_SHOULDER, 0]


def test_a_climber_lying_across_the_picture_is_found(frames: list[Picture]) -> None:
    """The region turns with the body: the same frame, lying on its side, gives the same body."""
    upright = PoseTracker("heavy", threads=2).track(frames[0])
    lying = PoseTracker("heavy", threads=2).track(np.ascontiguousarray(np.rot90(frames[0])))
    assert upright is not None
    assert lying is not None
    turned_back = np.stack(
        [frames[0].shape[1] - 1 - lying.landmarks_px[:, 1], lying.landmarks_px[:, 0]], axis=1
    )
    distance_px = np.linalg.norm(turned_back - upright.landmarks_px, axis=1)[list(MAIN_JOINTS)]
    assert float(np.median(distance_px)) < 6


def test_an_empty_wall_has_no_climber() -> None:
    tracker = PoseTracker("heavy", threads=2)
    assert [tracker.track(picture) for picture in wall_only(4)] == [None] * 4


def test_a_climber_who_leaves_is_lost_and_found_again(frames: list[Picture]) -> None:
    tracker = PoseTracker("full", threads=2)
    wall = np.concatenate([wall_only(1)[0], wall_only(1)[0][::-1], wall_only(1)[0]])[: frames[0].shape[0]]
    found = [tracker.track(picture) is not None for picture in (frames[0], wall, wall, frames[1])]
    assert found == [True, False, False, True]


def test_holds_are_not_taken_for_a_climber() -> None:
    """On these frames the detector fires on a pile of holds below the climber, and presence is near 1."""
    path = SHARED_CLIPS / "pan-volumes.mp4"
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine: it has no license and is not shipped")
    detector = load(weights.DETECTOR, 2)
    fired = 0
    for frame in _frames(path, range(660, 725, 5)):
        below = np.ascontiguousarray(frame[-385:])
        fired += bool(detect(detector, below))
        assert PoseTracker("heavy", threads=2).track(below) is None
    assert fired > 3


def _frames(path: Path, wanted: range) -> list[Picture]:
    pictures: list[Picture] = []
    with av.open(path) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index in wanted:
                pictures.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    return pictures


def test_two_people_are_two(frames: list[Picture]) -> None:
    both = np.concatenate([frames[0], frames[0]], axis=1)
    people = detect(load(weights.DETECTOR, 2), both)
    centers = sorted(person.region.center_x_px for person in people)
    assert len(centers) == 2
    assert centers[1] - centers[0] == pytest.approx(480, abs=15)


def test_a_region_maps_its_crop_onto_the_frame() -> None:
    region = around(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert (region.side_px, region.angle_rad) == (pytest.approx(200), pytest.approx(0))
    to_frame = region.to_frame(256)
    assert to_frame @ np.array([128.0, 128.0, 1.0]) == pytest.approx((100, 200))
    assert to_frame @ np.array([0.0, 0.0, 1.0]) == pytest.approx((0, 100))
    lying = Region(100, 200, 200, np.pi / 2).to_frame(256)
    assert lying @ np.array([128.0, 0.0, 1.0]) == pytest.approx((200, 200))


def test_a_heatmap_pulls_its_landmark_and_only_when_it_is_sure() -> None:
    places = np.array([[128.0, 128.0], [128.0, 128.0], [-40.0, 300.0]])
    heatmap = np.full((64, 64, 3), -20.0, np.float32)
    heatmap[33, 34, 0] = 20.0
    heatmap[33, 34, 1] = -1.0
    moved = refine(places, heatmap, 256)
    assert moved[0] == pytest.approx((34 * 4, 33 * 4), abs=1e-3)
    assert np.array_equal(moved[1:], places[1:])
