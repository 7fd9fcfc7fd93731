"""From what the networks saw to the skeleton of a result: weighed, sides put right, gaps filled, smoothed."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.analyses.choices import ClimberBox
from ascension.analyses.result import MAX_PEOPLE, MAX_PEOPLE_BOXES, Person
from ascension.biomechanics.filtering import smooth
from ascension.biomechanics.poses import BoolArray, PoseSequence
from ascension.biomechanics.sides import repair
from ascension.vision.choosing import Box, Track
from ascension.vision.reading import Reading
from ascension.vision.visibility import visibility
from ascension.vision.whereabouts import on_others

_BOX_EVERY_S: Final = 1.0


@dataclass(frozen=True)
class Skeleton:
    """The poses of a result, and what of them was not simply seen.

    interpolated:   (frames, 33) True where a place was filled in between two frames that saw the landmark
    sides_repaired: (frames,) True where left and right of the body, the arms or the legs were exchanged back
    """

    poses: PoseSequence
    interpolated: BoolArray
    sides_repaired: BoolArray


def skeleton_of(reading: Reading) -> Skeleton:
    """The climber's poses, ready for measuring."""
    repaired = repair(raw_poses(reading))
    smoothed = smooth(repaired.poses)
    sides_repaired: BoolArray = np.asarray(repaired.exchanged.any(axis=1))
    return Skeleton(smoothed.poses, smoothed.interpolated, sides_repaired)


def raw_poses(reading: Reading) -> PoseSequence:
    """The climber's poses as the network gave them; visibility is weighed, and 0 on somebody else's body."""
    nobody = ~reading.person
    landmarks_px, seen = reading.landmarks_px.copy(), visibility(reading.landmarks_px, reading.evidence)
    climber = [track for track in reading.tracks if track.id in reading.climber]
    others = [track for track in reading.tracks if track.id not in reading.climber]
    seen[on_others(landmarks_px, np.arange(len(seen)), climber, others)] = 0.0
    landmarks_px[nobody], seen[nobody] = np.nan, np.nan
    return PoseSequence(
        time_s=reading.ticks.astype(np.float64) * float(reading.info.time_base),
        person=reading.person,
        landmarks_px=landmarks_px,
        visibility=seen,
    )


def pointed_at(box: ClimberBox | None) -> Box | None:
    """The user's box, in vision's words."""
    return None if box is None else Box(box.at_s, box.left_px, box.top_px, box.width_px, box.height_px)


def people_of(reading: Reading) -> tuple[Person, ...]:
    """Everybody who was followed, for the header: the climber first, then who was seen longest.

    The climber's tracks are one person, by the first one's id.
    """
    climber = [track for track in reading.tracks if track.id in reading.climber]
    others = sorted(
        (track for track in reading.tracks if track.id not in reading.climber),
        key=lambda track: -len(track.frames),
    )
    followed = [(reading.climber[0], climber)] if climber else []
    followed += [(track.id, [track]) for track in others]
    most = MAX_PEOPLE_BOXES // MAX_PEOPLE
    return tuple(
        Person(id=number, is_climber=number in reading.climber, boxes=_boxes(tracks, most))
        for number, tracks in followed[:MAX_PEOPLE]
    )


def _boxes(tracks: list[Track], most: int) -> tuple[tuple[float, int, int, int, int], ...]:
    """About one a second, by time, spread over the whole when there are too many."""
    found: dict[float, tuple[float, int, int, int, int]] = {}
    for track in tracks:
        last_s = -np.inf
        for time_s, places in zip(track.time_s.tolist(), track.landmarks_px, strict=True):
            if time_s - last_s >= _BOX_EVERY_S - 1e-6:
                last_s = time_s
                left, top = (int(edge) for edge in places.min(axis=0))
                right, bottom = (int(edge) for edge in places.max(axis=0))
                found[time_s] = (round(time_s, 3), left, top, right - left, bottom - top)
    ordered = [found[time_s] for time_s in sorted(found)]
    return tuple(ordered[:: -(-len(ordered) // most)])
