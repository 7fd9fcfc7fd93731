"""One attempt as a comparison sees it: its grips in order, its way, when it rests; all on one wall."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.biomechanics.wall import on_wall_px
from ascension.climbing.body import Body
from ascension.climbing.climb import Climb
from ascension.climbing.ends import ends_of
from ascension.climbing.limbs import LIMBS, Limb
from ascension.climbing.measures.material import PATH_STEP_S, Material, material_of
from ascension.climbing.measures.stillness import IMMOBILE_TORSO_PER_S
from ascension.climbing.record import Attempt, Contact, Interval
from ascension.climbing.series import first_from, runs

_REST_S: Final = 0.3
"""What is shorter is the turn from one move to the next."""
_FLICKER_S: Final = 0.2
"""So long a body that rests may look faster: it is noise, or breath."""
_RULER_TORSO: Final = 0.03
"""Steps of a way that are shorter are noise, as in the measures."""
_SEEN: Final = 0.5
"""Of a stretch, for anything to be said about the body in it."""


@dataclass(frozen=True)
class Tried:
    """One attempt of one clip. number: from 0; to_wall: (3, 3) places on its wall to places on the wall that
    both are compared on.
    """

    climb: Climb
    body: Body
    number: int
    to_wall: FloatArray

    @property
    def attempt(self) -> Attempt:
        return self.climb.attempts[self.number]


@dataclass(frozen=True)
class Grip:
    """An end that comes to rest on the wall and stays. hold: a number of the shared holds, None on bare wall;
    place: on the compared wall; left: when it left where it was before, None where that is not known; again:
    it was on the same hold before.
    """

    limb: Limb
    hold: int | None
    place: tuple[float, float]
    start: int
    end: int
    confidence: float
    left: int | None
    again: bool


@dataclass(frozen=True)
class Side:
    """One of the two attempts. Arrays have the clip's frames; lengths are those of the compared wall.

    end: where the climbing ends: the attempt's end, or where its fall begins
    center: (frames, 2) center of mass, NaN outside of the attempt; still: (frames,) it rests, and no hand or
    foot is on its way; seen: (frames,) it was seen; way: (frames,) length of its way so far
    ends: (frames, 4, 2) hands and feet in the order of LIMBS, NaN where they are not seen
    """

    tried: Tried
    material: Material
    end: int
    center: FloatArray
    still: BoolArray
    seen: BoolArray
    way: FloatArray
    ends: FloatArray

    @property
    def start(self) -> int:
        return self.tried.attempt.start

    @property
    def time_s(self) -> FloatArray:
        return self.tried.climb.motion.time_s

    def between_s(self, start: int, end: int) -> float:
        return self.material.between_s(start, end) if end > start else 0.0

    def still_s(self, start: int, end: int) -> float | None:
        """Time at rest in frames [start, end); None where the body was not seen well enough."""
        if end <= start:
            return 0.0
        if self.seen[start:end].mean() < _SEEN:
            return None
        return sum(self.between_s(start + a, start + b) for a, b in runs(self.still[start:end]))

    def longest_rest(self, start: int, end: int) -> Interval | None:
        found = [(start + a, start + b) for a, b in runs(self.still[start:end])]
        longest = max(found, key=lambda one: self.between_s(*one), default=(start, start))
        return Interval(*longest) if self.between_s(*longest) >= _REST_S else None

    def way_between(self, start: int, end: int) -> float | None:
        """Length of the way of the center of mass in frames [start, end)."""
        if end <= start:
            return 0.0
        if self.seen[start:end].mean() < _SEEN:
            return None
        last = min(end, self.tried.attempt.end - 1)
        return float(self.way[last] - self.way[min(start, last)])

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """On holds and on bare wall, in time; what was only hidden in between is one contact."""
        found: list[Contact] = []
        for limb in LIMBS:
            own = sorted((one for one in self.material.contacts if one.limb is limb), key=lambda c: c.start)
            found += _joined(own)
        return tuple(sorted(found, key=lambda one: (one.start, LIMBS.index(one.limb))))


def side_of(tried: Tried, first: Tried) -> Side:
    """What is compared of an attempt, in lengths of the first's wall.

    Raises NotMeasurableError where the body was hardly seen.
    """
    climb, attempt = tried.climb, tried.attempt
    everything = Material(
        motion=climb.motion,
        body=tried.body,
        ends=ends_of(climb.motion),
        attempt=attempt,
        contacts=climb.contacts,
        holds=climb.holds,
        moves=climb.moves,
        events=climb.events,
    )
    material = material_of(everything, attempt)
    track = material.center
    frames = climb.motion.frame_count
    center = np.full((frames, 2), np.nan)
    center[material.frames] = moved(track.places, tried.to_wall)
    ends = np.where(everything.ends.seen[..., None], everything.ends.places, np.nan)
    factor = _freed_of_parallax(tried, first)
    return Side(
        tried=tried,
        material=material,
        end=min((one.start for one in material.events_of("fall")), default=attempt.end),
        center=center,
        still=_still(material),
        seen=_within(frames, attempt, track.seen),
        way=_lengths(center, climb.motion.time_s, attempt, first.climb.motion.torso) * factor,
        ends=moved(ends.reshape(-1, 2), tried.to_wall).reshape(ends.shape),
    )


def moved(places: FloatArray, matrix: FloatArray) -> FloatArray:
    """Places (n, 2) under a matrix (3, 3)."""
    return on_wall_px(places[None], matrix[None])[0]


def grips_of(side: Side, numbers: dict[int, int]) -> tuple[Grip, ...]:
    """The grips of an attempt, in time; `numbers`: of the shared holds, by the clip's own ids."""
    found: list[Grip] = []
    last: dict[Limb, Contact] = {}
    for contact in side.contacts:
        before = last.get(contact.limb)
        last[contact.limb] = contact
        x, y = moved(np.array([[contact.x, contact.y]]), side.tried.to_wall)[0]
        found.append(
            Grip(
                limb=contact.limb,
                hold=None if contact.hold is None else numbers.get(contact.hold),
                place=(float(x), float(y)),
                start=contact.start,
                end=contact.end,
                confidence=contact.confidence,
                left=None if before is None else before.end,
                again=before is not None and before.hold is not None and before.hold == contact.hold,
            )
        )
    return tuple(found)


