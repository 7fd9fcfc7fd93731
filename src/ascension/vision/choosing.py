"""Who of those who were followed is the climber."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import TRUNK_AND_LEGS, Landmark
from ascension.biomechanics.poses import torsos_px
from ascension.vision.region import Region, distance_px

FloatArray = NDArray[np.float64]

CLIMBS: Final = 0.55
"""Least activity, 0-1, over the busiest second, of somebody who climbs."""
_BUSIEST_S: Final = 1.0
_UNCLEAR: Final = 0.55
_RESTLESS_TORSO: Final = 0.2
_LIMBS_SEEN: Final = 0.6
"""A pile of holds taken for a body is not clear, and does not stay in one posture from look to look. The
landmark network sees no limbs in it: 0.30-0.35 on average, 0.82-0.88 of a climber in the dark.
"""

_HANDS_FROM, _HANDS_TO = -0.55, -0.05
"""How far the higher wrist is above its shoulder, in torso lengths: hanging arms to gripping ones."""
_FEET_FROM, _FEET_TO = 0.22, 0.50
"""Difference in height of the ankles: standing or walking to stepping."""
_BENT_FROM, _BENT_TO = 1.30, 1.00
"""Height of the hips above the lower ankle: straight legs to a frog's."""
_KNEES_FROM, _KNEES_TO = 0.80, 1.10
"""Distance of the knees: strides to legs that stand on two holds."""

LIMBS: Final = [
    Landmark.LEFT_ELBOW,
    Landmark.RIGHT_ELBOW,
    Landmark.LEFT_WRIST,
    Landmark.RIGHT_WRIST,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
]
_BOTH_SEEN: Final = 2
"""Key frames in which one person may seem to be two, before one of them is given up."""
_REACH: Final = 0.5
_WANDERS_PER_S: Final = 1.0
"""Someone found again is near where they were lost: in sides of the region, and this much more per second."""
_SIMILAR_SIZE: Final = 1.6
_SIMILAR_COLOR: Final = 40.0
_POINTED_WITHIN_S: Final = 0.5


@dataclass(frozen=True)
class Track:
    """One person over the key frames in which they were seen.

    frames: (keys,) frame numbers, rising; time_s: (keys,) since the clip's start; regions: one per key
    landmarks_px: (keys, 33, 2) of the light network; visibility: (keys, 33); confidence: (keys,)
    color: (3,) of the trunk, CIE Lab as OpenCV scales it
    """

    id: int
    frames: NDArray[np.int64]
    time_s: FloatArray
    regions: tuple[Region, ...]
    landmarks_px: FloatArray
    visibility: FloatArray
    confidence: FloatArray
    color: FloatArray

    def torso_px(self) -> float:
        """Median torso length."""
        return float(np.median(torsos_px(self.landmarks_px)))


@dataclass(frozen=True)
class Box:
    """The user says: the climber is here, in pixels of the displayed frame, at this time of the clip."""

    at_s: float
    left_px: float
    top_px: float
    width_px: float
    height_px: float

    def region(self) -> Region:
        """A square around the box, upright."""
        side_px = max(self.width_px, self.height_px)
        return Region(self.left_px + self.width_px / 2, self.top_px + self.height_px / 2, side_px * 1.25, 0.0)


