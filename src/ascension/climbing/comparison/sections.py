"""From hold to hold that both grip: how long each took, how much of it at rest, how far the body went."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ascension.climbing.comparison.order import Alignment
from ascension.climbing.comparison.record import Quicker, Section
from ascension.climbing.comparison.sides import Side
from ascension.climbing.comparison.way import Pair, Way
from ascension.climbing.record import Interval

_APART_S: Final = 0.2
"""Grips that follow each other faster in both are one stop."""
_MOST: Final = 60
"""On a longer climb sections go over several shared grips."""
EVEN_S: Final = 0.2
"""Bounds of contacts are off by about 0.1 s each."""


@dataclass(frozen=True)
class Stop:
    """Both grip one hold with a hand."""

    first: int
    second: int
    hold: int | None
    confidence: float


def stops_of(hands: Alignment, first: Side, second: Side) -> tuple[Stop, ...]:
    """The shared grips of hands that lie in both climbs, in order; hands that come at once are one stop."""
    found: list[Stop] = []
    for i, j in hands.pairs:
        one, two = hands.first[i], hands.second[j]
        if one.start >= first.end or two.start >= second.end:
            break
        near = found and (
            first.between_s(found[-1].first, one.start) < _APART_S
            and second.between_s(found[-1].second, two.start) < _APART_S
        )
        if not near:
            found.append(Stop(one.start, two.start, one.hold, min(one.confidence, two.confidence)))
    return tuple(found)


def sections_of(first: Side, second: Side, stops: Sequence[Stop], way: Way) -> tuple[Section, ...]:
    """One after the other over the part that both climbed; together they last as long as it."""
    begin, end = way.shared
    bounds: list[tuple[Pair, int | None]] = [(begin, None)]
    for stop in stops:
        at = (stop.first, stop.second)
        if at == bounds[-1][0]:
            bounds[-1] = (at, stop.hold)
        else:
            bounds.append((at, stop.hold))
    step = -(-len(bounds) // _MOST)
    bounds = [bounds[0], *bounds[step::step]] if step > 1 else bounds
    if end != bounds[-1][0]:
        bounds.append((end, None))
    return tuple(
        _section(first, second, number, start, stop)
        for number, (start, stop) in enumerate(pairwise(bounds), 1)
    )


def quicker_of(difference_s: float) -> Quicker:
    if abs(difference_s) < EVEN_S:
        return "even"
    return "first" if difference_s > 0 else "second"


def _section(
    first: Side, second: Side, number: int, start: tuple[Pair, int | None], end: tuple[Pair, int | None]
) -> Section:
    own, other = Interval(start[0][0], end[0][0]), Interval(start[0][1], end[0][1])
    return Section(
        number=number,
        from_hold=start[1],
        to_hold=end[1],
        first=own,
        second=other,
        first_s=first.between_s(own.start, own.end),
        second_s=second.between_s(other.start, other.end),
        first_still_s=first.still_s(own.start, own.end),
        second_still_s=second.still_s(other.start, other.end),
        first_path=first.way_between(own.start, own.end),
        second_path=second.way_between(other.start, other.end),
    )
