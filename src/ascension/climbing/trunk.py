"""The trunk's path: where shoulders and hips are, and when nothing holds the body."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.motion import Motion
from ascension.climbing.record import Interval
from ascension.climbing.series import bridged, runs, velocities

_OVER_S: Final = 0.067
_BRIDGED_S: Final = 0.3
_FREE_TORSO_PER_S2: Final = 5.0
"""Free fall is 9.8 m/s2 = 14-20 torso lengths/s2; smoothing and a landing or catch nearby halve it."""
_SHORTEST_FREE_S: Final = 0.1
_NOBODY_FALLS_FASTER_TORSO_PER_S2: Final = 35.0
"""Above it the skeleton has jumped, not the climber."""


@dataclass(frozen=True)
class Trunk:
    """Lengths in torso lengths, y up; NaN where the body has no place.

    shoulders, hips, center: (frames, 2) middle of the shoulders, of the hips, center of mass;
    velocity, acceleration: (frames, 2) of the center of mass, per second
    """

    time_s: FloatArray
    shoulders: FloatArray
    hips: FloatArray
    center: FloatArray
    velocity: FloatArray
    acceleration: FloatArray


def trunk_of(motion: Motion) -> Trunk:
    """The trunk of a motion; gaps of at most 0.3 s are bridged."""
    places = motion.landmarks / motion.torso
    center = bridged(motion.center_of_mass / motion.torso, motion.time_s, _BRIDGED_S)
    velocity = velocities(center, motion.time_s, _OVER_S)
    return Trunk(
        time_s=motion.time_s,
        shoulders=places[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=1),
        hips=places[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1),
        center=center,
        velocity=velocity,
        acceleration=velocities(velocity, motion.time_s, _OVER_S),
    )


def free_falls(trunk: Trunk) -> tuple[Interval, ...]:
    """Frames in which the center of mass is in free fall, rising (a dyno) or falling: nothing is in contact.

    Downward acceleration above 5 torso lengths/s2 for at least 0.1 s. Known limits: a catch within 0.1 s
    hides the fall, a body that is lowered faster than this looks like one.
    """
    down = -trunk.acceleration[:, 1]
    free = np.nan_to_num(down) > _FREE_TORSO_PER_S2
    found: list[Interval] = []
    for start, end in runs(free):
        lasts = trunk.time_s[end - 1] - trunk.time_s[start] >= _SHORTEST_FREE_S
        if lasts and np.median(down[start:end]) < _NOBODY_FALLS_FASTER_TORSO_PER_S2:
            found.append(Interval(start, end))
    return tuple(found)
