"""How probable it is that a landmark is seen: the network's several opinions, weighed against truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_NAMES, Landmark
from ascension.biomechanics.poses import torsos_px
from ascension.biomechanics.sides import MIRROR
from ascension.vision.region import Array32

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEATURES: Final = (
    "visibility", "presence", "depth", "peak", "mass",
    "neighbor visibility", "neighbor peak", "outside trunk",
    "segment", "to the root", "to the upper segment", "constant",
)  # fmt: skip
"""The evidence of the landmark itself (vision.pose.EVIDENCE) and of its neighbor, the joint next to it
towards the trunk; how far outside of the trunk it lies, in torso lengths; depth is divided by 100.

How the limb is folded, for hands hide behind the own shoulder and upper arm: the distance to the neighbor, as
a share of what is usual in this clip, and the distances to the neighbor's own neighbor (the root) and to the
line between these two, in torso lengths.

Of arms and hands the own evidence, depth aside, counts from what is good in this clip: light, blur and
distance move all of it alike.
"""
_RELATIVE: Final = ("elbow", "wrist", "hand")
_GOOD_PCT: Final = 85
"""Good, and usual, in this clip: this percentile over its frames and both sides."""
_LONGEST: Final = 1.5

GROUPS: Final = ("face", "ear", "shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot")
_GROUP_OF: Final = {"ear": "ear", "shoulder": "shoulder", "elbow": "elbow", "wrist": "wrist", "hip": "hip",
                    "knee": "knee", "ankle": "ankle", "pinky": "hand", "index": "hand", "thumb": "hand",
                    "heel": "foot", "foot_index": "foot"}  # fmt: skip
_NEIGHBOR_OF: Final = {"elbow": "shoulder", "wrist": "elbow", "pinky": "wrist", "index": "wrist",
                       "thumb": "wrist", "knee": "hip", "ankle": "knee", "heel": "ankle",
                       "foot_index": "ankle", "shoulder": "hip", "hip": "shoulder"}  # fmt: skip

WEIGHTS: Final[dict[str, tuple[float, ...]]] = {
    "face": (1.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000),
    "ear": (1.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000),
    "shoulder": (1.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000),
    "elbow": (0.349, -0.022, -0.429, 0.848, -0.924, -0.008, 0.584, 2.967, 0.862, -0.935, 1.278, 1.836),
    "wrist": (0.151, 0.119, 0.317, 0.668, -0.782, -0.011, 0.284, 2.591, 0.607, 0.896, 1.808, -1.229),
    "hand": (0.223, -0.051, 0.403, 0.681, -0.834, 0.044, 0.357, 1.845, -0.334, -0.749, 5.695, 0.166),
    "hip": (1.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000, 0.000),
    "knee": (0.069, 0.031, -0.970, 0.750, -1.196, 0.086, 0.305, 2.406, 1.396, -1.167, 0.780, 1.020),
    "ankle": (0.057, 0.152, -0.069, 1.141, -0.101, 0.027, 0.309, 0.294, 0.992, -0.493, 1.042, -2.141),
    "foot": (0.323, -0.040, 0.382, 0.783, 0.674, -0.216, -0.289, -0.394, 2.666, 4.204, -4.338, -5.539),
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
_ROOTS: Final[IntArray] = _NEIGHBORS[_NEIGHBORS]
_TRUNK: Final = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.LEFT_HIP]
_TINY: Final = 1e-6


@dataclass(frozen=True)
class _Usual:
    """What is usual in this clip.

    evidence: (33, 5) to be subtracted; segment_px: (33,) to the neighbor; torso_px: median
    """

    evidence: FloatArray
    segment_px: FloatArray
    torso_px: float


def visibility(landmarks_px: FloatArray, evidence: Array32) -> FloatArray:
    """(frames, 33) probability 0-1 that each landmark is seen; NaN where there is no body.

    landmarks_px: (frames, 33, 2); evidence: (frames, 33, 5) in the order of vision.pose.EVIDENCE

    Method: one logistic model per kind of landmark, fitted by validation/fit_visibility.py on rendered scenes
    whose truth is known; docs/decisions/0009-honest-landmarks.md has the figures. Known limits: rendered
    bodies and the heavy network only; a limb that is hidden a little is often called seen.
    """
    table = np.array([WEIGHTS[group_of(landmark)] for landmark in range(len(LANDMARK_NAMES))])
    usual = _usual(landmarks_px, evidence)
    found = np.empty(landmarks_px.shape[:2])
    for start in range(0, len(found), _FRAMES_AT_ONCE):
        part = slice(start, start + _FRAMES_AT_ONCE)
        logits = np.einsum("flx,lx->fl", _features(landmarks_px[part], evidence[part], usual), table)
        found[part] = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
    return found


def features(landmarks_px: FloatArray, evidence: Array32) -> FloatArray:
    """(frames, 33, 12) in the order of FEATURES."""
    return _features(landmarks_px, evidence, _usual(landmarks_px, evidence))


def _usual(landmarks_px: FloatArray, evidence: Array32) -> _Usual:
    there = np.isfinite(landmarks_px).all(axis=(1, 2))
    good = np.zeros(evidence.shape[1:])
    if not there.any():
        return _Usual(good, np.ones(len(_NEIGHBORS)), 1.0)
    places, opinions = landmarks_px[there], evidence[there]
    for group in _RELATIVE:
        members = [landmark for landmark in range(len(LANDMARK_NAMES)) if group_of(landmark) == group]
        good[members] = np.percentile(opinions[:, members].reshape(-1, evidence.shape[2]), _GOOD_PCT, axis=0)
    good[:, _DEPTH] = 0.0
    longer = [
        np.percentile(np.linalg.norm(places[:, pair] - places[:, _NEIGHBORS[pair]], axis=2), _GOOD_PCT)
        for pair in ([landmark, mirror] for landmark, mirror in enumerate(MIRROR.tolist()))
    ]
    return _Usual(good, np.maximum(longer, 1.0), float(np.median(torsos_px(places))))


def _features(landmarks_px: FloatArray, evidence: Array32, usual: _Usual) -> FloatArray:
    own = evidence.astype(np.float64)
    near = own[:, :, [_VISIBILITY, _PEAK]][:, _NEIGHBORS]
    own -= usual.evidence
    own[..., _DEPTH] /= _DEPTH_PX
    outside = outside_trunk(landmarks_px)[..., None]
    folded = _folded(landmarks_px, usual)
    return np.concatenate([own, near, outside, folded, np.ones_like(outside)], axis=2)


def _folded(landmarks_px: FloatArray, usual: _Usual) -> FloatArray:
    """(frames, 33, 3) length of the segment, distance to the root, distance to the upper segment."""
    joint, root = landmarks_px[:, _NEIGHBORS], landmarks_px[:, _ROOTS]
    segment = np.linalg.norm(landmarks_px - joint, axis=2) / usual.segment_px
    to_root = np.linalg.norm(landmarks_px - root, axis=2) / usual.torso_px
    upper, from_root = joint - root, landmarks_px - root
    share = np.sum(from_root * upper, axis=2) / np.maximum(np.sum(upper**2, axis=2), _TINY)
    nearest = root + np.clip(share, 0, 1)[..., None] * upper
    to_upper = np.linalg.norm(landmarks_px - nearest, axis=2) / usual.torso_px
    return np.minimum(np.stack([segment, to_root, to_upper], axis=2), _LONGEST)


def outside_trunk(landmarks_px: FloatArray, body_px: FloatArray | None = None) -> FloatArray:
    """(frames, 33) distance to the trunk's outline in torso lengths, at most 1; negative inside.

    body_px: (frames, 33, 2) whose trunk it is; the own one where it is left out
    """
    body_px = landmarks_px if body_px is None else body_px
    corners = body_px[:, _TRUNK]
    sides = np.roll(corners, -1, axis=1) - corners
    from_corner = landmarks_px[:, :, None] - corners[:, None]
    length2 = np.maximum(np.sum(sides**2, axis=2), 1.0)[:, None]
    share = np.clip(np.sum(from_corner * sides[:, None], axis=3) / length2, 0, 1)
    distance = np.linalg.norm(from_corner - share[..., None] * sides[:, None], axis=3).min(axis=2)
    turn = sides[:, None, :, 0] * from_corner[..., 1] - sides[:, None, :, 1] * from_corner[..., 0]
    inside = (turn > 0).all(axis=2) | (turn < 0).all(axis=2)
    distance[inside] *= -1
    signed = distance / torsos_px(body_px)[:, None]
    return np.clip(signed, -_FARTHEST_TORSO, _FARTHEST_TORSO)
