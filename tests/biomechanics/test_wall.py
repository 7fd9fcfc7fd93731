import numpy as np
import pytest

from ascension.biomechanics.wall import on_wall_px


def test_places_follow_each_frames_own_matrix() -> None:
    places = np.tile(np.array([[10.0, 20.0], [30.0, 40.0]]), (3, 1, 1))
    shift = np.array([[1.0, 0, 5], [0, 1, -3], [0, 0, 1]])
    slant = np.array([[1.0, 0, 0], [0, 1, 0], [0.01, 0, 1]])
    found = on_wall_px(places, np.stack([np.eye(3), shift, slant]))
    assert found[0] == pytest.approx(places[0])
    assert found[1] == pytest.approx(places[1] + (5, -3))
    assert found[2] == pytest.approx(places[2] / np.array([[1.1], [1.3]]))


def test_what_has_no_place_stays_unknown() -> None:
    places = np.full((3, 33, 2), 7.0)
    places[0, 4] = np.nan
    matrices = np.stack([np.eye(3), np.full((3, 3), np.nan), np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 1]])])
    found = on_wall_px(places, matrices)
    assert np.isnan(found[0, 4]).all()
    assert np.isfinite(found[0, 5]).all()
    assert np.isnan(found[1]).all()
    assert np.isnan(found[2]).all()  # beyond the horizon


def test_frames_must_agree() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        on_wall_px(np.zeros((3, 33, 2)), np.zeros((2, 3, 3)))
