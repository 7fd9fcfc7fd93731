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
how far outside of the trunk it lies, in torso lengths; depth is divided by 100.

Of arms and hands the own evidence, depth aside, counts from what is good in this clip: light, blur and
distance move all of it alike.
"""
_RELATIVE: Final = ("elbow", "wrist", "hand")
_GOOD_PCT: Final = 85
"""Good in this clip: this percentile over its frames and both sides."""

GROUPS: Final = ("face", "ear", "shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot")
_GROUP_OF: Final = {"ear": "ear", "shoulder": "shoulder", "elbow": "elbow", "wrist": "wrist", "hip": "hip",
                    "knee": "knee", "ankle": "ankle", "pinky": "hand", "index": "hand", "thumb": "hand",
                    "heel": "foot", "foot_index": "foot"}  # fmt: skip
_NEIGHBOR_OF: Final = {"elbow": "shoulder", "wrist": "elbow", "pinky": "wrist", "index": "wrist",
                       "thumb": "wrist", "knee": "hip", "ankle": "knee", "heel": "ankle",
                       "foot_index": "ankle", "shoulder": "hip", "hip": "shoulder"}  # fmt: skip

WEIGHTS: Final[dict[str, tuple[float, ...]]] = {
    "face": (0.042, -0.088, -1.126, -0.036, -0.048, 0.042, -0.036, -0.379, 0.040),
    "ear": (-0.217, 0.570, -1.833, 0.230, -2.696, -0.217, 0.230, -2.431, 3.081),
    "shoulder": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "elbow": (0.565, -0.546, -1.093, 0.798, 1.083, -0.141, 2.339, 16.397, -3.112),
    "wrist": (0.791, -0.399, -0.279, 1.579, -0.211, -0.469, 0.866, 0.905, 4.636),
    "hand": (0.645, -0.453, 0.493, 0.532, -0.788, -0.144, 0.268, 3.987, 0.205),
    "hip": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    "knee": (1.019, 0.817, 0.040, -0.133, -0.419, -2.125, -0.010, 12.861, 6.284),
    "ankle": (0.125, -0.465, -0.209, 3.942, -6.314, 0.567, -1.411, -1.642, 17.037),
    "foot": (2.083, -0.170, -0.070, 2.236, -2.230, -1.525, -0.961, 0.014, 4.600),
}
"""Of the FEATURES, per group; printed by `python -m validation.fit_visibility --weights`."""
_FARTHEST_TORSO: Final = 1.0
_DEPTH_PX: Final = 100.0
_FRAMES_AT_ONCE: Final = 1000
"""All 18,000 of ten minutes would take 200 MB."""
_VISIBILITY, _DEPTH, _PEAK = 0, 2, 3


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
    own[..., _DEPTH] /= _DEPTH_PX
    near = own[:, :, [_VISIBILITY, _PEAK]][:, _NEIGHBORS]
    for group in _RELATIVE:
        members = [landmark for landmark in range(len(LANDMARK_NAMES)) if group_of(landmark) == group]
        known = own[:, members]
        known = known[np.isfinite(known).all(axis=(1, 2))].reshape(-1, known.shape[2])
        if len(known):
            good = np.percentile(known, _GOOD_PCT, axis=0)
            good[_DEPTH] = 0.0
            own[:, members] -= good
    outside = outside_trunk(landmarks_px)[..., None]
    return np.concatenate([own, near, outside, np.ones_like(outside)], axis=2)


def outside_trunk(landmarks_px: FloatArray) -> FloatArray:
    """(frames, 33) distance to the trunk's outline in torso lengths, at most 1; negative inside."""
    found = np.empty(landmarks_px.shape[:2])
    for start in range(0, len(found), _FRAMES_AT_ONCE):
        part = slice(start, start + _FRAMES_AT_ONCE)
        found[part] = _outside_trunk(landmarks_px[part])
    return found


def _outside_trunk(landmarks_px: FloatArray) -> FloatArray:
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
