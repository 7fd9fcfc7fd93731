"""Two rendered climbs on one wall, compared: what was found beside what follows from both truths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from ascension.analyses.result import Result
from ascension.climbing.limbs import LIMBS
from ascension.coaching.schemas import Span
from ascension.comparisons.compute import Side, side_by_side
from ascension.comparisons.schemas import ComparisonResult, DifferenceRead, SectionRead
from ascension.errors.jobs import JobFailure
from validation import doings
from validation.correspondence import (
    Common,
    Correspondence,
    Planned,
    Seconds,
    arrivals_of_hands,
    correspondence_of,
)
from validation.evaluation import Spread, grid, inverse, mapped, spread_of
from validation.geometry import Array
from validation.truth import Truth

WITHIN_S: Final = 0.5
_SHORT: Final = ("LH", "RH", "LF", "RF")


@dataclass(frozen=True)
class Filmed:
    """One of the two: what the analysis has of it, and its truth."""

    scene: str
    side: Side
    truth: Truth


@dataclass(frozen=True)
class PairFigures:
    """One comparison. refused: its code where there is none, all else is empty then.

    wall_px, wall_cm:  of places of the wall that both see: how far the second's come to lie from the first's
    holds:      used by both; of them matched rightly; matched wrongly
    aligned_s:  of each common grip's beginning and end: how far, in both clips, the way passes it by
    found:      planned differences that are told, with how far their cost is off in seconds
    sections_s: how far what a section took longer is off; sections: those with true bounds, and all
    """

    first: str
    second: str
    refused: str | None = None
    wall_px: Spread | None = None
    wall_cm: Spread | None = None
    holds: tuple[int, int, int] = (0, 0, 0)
    aligned_s: tuple[float, ...] = ()
    planned: tuple[str, ...] = ()
    found: tuple[tuple[str, float | None], ...] = ()
    missed: tuple[str, ...] = ()
    made_up: tuple[str, ...] = ()
    sections: tuple[int, int] = (0, 0)
    sections_s: tuple[float, ...] = ()
    longer_s: tuple[float, float] | None = None
    """The second's more of time up to the last common grip: told, true."""


def prove(first: Filmed, second: Filmed) -> PairFigures:
    """All figures of one comparison."""
    try:
        told = side_by_side(first.side, second.side, same_analysis=False)
    except JobFailure as refusal:
        return PairFigures(first.scene, second.scene, refused=refusal.code)
    return figures_of(told, first, second)


def figures_of(told: ComparisonResult, first: Filmed, second: Filmed) -> PairFigures:
    """What is told of two attempts against what follows from both truths."""
    true = correspondence_of(first.truth, second.truth)
    wall_px, wall_cm = _wall(told, first, second)
    found, missed, made_up = _differences(told, true)
    bounds = _bounds(true, first.truth, second.truth)
    sections_s = tuple(_sections_s(told, bounds))
    return PairFigures(
        first.scene,
        second.scene,
        None,
        wall_px,
        wall_cm,
        _holds(told, first, second),
        _aligned_s(told, true, first.truth, second.truth),
        tuple(_planned_words(one[0]) for one in true.planned),
        found,
        missed,
        made_up,
        (len(sections_s), len(_to_a_hold(told))),
        sections_s,
        (told.headline.difference_s, bounds[-1][1] - bounds[-1][0]),
    )


def _wall(told: ComparisonResult, first: Filmed, second: Filmed) -> tuple[Spread | None, Spread | None]:
    """Points of the wall in the middle frames of both, by the true homographies and by the found one."""
    (own_frame, own), (other_frame, other) = (_placed(one.side.result) for one in (first, second))
    to_own = own @ first.truth.wall_to_frame[own_frame]
    to_other = other @ second.truth.wall_to_frame[other_frame]
    points = grid(first.truth, own_frame, own_frame)
    also = {tuple(point) for point in grid(second.truth, other_frame, other_frame).tolist()}
    points = np.array([point for point in points.tolist() if tuple(point) in also]).reshape(-1, 2)
    matrix = np.array(told.wall.second_to_first).reshape(3, 3)
    guess = mapped(matrix, mapped(to_other, points))
    on_wall = mapped(inverse(to_own), guess)
    return (
        spread_of(np.linalg.norm(guess - mapped(to_own, points), axis=1)),
        spread_of(100 * np.linalg.norm(on_wall - points, axis=1)),
    )


