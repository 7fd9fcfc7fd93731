"""Is this still the same person? Color of the trunk, size and posture, from one look to the next."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import TRUNK_AND_LEGS
from ascension.biomechanics.poses import torsos_px
from ascension.vision.frame import Frame
from ascension.vision.pose import Pose
from ascension.vision.region import Picture, Region

_PATCH_PX: Final = 16
_PATCH_TORSO: Final = 0.4
"""The patch of the trunk that is looked at, in torso lengths: narrower than a trunk seen from the side."""
_OTHER_COLOR: Final = 25.0
"""Steps of the Lab color space, brightness counted half, by which one shirt varies between looks."""
_OTHER_POSTURE: Final = 0.4
"""Torso lengths by which trunk and legs are rearranged at most, on average, between two looks."""
_SOMEONE_ELSE: Final = 2.3
_MOST_BY_COLOR: Final = 1.5
"""Color alone never decides: a print on the shirt, a shadow or the own arm covers the patch at times."""
_LEARNED: Final = 0.2
_LINEAR_BELOW: Final = 10
"""Of 255: sRGB is a straight line up to there."""
_CUBE_BELOW: Final = 0.008856
_XYZ_FROM_RGB: Final = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
) / [[0.950456], [1.0], [1.088754]]
"""Of linear sRGB, as shares of white (D65)."""
_SAME_BODY: Final = 0.4
"""Torso lengths between two skeletons of one body at most, on average."""


@dataclass(frozen=True)
class Identity:
    """What one look tells.

    color: (3,) of the trunk, CIE Lab as OpenCV scales it; posture: (8, 2) trunk and legs, in torso lengths
    """

    color: NDArray[np.float64]
    posture: NDArray[np.float64]
    torso_px: float

    def learned(self, seen: "Identity") -> "Identity":
        """This person, seen once more: the color follows slowly, posture and size at once."""
        color = self.color + _LEARNED * (seen.color - self.color)
        return Identity(color, seen.posture, seen.torso_px)


def identity_of(frame: Frame, pose: Pose) -> Identity:
    """What `pose` looks like in `frame`."""
    body = pose.landmarks_px[TRUNK_AND_LEGS]
    shoulders, hips = body[:2].mean(axis=0), body[2:4].mean(axis=0)
    across, down = hips - shoulders
    torso_px = float(torsos_px(pose.landmarks_px))
    middle = (shoulders + hips) / 2
    patch = Region(float(middle[0]), float(middle[1]), _PATCH_TORSO * torso_px, math.atan2(-across, down))
    color = np.median(_lab(frame.crop(patch, _PATCH_PX).reshape(-1, 3)), axis=0)
    return Identity(color, (body - middle) / torso_px, torso_px)


def _lab(rgb: Picture) -> NDArray[np.float64]:
    """(pixels, 3) sRGB -> CIE Lab, each scaled to 0-255 as OpenCV does: its own takes 0.1 s to begin."""
    linear = np.where(rgb > _LINEAR_BELOW, ((rgb / 255 + 0.055) / 1.055) ** 2.4, rgb / (255 * 12.92))
    ratio = linear @ _XYZ_FROM_RGB.T
    root = np.where(ratio > _CUBE_BELOW, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    x, y, z = root.T
    return np.column_stack([(116 * y - 16) * 2.55, 500 * (x - y) + 128, 200 * (y - z) + 128])


def is_someone_else(known: Identity, seen: Identity) -> bool:
    """Whether what was seen a moment after `known` must be another body: by color and posture together.

    Neither would do alone: a hold or an arm may cover the shirt, and a dyno rearranges the legs at once.
    Known limit: in clothes of one color, two people are told apart only if the posture jumps very far.
    """
    pairs = (len(TRUNK_AND_LEGS) // 2, 2, 2)  # whichever side is called left
    before, now = known.posture.reshape(pairs), seen.posture.reshape(pairs)
    moved = [np.linalg.norm(now - sides, axis=2).mean(axis=1) for sides in (before, before[:, ::-1])]
    posture = float(np.min(moved, axis=0).mean())
    size = abs(math.log2(seen.torso_px / known.torso_px))
    color = min(color_distance(known, seen) / _OTHER_COLOR, _MOST_BY_COLOR)
    change = color + posture / _OTHER_POSTURE + size
    return change > _SOMEONE_ELSE


def is_alike(known: Identity, seen: Identity) -> bool:
    """Whether someone seen again after a while may be the person that was known: by color alone."""
    return color_distance(known, seen) < _OTHER_COLOR


def is_same_body(one: Pose, other: Pose) -> bool:
    """Whether two skeletons of one frame lie on one body."""
    distance_px = np.linalg.norm(
        one.landmarks_px[TRUNK_AND_LEGS] - other.landmarks_px[TRUNK_AND_LEGS], axis=1
    ).mean()
    torso_px = max(float(torsos_px(pose.landmarks_px)) for pose in (one, other))
    return float(distance_px) < _SAME_BODY * torso_px


def color_distance(one: Identity, other: Identity) -> float:
    """Distance of the trunks' colors."""
    return float(np.linalg.norm((one.color - other.color) * [0.5, 1.0, 1.0]))
