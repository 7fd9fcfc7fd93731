"""Who climbs: what is known of the body, and what follows from it where the picture does not show it."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from ascension.biomechanics.balance import center_of_mass
from ascension.biomechanics.conventions import VISIBLE, Landmark, Sex
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.limbs import Limb
from ascension.climbing.motion import Motion, Unit
from ascension.climbing.record import Level

LengthSource = Literal["measured", "arm_span", "height", "torso"]

_RANGES: Final = {"height_m": (0.8, 2.6), "arm_span_m": (0.8, 2.8), "mass_kg": (10.0, 250.0)}
_PARTS: Final = {
    Limb.LEFT_HAND: ("left_upper_arm", "left_forearm", "left_hand"),
    Limb.RIGHT_HAND: ("right_upper_arm", "right_forearm", "right_hand"),
    Limb.LEFT_FOOT: ("left_thigh", "left_shank", "left_foot"),
    Limb.RIGHT_FOOT: ("right_thigh", "right_shank", "right_foot"),
}

PROPORTIONS: Final = {
    "upper_arm": 0.186,
    "forearm": 0.146,
    "hand": 0.108,
    "thigh": 0.245,
    "shank": 0.246,
    "trunk": 0.288,
    "half_shoulder_width": 0.129,
    "half_hip_width": 0.096,
    "foot": 0.152,
}
"""Lengths in body heights: Drillis & Contini 1966, as in Winter, Biomechanics and Motor Control, fig. 4.1."""
_ARM: Final = ("upper_arm", "forearm", "hand")
_BETWEEN: Final = {
    "upper_arm": (("SHOULDER", "ELBOW"),),
    "forearm": (("ELBOW", "WRIST"),),
    "thigh": (("HIP", "KNEE"),),
    "shank": (("KNEE", "ANKLE"),),
    "trunk": (("SHOULDER", "HIP"),),
}
_WIDTHS: Final = {
    "half_shoulder_width": (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    "half_hip_width": (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
}
_FULL_LENGTH_PERCENTILE: Final = 90
"""Foreshortening makes segments look short, noise makes them look long: what one frame in ten surpasses."""
_FEWEST_FRAMES: Final = 15


@dataclass(frozen=True)
class Body:
    """What the climber told. Everything is optional; what is not told degrades openly.

    missing: limbs that the climber does not have; their arm or leg counts as missing from its joint on, so a
    forearm that is there adds up to 2.7 % of the body's mass to what is left out. injured: limbs that carry
    less (`equilibrium`), but weigh the same. Raises ValueError outside of what bodies are.
    """

    height_m: float | None = None
    arm_span_m: float | None = None
    mass_kg: float | None = None
    sex: Sex | None = None
    level: Level | None = None
    missing: frozenset[Limb] = frozenset()
    injured: frozenset[Limb] = frozenset()

    def __post_init__(self) -> None:
        for name, (lowest, highest) in _RANGES.items():
            told: float | None = getattr(self, name)
            if told is not None and not lowest <= told <= highest:
                raise ValueError(f"{name} must lie in {lowest}-{highest}, not {told}")
        both = self.missing & self.injured
        if both:
            raise ValueError(f"a missing limb cannot be injured: {', '.join(sorted(both))}")

    @property
    def missing_segments(self) -> tuple[str, ...]:
        """Names of `balance.SEGMENTS`."""
        return tuple(name for limb in Limb if limb in self.missing for name in _PARTS[limb])


@dataclass(frozen=True)
class Length:
    """A length of the body and where it comes from."""

    value: float
    unit: Unit
    source: LengthSource


def with_body(motion: Motion, body: Body) -> Motion:
    """The motion with this body's center of mass, where sex or missing limbs say more than the default."""
    if body.sex is None and not body.missing:
        return motion
    center: FloatArray = center_of_mass(motion.landmarks, body.sex, body.missing_segments)
    return replace(motion, center_of_mass=np.where(motion.known[:, None], center, np.nan))


def lengths(body: Body, motion: Motion | None = None) -> dict[str, Length]:
    """Lengths by the names of `PROPORTIONS`, each from the best there is.

    In this order: measured from the motion, where both ends were seen 15 times and meters are known or
    nobody told a height; from the arm span (arm terms: half of what it exceeds the shoulders by, divided as
    in the table); from the height. Without a height and a motion: in torso lengths from the table alone.

    Known limits: the table is of adults; people of one height differ by about 4 % in leg and trunk, more in
    the arms. Hands and feet are never measured: their landmarks end at the knuckles and the ball of the toe.
    """
    known = _told(body)
    if motion is not None and (motion.unit == "m" or body.height_m is None):
        known = {name: _rescaled(length, motion) for name, length in known.items()} | _measured(motion)
    return known


def _told(body: Body) -> dict[str, Length]:
    trunk = PROPORTIONS["trunk"]
    found = {name: Length(share / trunk, "torso", "torso") for name, share in PROPORTIONS.items()}
    if body.height_m is not None:
        found = {name: Length(share * body.height_m, "m", "height") for name, share in PROPORTIONS.items()}
    if body.arm_span_m is not None:
        height_m = body.height_m or body.arm_span_m
        arm_m = body.arm_span_m / 2 - PROPORTIONS["half_shoulder_width"] * height_m
        whole = sum(PROPORTIONS[name] for name in _ARM)
        found |= {name: Length(arm_m * PROPORTIONS[name] / whole, "m", "arm_span") for name in _ARM}
    return found


def _rescaled(length: Length, motion: Motion) -> Length:
    """From torso lengths of the table to the motion's unit: its torso is measured."""
    if length.unit == "m":
        return length
    return Length(length.value * motion.torso * motion.body_scale, motion.unit, "torso")


def _measured(motion: Motion) -> dict[str, Length]:
    ends = {
        name: [
            (Landmark[f"{side}_{first}"], Landmark[f"{side}_{second}"])
            for first, second in pairs
            for side in ("LEFT", "RIGHT")
        ]
        for name, pairs in _BETWEEN.items()
    } | {name: [pair] for name, pair in _WIDTHS.items()}
    found: dict[str, Length] = {}
    for name, pairs in ends.items():
        value = _full_length(motion, pairs)
        if value is not None:
            share = 0.5 if name in _WIDTHS else 1.0
            found[name] = Length(value * share * motion.body_scale, motion.unit, "measured")
    return found


def _full_length(motion: Motion, pairs: list[tuple[Landmark, Landmark]]) -> float | None:
    seen_lengths: list[FloatArray] = []
    for first, second in pairs:
        seen = motion.known & (motion.poses.visibility[:, [first, second]] >= VISIBLE).all(axis=1)
        seen_lengths.append(
            np.linalg.norm(motion.landmarks[seen, first] - motion.landmarks[seen, second], axis=1)
        )
    values = np.concatenate(seen_lengths)
    values = values[np.isfinite(values)]
    if len(values) < _FEWEST_FRAMES:
        return None
    return float(np.percentile(values, _FULL_LENGTH_PERCENTILE))
