"""Joint angles, as they look in the picture."""

import numpy as np

from ascension.biomechanics.conventions import JOINT_ANGLES, VISIBLE
from ascension.biomechanics.poses import FloatArray, PoseSequence


def joint_angles_deg(poses: PoseSequence) -> FloatArray:
    """(frames, 8) angles in the order of `conventions.JOINT_ANGLES`, which also says their zero and range.

    Taken between pixel vectors, so the shape of the frame does not matter. NaN: no person, one of the three
    landmarks not seen (visibility below `conventions.VISIBLE`), or two of them in one place. Known limit: a
    bend out of the picture's plane looks straighter or sharper than it is.
    """
    angles = [
        _angle_deg(poses.landmarks_px, angle.proximal, angle.joint, angle.distal) for angle in JOINT_ANGLES
    ]
    seen = [
        poses.visibility[:, [angle.proximal, angle.joint, angle.distal]].min(axis=1) >= VISIBLE
        for angle in JOINT_ANGLES
    ]
    return np.where(np.stack(seen, axis=1), np.stack(angles, axis=1), np.nan)


def _angle_deg(landmarks_px: FloatArray, proximal: int, joint: int, distal: int) -> FloatArray:
    """(frames,) unsigned angle at `joint`, 0-180; exact near both ends, where an arc cosine is not."""
    towards = landmarks_px[:, proximal] - landmarks_px[:, joint]
    away = landmarks_px[:, distal] - landmarks_px[:, joint]
    cross = towards[:, 0] * away[:, 1] - towards[:, 1] * away[:, 0]
    dot = np.sum(towards * away, axis=1)
    angle = np.degrees(np.arctan2(np.abs(cross), dot))
    return np.where((cross == 0) & (dot == 0), np.nan, angle)
