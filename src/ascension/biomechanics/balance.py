"""The body's center of mass from its segments."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ascension.biomechanics.conventions import VISIBLE, Landmark, Sex
from ascension.biomechanics.poses import FloatArray, PoseSequence


@dataclass(frozen=True)
class Segment:
    """A part of the body between two points, each the mean of some landmarks.

    mass_pct: share of the body's mass, center_pct: place of its center of mass from the proximal point to
    the distal one; both as (female, male).
    """

    name: str
    proximal: tuple[Landmark, ...]
    distal: tuple[Landmark, ...]
    mass_pct: tuple[float, float]
    center_pct: tuple[float, float]


def _limb(side: Literal["LEFT", "RIGHT"]) -> tuple[Segment, ...]:
    shoulder, elbow, wrist = (Landmark[f"{side}_{name}"] for name in ("SHOULDER", "ELBOW", "WRIST"))
    hip, knee, ankle = (Landmark[f"{side}_{name}"] for name in ("HIP", "KNEE", "ANKLE"))
    knuckles = (Landmark[f"{side}_INDEX"], Landmark[f"{side}_PINKY"])
    heel, toe = Landmark[f"{side}_HEEL"], Landmark[f"{side}_FOOT_INDEX"]
    own = side.lower()
    return (
        Segment(f"{own}_upper_arm", (shoulder,), (elbow,), (2.55, 2.71), (57.54, 57.72)),
        Segment(f"{own}_forearm", (elbow,), (wrist,), (1.38, 1.62), (45.59, 45.74)),
        Segment(f"{own}_hand", (wrist,), knuckles, (0.56, 0.61), (74.74, 79.00)),
        Segment(f"{own}_thigh", (hip,), (knee,), (14.78, 14.16), (36.12, 40.95)),
        Segment(f"{own}_shank", (knee,), (ankle,), (4.81, 4.33), (44.16, 44.59)),
        Segment(f"{own}_foot", (heel,), (toe,), (1.29, 1.37), (40.14, 44.15)),
    )


_SHOULDERS: Final = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_HIPS: Final = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
_EARS: Final = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)

SEGMENTS: Final = (
    Segment("head", _EARS, _EARS, (6.68, 6.94), (50.0, 50.0)),
    Segment("trunk", _SHOULDERS, _HIPS, (42.57, 43.46), (37.82, 43.10)),
    *_limb("LEFT"),
    *_limb("RIGHT"),
)
"""de Leva 1996 (J Biomech 29:1223), with the trunk from mid-shoulder to mid-hip. Differs from the paper in
the head, which lies at the middle of the ears: the landmarks have no vertex and no neck joint."""


def seen_mass_pct(poses: PoseSequence, sex: Sex | None = None, missing: Collection[str] = ()) -> FloatArray:
    """(frames,) share of the body's mass, 0-100 %, whose segments are seen at both ends; NaN: no person.

    An end of several landmarks is seen if one of them is. The rest enters the center of mass as a guess.
    `missing`: names of segments that this body does not have.
    """
    seen = poses.visibility >= VISIBLE
    segments = _present(missing)
    masses = np.array([_of_sex(segment.mass_pct, sex) for segment in segments])
    both = [
        seen[:, segment.proximal].any(axis=1) & seen[:, segment.distal].any(axis=1) for segment in segments
    ]
    found = 100 * np.stack(both, axis=1) @ masses / masses.sum()
    return np.where(poses.person, found, np.nan)


def center_of_mass_px(poses: PoseSequence, sex: Sex | None = None) -> FloatArray:
    """(frames, 2) displayed-frame pixels; NaN without a person. See `center_of_mass`.

    docs/validation.md says how far it lies off.
    """
    return center_of_mass(poses.landmarks_px, sex)


def center_of_mass(places: FloatArray, sex: Sex | None = None, missing: Collection[str] = ()) -> FloatArray:
    """(frames, 2) from landmarks (frames, 33, 2) in any plane; NaN where they are.

    Without `sex`: the mean of both tables, `center_of_mass_spread` says how far apart they are. `missing`:
    names of segments that this body does not have; the others keep their shares of what is left.

    Known limits: a limb that is not seen enters with its guessed place, as leaving it out would shift the
    rest (`seen_mass_pct` says how much is seen); clothing, bags and build are not known.
    docs/validation.md says how far it lies off.
    """
    total = 0.0
    moment = np.zeros((len(places), 2))
    for segment in _present(missing):
        mass = _of_sex(segment.mass_pct, sex)
        share = _of_sex(segment.center_pct, sex) / 100
        proximal = places[:, segment.proximal].mean(axis=1)
        distal = places[:, segment.distal].mean(axis=1)
        moment += mass * (proximal + share * (distal - proximal))
        total += mass
    return moment / total


def center_of_mass_spread(places: FloatArray, missing: Collection[str] = ()) -> FloatArray:
    """(frames,) distance between the women's and the men's center of mass, in the unit of the places.

    What an unspecified sex leaves open: the mean of both tables is half of it away from either.
    """
    apart = center_of_mass(places, "female", missing) - center_of_mass(places, "male", missing)
    return np.linalg.norm(apart, axis=1)


def _present(missing: Collection[str]) -> list[Segment]:
    """Raises ValueError for a name that no segment has, and where nothing is left."""
    unknown = set(missing) - {segment.name for segment in SEGMENTS}
    if unknown:
        raise ValueError(f"no segments of a body: {', '.join(sorted(unknown))}")
    present = [segment for segment in SEGMENTS if segment.name not in missing]
    if not present:
        raise ValueError("a body without any segment has no center of mass")
    return present


def _of_sex(female_male: tuple[float, float], sex: Sex | None) -> float:
    female, male = female_male
    if sex is None:
        return (female + male) / 2
    return female if sex == "female" else male
