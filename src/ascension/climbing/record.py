"""What is said about a climb. Frames are half-open intervals [start, end); places are on the wall in the
motion's unit, x right, y up; confidence is a probability, 0-1.
"""

from dataclasses import dataclass
from typing import Literal

from ascension.climbing.limbs import Limb

ContactKind = Literal["hold", "smear", "floor", "unseen"]
MoveKind = Literal["static", "dynamic", "deadpoint", "dyno"]
EventKind = Literal["foot_cut", "readjustment", "match", "dyno", "fall", "top", "rest", "slip"]
Level = Literal["beginner", "intermediate", "advanced", "elite"]
Outcome = Literal["top", "fall", "down", "left_picture", "unknown"]
FourLoads = tuple[float, float, float, float]
"""Of the limbs in the order of `limbs.LIMBS`."""
HabitKind = Literal[
    "bent_arm_hold", "over_gripping_pause", "long_hesitation", "straight_arm_rest", "good_rest",
    "reach_without_feet", "late_feet", "slow_reach", "jerky_reach", "detour", "off_balance", "barn_door",
    "foot_cut", "foot_slip", "replaced_foot", "readjusted_grip", "quiet_feet", "smooth_sequence", "deadpoint",
]  # fmt: skip
WhyUnjudged = Literal["arms_hidden", "feet_hidden", "wall_not_followed", "nothing_moved", "nobody_on_wall"]


@dataclass(frozen=True)
class Interval:
    """Frames [start, end)."""

    start: int
    end: int


@dataclass(frozen=True)
class UsedHold:
    """A place where hands or feet rested. `radius`: spread of the places, same unit."""

    id: int
    x: float
    y: float
    radius: float
    hands: int
    feet: int
    confidence: float


@dataclass(frozen=True)
class Contact:
    """An end on the wall or the floor. `hold`: id of a UsedHold, None on the floor and on bare wall.

    "unseen": the end was last seen in contact and is hidden now; nobody knows.
    """

    limb: Limb
    start: int
    end: int
    kind: ContactKind
    hold: int | None
    x: float
    y: float
    confidence: float
    told: bool = False
    """The user said so."""


@dataclass(frozen=True)
class Move:
    """One end from one contact to the next: prepared, moved, settled (Beltran 2023). Frames.

    preparation [preparation_start, reach_start), reach [reach_start, reach_end), stabilization
    [reach_end, settled); distance in the motion's unit, without the parallax of hands and feet off the wall.
    """

    limb: Limb
    kind: MoveKind
    from_hold: int | None
    to_hold: int | None
    preparation_start: int
    reach_start: int
    reach_end: int
    settled: int
    distance: float
    confidence: float


@dataclass(frozen=True)
class Event:
    """Something that happened in frames [start, end)."""

    kind: EventKind
    start: int
    end: int
    limbs: tuple[Limb, ...]
    confidence: float


@dataclass(frozen=True)
class Evidence:
    """One number that a statement rests on. Units: s, deg, %, n, m, torso, torso/s, 1 (none)."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Attempt:
    """From leaving the floor to the top, a fall, the way down or the end of the clip.

    reason: a code of `reasons.Ended`, beside the numbers of its sentence; in results from before there were
    codes a sentence in English
    """

    start: int
    end: int
    outcome: Outcome
    reason: str
    reason_numbers: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One number about a climb, or the reason why there is none.

    id: B01-B34 of docs/guides/measures.md; value None exactly where `reason` is not empty;
    confidence 0-1; frames: what it was computed from; source: the paper or rule it comes from;
    reason: a code of `reasons.Unmeasured`, otherwise as in Attempt
    """

    id: str
    name: str
    value: float | None
    unit: str
    confidence: float
    frames: tuple[Interval, ...]
    source: str
    reason: str = ""
    reason_numbers: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class StanceLoads:
    """While the body rests in frames [start, end): estimated size of the force on each limb, in body weights.

    loads: together more than 1 where limbs pull against each other
    """

    start: int
    end: int
    loads: FourLoads


@dataclass(frozen=True)
class LimbLoads:
    """What each limb carried in an attempt, by time; `stances` empty exactly where `reason` is not.

    confidence 0-1, of an estimate; reason: a code of `reasons.Unmeasured`
    """

    stances: tuple[StanceLoads, ...]
    confidence: float
    reason: str = ""
    reason_numbers: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Habit:
    """Something in frames [start, end) that a coach would point at; the first evidence is its size."""

    kind: HabitKind
    start: int
    end: int
    limbs: tuple[Limb, ...]
    evidence: tuple[Evidence, ...]
    confidence: float


@dataclass(frozen=True)
class Unjudged:
    """A habit of which nothing can be said in this clip, neither that it is there nor that it is not."""

    kind: HabitKind
    reason: WhyUnjudged


@dataclass(frozen=True)
class Habits:
    """All habits of an attempt, in order of time, and what could not be judged."""

    found: tuple[Habit, ...]
    unjudged: tuple[Unjudged, ...]
