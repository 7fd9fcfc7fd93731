"""Who is in the clip: people followed over key frames with the light network, and which of them climbs.

The light pass only has to say where to look; the landmarks of the result come from the heavy network.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.vision import weights
from ascension.vision.detector import detect
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine
from ascension.vision.pose import KEEP_THRESHOLD, PERSON_THRESHOLD, Pose, read_poses
from ascension.vision.region import Region, distance_px

MOST_PEOPLE: Final = 4

_DETECT_EVERY_S: Final = 1.0
"""The whole frame is searched this often for new people, at every key frame while someone is missing."""
_SAME_PLACE: Final = 0.25
"""Two regions closer than this share of the larger one's side hold the same person."""
_REMEMBERED_S: Final = 3.0
"""Someone found again within this time, about where they were lost, is the same person."""
_REACH: Final = 1.0
"""About where: in sides of the region."""
_SETTLED_KEYS: Final = 20
_INCUMBENT_BONUS: Final = 1.25
_SIMILAR_SIZE: Final = 2.0


@dataclass(frozen=True)
class Look:
    """A key frame: its number, and everyone who was seen in it by track id."""

    frame: int
    people: Mapping[int, Pose]

    def region(self, track_id: int) -> Region | None:
        """Where that person is, None when not seen here."""
        pose = self.people.get(track_id)
        return None if pose is None else pose.region


@dataclass(frozen=True)
class Track:
    """One person over the key frames in which they were seen.

    frames: (keys,) frame numbers, rising; regions: one per key
    landmarks_px: (keys, 33, 2) of the light network; visibility: (keys, 33); confidence: (keys,)
    """

    id: int
    frames: NDArray[np.int64]
    regions: tuple[Region, ...]
    landmarks_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    confidence: NDArray[np.float64]


@dataclass
class _Followed:
    """Someone who was seen at least once: the last sighting, and in how many key frames."""

    id: int
    pose: Pose
    seen_s: float
    keys: int = 1


@dataclass
class People:
    """Follows everyone through the key frames, given in order."""

    engine: Engine
    _here: list[_Followed] = field(default_factory=list["_Followed"])
    _gone: list[_Followed] = field(default_factory=list["_Followed"])
    _ids: int = 0
    _detected_s: float = -_DETECT_EVERY_S

    def look(self, number: int, frame: Frame, time_s: float) -> Look:
        """Find everyone in key frame `number`, shown at `time_s`."""
        for person in self._here:
            pose = self._see(frame, person.pose.region)
            if pose.confidence >= KEEP_THRESHOLD:
                person.pose, person.seen_s = pose, time_s
                person.keys += 1
        self._let_go(time_s)
        if not self._here or self._gone or time_s - self._detected_s >= _DETECT_EVERY_S:
            self._detected_s = time_s
            self._meet(frame, time_s)
        return Look(number, {person.id: person.pose for person in self._here})

    def leading(self, looks: Iterable[Look], incumbent: int | None) -> int | None:
        """Whose landmarks to compute while the clip is read: large, clear, long known; seen in `looks`."""
        known = {person.id: person.keys for person in (*self._here, *self._gone)}
        merit: dict[int, float] = {}
        for look in looks:
            for track_id, pose in look.people.items():
                worth = pose.region.side_px * pose.confidence
                worth *= 1 + min(known.get(track_id, 0) / _SETTLED_KEYS, 1)
                worth *= _INCUMBENT_BONUS if track_id == incumbent else 1
                merit[track_id] = max(merit.get(track_id, 0), worth)
        return max(merit, key=lambda track_id: merit[track_id], default=None)

    def _see(self, frame: Frame, region: Region) -> Pose:
        network = self.engine.load(weights.POSE["lite"])
        crop = frame.crop(region, network.side_px)
        return read_poses(network.run(crop[None]), [region], network.side_px)[0]

    def _let_go(self, time_s: float) -> None:
        """Who is not seen now is remembered for a while; of two in the same place, the longer known stays."""
        stay: list[_Followed] = []
        for person in sorted(self._here, key=lambda person: -person.keys):
            if person.seen_s < time_s:
                self._gone.append(person)
            elif not any(_same_place(person.pose.region, other.pose.region) for other in stay):
                stay.append(person)
        self._here = stay
        self._gone = [person for person in self._gone if time_s - person.seen_s <= _REMEMBERED_S]

    def _meet(self, frame: Frame, time_s: float) -> None:
        """Search the whole frame for people who are not followed yet."""
        for found in detect(self.engine.load(weights.DETECTOR), frame):
            if len(self._here) >= MOST_PEOPLE:
                return
            if any(_same_place(found.region, person.pose.region) for person in self._here):
                continue
            pose = self._see(frame, found.region)
            if pose.confidence < PERSON_THRESHOLD:
                continue
            if any(_same_place(pose.region, person.pose.region) for person in self._here):
                continue
            self._here.append(self._recognized(pose, time_s))

    def _recognized(self, pose: Pose, time_s: float) -> _Followed:
        near = [
            person
            for person in self._gone
            if distance_px(person.pose.region, pose.region) < _REACH * person.pose.region.side_px
        ]
        if not near:
            self._ids += 1
            return _Followed(self._ids, pose, time_s)
        person = min(near, key=lambda person: distance_px(person.pose.region, pose.region))
        self._gone.remove(person)
        person.pose, person.seen_s = pose, time_s
        person.keys += 1
        return person


def tracks_of(looks: Iterable[Look]) -> list[Track]:
    """Everyone who was seen, by id."""
    seen: dict[int, list[tuple[int, Pose]]] = {}
    for look in looks:
        for track_id, pose in look.people.items():
            seen.setdefault(track_id, []).append((look.frame, pose))
    return [
        Track(
            id=track_id,
            frames=np.array([frame for frame, _ in keys], np.int64),
            regions=tuple(pose.region for _, pose in keys),
            landmarks_px=np.stack([pose.landmarks_px for _, pose in keys]),
            visibility=np.stack([pose.visibility for _, pose in keys]),
            confidence=np.array([pose.confidence for _, pose in keys]),
        )
        for track_id, keys in sorted(seen.items())
    ]


def choose(tracks: list[Track]) -> list[int]:
    """The climber's track, and further ones that may be the same person: none at all when nobody was seen.

    The climber is who is largest, clearest and longest in the picture. A track that shares no time with those
    already taken, of similar size, is taken for the same person, found again.
    """
    taken: list[Track] = []
    for track in sorted(tracks, key=_merit, reverse=True):
        if all(_apart(track, other) for other in taken) and (not taken or _similar(track, taken[0])):
            taken.append(track)
    return [track.id for track in taken]


def _merit(track: Track) -> float:
    return float(sum(r.side_px * c for r, c in zip(track.regions, track.confidence, strict=True)))


def _apart(one: Track, other: Track) -> bool:
    return bool(one.frames[-1] < other.frames[0] or other.frames[-1] < one.frames[0])


def _similar(one: Track, other: Track) -> bool:
    sizes = [float(np.median([region.side_px for region in track.regions])) for track in (one, other)]
    return max(sizes) <= _SIMILAR_SIZE * min(sizes)


def _same_place(one: Region, other: Region) -> bool:
    return distance_px(one, other) < _SAME_PLACE * max(one.side_px, other.side_px)
