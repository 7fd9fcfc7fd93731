"""What the measures of one attempt are computed from, and how sure that makes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, cast

import numpy as np

from ascension.biomechanics.conventions import VISIBLE, Landmark
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.biomechanics.smoothness import low_pass
from ascension.climbing.body import Body
from ascension.climbing.ends import Ends
from ascension.climbing.limbs import FEET, HANDS, LIMBS, Limb
from ascension.climbing.motion import Motion
from ascension.climbing.reasons import Unmeasured
from ascension.climbing.record import (
    Attempt,
    Contact,
    Event,
    EventKind,
    Evidence,
    Interval,
    Move,
    UsedHold,
)

PATH_CUTOFF_HZ: Final = 3.0
"""For the paths of hips and center of mass: above it there is noise only."""
LIMB_CUTOFF_HZ: Final = 6.0
"""For joints and ends."""
PATH_STEP_S: Final = 1 / 6
"""A filtered path is measured at this step, so that neither frame rate nor remaining noise adds to it."""
FULL_SHARE: Final = 0.8
"""From this share of seen frames on, nothing is taken off the confidence."""
LEAST_SHARE: Final = 0.5
"""Below it nothing is said."""
_HIPS: Final = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)


class NotMeasurableError(Exception):
    """Why a measure has no value: a code, and the numbers of its sentence."""

    def __init__(self, reason: Unmeasured, *numbers: Evidence) -> None:
        super().__init__(reason)
        self.reason: Unmeasured = reason
        self.numbers = numbers


@dataclass(frozen=True)
class Found:
    """A value, how sure what it was computed from is (0-1), and the frames that it came from."""

    value: float
    certainty: float
    frames: tuple[Interval, ...]


@dataclass(frozen=True)
class Track:
    """A filtered place through an attempt: places (frames, 2), speed (frames,) per second, seen (frames,)."""

    places: FloatArray
    speed: FloatArray
    seen: BoolArray


@dataclass(frozen=True)
class Material:
    """One attempt: contacts, moves and events are those of it, contacts cut at its ends.

    previous_end: frame where the attempt before ended, 0 without one; top_y: height of the highest hold of an
    attempt that reached the top, None where none did
    """

    motion: Motion
    body: Body
    ends: Ends
    attempt: Attempt
    contacts: tuple[Contact, ...]
    holds: tuple[UsedHold, ...]
    moves: tuple[Move, ...]
    events: tuple[Event, ...]
    previous_end: int = 0
    top_y: float | None = None

    @property
    def frames(self) -> slice:
        return slice(self.attempt.start, self.attempt.end)

    @property
    def whole(self) -> tuple[Interval, ...]:
        return (Interval(self.attempt.start, self.attempt.end),)

    @property
    def torso(self) -> float:
        return self.motion.torso

    @cached_property
    def time_s(self) -> FloatArray:
        return self.motion.time_s[self.frames]

    @cached_property
    def step_s(self) -> float:
        """Median time between frames."""
        return float(np.median(np.diff(self.motion.time_s)))

    @cached_property
    def lasts_s(self) -> FloatArray:
        """(frames of the attempt,) how long each lasts: until the next one."""
        after = np.append(self.motion.time_s, self.motion.time_s[-1] + self.step_s)
        return np.diff(after)[self.frames]

    @property
    def duration_s(self) -> float:
        return float(self.lasts_s.sum())

    def between_s(self, start: int, end: int) -> float:
        """How long frames [start, end) of the clip last."""
        time_s, last = self.motion.time_s, self.motion.frame_count
        stop_s = float(time_s[end]) if end < last else float(time_s[-1]) + self.step_s * (end - last + 1)
        return stop_s - float(time_s[start])

    @cached_property
    def known(self) -> BoolArray:
        return self.motion.known[self.frames]

    def seen(self, *landmarks: Landmark) -> BoolArray:
        """(frames of the attempt,) True where all of them are seen and have a place on the wall."""
        visibility = self.motion.poses.visibility[self.frames][:, landmarks]
        return self.known & (visibility >= VISIBLE).all(axis=1)

    def share(self, mask: BoolArray) -> float:
        """Part of the attempt's time that the frames of `mask` last."""
        return float(self.lasts_s[mask].sum()) / self.duration_s

    @cached_property
    def hips(self) -> Track:
        places = self.motion.landmarks[self.frames][:, _HIPS].mean(axis=1)
        return _followed(self.track(places, self.seen(*_HIPS), PATH_CUTOFF_HZ))

    @cached_property
    def center(self) -> Track:
        return _followed(self.track(self.motion.center_of_mass[self.frames], self.known, PATH_CUTOFF_HZ))

    def end(self, limb: Limb) -> Track:
        return self._ends[limb]

    @cached_property
    def _ends(self) -> dict[Limb, Track]:
        found: dict[Limb, Track] = {}
        for number, limb in enumerate(LIMBS):
            places = self.ends.places[self.frames, number]
            seen = self.ends.seen[self.frames, number] & np.isfinite(places).all(axis=1)
            found[limb] = self.track(places, seen, LIMB_CUTOFF_HZ)
        return found

    def track(self, places: FloatArray, seen: BoolArray, cutoff_hz: float) -> Track:
        """Filtered places; those not seen are bridged on a straight line. NaN: seen once or never."""
        there = np.flatnonzero(seen)
        if len(there) < 2:
            return Track(np.full_like(places, np.nan), np.full(len(places), np.nan), seen)
        start_s, end_s = float(self.time_s[0]), float(self.time_s[-1])
        grid_s = np.linspace(start_s, end_s, max(round((end_s - start_s) / self.step_s), 1) + 1)
        step_s = float(grid_s[1] - grid_s[0])
        even = low_pass(_sampled(places[there], self.time_s[there], grid_s), step_s, cutoff_hz)
        velocity: FloatArray = np.gradient(even, step_s, axis=0)
        speed = cast("FloatArray", np.interp(self.time_s, grid_s, np.linalg.norm(velocity, axis=1)))
        return Track(_sampled(even, grid_s, self.time_s), speed, seen)

    def path(self, track: Track) -> FloatArray:
        """(samples, 2) a track every PATH_STEP_S from where it is first seen to where it is last seen."""
        there = np.flatnonzero(track.seen)
        start_s, end_s = float(self.time_s[there[0]]), float(self.time_s[there[-1]])
        grid_s = np.linspace(start_s, end_s, max(round((end_s - start_s) / PATH_STEP_S), 1) + 1)
        return _sampled(track.places, self.time_s, grid_s)

    @cached_property
    def angles_deg(self) -> FloatArray:
        """(frames of the attempt, 8)"""
        return joint_angles_deg(self.motion.poses)[self.frames]

    @cached_property
    def on(self) -> BoolArray:
        """(frames of the attempt, 4) ends that carry: on a hold or the wall, feet also on the floor."""
        return self._marked({"hold", "smear", "floor"})

    @cached_property
    def hidden(self) -> BoolArray:
        """(frames of the attempt, 4) ends of which nobody knows."""
        return self._marked({"unseen"}) | ~self.known[:, None]

    def _marked(self, kinds: set[str]) -> BoolArray:
        marked = np.zeros((len(self.time_s), len(LIMBS)), np.bool_)
        for contact in self.contacts:
            if contact.kind in kinds:
                first, last = contact.start - self.attempt.start, contact.end - self.attempt.start
                marked[first:last, LIMBS.index(contact.limb)] = True
        return marked

    @cached_property
    def hand_moves(self) -> tuple[Move, ...]:
        """Ways of hands to another hold; a grip that is put again on its own hold is none."""
        return tuple(
            move
            for move in self.moves
            if move.limb.is_hand and (move.from_hold is None or move.from_hold != move.to_hold)
        )

    def events_of(self, kind: EventKind, limbs: Iterable[Limb] = LIMBS) -> tuple[Event, ...]:
        among = set(limbs)
        return tuple(
            event
            for event in self.events
            if event.kind == kind and (not event.limbs or among & set(event.limbs))
        )

    def holds_of(self, limbs: Sequence[Limb]) -> tuple[Contact, ...]:
        """Contacts on holds and on bare wall, in time."""
        chosen = [one for one in self.contacts if one.limb in limbs and one.kind in {"hold", "smear"}]
        return tuple(sorted(chosen, key=lambda one: (one.start, one.limb)))

    def released(self, contact: Contact) -> bool:
        """Whether the end really left: neither the attempt ended nor did the end go out of sight."""
        return contact.end < self.attempt.end and not any(
            other.limb == contact.limb and other.start == contact.end for other in self.contacts
        )