def _joined(contacts: list[Contact]) -> list[Contact]:
    """Contacts of one end; two on one hold with nothing but hiding in between are one."""
    hidden = {one.start: one.end for one in contacts if one.kind == "unseen"}
    found: list[Contact] = []
    for contact in contacts:
        if contact.kind not in {"hold", "smear"}:
            continue
        if found and _goes_on(found[-1], contact, hidden):
            found[-1] = replace(found[-1], end=contact.end)
        else:
            found.append(contact)
    return found


def _goes_on(before: Contact, after: Contact, hidden: dict[int, int]) -> bool:
    if before.hold is None or before.hold != after.hold:
        return False
    return after.start == before.end or hidden.get(before.end) == after.start


def _still(material: Material) -> BoolArray:
    """(frames,) where the body rests and no end is on its way. Hands can reach while the body hardly moves:
    how fast it does then is a matter of build, not of resting.
    """
    motion, track = material.motion, material.center
    resting = track.speed < IMMOBILE_TORSO_PER_S * motion.torso
    first = material.attempt.start
    for start, end in runs(~resting):
        short = material.between_s(first + start, first + end) < _FLICKER_S
        if short and start > 0 and end < len(resting):
            resting[start:end] = True
    still = _within(motion.frame_count, material.attempt, resting & track.seen)
    for move in material.moves:
        still[move.reach_start : move.reach_end] = False
    return still


def _within(frames: int, attempt: Attempt, flags: BoolArray) -> BoolArray:
    whole = np.zeros(frames, np.bool_)
    whole[attempt.start : attempt.end] = flags
    return whole


def _freed_of_parallax(tried: Tried, first: Tried) -> float:
    """The body looks larger than the wall behind it, in each clip by its own camera's distance."""
    own, other = (1 + (one.climb.motion.parallax_pct or 0.0) / 100 for one in (tried, first))
    return 1 / own if first.climb.motion.unit == "m" else other / own


def _lengths(center: FloatArray, time_s: FloatArray, attempt: Attempt, torso: float) -> FloatArray:
    """(frames,) length of the way from the attempt's beginning, in steps that are no noise."""
    start_s, end_s = float(time_s[attempt.start]), float(time_s[attempt.end - 1])
    grid_s = np.linspace(start_s, end_s, max(round((end_s - start_s) / PATH_STEP_S), 1) + 1)
    frames = np.minimum([first_from(time_s, float(at_s)) for at_s in grid_s], attempt.end - 1)
    kept = [int(frames[0])]
    for frame in frames[1:]:
        if np.hypot(*(center[frame] - center[kept[-1]])) >= _RULER_TORSO * torso:
            kept.append(int(frame))
    steps = [float(np.hypot(*(center[after] - center[before]))) for before, after in pairwise(kept)]
    lengths = np.interp(np.arange(len(time_s)), kept, np.concatenate([[0.0], np.cumsum(steps)]))
    found: FloatArray = np.asarray(lengths)
    return found
