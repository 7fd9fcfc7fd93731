"""Who is in the clip: people followed over key frames with the light network.

The light pass only has to say where to look; the landmarks of the result come from the heavy network.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from ascension.vision import weights
from ascension.vision.choosing import CLIMBS, Box, Track, activity
from ascension.vision.detector import detect
from ascension.vision.frame import Frame
from ascension.vision.identity import Identity, identity_of, is_alike, is_same_body, is_someone_else
from ascension.vision.networks import Engine
from ascension.vision.pose import Pose, read_poses
from ascension.vision.region import Region, distance_px

MOST_PEOPLE: Final = 4

_PERSON_THRESHOLD: Final = 0.45
_KEEP_THRESHOLD: Final = 0.35
"""Of the light network. On dim clips it doubts more than the heavy one, which has the last word."""
_DETECT_EVERY_S: Final = 1.0
"""The whole frame is searched this often for new people; at every key frame while someone is missing or
nobody climbs."""
_SEARCHES: Final = 3
_LIES_RAD: Final = math.pi / 3
"""Whoever is found turned by more than this is also looked at as if upright."""
_REMEMBERED_S: Final = 3.0
"""Someone found again within this time, about where they were lost, is the same person."""
_REACH: Final = 1.0
"""About where: in sides of the region."""
_SETTLED_KEYS: Final = 20
_INCUMBENT_BONUS: Final = 1.25


@dataclass(frozen=True)
class Look:
    """A key frame: its number, its time in the clip, and everyone who was seen in it by track id."""

    frame: int
    time_s: float
    people: Mapping[int, Pose]

    def region(self, track_id: int) -> Region | None:
        """Where that person is, None when not seen here."""
        pose = self.people.get(track_id)
        return None if pose is None else pose.region


@dataclass
class _Followed:
    """Someone who was seen: the last sighting, in how many key frames, whether ever in a climber's pose."""

    id: int
    pose: Pose
    identity: Identity
    seen_s: float
    keys: int = 1
    climbed: bool = False

    def __post_init__(self) -> None:
        self.climbed = _climbs(self.pose)

    def see(self, pose: Pose, identity: Identity, time_s: float) -> None:
        """Here they are again."""
        self.pose, self.identity, self.seen_s = pose, self.identity.learned(identity), time_s
        self.keys += 1
        self.climbed = self.climbed or _climbs(pose)


