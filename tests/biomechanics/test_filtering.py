import numpy as np
import pytest

from ascension.biomechanics.conventions import VISIBLE, Landmark
from ascension.biomechanics.filtering import GAP_S, describe, smooth, stretches
from ascension.biomechanics.poses import FloatArray, PoseSequence
from tests.biomechanics.bodies import drifting, sequence, upright

WRIST = Landmark.LEFT_WRIST
TORSO_PX = 100


def reaching(time_s: FloatArray, begin_s: float, lasts_s: float, way_px: float) -> FloatArray:
    """(frames, 33, 2): the left hand goes up on a minimum-jerk path; its peak speed is 1.875 way / time."""
    places = np.repeat(upright(), len(time_s), axis=0)
    share = np.clip((time_s - begin_s) / lasts_s, 0, 1)
    places[:, WRIST, 1] -= way_px * (10 * share**3 - 15 * share**4 + 6 * share**5)
    return places


def at_times(places: FloatArray, time_s: FloatArray) -> PoseSequence:
    frames = len(time_s)
    return PoseSequence(time_s, np.ones(frames, np.bool_), places, np.ones((frames, 33)))


def test_a_smooth_motion_is_not_delayed() -> None:
    places = drifting(60)
    smoothed = smooth(sequence(places)).poses.landmarks_px
    assert smoothed[5:-5] == pytest.approx(places[5:-5], abs=0.5)


@pytest.mark.parametrize("fps", [24, 30, 60, 120, 240])
def test_a_dynamic_reach_keeps_its_peak_and_its_moment(fps: int) -> None:
    time_s = np.arange(0, 2, 1 / fps)
    lasts_s, way_px = 0.45, 1.6 * TORSO_PX
    smoothed = smooth(at_times(reaching(time_s, 0.8, lasts_s, way_px), time_s)).poses.landmarks_px
    speed = np.abs(np.gradient(smoothed[:, WRIST, 1], time_s))
    assert speed.max() == pytest.approx(1.875 * way_px / lasts_s, rel=0.05)
    assert time_s[speed.argmax()] == pytest.approx(0.8 + lasts_s / 2, abs=0.5 / fps + 1e-9)


def test_frames_at_uneven_times_are_taken_as_they_are() -> None:
    generator = np.random.default_rng(8)
    time_s = np.cumsum(generator.uniform(0.015, 0.06, 80))
    line = np.repeat(upright(), 80, axis=0) + 300 * time_s[:, None, None]
    smoothed = smooth(at_times(line, time_s)).poses.landmarks_px
    assert smoothed == pytest.approx(line, abs=0.01), "what moves evenly in time stays in place"


def test_a_single_jump_vanishes() -> None:
    places = drifting(60)
    jumped = places.copy()
    jumped[30, WRIST] += 400
    smoothed = smooth(sequence(jumped)).poses.landmarks_px
    assert np.abs(smoothed[30, WRIST] - places[30, WRIST]).max() < 5


@pytest.mark.parametrize("fps", [30, 120])
def test_noise_of_a_body_at_rest_shrinks(fps: int) -> None:
    places = np.repeat(upright(), 200, axis=0)
    noisy = places + np.random.default_rng(3).normal(0, 2.0, places.shape)
    before = np.abs(np.diff(noisy, n=2, axis=0)).mean()
    after = np.abs(np.diff(smooth(sequence(noisy, fps=fps)).poses.landmarks_px, n=2, axis=0)).mean()
    assert after < before / 8


def test_a_short_gap_is_filled_and_told() -> None:
    places = drifting(40)
    person = [not 18 <= index < 22 for index in range(40)]
    smoothed = smooth(sequence(places, person=person))
    assert smoothed.poses.person.all()
    assert smoothed.poses.landmarks_px[18:22] == pytest.approx(places[18:22], abs=2)
    assert smoothed.interpolated[18:22].all()
    assert smoothed.interpolated.sum() == 4 * 33


def test_a_long_gap_stays_a_gap_and_separates_what_is_around_it() -> None:
    places = drifting(40)
    places[24:] += 5000
    person = [not 18 <= index < 24 for index in range(40)]
    assert GAP_S < (24 - 17) / 30
    smoothed = smooth(sequence(places, person=person))
    assert np.array_equal(smoothed.poses.person, person)
    assert not smoothed.interpolated.any()
    assert np.isnan(smoothed.poses.landmarks_px[18:24]).all()
    assert np.abs(smoothed.poses.landmarks_px[17] - places[17]).max() < 5
    assert np.abs(smoothed.poses.landmarks_px[24] - places[24]).max() < 5


def test_a_hidden_landmark_is_filled_for_a_moment_only_and_stays_unseen() -> None:
    places = drifting(60)
    visibility = np.ones((60, 33))
    hidden_s = {Landmark.LEFT_ANKLE: slice(20, 23), Landmark.RIGHT_ANKLE: slice(20, 40)}
    guessed = places.copy()
    for landmark, frames in hidden_s.items():
        visibility[frames, landmark] = 0.2
        guessed[frames, landmark] += 60
    found = smooth(PoseSequence(np.arange(60) / 30, np.ones(60, np.bool_), guessed, visibility))
    assert np.flatnonzero(found.interpolated[:, Landmark.LEFT_ANKLE]).tolist() == [20, 21, 22]
    assert not found.interpolated[:, Landmark.RIGHT_ANKLE].any()
    left = found.poses.landmarks_px[18:25, Landmark.LEFT_ANKLE]
    assert left == pytest.approx(places[18:25, Landmark.LEFT_ANKLE], abs=2)
    assert (found.poses.visibility[22:38, Landmark.RIGHT_ANKLE] < VISIBLE).all()


@pytest.mark.parametrize("length", [1, 2, 3, 4, 8])
def test_short_stretches_survive(length: int) -> None:
    places = drifting(length)
    assert smooth(sequence(places)).poses.landmarks_px == pytest.approx(places, abs=5)


def test_nobody_stays_nobody() -> None:
    smoothed = smooth(sequence(drifting(5), person=[False] * 5))
    assert not smoothed.poses.person.any()
    assert not smoothed.interpolated.any()


def test_the_header_says_how_it_was_smoothed() -> None:
    assert "0.2 s" in describe()
    assert "stiffness" in describe()


def test_stretches_are_the_runs_of_true() -> None:
    found = stretches(np.array([True, True, False, True, False, False, True]))
    assert found == [slice(0, 2), slice(3, 4), slice(6, 7)]
    assert stretches(np.zeros(3, np.bool_)) == []
