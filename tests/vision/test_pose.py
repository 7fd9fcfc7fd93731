import numpy as np
import pytest

from ascension.vision.pose import believed, refine
from ascension.vision.region import Region, around, between


def test_a_region_maps_its_crop_onto_the_frame() -> None:
    region = around(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert (region.side_px, region.angle_rad) == (pytest.approx(200), pytest.approx(0))
    to_frame = region.to_frame(256)
    assert to_frame @ np.array([128.0, 128.0, 1.0]) == pytest.approx((100, 200))
    assert to_frame @ np.array([0.0, 0.0, 1.0]) == pytest.approx((0, 100))
    lying = Region(100, 200, 200, np.pi / 2).to_frame(256)
    assert lying @ np.array([128.0, 0.0, 1.0]) == pytest.approx((200, 200))


def test_between_two_regions_the_body_turns_the_shorter_way() -> None:
    middle = between(Region(0, 10, 100, 3.0), Region(10, 30, 300, -3.0), 0.5)
    assert (middle.center_x_px, middle.center_y_px, middle.side_px) == (5, 20, 200)
    assert middle.angle_rad == pytest.approx(np.pi)
    assert between(Region(0, 10, 100, 3.0), Region(10, 30, 300, -3.0), 0) == Region(0, 10, 100, 3.0)


def test_a_heatmap_pulls_its_landmark_and_only_when_it_is_sure() -> None:
    places = np.array([[128.0, 128.0], [128.0, 128.0], [-40.0, 300.0]])
    heatmap = np.full((64, 64, 3), -20.0, np.float32)
    heatmap[33, 34, 0] = 20.0
    heatmap[33, 34, 1] = -1.0
    refined = refine(places, heatmap, 256)
    moved = refined.places
    assert moved[0] == pytest.approx((34 * 4, 33 * 4), abs=1e-3)
    assert np.array_equal(moved[1:], places[1:])
    assert refined.peak[:2] == pytest.approx([20.0, -1.0])
    assert refined.mass == pytest.approx([1.0, 0.269, 0.0], abs=1e-3)


def test_a_blurred_body_is_believed_beside_a_clear_one_only() -> None:
    confidence = np.array([0.5, 0.5, 0.6, 0.5, 0.3, 0.5, 0.5, 0.0, 0.9])
    assert believed(confidence).tolist() == [True, True, True, True, False, False, False, False, True]
    assert believed(np.zeros(0)).tolist() == []