def _followed(track: Track) -> Track:
    if track.seen.sum() < 2:
        raise NotMeasurableError("body_hardly_seen")
    return track


def _sampled(places: FloatArray, time_s: FloatArray, at_s: FloatArray) -> FloatArray:
    """(n, 2) places (frames, 2) of times (frames,) on straight lines between them."""
    x, y = (np.interp(at_s, time_s, places[:, axis]) for axis in (0, 1))
    return np.column_stack([x, y])


def material_of(everything: Material, attempt: Attempt) -> Material:
    """The material of one attempt out of that of a whole clip: moves that ended in it, the rest cut to it."""
    start, end = attempt.start, attempt.end
    return replace(
        everything,
        attempt=attempt,
        contacts=tuple(
            replace(one, start=max(one.start, start), end=min(one.end, end))
            for one in everything.contacts
            if one.start < end and one.end > start
        ),
        moves=tuple(
            replace(one, preparation_start=max(one.preparation_start, start), settled=min(one.settled, end))
            for one in everything.moves
            if start <= one.reach_start and one.reach_end <= end
        ),
        events=tuple(
            replace(one, start=max(one.start, start), end=min(one.end, end))
            for one in everything.events
            if one.start < end and one.end > start
        ),
    )


def gate(share: float, otherwise: Unmeasured) -> float:
    """What the share of what is known does to the confidence. Raises NotMeasurableError below LEAST_SHARE."""
    if share < LEAST_SHARE:
        raise NotMeasurableError(otherwise, Evidence("share", 100 * share, "%"))
    return min(share / FULL_SHARE, 1.0)


