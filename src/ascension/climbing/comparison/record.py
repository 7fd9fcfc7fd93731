"""What is said about two attempts on one wall. Every difference is second minus first: above 0 the second
spent more. Frames are half-open intervals; places lie on the first's wall in its unit, x right, y up.
"""

from dataclasses import dataclass
from typing import Literal

from ascension.climbing.limbs import Limb
from ascension.climbing.record import Interval

Who = Literal["first", "second", "both"]
Quicker = Literal["first", "second", "even"]
PieceKind = Literal["both", "first_only", "second_only"]
DifferenceKind = Literal[
    "other_hold", "other_limb", "other_order", "extra_move", "readjustment", "pause", "foot_cut", "slip",
    "detour", "fall",
]  # fmt: skip
WhyNotCompared = Literal["unknown_in_first", "unknown_in_second", "unknown_in_both", "other_unit"]


@dataclass(frozen=True)
class SharedHold:
    """A hold that one or both used. first_id, second_id: of the climbs' own lists; apart: how far the two lie
    from each other, None where only one used it.
    """

    number: int
    first_id: int | None
    second_id: int | None
    x: float
    y: float
    apart: float | None
    confidence: float


@dataclass(frozen=True)
class Piece:
    """A stretch of the way through both clips; knots: (frame of the first, frame of the second), never
    falling, on straight lines in between. In `first_only` the second waits: nothing in it corresponds.
    """

    kind: PieceKind
    knots: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Section:
    """From one hold that both grip to the next; None: from where the attempt begins, to where it ends.

    still_s: time in which the body rested; path: of the center of mass, None where it is not known
    """

    number: int
    from_hold: int | None
    to_hold: int | None
    first: Interval
    second: Interval
    first_s: float
    second_s: float
    first_still_s: float | None
    second_still_s: float | None
    first_path: float | None
    second_path: float | None


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same. `who` has it; where the other has nothing its interval is empty and
    lies where that would be, None where nothing corresponds.

    holds: numbers of shared holds; before_hold: what the hands of both take next; cost_s, cost_path: what the
    second spent more, None: cannot be said
    """

    kind: DifferenceKind
    who: Who
    section: int | None
    first: Interval | None
    second: Interval | None
    limbs: tuple[Limb, ...]
    holds: tuple[int, ...]
    before_hold: int | None
    cost_s: float | None
    cost_path: float | None
    confidence: float


@dataclass(frozen=True)
class ComparedMeasure:
    """One measure of the part that both climbed. difference: second minus first, None exactly where
    `reason` says why it is not told.
    """

    id: str
    name: str
    unit: str
    first: float | None
    second: float | None
    first_confidence: float
    second_confidence: float
    difference: float | None
    reason: WhyNotCompared | None


@dataclass(frozen=True)
class Comparison:
    """Two attempts beside each other. first_part, second_part: what both climbed; is_whole: that is all of
    both attempts.
    """

    holds: tuple[SharedHold, ...]
    pieces: tuple[Piece, ...]
    sections: tuple[Section, ...]
    differences: tuple[Difference, ...]
    measures: tuple[ComparedMeasure, ...]
    first_part: Interval
    second_part: Interval
    is_whole: bool
