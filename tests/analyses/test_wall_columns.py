"""Where the frames lie on the wall, through the file and back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.analyses.result import decode, encode
from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.wall import frame_corners_px, on_wall_px
from tests.analyses.sample import FRAME_OFF_THE_WALL, build_sample

FRAMES = 900
CORNERS = frame_corners_px(480, 854)


def shaken(frames: int, *, reach_px: float, slant: float) -> FloatArray:
    """(frames, 3, 3) hand-held: shifts, turns and slants of a phone at 30 frames/s."""
    time = np.arange(frames) / 30
    random = np.random.default_rng(1)
    matrices = np.tile(np.eye(3), (frames, 1, 1))
    for row, column, size in ((0, 2, reach_px), (1, 2, reach_px), (0, 1, 0.02), (1, 0, 0.02), (2, 0, slant)):
        waves = [np.sin(2 * np.pi * hertz * time + random.uniform(0, 6)) / hertz for hertz in (0.2, 3, 6.5)]
        matrices[:, row, column] += size * np.sum(waves, axis=0) / 5
    return matrices


@settings(max_examples=20, deadline=None)
@given(reach_px=st.floats(0, 2000), slant=st.floats(0, 3e-4))
def test_rounding_moves_no_place_by_more_than_a_tenth_of_a_pixel(reach_px: float, slant: float) -> None:
    matrices = shaken(40, reach_px=reach_px, slant=slant)
    grid = np.stack(np.meshgrid(np.linspace(0, 480, 7), np.linspace(0, 854, 9)), -1).reshape(-1, 2)
    places = np.tile(grid, (40, 1, 1))
    corners = on_wall_px(np.tile(CORNERS, (40, 1, 1)), matrices)
    read = decode(encode(replace(build_sample(40), wall_corners_px=corners)))
    off_px = on_wall_px(places, read.frame_to_wall()) - on_wall_px(places, matrices)
    assert np.linalg.norm(off_px, axis=-1).max() < 0.1


def test_landmarks_are_told_in_wall_pixels() -> None:
    sample = build_sample()
    read = decode(encode(sample))
    on_wall = read.landmarks_wall_px()
    assert np.isnan(on_wall[FRAME_OFF_THE_WALL]).all()
    assert np.array_equal(np.isnan(on_wall[:, 0, 0]), ~read.person | (np.arange(24) == FRAME_OFF_THE_WALL))
    assert on_wall[12 + 2] == pytest.approx(
        on_wall_px(sample.landmarks_px, sample.frame_to_wall())[14], abs=0.4
    )
    assert np.abs(on_wall[23] - read.landmarks_px[23]).max() > 20  # the camera has panned by then


def test_a_result_without_a_wall_stays_readable() -> None:
    sample = build_sample()
    facts = sample.facts.model_copy(update={"wall": None})
    read = decode(encode(replace(sample, facts=facts, wall_corners_px=None)))
    assert read.facts.wall is None
    assert read.wall_corners_px is None
    assert np.isnan(read.landmarks_wall_px()).all()


def test_half_a_minute_of_shake_fits_beside_the_skeleton() -> None:
    """30 s stay below 50 kB: the wall may take 15 of them."""
    sample = build_sample(FRAMES)
    corners = on_wall_px(np.tile(CORNERS, (FRAMES, 1, 1)), shaken(FRAMES, reach_px=60, slant=1e-5))
    with_wall = len(encode(replace(sample, wall_corners_px=corners)))
    without = len(encode(replace(sample, wall_corners_px=None)))
    assert with_wall - without < 15_000
