"""The figures themselves, on predictions whose error is known."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from validation import truth as truths
from validation.comparison import compare
from validation.evaluation import evaluate, inverse
from validation.geometry import Array
from validation.prediction import Prediction, from_file, nobody
from validation.truth import Truth

CLIPS = Path(truths.__file__).parent / "clips"


@cache
def known(scene: str) -> Truth:
    return truths.load(CLIPS / f"{scene}.npz")


def perfect(truth: Truth) -> Prediction:
    """What an analysis without any error would say."""
    seen = np.where(truth.visible, 0.99, 0.01)
    return Prediction(
        time_s=truth.time_s,
        person=truth.person,
        landmarks_px=np.where(truth.person[:, None, None], truth.landmarks_px, np.nan),
        visibility=np.where(truth.person[:, None], seen, np.nan),
        center_of_mass_px=truth.center_of_mass_px,
        left_right_flagged=np.zeros(len(truth.time_s), bool),
        frame_to_wall=np.array([inverse(wall) for wall in truth.wall_to_frame]),
        meters_per_unit=1.0,
    )


def test_no_error_is_measured_where_there_is_none() -> None:
    truth = known("vertical")
    figures = evaluate("vertical", perfect(truth), truth)
    assert figures.detection_pct == 100
    assert figures.main_joints_pct is not None
    assert figures.main_joints_pct.p95 == pytest.approx(0, abs=1e-9)
    assert figures.center_of_mass_pct is not None
    assert figures.center_of_mass_pct.p95 == pytest.approx(0, abs=1e-9)
    assert (figures.hidden_ends_unseen_pct, figures.visible_ends_unseen_pct) == (100, 0)
    assert (figures.swapped_frames, figures.wrong_person_frames, figures.false_frames) == (0, 0, 0)
    assert figures.jitter_pct == pytest.approx(figures.true_jitter_pct)
    assert figures.wall is not None
    assert figures.wall.error_px is not None
    assert figures.wall.error_px.p95 < 1e-6
    assert figures.wall.scale_error_pct == pytest.approx(0, abs=1e-6)


def test_a_shift_of_a_tenth_of_the_torso_is_ten_percent() -> None:
    truth = known("vertical")
    torso_px = float(np.median(truth.torso_px))
    right = perfect(truth)
    shifted = replace(right, landmarks_px=right.landmarks_px + np.array([0.1 * torso_px, 0]))
    figures = evaluate("vertical", shifted, truth)
    for spread in (figures.main_joints_pct, figures.main_joints_visible_pct, figures.main_joints_hidden_pct):
        assert spread is not None
        assert spread.mean == pytest.approx(10, rel=1e-6)
    assert figures.jitter_pct == pytest.approx(figures.true_jitter_pct, rel=1e-6)


def test_swapped_legs_are_counted_unless_flagged_or_called_unseen() -> None:
    truth = known("vertical")
    right = perfect(truth)
    places = right.landmarks_px.copy()
    places[10:30, 25:29] = places[10:30][:, [26, 25, 28, 27]]
    swapped = replace(right, landmarks_px=places)
    assert evaluate("vertical", swapped, truth).swapped_frames == 20
    flags = np.zeros(len(truth.time_s), bool)
    flags[10:25] = True
    assert evaluate("vertical", replace(swapped, left_right_flagged=flags), truth).swapped_frames == 5
    unseen = right.visibility.copy()
    unseen[10:30, 25:29] = 0.1
    assert evaluate("vertical", replace(swapped, visibility=unseen), truth).swapped_frames == 0


def test_a_skeleton_on_a_bystander_is_the_wrong_person() -> None:
    truth = known("bystander-crosses")
    right = perfect(truth)
    places = right.landmarks_px.copy()
    places[40:50] = truth.bystanders_px[0, 40:50]
    assert evaluate("x", replace(right, landmarks_px=places), truth).wrong_person_frames == 10


def test_every_skeleton_is_false_where_nobody_climbs() -> None:
    truth = known("nobody-climbs")
    assert not truth.person.any()
    places = truth.bystanders_px[0]
    found = replace(
        perfect(truth),
        person=np.ones(len(places), bool),
        landmarks_px=places,
        visibility=np.ones(places.shape[:2]),
    )
    figures = evaluate("nobody-climbs", found, truth)
    assert figures.false_frames == len(places)
    assert figures.main_joints_pct is None
    assert evaluate("nobody-climbs", nobody(truth.time_s), truth).false_frames == 0


def test_frames_without_a_prediction_are_not_found() -> None:
    truth = known("vertical")
    right = perfect(truth)
    half = len(truth.time_s) // 2
    cut = replace(
        right,
        **{
            name: getattr(right, name)[:half]
            for name in (
                *("time_s", "person", "landmarks_px", "visibility"),
                *("center_of_mass_px", "left_right_flagged", "frame_to_wall"),
            )
        },
    )
    figures = evaluate("vertical", cut, truth)
    assert figures.detection_pct == pytest.approx(50)
    assert figures.wall is not None
    assert figures.wall.frames_pct == pytest.approx(50)
    assert evaluate("vertical", nobody(np.zeros(0)), truth).detection_pct == 0


def test_registration_errors_are_pixels_of_the_middle_frame() -> None:
    truth = known("vertical")
    right = perfect(truth)
    assert right.frame_to_wall is not None
    walls: Array = right.frame_to_wall.copy()
    drift = np.eye(3)
    drift[0, 2] = 2.0
    middle = len(walls) // 2
    moved = np.arange(len(walls)) != middle
    walls[moved] = walls[middle] @ drift @ truth.wall_to_frame[middle] @ walls[moved]
    figures = evaluate("vertical", replace(right, frame_to_wall=walls, meters_per_unit=1.05), truth)
    assert figures.wall is not None
    assert figures.wall.error_px is not None
    assert figures.wall.error_px.median == pytest.approx(2.0, rel=1e-6)
    assert figures.wall.scale_error_pct == pytest.approx(5.0, rel=1e-3)


def test_a_stated_error_holds_the_true_one_or_not() -> None:
    truth = known("vertical")
    for stated_pct, holds in ((6.0, True), (4.0, False), (None, None)):
        said = replace(perfect(truth), meters_per_unit=1.05, scale_stated_pct=stated_pct)
        wall = evaluate("vertical", said, truth).wall
        assert wall is not None
        assert wall.scale_is_within is holds


def test_flagged_frames_are_counted_among_those_with_somebody() -> None:
    truth = known("vertical")
    flags = np.zeros(len(truth.time_s), bool)
    flags[: len(flags) // 2] = True
    figures = evaluate("vertical", replace(perfect(truth), left_right_flagged=flags), truth)
    assert figures.sides_flagged_pct == pytest.approx(50)


def test_two_methods_are_measured_on_the_same_frames() -> None:
    truth = known("vertical")
    torso_px = float(np.median(truth.torso_px))
    right = perfect(truth)
    ours = replace(right, landmarks_px=right.landmarks_px + np.array([0.05 * torso_px, 0]))
    person = truth.person.copy()
    person[:51] = False
    theirs = replace(right, person=person, landmarks_px=right.landmarks_px + np.array([0.2 * torso_px, 0]))
    found = compare("vertical", ours, theirs, truth)
    assert (found.common_frames, found.frames) == (51, 102)
    assert (found.ours.joints_pct, found.peer.joints_pct) == pytest.approx((5, 20))
    assert (found.ours.with_misses_pct, found.peer.with_misses_pct) == pytest.approx((5, 60))
    assert (found.ours.found_pct, found.peer.found_pct) == (100, 50)
    assert found.lost() == []
    assert "joints" in compare("vertical", theirs, ours, truth).lost()


def test_false_skeletons_of_both_are_counted() -> None:
    truth = known("nobody-climbs")
    places = truth.bystanders_px[0]
    everywhere = replace(
        perfect(truth),
        person=np.ones(len(places), bool),
        landmarks_px=places,
        visibility=np.ones(places.shape[:2]),
    )
    found = compare("nobody-climbs", nobody(truth.time_s), everywhere, truth)
    assert (found.ours.wrong_frames, found.peer.wrong_frames) == (0, len(places))


def test_the_peak_speed_of_a_dyno_is_compared() -> None:
    truth = known("dyno")
    right = perfect(truth)
    still = evaluate("dyno", right, truth, dyno=True).peak_speed_error_pct
    assert still == pytest.approx({"hips": 0, "left_wrist": 0, "right_wrist": 0}, abs=1e-9)
    start = right.landmarks_px[:1]
    damped = replace(right, landmarks_px=start + 0.8 * (right.landmarks_px - start))
    slower = evaluate("dyno", damped, truth, dyno=True).peak_speed_error_pct
    assert slower == pytest.approx({"hips": -20, "left_wrist": -20, "right_wrist": -20}, abs=1e-6)


def test_a_peers_file_is_read(tmp_path: Path) -> None:
    truth = known("vertical")
    person = truth.person.copy()
    person[:5] = False
    file = tmp_path / "vertical.npz"
    visibility = np.ones(truth.landmarks_px.shape[:2], np.float32)
    np.savez(file, time_s=truth.time_s, person=person, landmarks_px=truth.landmarks_px, visibility=visibility)
    figures = evaluate("vertical", from_file(file), truth)
    frames = len(person)
    assert figures.detection_pct == pytest.approx(100 * (frames - 5) / frames)
    assert figures.center_of_mass_pct is not None
    assert figures.center_of_mass_pct.mean < 5
    assert figures.hidden_ends_unseen_pct == 0
