import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.filtering import Windows, smooth, stretches, windows_for
from tests.biomechanics.bodies import drifting, sequence

WINDOWS = windows_for(30.0)


@pytest.mark.parametrize(
    ("fps", "expected"), [(30, Windows(5, 9)), (60, Windows(9, 17)), (25, Windows(5, 7)), (8, Windows(1, 3))]
)
def test_windows_cover_the_same_time_at_every_frame_rate(fps: float, expected: Windows) -> None:
    assert windows_for(fps) == expected


def test_windows_are_odd() -> None:
    for fps in np.arange(1.0, 241.0, 0.7):
        windows = windows_for(float(fps))
        assert windows.median % 2 == 1
        assert windows.parabola % 2 == 1


def test_a_smooth_motion_is_not_delayed() -> None:
    places = drifting(60)
    smoothed = smooth(sequence(places), WINDOWS).landmarks_px
    assert smoothed[5:-5] == pytest.approx(places[5:-5], abs=1e-6)


def test_a_single_jump_vanishes() -> None:
    places = drifting(60)
    jumped = places.copy()
    jumped[30, Landmark.LEFT_WRIST] += 400
    smoothed = smooth(sequence(jumped), WINDOWS).landmarks_px
    assert np.abs(smoothed[30, Landmark.LEFT_WRIST] - places[30, Landmark.LEFT_WRIST]).max() < 5


def test_noise_shrinks() -> None:
    places = drifting(200)
    noisy = places + np.random.default_rng(3).normal(0, 2.0, places.shape)
    before = np.abs(np.diff(noisy, n=2, axis=0)).mean()
    after = np.abs(np.diff(smooth(sequence(noisy), WINDOWS).landmarks_px, n=2, axis=0)).mean()
    assert after < before / 5


def test_gaps_stay_gaps_and_separate_what_is_around_them() -> None:
    places = drifting(40)
    places[22:] += 5000
    person = [not 18 <= index < 22 for index in range(40)]
    smoothed = smooth(sequence(places, person=person), WINDOWS)
    assert np.array_equal(smoothed.person, person)
    assert np.isnan(smoothed.landmarks_px[18:22]).all()
    assert np.abs(smoothed.landmarks_px[17] - places[17]).max() < 5
    assert np.abs(smoothed.landmarks_px[22] - places[22]).max() < 5


@pytest.mark.parametrize("length", [1, 2, 3, 4, 8])
def test_short_stretches_survive(length: int) -> None:
    places = drifting(length)
    assert smooth(sequence(places), WINDOWS).landmarks_px == pytest.approx(places, abs=5)


def test_stretches_are_the_runs_of_true() -> None:
    found = stretches(np.array([True, True, False, True, False, False, True]))
    assert found == [slice(0, 2), slice(3, 4), slice(6, 7)]
    assert stretches(np.zeros(3, np.bool_)) == []