@dataclass
class People:
    """Follows everyone through the key frames, given in order.

    pointed: where the user says that the climber is; looked at even if the detector finds nobody there
    """

    engine: Engine
    pointed: Box | None = None
    _here: list[_Followed] = field(default_factory=list["_Followed"])
    _gone: list[_Followed] = field(default_factory=list["_Followed"])
    _everyone: dict[int, _Followed] = field(default_factory=dict[int, "_Followed"])
    _detected_s: float = -_DETECT_EVERY_S

    def look(self, number: int, frame: Frame, time_s: float) -> Look:
        """Find everyone in key frame `number`, shown at `time_s`."""
        strangers: list[tuple[Pose, Identity]] = []
        for person in self._here:
            pose = self._see(frame, person.pose.region)
            if pose.confidence < _KEEP_THRESHOLD:
                continue
            identity = identity_of(frame, pose)
            if is_someone_else(person.identity, identity):
                strangers.append((pose, identity))
            else:
                person.see(pose, identity, time_s)
        self._let_go(time_s)
        self._return(frame, time_s)
        for pose, identity in strangers:
            self._welcome(pose, identity, time_s)
        if self._gone or not self._has_climber() or time_s - self._detected_s >= _DETECT_EVERY_S:
            self._detected_s = time_s
            self._meet(frame, time_s)
        if self.pointed is not None and time_s >= self.pointed.at_s:
            self._look_into(self.pointed, frame, time_s)
            self.pointed = None
        return Look(number, time_s, {person.id: person.pose for person in self._here})

    def tracks(self, looks: Iterable[Look]) -> list[Track]:
        """Everyone who was seen in `looks`, by id."""
        return tracks_of(looks, {number: person.identity for number, person in self._everyone.items()})

    def leading(self, looks: Iterable[Look], incumbent: int | None) -> int | None:
        """Whose landmarks to compute while the clip is read: who is active, large, clear and long known."""
        merit: dict[int, float] = {}
        for look in looks:
            for track_id, pose in look.people.items():
                person = self._everyone.get(track_id)
                worth = pose.region.side_px * pose.confidence
                worth *= 1 + float(activity(pose.landmarks_px[None])[0])
                worth *= 1 + min((person.keys if person else 0) / _SETTLED_KEYS, 1)
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
            elif not any(is_same_body(person.pose, other.pose) for other in stay):
                stay.append(person)
        self._here = stay
        self._gone = [person for person in self._gone if time_s - person.seen_s <= _REMEMBERED_S]

    def _return(self, frame: Frame, time_s: float) -> None:
        """Look for those who were lost, perhaps behind somebody, where they were seen last."""
        for person in list(self._gone):
            pose = self._see(frame, person.pose.region)
            if pose.confidence < _PERSON_THRESHOLD or self._is_followed(pose):
                continue
            identity = identity_of(frame, pose)
            if is_alike(person.identity, identity):
                self._gone.remove(person)
                person.see(pose, identity, time_s)
                self._here.append(person)

    def _welcome(self, pose: Pose, identity: Identity, time_s: float) -> None:
        """Follow somebody who is not followed yet, unless there are too many."""
        if len(self._here) >= MOST_PEOPLE or pose.confidence < _PERSON_THRESHOLD or self._is_followed(pose):
            return
        near = [
            person
            for person in self._gone
            if distance_px(person.pose.region, pose.region) < _REACH * person.pose.region.side_px
            and is_alike(person.identity, identity)
        ]
        if near:
            person = min(near, key=lambda person: distance_px(person.pose.region, pose.region))
            self._gone.remove(person)
            person.see(pose, identity, time_s)
        else:
            person = _Followed(len(self._everyone) + 1, pose, identity, time_s)
            self._everyone[person.id] = person
        self._here.append(person)

    def _meet(self, frame: Frame, time_s: float) -> None:
        """Search the whole frame for people who are not followed yet: beside and behind those who are."""
        for _ in range(_SEARCHES):
            before = len(self._here)
            covered = [person.pose.landmarks_px for person in self._here]
            for found in detect(self.engine.load(weights.DETECTOR), frame, covered):
                pose = self._met(frame, found.region)
                if pose.confidence >= _PERSON_THRESHOLD:
                    self._welcome(pose, identity_of(frame, pose), time_s)
            if len(self._here) == before:
                return

    def _met(self, frame: Frame, region: Region) -> Pose:
        """The body in a region of the detector's, looked at twice; the clearest where it may lie or stand.

        What stands out from the wall may turn the detector over. From a wrong turn the pose network hardly
        comes back, and what it sees is followed from look to look.
        """
        turns = [region]
        if abs(math.remainder(region.angle_rad, 2 * math.pi)) > _LIES_RAD:
            turns.append(replace(region, angle_rad=0.0))
        poses = [self._see(frame, self._see(frame, turn).region) for turn in turns]
        return max(poses, key=lambda pose: pose.confidence)

    def _look_into(self, box: Box, frame: Frame, time_s: float) -> None:
        """The body in the box, looked at twice, because the box is the user's, not the network's."""
        pose = self._see(frame, box.region())
        if pose.confidence >= _KEEP_THRESHOLD:
            pose = self._see(frame, pose.region)
            self._welcome(pose, identity_of(frame, pose), time_s)

    def _has_climber(self) -> bool:
        return any(person.climbed for person in self._here)

    def _is_followed(self, pose: Pose) -> bool:
        return any(is_same_body(pose, person.pose) for person in self._here)


def _climbs(pose: Pose) -> bool:
    return bool(activity(pose.landmarks_px[None])[0] >= CLIMBS)


def tracks_of(looks: Iterable[Look], identities: Mapping[int, Identity]) -> list[Track]:
    """Everyone who was seen, by id."""
    seen: dict[int, list[tuple[Look, Pose]]] = {}
    for look in looks:
        for track_id, pose in look.people.items():
            seen.setdefault(track_id, []).append((look, pose))
    return [
        Track(
            id=track_id,
            frames=np.array([look.frame for look, _ in keys], np.int64),
            time_s=np.array([look.time_s for look, _ in keys]),
            regions=tuple(pose.region for _, pose in keys),
            landmarks_px=np.stack([pose.landmarks_px for _, pose in keys]),
            visibility=np.stack([pose.visibility for _, pose in keys]),
            confidence=np.array([pose.confidence for _, pose in keys]),
            color=identities[track_id].color,
        )
        for track_id, keys in sorted(seen.items())
    ]