def _placed(result: Result) -> tuple[int, Array]:
    """The frame nearest to the middle that lies on the wall, and how."""
    placed = result.frame_to_wall()
    known = np.flatnonzero(np.isfinite(placed).all((1, 2)))
    frame = int(known[np.argmin(np.abs(known - len(placed) // 2))])
    return frame, placed[frame]


def _holds(told: ComparisonResult, first: Filmed, second: Filmed) -> tuple[int, int, int]:
    own, other = (
        doings.nearest_holds(one.side.result, one.side.result.facts.climb, one.truth)
        if one.side.result.facts.climb
        else {}
        for one in (first, second)
    )
    both = {span.hold for span in doings.contacts(first.truth)} & {
        span.hold for span in doings.contacts(second.truth)
    }
    matched = [
        (own.get(hold.first_id), other.get(hold.second_id))
        for hold in told.holds
        if hold.first_id is not None and hold.second_id is not None
    ]
    right = {one for one, two in matched if one is not None and one == two}
    return len(both), len(right & both), sum(one is None or one != two for one, two in matched)


def _aligned_s(
    told: ComparisonResult, true: Correspondence, first: Truth, second: Truth
) -> tuple[float, ...]:
    knots = [np.array(piece.knots, np.float64) for piece in told.pieces if piece.kind == "both"]
    along = [
        start + (end - start) * np.linspace(0, 1, 2 * int(np.abs(end - start).max()) + 2)[:, None]
        for stretch in knots
        for start, end in pairwise(stretch)
    ]
    way_s = np.concatenate(along) / (first.fps, second.fps)
    return tuple(
        float(np.abs(way_s - (first.time_s[own], second.time_s[other])).max(axis=1).min())
        for own, other in _moments(true, first, second)
    )


def _moments(true: Correspondence, first: Truth, second: Truth) -> list[tuple[int, int]]:
    """When common grips begin and end, in frames of both, where that comes in the same order in both."""
    found = [
        (one.first.start, one.second.start) for one in true.commons if one.first.start and one.second.start
    ]
    found += [
        (one.first.end, one.second.end)
        for one in true.commons
        if one.first.end < len(first.time_s) and one.second.end < len(second.time_s)
    ]
    return [(a, b) for a, b in found if all((a - c) * (b - d) >= 0 for c, d in found)]


def _differences(
    told: ComparisonResult, true: Correspondence
) -> tuple[tuple[tuple[str, float | None], ...], tuple[str, ...], tuple[str, ...]]:
    """Found, missed, made up."""
    free = list(told.differences)
    found: list[tuple[str, float | None]] = []
    missed: list[str] = []
    for ways in true.planned:
        pairs = [(one, way) for way in ways for one in free if _is(one, way)]
        if not pairs:
            missed.append(_planned_words(ways[0]))
            continue
        one, way = max(pairs, key=lambda pair: pair[0].confidence)
        free.remove(one)
        found.append((_planned_words(way), None if one.cost_s is None else one.cost_s - way.cost_s))
    return tuple(found), tuple(missed), tuple(map(_told_words, free))


def _is(one: DifferenceRead, way: Planned) -> bool:
    if (one.kind, one.who) != (way.kind, way.who):
        return False
    limbs = frozenset(LIMBS.index(limb) for limb in one.limbs)
    if (limbs or way.limbs) and not limbs & way.limbs:
        return False
    return _near(one.first, way.first_s) and _near(one.second, way.second_s)


def _near(span: Span | None, true_s: Seconds | None) -> bool:
    if true_s is None:
        return True
    return span is not None and span.start_s < true_s[1] + WITHIN_S and span.end_s > true_s[0] - WITHIN_S


def _bounds(true: Correspondence, first: Truth, second: Truth) -> list[Seconds]:
    """When the hands of both grip the same, in the first and in the second, from the clips' beginning."""
    stops: Sequence[Common] = arrivals_of_hands(true.commons)
    times = [(float(first.time_s[one.first.start]), float(second.time_s[one.second.start])) for one in stops]
    return [(0.0, 0.0), *times]


def _to_a_hold(told: ComparisonResult) -> list[SectionRead]:
    return [one for one in told.sections if one.to_hold is not None]


def _sections_s(told: ComparisonResult, bounds: Sequence[Seconds]) -> Iterator[float]:
    """Of the sections whose bounds are two true ones, one after the other."""
    for one in _to_a_hold(told):
        for start, end in pairwise(bounds):
            starts = abs(one.first.start_s - start[0]), abs(one.second.start_s - start[1])
            ends = abs(one.first.end_s - end[0]), abs(one.second.end_s - end[1])
            if max(*starts, *ends) <= WITHIN_S:
                yield abs(one.difference_s - ((end[1] - start[1]) - (end[0] - start[0])))


def _planned_words(one: Planned) -> str:
    limbs = " ".join(_SHORT[limb] for limb in sorted(one.limbs))
    when = " / ".join(
        "-" if span is None else f"{span[0]:.1f}-{span[1]:.1f}" for span in (one.first_s, one.second_s)
    )
    return " ".join(filter(None, (one.kind, limbs, f"at {when} s, {round(one.cost_s, 1) + 0.0:+.1f} s")))


def _told_words(one: DifferenceRead) -> str:
    limbs = " ".join(_SHORT[LIMBS.index(limb)] for limb in one.limbs)
    when = " / ".join(
        "-" if span is None else f"{span.start_s:.1f}-{span.end_s:.1f}" for span in (one.first, one.second)
    )
    cost = "" if one.cost_s is None else f", {round(one.cost_s, 1) + 0.0:+.1f} s"
    return " ".join(filter(None, (one.kind, one.who, limbs, f"at {when} s{cost} ({one.confidence:.2f})")))
