"""The whole way from a clip to landmarks, against what the example's renderer knew."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from ascension.biomechanics.conventions import MAIN_JOINTS, Landmark
from ascension.vision import networks
from ascension.vision.detector import detect
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine
from ascension.vision.reading import Reading, read_clip
from ascension.vision.region import Region
from ascension.vision.weights import DETECTOR
from tests.clips import (
    CLIMB,
    EXAMPLES,
    SHARED_CLIPS,
    Picture,
    cut_climb,
    read_pictures,
    wall_only,
    write_clip,
)
from tests.vision.pictures import frame_of

TRUTH = EXAMPLES / "climb_truth.npz"
TORSO_PX = 106


@pytest.fixture(scope="module")
def engine() -> Engine:
    return networks.choose()


@pytest.fixture(scope="module")
def climb(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Reading:
    clip = cut_climb(tmp_path_factory.mktemp("climb") / "climb.mp4", 30)
    return read_clip(clip, engine, "heavy", threads=2)


def errors_pct(reading: Reading) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(frames,) mean distance of the main joints from the truth, in percent of the torso."""
    true = np.load(TRUTH)["landmarks_px"][: len(reading.ticks)]
    distances = np.linalg.norm(reading.landmarks_px - true, axis=2)[:, list(MAIN_JOINTS)]
    return np.asarray(distances.mean(axis=1) / TORSO_PX * 100, np.float64)


def test_the_climber_is_found_where_the_climber_is(climb: Reading) -> None:
    assert climb.person.all()
    assert len(climb.tracks) == len(climb.climber) == 1
    assert errors_pct(climb).max() < 9
    assert climb.evidence.shape == (30, 33, 5)
    assert np.isfinite(climb.evidence).all()


def test_left_is_the_climbers_own_left(climb: Reading) -> None:
    x = climb.landmarks_px[:, :, 0]
    assert (x[:, Landmark.LEFT_SHOULDER] < x[:, Landmark.RIGHT_SHOULDER]).all()


@pytest.mark.parametrize("backend", ["openvino", "onnx-cpu"])
def test_frames_do_not_depend_on_their_neighbors_in_the_batch(
    backend: networks.Backend, climb: Reading, tmp_path: Path
) -> None:
    """Whatever the number of threads and of frames: the first ones come out as they did."""
    shorter = read_clip(cut_climb(tmp_path / "short.mp4", 23), networks.choose(backend), "heavy", threads=1)
    apart_px = np.linalg.norm(shorter.landmarks_px[:15] - climb.landmarks_px[:15], axis=2)
    tolerance_px = 0.01 if networks.choose(backend) == networks.choose() else 2.0
    assert np.median(apart_px) < tolerance_px


def test_a_climber_lying_across_the_picture_is_found(climb: Reading, engine: Engine, tmp_path: Path) -> None:
    """The region turns with the body: the same frames, lying on their side, give the same body."""
    lying_pictures = [np.ascontiguousarray(np.rot90(picture)) for picture in read_pictures(CLIMB, 12)]
    lying = read_clip(write_clip(tmp_path / "lying.mp4", lying_pictures), engine, "heavy", threads=2)
    assert lying.person.all()
    x, y = 480 - 1 - lying.landmarks_px[:, :, 1], lying.landmarks_px[:, :, 0]
    distance_px = np.linalg.norm(np.stack([x, y], axis=-1) - climb.landmarks_px[:12], axis=2)
    assert float(np.median(distance_px[:, list(MAIN_JOINTS)])) < 6


def test_an_empty_wall_has_no_climber(engine: Engine, tmp_path: Path) -> None:
    reading = read_clip(write_clip(tmp_path / "wall.mp4", wall_only(12)), engine, "heavy", threads=2)
    assert len(reading.ticks) == 12
    assert not reading.person.any()


def test_a_climber_who_leaves_is_lost_and_found_again(engine: Engine, tmp_path: Path) -> None:
    climb, wall = read_pictures(CLIMB, 24), np.concatenate([wall_only(1)[0]] * 3)[:854]
    pictures = [*climb[:12], *[wall] * 20, *climb[12:]]
    reading = read_clip(write_clip(tmp_path / "gap.mp4", pictures), engine, "full", threads=2)
    assert reading.person[:12].all()
    assert not reading.person[12:32].any()
    assert reading.person[34:].all(), "found again after a few frames at most"
    assert reading.confidence[18:26].max() < 0.3, "looked for, and not there"


def test_a_second_read_brings_the_one_who_did_not_lead(engine: Engine, tmp_path: Path) -> None:
    """Someone small is followed first; who comes later is larger, and in the end the climber."""
    small = _shrunk(read_pictures(CLIMB, 1)[0])
    large = read_pictures(CLIMB, 100)
    empty = np.repeat(wall_only(1)[0][:1], 854, axis=0)
    pictures = [np.concatenate([small, other], axis=1) for other in (*[empty] * 12, *large)]
    reading = read_clip(write_clip(tmp_path / "two.mp4", pictures), engine, "lite", threads=2)
    climber = next(track for track in reading.tracks if (track.id,) == reading.climber)
    assert len(reading.tracks) == 2
    assert climber.frames[0] > 12
    assert not reading.person[:12].any()
    assert reading.person[climber.frames[0] :].all()
    hips = reading.landmarks_px[climber.frames[0] :, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 0]
    assert (hips > 480).all()


def _shrunk(picture: Picture) -> Picture:
    """The same picture at six tenths, in the middle of its own first row's color."""
    height, width = int(picture.shape[0] * 0.6), int(picture.shape[1] * 0.6)
    canvas = np.broadcast_to(picture[0, 0], picture.shape).copy()
    canvas[200 : 200 + height, 90 : 90 + width] = cv2.resize(picture, (width, height))
    return canvas


def test_every_frame_is_observed_once_in_order_with_its_people(engine: Engine, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def observe(frame: Frame, regions: list[Region]) -> None:
        seen.append((frame.ticks, len(regions)))

    reading = read_clip(cut_climb(tmp_path / "c.mp4", 14), engine, "lite", threads=2, observe=observe)
    assert [ticks for ticks, _ in seen] == reading.ticks.tolist()
    assert {people for _, people in seen} == {1}


def test_holds_are_not_taken_for_a_climber(engine: Engine, tmp_path: Path) -> None:
    """On these frames the detector fires on a pile of holds below the climber, and presence is near 1."""
    path = SHARED_CLIPS / "pan-volumes.mp4"
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine: it has no license and is not shipped")
    below = [np.ascontiguousarray(picture[-384:]) for picture in _frames(path, range(660, 725, 5))]
    assert sum(bool(detect(engine.load(DETECTOR), frame_of(picture))) for picture in below) > 3
    reading = read_clip(write_clip(tmp_path / "holds.mp4", below), engine, "heavy", threads=2)
    assert not reading.person.any()


def _frames(path: Path, wanted: range) -> list[Picture]:
    pictures: list[Picture] = []
    with av.open(path) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index in wanted:
                pictures.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    return pictures
