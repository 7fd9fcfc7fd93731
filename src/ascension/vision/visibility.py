"""How probable it is that a landmark is seen: the network's several opinions, weighed against truth."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_NAMES, Landmark
from ascension.vision.region import Array32

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEATURES: Final = (
    "visibility", "presence", "depth", "peak", "mass",
    "neighbor visibility", "neighbor peak", "outside trunk", "constant",
)  # fmt: skip
"""The evidence of the landmark itself (vision.pose.EVIDENCE), of the joint next to it towards the trunk, and
how far outside of the trunk it lies, in torso lengths; depth is divided by 100."""

GROUPS: Final = ("face", "shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot")
_GROUP_OF: Final = {"shoulder": "shoulder", "elbow": "elbow", "wrist": "wrist", "hip": "hip", "knee": "knee",
                    "ankle": "ankle", "pinky": "hand", "index": "hand", "thumb": "hand", "heel": "foot",
                    "foot_index": "foot"}  # fmt: skip
_NEIGHBOR_OF: Final = {"elbow": "shoulder", "wrist": "elbow", "pinky": "wrist", "index": "wrist",
                       "thumb": "wrist", "knee": "hip", "ankle": "knee", "heel": "ankle",
                       "foot_index": "ankle", "shoulder": "hip", "hip": "shoulder"}  # fmt: skip

WEIGHTS: Final[dict[str, tuple[float, ...]]] = dict.fromkeys(GROUPS, (1.0, *[0.0] * 8))
_FARTHEST_TORSO: Final = 1.0
_DEPTH_PX: Final = 100.0
_VISIBILITY, _PEAK = 0, 3


def _split(name: str) -> tuple[str, str]:
    side, _, joint = name.partition("_")
    return side, joint


def group_of(landmark: int) -> str:
    """Which row of WEIGHTS holds for a landmark."""
    return _GROUP_OF.get(_split(LANDMARK_NAMES[landmark])[1], "face")


def _neighbor_of(landmark: int) -> int:
    side, joint = _split(LANDMARK_NAMES[landmark])
    if joint not in _NEIGHBOR_OF:
        return landmark
    return LANDMARK_NAMES.index(f"{side}_{_NEIGHBOR_OF[joint]}")


_NEIGHBORS: Final[IntArray] = np.array([_neighbor_of(landmark) for landmark in range(len(LANDMARK_NAMES))])
_TRUNK: Final = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.LEFT_HIP]


def visibility(landmarks_px: FloatArray, evidence: Array32) -> FloatArray:
    """(frames, 33) probability 0-1 that each landmark is seen; NaN where there is no body.

    landmarks_px: (frames, 33, 2); evidence: (frames, 33, 5) in the order of vision.pose.EVIDENCE

    Method: one logistic model per kind of landmark, fitted by validation/fit_visibility.py on rendered scenes
    whose truth is known; docs/decisions/0009-honest-landmarks.md has the figures. Known limits: rendered
    bodies and the heavy network only; a limb that is hidden a little is often called seen.
    """
    known = features(landmarks_px, evidence)
    table = np.array([WEIGHTS[group_of(landmark)] for landmark in range(len(LANDMARK_NAMES))])
    logits = np.einsum("flx,lx->fl", known, table)
    return 1 / (1 + np.exp(-np.clip(logits, -50, 50)))


def features(landmarks_px: FloatArray, evidence: Array32) -> FloatArray:
    """(frames, 33, 9) in the order of FEATURES."""
    own = evidence.astype(np.float64)
    own[..., 2] /= _DEPTH_PX
    near = own[:, _NEIGHBORS]
    outside = outside_trunk(landmarks_px)[..., None]
    return np.concatenate(
        [own, near[..., [_VISIBILITY, _PEAK]], outside, np.ones_like(outside)],
        axis=2,
    )


def outside_trunk(landmarks_px: FloatArray) -> FloatArray:
    """(frames, 33) distance to the trunk's outline in torso lengths, at most 1; negative inside."""
    corners = landmarks_px[:, _TRUNK]
    sides = np.roll(corners, -1, axis=1) - corners
    from_corner = landmarks_px[:, :, None] - corners[:, None]
    length2 = np.maximum(np.sum(sides**2, axis=2), 1.0)[:, None]
    share = np.clip(np.sum(from_corner * sides[:, None], axis=3) / length2, 0, 1)
    distance = np.linalg.norm(from_corner - share[..., None] * sides[:, None], axis=3).min(axis=2)
    turn = sides[:, None, :, 0] * from_corner[..., 1] - sides[:, None, :, 1] * from_corner[..., 0]
    inside = (turn > 0).all(axis=2) | (turn < 0).all(axis=2)
    torso = np.linalg.norm(corners[:, :2].mean(axis=1) - corners[:, 2:].mean(axis=1), axis=1)
    distance[inside] *= -1
    signed = distance / np.maximum(torso, 1.0)[:, None]
    return np.clip(signed, -_FARTHEST_TORSO, _FARTHEST_TORSO)
