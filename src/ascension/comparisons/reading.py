"""From two decoded results to what is stored and answered about both."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.analyses.climb_part import restored
from ascension.analyses.deriving import motion_of
from ascension.analyses.result import Result
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.comparison.attempts import compare
from ascension.climbing.comparison.record import Comparison, Difference, Section, SharedHold
from ascension.climbing.comparison.sections import quicker_of
from ascension.climbing.comparison.sides import Tried
from ascension.climbing.record import Interval
from ascension.coaching.schemas import Span
from ascension.comparisons.schemas import (
    ComparedMeasureRead,
    ComparisonResult,
    DifferenceRead,
    HeadlineRead,
    PieceRead,
    SectionRead,
    SharedHoldRead,
    SideRead,
    WallMatchRead,
)
from ascension.errors.jobs import AttemptMissing, NothingShared

_LEAST_MAIN_S: Final = 0.3
"""A difference that costs less is not the one to name first."""
_MOST_HOLDS: Final = 200
_UNFOLLOWED: Final = 0.5
"""Confidence where the wall could not be followed: places move with the camera then."""
_UP: Final = np.diag([1.0, -1.0, 1.0])
"""Pixels count downwards, the wall upwards."""


@dataclass(frozen=True)
class Chosen:
    """One attempt of a result; attempt: from 1."""

    result: Result
    attempt: int


@dataclass(frozen=True)
class WallMatch:
    """second_to_first: (3, 3) wall pixels to wall pixels; read: as it is answered."""

    second_to_first: FloatArray
    read: WallMatchRead


def same_wall(result: Result) -> WallMatch:
    """Two attempts of one analysis lie on one wall."""
    confidence = 1.0 if result.facts.wall is not None else _UNFOLLOWED
    read = WallMatchRead(
        method="same_analysis",
        second_to_first=np.eye(3).ravel().tolist(),
        inliers=None,
        residual_px=0.0,
        residual_cm=0.0 if _unit_of(result) == "m" else None,
        confidence=confidence,
    )
    return WallMatch(np.eye(3), read)


def compared(first: Chosen, second: Chosen, match: WallMatch) -> ComparisonResult:
    """The comparison of two attempts. Raises AttemptMissing, NothingShared."""
    to_first = between_walls(first.result, second.result, match.second_to_first)
    one, two = _tried(first, np.eye(3)), _tried(second, to_first)
    try:
        found = compare(one, two, match.read.confidence)
    except ValueError as error:
        raise NothingShared(f"{NothingShared.message()} ({error})") from error
    return _read(found, one, two, match.read)


def _tried(chosen: Chosen, to_wall: FloatArray) -> Tried:
    part = chosen.result.facts.climb
    if part is None or not 1 <= chosen.attempt <= len(part.attempts):
        raise AttemptMissing
    try:
        motion = motion_of(chosen.result)
    except ValueError as error:
        raise AttemptMissing from error
    climb = restored(part, motion)
    if not any(one.kind in {"hold", "smear"} for one in climb.contacts):
        raise AttemptMissing
    return Tried(climb, part.body, chosen.attempt - 1, to_wall)


def _unit_of(result: Result) -> str:
    return result.facts.wall.scale.unit if result.facts.wall is not None else "torso"


def between_walls(first: Result, second: Result, wall_px: FloatArray) -> FloatArray:
    """Places of the second's climb (in its unit, y up) to places of the first's; wall_px: of wall pixels."""
    if first.facts.wall is None or second.facts.wall is None:
        return np.eye(3)
    own, other = (
        np.array(wall.scale.wall_to_unit).reshape(3, 3) for wall in (first.facts.wall, second.facts.wall)
    )
    matrix: FloatArray = _UP @ own @ wall_px @ np.linalg.inv(other) @ _UP
    return matrix / abs(matrix[2, 2])


def _read(found: Comparison, one: Tried, two: Tried, wall: WallMatchRead) -> ComparisonResult:
    own_s, other_s = one.climb.motion.time_s, two.climb.motion.time_s
    differences = [
        _difference(number, difference, own_s, other_s)
        for number, difference in enumerate(found.differences, 1)
    ]
    return ComparisonResult(
        unit=one.climb.motion.unit,
        first=_side(one, found.first_part),
        second=_side(two, found.second_part),
        is_whole=found.is_whole,
        wall=wall,
        headline=_headline(found, differences),
        pieces=[PieceRead(kind=piece.kind, knots=list(piece.knots)) for piece in found.pieces],
        holds=[_hold(hold) for hold in _named(found)],
        sections=[_section(section, own_s, other_s) for section in found.sections],
        differences=differences,
        measures=[
            ComparedMeasureRead(
                id=row.id,
                name=row.name,
                unit=row.unit,
                first=_figures(row.first),
                second=_figures(row.second),
                first_confidence=round(row.first_confidence, 2),
                second_confidence=round(row.second_confidence, 2),
                difference=_figures(_rounded(row.difference, 9)),
                reason=row.reason,
            )
            for row in found.measures
        ],
    )


def _side(tried: Tried, part: Interval) -> SideRead:
    time_s, attempt = tried.climb.motion.time_s, tried.attempt
    return SideRead(
        span=_span(Interval(attempt.start, attempt.end), time_s),
        part=_span(part, time_s),
        outcome=attempt.outcome,
    )


def _headline(found: Comparison, differences: list[DifferenceRead]) -> HeadlineRead:
    # what comes after the last hold that both grip is mostly how long the clips go on
    counted = [one for one in found.sections if one.to_hold is not None] or found.sections
    first_s, second_s = sum(one.first_s for one in counted), sum(one.second_s for one in counted)
    difference_s = second_s - first_s
    slower = 1 if difference_s >= 0 else -1
    costly = [one for one in differences if one.cost_s is not None and slower * one.cost_s >= _LEAST_MAIN_S]
    main = max(costly, key=lambda one: (slower * (one.cost_s or 0.0), one.confidence), default=None)
    return HeadlineRead(
        first_s=round(first_s, 2),
        second_s=round(second_s, 2),
        difference_s=round(difference_s, 2),
        quicker=quicker_of(difference_s),
        main=main.number if main else None,
        main_kind=main.kind if main else None,
        main_cost_s=main.cost_s if main else None,
    )


def _named(found: Comparison) -> list[SharedHold]:
    """All holds; of very many those that something is said about, then the first ones."""
    said = {number for one in found.differences for number in (*one.holds, one.before_hold)}
    said |= {number for one in found.sections for number in (one.from_hold, one.to_hold)}
    kept = sorted(found.holds, key=lambda hold: (hold.number not in said, hold.number))[:_MOST_HOLDS]
    return sorted(kept, key=lambda hold: hold.number)


def _hold(hold: SharedHold) -> SharedHoldRead:
    return SharedHoldRead(
        number=hold.number,
        first_id=hold.first_id,
        second_id=hold.second_id,
        x=round(hold.x, 3),
        y=round(hold.y, 3),
        apart=_rounded(hold.apart, 3),
        confidence=round(hold.confidence, 2),
    )


def _section(section: Section, own_s: FloatArray, other_s: FloatArray) -> SectionRead:
    difference_s = section.second_s - section.first_s
    own, other = section.first_path, section.second_path
    return SectionRead(
        number=section.number,
        from_hold=section.from_hold,
        to_hold=section.to_hold,
        first=_span(section.first, own_s),
        second=_span(section.second, other_s),
        first_s=round(section.first_s, 2),
        second_s=round(section.second_s, 2),
        difference_s=round(difference_s, 2),
        first_still_s=_rounded(section.first_still_s, 2),
        second_still_s=_rounded(section.second_still_s, 2),
        first_path=_rounded(own, 3),
        second_path=_rounded(other, 3),
        difference_path=None if own is None or other is None else round(other - own, 3),
        quicker=quicker_of(difference_s),
    )


def _difference(
    number: int, difference: Difference, own_s: FloatArray, other_s: FloatArray
) -> DifferenceRead:
    return DifferenceRead(
        number=number,
        kind=difference.kind,
        who=difference.who,
        section=difference.section,
        first=None if difference.first is None else _span(difference.first, own_s),
        second=None if difference.second is None else _span(difference.second, other_s),
        limbs=list(difference.limbs),
        holds=list(difference.holds),
        before_hold=difference.before_hold,
        cost_s=_rounded(difference.cost_s, 2),
        cost_path=_rounded(difference.cost_path, 3),
        confidence=round(difference.confidence, 2),
    )


def _span(interval: Interval, time_s: FloatArray) -> Span:
    start_s, end_s = (float(time_s[min(frame, len(time_s) - 1)]) for frame in (interval.start, interval.end))
    return Span(
        start_frame=interval.start,
        end_frame=interval.end,
        start_s=round(start_s, 3),
        end_s=round(end_s, 3),
    )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _figures(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