def of_landmarks(material: Material, otherwise: Unmeasured, *landmarks: Landmark) -> float:
    """Certainty of what needs landmarks in most frames: how many frames show them, and how clearly."""
    seen = material.seen(*landmarks)
    passed = gate(material.share(seen), otherwise)
    visibility = material.motion.poses.visibility[material.frames][seen][:, landmarks]
    return passed * float(visibility.min(axis=1).mean())


def of_hips(material: Material) -> float:
    return of_landmarks(material, "hips_seldom_seen", *_HIPS)


def of_center(material: Material) -> float:
    """Certainty of what needs the center of mass: the trunk carries it, hidden limbs enter as guesses."""
    shoulders = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    return of_landmarks(material, "trunk_seldom_seen", *shoulders, *_HIPS)


def of_contacts(material: Material, limbs: Sequence[Limb]) -> float:
    """Certainty of what needs the contacts of `limbs`: the time in which they are known, and how surely."""
    passed = known_time(material, limbs)
    contacts = [
        one
        for one in material.contacts
        if one.limb in limbs and one.limb not in material.body.missing and one.kind != "unseen"
    ]
    if not contacts:
        raise NotMeasurableError(_contact_reasons(limbs)[2])
    frames = np.array([one.end - one.start for one in contacts])
    return passed * float(np.average([one.confidence for one in contacts], weights=frames))


def known_time(material: Material, limbs: Sequence[Limb]) -> float:
    """What the time in which `limbs` are known does to the confidence; NotMeasurableError for too little."""
    present = [limb for limb in limbs if limb not in material.body.missing]
    no_limb, seldom_known, _ = _contact_reasons(limbs)
    if not present:
        raise NotMeasurableError(no_limb)
    hidden = material.hidden[:, [LIMBS.index(limb) for limb in present]]
    seen_s = (~hidden).sum(axis=1) @ material.lasts_s
    return gate(float(seen_s) / (len(present) * material.duration_s), seldom_known)


def known_pairs(material: Material) -> float:
    """The same of what counts hands and feet alike: each of the two must be known."""
    pairs = [pair for pair in (HANDS, FEET) if not set(pair) <= material.body.missing]
    return min((known_time(material, pair) for pair in pairs), default=1.0)


def _contact_reasons(limbs: Sequence[Limb]) -> tuple[Unmeasured, Unmeasured, Unmeasured]:
    """Without such limbs, where they are seldom known, without a contact of theirs."""
    if set(limbs) <= set(HANDS):
        return "no_hands", "hands_seldom_known", "no_hand_contact"
    if set(limbs) <= set(FEET):
        return "no_feet", "feet_seldom_known", "no_foot_contact"
    return "no_ends", "ends_seldom_known", "no_contact"


def of_moves(moves: Sequence[Move], otherwise: Unmeasured = "no_hand_move") -> float:
    """Certainty of what is computed from moves. Raises NotMeasurableError without any."""
    if not moves:
        raise NotMeasurableError(otherwise)
    return float(np.mean([move.confidence for move in moves]))


def reaches(moves: Sequence[Move]) -> tuple[Interval, ...]:
    return tuple(Interval(move.reach_start, move.reach_end) for move in moves)
