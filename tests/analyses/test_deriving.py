"""A stored result as a motion on the wall."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.analyses.deriving import motion_of
from tests.analyses.sample import FRAME_OFF_THE_WALL, FRAMES_WITHOUT_PERSON, build_sample

RESULT = build_sample()


def test_places_are_meters_on_the_wall_with_y_up() -> None:
    motion = motion_of(RESULT, overhang_deg=12.0)
    wall_px = RESULT.landmarks_wall_px()
    known = np.isfinite(wall_px[:, 0, 0])
    assert motion.landmarks[known] == pytest.approx(wall_px[known] * (0.005, -0.005))
    assert (motion.unit, motion.error_pct, motion.overhang_deg) == ("m", 7.2, 12.0)
    assert motion.registered


def test_the_center_of_mass_lies_on_the_wall_as_the_hips_that_it_was_made_from() -> None:
    motion = motion_of(RESULT)
    hips = motion.landmarks[:, 23:25].mean(axis=1)
    known = np.isfinite(hips[:, 0])
    assert motion.center_of_mass[known] == pytest.approx(hips[known], abs=0.005)


def test_frames_without_a_person_or_off_the_wall_are_unknown() -> None:
    unknown = np.flatnonzero(~motion_of(RESULT).known).tolist()
    assert unknown == sorted((*FRAMES_WITHOUT_PERSON, FRAME_OFF_THE_WALL))


def test_without_a_wall_places_are_torso_lengths_of_the_picture_and_say_so() -> None:
    motion = motion_of(replace(RESULT, wall_corners_px=None))
    assert (motion.unit, motion.registered, motion.torso, motion.error_pct) == ("torso", False, 1.0, None)
    assert np.nanmax(np.abs(motion.landmarks * (104, -104) - RESULT.landmarks_px)) < 1e-9


def test_a_body_that_has_no_place_on_the_wall_is_refused() -> None:
    assert RESULT.wall_corners_px is not None
    nowhere = replace(RESULT, wall_corners_px=np.full_like(RESULT.wall_corners_px, np.nan))
    with pytest.raises(ValueError, match="no frame shows a person who has a place on the wall"):
        motion_of(nowhere)
