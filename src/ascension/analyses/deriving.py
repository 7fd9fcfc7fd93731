"""From a stored result to what the climber did on the wall. Needs no video."""

from dataclasses import replace
from typing import Final

import numpy as np

from ascension.analyses import climb_part
from ascension.analyses.choices import Choices
from ascension.analyses.result import Result, Wall
from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.biomechanics.wall import on_wall_px
from ascension.climbing import climb
from ascension.climbing.body import Body
from ascension.climbing.motion import Motion

_UP: Final = np.array([1.0, -1.0])
"""Pixels count downwards, the wall upwards."""


def body_of(told: Choices) -> Body:
    """The climber's body as far as it was told."""
    return Body(height_m=told.body_height_m, **dict(told.body or {}))


def with_climb(result: Result, told: Choices) -> Result:
    """The same result with what its climber did on the wall; without, where no body has a place on it.

    Give it a result as it is stored: rounded places give the same climb today and after a correction.
    """
    try:
        motion = motion_of(result, told.overhang_deg)
    except ValueError:
        found = None
    else:
        body = body_of(told)
        found = climb_part.stored(climb.read(motion, body), body)
    return replace(result, facts=result.facts.model_copy(update={"climb": found}))


def motion_of(result: Result, overhang_deg: float | None = None) -> Motion:
    """The body of a result on the plane of the wall, y up, in the unit of the result's scale.

    Without a wall that was followed: places in the picture in torso lengths, `registered` False. Raises
    ValueError where no frame shows a person, or none of those that do has a place on the wall.
    """
    wall = result.facts.wall
    if wall is None or result.wall_corners_px is None:
        unit_per_px = 1 / result.facts.torso_px
        return Motion(
            poses=result.poses(),
            landmarks=result.landmarks_px * unit_per_px * _UP,
            center_of_mass=result.center_of_mass_px * unit_per_px * _UP,
            unit="torso",
            torso=1.0,
            overhang_deg=overhang_deg,
            registered=False,
        )
    landmarks = _in_unit(result.landmarks_wall_px(), wall)
    center_px = on_wall_px(result.center_of_mass_px[:, None], result.frame_to_wall())
    return Motion(
        poses=result.poses(),
        landmarks=landmarks,
        center_of_mass=_in_unit(center_px, wall)[:, 0],
        unit=wall.scale.unit,
        torso=_torso(landmarks),
        overhang_deg=overhang_deg,
        error_pct=wall.scale.error_pct,
        parallax_pct=wall.scale.parallax_pct,
    )


def _in_unit(places_px: FloatArray, wall: Wall) -> FloatArray:
    """Wall pixels (frames, k, 2), y down, to the wall's plane in its unit, y up."""
    to_unit = np.array(wall.scale.wall_to_unit).reshape(3, 3)
    return on_wall_px(places_px, np.tile(to_unit, (len(places_px), 1, 1))) * _UP


def _torso(landmarks: FloatArray) -> float:
    """Median distance from the middle of the shoulders to the middle of the hips."""
    shoulders = landmarks[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1)
    hips = landmarks[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    lengths = np.linalg.norm(shoulders - hips, axis=1)
    known: BoolArray = np.isfinite(lengths)
    if not known.any():
        raise ValueError("no frame shows a person who has a place on the wall")
    return float(np.median(lengths[known]))