def activity(landmarks_px: FloatArray) -> FloatArray:
    """(keys,) how much each pose (keys, 33, 2) looks like climbing, 0-1.

    Half is a hand near the shoulder or above; half are the feet: one higher than the other, wide apart, or
    the hips low. "Above" is along the trunk. Somebody who stands or walks has neither, a belayer who holds up
    the hands has the first half only. Known limit: so has a climber who hangs with straight arms and legs.
    """
    torso_px = float(np.median(torsos_px(landmarks_px)))
    body = landmarks_px[:, TRUNK_AND_LEGS]
    up = body[:, :2].mean(axis=1) - body[:, 2:4].mean(axis=1)
    up /= np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1.0)
    height = np.einsum("klx,kx->kl", landmarks_px, up) / torso_px
    wrists = height[:, [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]]
    shoulders = height[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    ankles = height[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]]
    hips = height[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    knees_px = landmarks_px[:, Landmark.LEFT_KNEE] - landmarks_px[:, Landmark.RIGHT_KNEE]
    apart = _share(np.linalg.norm(knees_px, axis=1) / torso_px, _KNEES_FROM, _KNEES_TO)
    hands = _share((wrists - shoulders).max(axis=1), _HANDS_FROM, _HANDS_TO)
    stepping = _share(np.abs(ankles[:, 0] - ankles[:, 1]), _FEET_FROM, _FEET_TO)
    bent = _share(hips - ankles.min(axis=1), _BENT_FROM, _BENT_TO)
    return (hands + np.max([stepping, bent, apart], axis=0)) / 2


def busiest(track: Track) -> float:
    """The activity of the track's busiest second, 0-1; of the whole track when it is shorter."""
    active = activity(track.landmarks_px)
    stops: list[int] = np.searchsorted(track.time_s, track.time_s + _BUSIEST_S, side="right").tolist()
    whole = 1 + stops.index(len(active))
    return max(float(active[start:stop].mean()) for start, stop in enumerate(stops[:whole]))


def is_body(track: Track, limbs_seen: float | None = None) -> bool:
    """Whether this is somebody at all: clearly seen on average, or with limbs that the landmark network sees.

    limbs_seen: how well, 0-1; None where it did not look: then postures that follow one another do.
    """
    if float(np.median(track.confidence)) >= _UNCLEAR:
        return True
    if limbs_seen is not None:
        return limbs_seen >= _LIMBS_SEEN
    body = track.landmarks_px[:, LIMBS] - track.landmarks_px[:, TRUNK_AND_LEGS[:4]].mean(
        axis=1, keepdims=True
    )
    if len(body) == 1:
        return False
    steps = np.linalg.norm(np.diff(body, axis=0), axis=2)
    return float(np.median(steps)) < _RESTLESS_TORSO * track.torso_px()


def choose(
    tracks: list[Track], pointed: Box | None = None, limbs_seen: Mapping[int, float] | None = None
) -> list[int]:
    """The climber's track, and further ones that are the same person: none at all when nobody climbs.

    Where the user pointed at somebody, it is who was there then. Otherwise it is who climbs; of several, who
    climbs most, is largest and is seen longest. Standing and walking on the floor is no climbing, but who
    climbs later is the climber from the first frame on. A track of similar size and color that goes on where
    those already taken end or pause is taken for the same person, found again. limbs_seen: see `is_body`, by
    track.
    """
    if pointed is not None:
        first = _pointed_at(tracks, pointed)
    else:
        seen = limbs_seen or {}
        climbing = [
            track for track in tracks if is_body(track, seen.get(track.id)) and busiest(track) >= CLIMBS
        ]
        first = max(climbing, key=_merit, default=None)
    if first is None:
        return []
    taken = [first]
    for track in sorted(tracks, key=_merit, reverse=True):
        if track.id != first.id and _goes_on(track, taken) and _similar(track, first):
            taken.append(track)
    return [track.id for track in taken]


def _share(values: FloatArray, start: float, stop: float) -> FloatArray:
    return np.clip((values - start) / (stop - start), 0, 1)


def _merit(track: Track) -> float:
    """Activity, summed over the time it was seen, times size. Legs that are not seen are guessed to step."""
    seen = track.visibility[:, TRUNK_AND_LEGS].mean(axis=1)
    active = float((activity(track.landmarks_px) * track.confidence * seen).sum())
    return active * float(np.sqrt(np.median([region.side_px for region in track.regions])))


def _pointed_at(tracks: list[Track], box: Box) -> Track | None:
    """Whose body fills the box best, at the key frame next to that time; None when nobody is in it."""
    low = np.array([box.left_px, box.top_px])
    high = low + np.array([box.width_px, box.height_px])

    def overlap(track: Track) -> float:
        key = int(np.argmin(np.abs(track.time_s - box.at_s)))
        if abs(float(track.time_s[key]) - box.at_s) > _POINTED_WITHIN_S:
            return 0.0
        body = track.landmarks_px[key]
        shared = np.clip(np.minimum(body.max(axis=0), high) - np.maximum(body.min(axis=0), low), 0, None)
        union = _area(body.max(axis=0) - body.min(axis=0)) + _area(high - low) - _area(shared)
        return _area(shared) / max(union, 1.0)

    best = max(tracks, key=overlap, default=None)
    return best if best is not None and overlap(best) > 0 else None


def _area(sides: FloatArray) -> float:
    return float(sides[0] * sides[1])


def _goes_on(track: Track, taken: list[Track]) -> bool:
    """Whether it hardly shares key frames with those taken, and is about where the nearest of them was."""
    most = min(_BOTH_SEEN, (len(track.frames) - 1) // 2)
    if any(len(np.intersect1d(track.frames, other.frames)) > most for other in taken):
        return False
    apart_s, nearest, key, other_key = np.inf, taken[0], 0, 0
    for other in taken:
        between_s = np.abs(track.time_s[:, None] - other.time_s)
        if between_s.min() < apart_s:
            apart_s, nearest = float(between_s.min()), other
            key, other_key = divmod(int(between_s.argmin()), len(other.time_s))
    here, there = track.regions[key], nearest.regions[other_key]
    return distance_px(here, there) < (_REACH + _WANDERS_PER_S * apart_s) * max(here.side_px, there.side_px)


def _similar(one: Track, other: Track) -> bool:
    sizes = one.torso_px(), other.torso_px()
    alike = float(np.linalg.norm((one.color - other.color) * [0.5, 1.0, 1.0])) < _SIMILAR_COLOR
    return alike and max(sizes) <= _SIMILAR_SIZE * min(sizes)
