"""What follows from the truths of two climbs on one wall: common grips, and what was planned otherwise."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ascension.climbing.comparison.record import DifferenceKind, Who
from validation.doings import Span, contacts
from validation.truth import Truth

_PAUSE_S: Final = 0.5
_ALL: Final = ((0, 1), (2, 3))
"""Hands, feet: places in LIMBS."""

Seconds = tuple[float, float]
"""From, until."""


@dataclass(frozen=True)
class Planned:
    """One thing that the scenes have the two do otherwise.

    who: has it; limbs: places in LIMBS, none for a pause; first_s, second_s: when, None for who has nothing
    there; cost_s: what the second's takes more
    """

    kind: DifferenceKind
    who: Who
    limbs: frozenset[int]
    first_s: Seconds | None
    second_s: Seconds | None
    cost_s: float


@dataclass(frozen=True)
class Common:
    """One hold gripped in both climbs, by hands or by feet, at the same place of the order."""

    first: Span
    second: Span


@dataclass(frozen=True)
class Correspondence:
    """commons: in order of time; planned: each in the words that are right for it (of two that changed places
    either may be named)
    """

    commons: tuple[Common, ...]
    planned: tuple[tuple[Planned, ...], ...]


def correspondence_of(first: Truth, second: Truth) -> Correspondence:
    """Holds have the same numbers in both. Raises ValueError where the walls differ."""
    if first.hold_ids.tolist() != second.hold_ids.tolist():
        raise ValueError("the two do not climb one wall")
    commons: list[Common] = []
    planned: list[tuple[Planned, ...]] = []
    for limbs in _ALL:
        own, other = _grips(first, limbs), _grips(second, limbs)
        same = _same(own, other)
        swapped = [one for one in same if any(_cross(one, two) for two in same)]
        kept = [one for one in same if one not in swapped]
        commons += kept
        if swapped:
            planned.append(tuple(_two(first, second, "other_order", one) for one in swapped))
        planned += [
            (_two(first, second, "other_limb", one),)
            for one in kept
            if one.first.limb_number != one.second.limb_number
        ]
        left = [span for span in own if all(span is not one.first for one in same)]
        also_left = [span for span in other if all(span is not one.second for one in same)]
        planned += [(one,) for one in _left_over(first, second, kept, left, also_left)]
    commons.sort(key=lambda one: (one.first.start, one.second.start))
    planned += [(one,) for one in _pauses(first, second, arrivals_of_hands(commons))]
    return Correspondence(tuple(commons), tuple(planned))


def arrivals_of_hands(commons: Sequence[Common]) -> list[Common]:
    """Those to which both moved; where a clip begins, nobody arrives."""
    return [one for one in commons if one.first.limb_number < 2 and one.first.start and one.second.start]


def _grips(truth: Truth, limbs: Sequence[int]) -> list[Span]:
    return sorted((one for one in contacts(truth) if one.limb_number in limbs), key=lambda one: one.start)


def _same(own: Sequence[Span], other: Sequence[Span]) -> list[Common]:
    """The first grip of a hold is the first of it in the other, and so on."""
    waiting: defaultdict[int, list[Span]] = defaultdict(list)
    for span in other:
        waiting[span.hold].append(span)
    return [Common(span, waiting[span.hold].pop(0)) for span in own if waiting[span.hold]]


def _cross(one: Common, two: Common) -> bool:
    return (one.first.start - two.first.start) * (one.second.start - two.second.start) < 0


def _left_over(
    first: Truth, second: Truth, kept: Sequence[Common], own: list[Span], other: list[Span]
) -> Iterator[Planned]:
    """Between two common grips: one for one is another hold, what is too many is a move more."""

    def gap(start: int, starts: Sequence[int]) -> int:
        return sum(at <= start for at in starts)

    starts = [one.first.start for one in kept], [one.second.start for one in kept]
    own, other = [one for one in own if one.start], [one for one in other if one.start]
    for number in range(len(kept) + 1):
        mine = [one for one in own if gap(one.start, starts[0]) == number]
        theirs = [one for one in other if gap(one.start, starts[1]) == number]
        both = min(len(mine), len(theirs))
        for one, two in zip(mine[:both], theirs[:both], strict=True):
            yield _two(first, second, "other_hold", Common(one, two))
        for one in mine[both:]:
            span_s = _reach_s(first, one)
            yield Planned(
                "extra_move", "first", frozenset({one.limb_number}), span_s, None, span_s[0] - span_s[1]
            )
        for two in theirs[both:]:
            span_s = _reach_s(second, two)
            yield Planned(
                "extra_move", "second", frozenset({two.limb_number}), None, span_s, span_s[1] - span_s[0]
            )


def _two(first: Truth, second: Truth, kind: DifferenceKind, one: Common) -> Planned:
    own_s, other_s = _reach_s(first, one.first), _reach_s(second, one.second)
    cost_s = (other_s[1] - other_s[0]) - (own_s[1] - own_s[0])
    return Planned(
        kind, "both", frozenset({one.first.limb_number, one.second.limb_number}), own_s, other_s, cost_s
    )


def _reach_s(truth: Truth, grip: Span) -> Seconds:
    """The planned way to a grip: the last of that limb to that hold that began before it."""
    arrived_s = float(truth.time_s[grip.start])
    own = [
        (float(begin_s), float(end_s))
        for limb, hold, (begin_s, end_s) in zip(
            truth.event_limbs, truth.event_holds, truth.event_times_s, strict=True
        )
        if (limb, hold) == (grip.limb_number, grip.hold) and begin_s <= arrived_s
    ]
    return max(own, default=(arrived_s, arrived_s))


def _pauses(first: Truth, second: Truth, stops: Sequence[Common]) -> Iterator[Planned]:
    """Where one rests at least 0.5 s longer between two common grips of hands."""
    bounds = [
        (0.0, 0.0),
        *((float(first.time_s[one.first.start]), float(second.time_s[one.second.start])) for one in stops),
    ]
    for start, end in pairwise(bounds):
        own, other = _rests_s(first, (start[0], end[0])), _rests_s(second, (start[1], end[1]))
        cost_s = sum(b - a for a, b in other) - sum(b - a for a, b in own)
        if abs(cost_s) >= _PAUSE_S:
            longest = max(other if cost_s > 0 else own, key=lambda span: span[1] - span[0])
            spans = (None, longest) if cost_s > 0 else (longest, None)
            yield Planned("pause", "second" if cost_s > 0 else "first", frozenset(), *spans, cost_s)


def _rests_s(truth: Truth, within: Seconds) -> list[Seconds]:
    spans = [
        (max(float(begin_s), within[0]), min(float(end_s), within[1]))
        for kind, (begin_s, end_s) in zip(truth.event_kinds, truth.event_times_s, strict=True)
        if kind == "rest"
    ]
    return [span for span in spans if span[1] > span[0]]
