"""The one input of everything here: a body's motion on the plane of the wall."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence

Unit = Literal["m", "torso"]

_ENDS_OFF: Final = 0.5
"""Hands and feet on holds are off the wall by this share of how far the body is: on 102 reaches of rendered
scenes their ways came out 4.7 % (hands) and 6.2 % (feet) too long where the body looked 10.9 % too large."""


@dataclass(frozen=True)
class Motion:
    """A body on the wall. Checked here once; the functions that take it trust it.

    poses:          the body in the picture: for angles and for what is seen
    landmarks:      (frames, 33, 2) on the wall's plane in `unit`, x to the right, y up; NaN where nobody is
                    or the frame has no place on the wall
    center_of_mass: (frames, 2), likewise
    unit:           meters, or torso lengths where no scale is known
    torso:          length of the torso in `unit`: thresholds are given in torso lengths, whatever the unit
    overhang_deg:   how far the wall leans over the climber, 0 = vertical, below 0 = slab; None: not told
    registered:     False: the wall could not be followed, and places move with the camera
    error_pct:      standard deviation of lengths, None where no scale is known
    parallax_pct:   so much larger the body looks than the wall behind it; None where that is not known.
                    Places still have it: who gives a length of the body in meters takes it out
    """

    poses: PoseSequence
    landmarks: FloatArray
    center_of_mass: FloatArray
    unit: Unit
    torso: float
    overhang_deg: float | None = None
    registered: bool = True
    error_pct: float | None = None
    parallax_pct: float | None = None

    def __post_init__(self) -> None:
        frames = self.poses.frame_count
        for name, shape in (("landmarks", (frames, LANDMARK_COUNT, 2)), ("center_of_mass", (frames, 2))):
            found: FloatArray = getattr(self, name)
            if found.shape != shape:
                raise ValueError(f"{name} has shape {found.shape}, expected {shape}")
            if np.any(np.isinf(found)):
                raise ValueError(f"{name} must not be infinite")
        if not (np.isfinite(self.torso) and self.torso > 0):
            raise ValueError(f"torso must be a positive length, not {self.torso}")

    @property
    def time_s(self) -> FloatArray:
        return self.poses.time_s

    @property
    def frame_count(self) -> int:
        return self.poses.frame_count

    @property
    def body_scale(self) -> float:
        """What a way or a length of the body in `unit` is multiplied with: in torso lengths, nothing."""
        return self._without_parallax(1.0)

    @property
    def way_scale(self) -> float:
        """The same for a way from hold to hold: hands and feet are seen where they touch, off the wall."""
        return self._without_parallax(_ENDS_OFF)

    def _without_parallax(self, share: float) -> float:
        return 1 / (1 + share * (self.parallax_pct or 0.0) / 100) if self.unit == "m" else 1.0

    @cached_property
    def known(self) -> BoolArray:
        """(frames,) True where the body has a place on the wall."""
        return np.isfinite(self.center_of_mass).all(axis=1) & self.poses.person
