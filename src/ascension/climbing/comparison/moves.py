"""Where two attempts differ in holds and limbs: another hold, limb or order, a move or a regrip too many."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ascension.climbing.comparison.order import Alignment
from ascension.climbing.comparison.record import Difference, DifferenceKind, Who
from ascension.climbing.comparison.setting import SIDES, Setting, costed
from ascension.climbing.comparison.sides import Grip
from ascension.climbing.record import Interval

_LEAST_FOOT_S: Final = 0.2
"""A foot that stays for less was on its way."""
_SWAPPED_WITHIN: Final = 3
"""A hold that comes so many shared grips earlier or later is the same move in another order."""


@dataclass(frozen=True)
class _Left:
    """A grip without a partner. gap: how many shared grips come before it."""

    who: Who
    grip: Grip
    gap: int


def differences_of_grips(setting: Setting) -> list[Difference]:
    """Of the hands, then of the feet; without feet that were cut or slipped: that is told as such."""
    return [*_of(setting, setting.hands, lasting_s=0.0), *_of(setting, setting.feet, lasting_s=_LEAST_FOOT_S)]


def _of(setting: Setting, order: Alignment, *, lasting_s: float) -> list[Difference]:
    found = [
        _two(setting, "other_limb", order.first[i], order.second[j])
        for i, j in order.pairs
        if order.first[i].limb is not order.second[j].limb
    ]
    left = [one for one in _left_over(order) if _counts(setting, one, lasting_s)]
    swapped, left = _swapped(setting, left)
    found += swapped
    for gap in sorted({one.gap for one in left}):
        found += _in_gap(setting, [one for one in left if one.gap == gap])
    return found


def _left_over(order: Alignment) -> list[_Left]:
    own, other = [i for i, _ in order.pairs], [j for _, j in order.pairs]
    return [*_without_partner("first", order.first, own), *_without_partner("second", order.second, other)]


def _without_partner(who: Who, grips: Sequence[Grip], paired: Sequence[int]) -> list[_Left]:
    among = set(paired)
    return [_Left(who, grip, bisect(paired, index)) for index, grip in enumerate(grips) if index not in among]


def _counts(setting: Setting, one: _Left, lasting_s: float) -> bool:
    """In the part that both climbed, and arrived at: where the attempt begins, nothing was moved to."""
    side = setting.side(one.who)
    if one.grip.left is None or not setting.shared(one.who, one.grip.start):
        return False
    if side.between_s(one.grip.start, one.grip.end) < lasting_s:
        return False
    lost = (*side.material.events_of("foot_cut"), *side.material.events_of("slip"))
    return not any(
        one.grip.limb in event.limbs and one.grip.left < event.end and event.start < one.grip.start
        for event in lost
    )


def _swapped(setting: Setting, left: list[_Left]) -> tuple[list[Difference], list[_Left]]:
    """Grips of one hold that both have, but not in the same place of the order; and the rest."""
    found: list[Difference] = []
    rest = [one for one in left if one.who == "first"]
    theirs = [one for one in left if one.who == "second"]
    for one in list(rest):
        same = [
            other
            for other in theirs
            if one.grip.hold is not None
            and other.grip.hold == one.grip.hold
            and 0 < abs(other.gap - one.gap) <= _SWAPPED_WITHIN
        ]
        if same:
            other = min(same, key=lambda two: (two.grip.limb is not one.grip.limb, abs(two.gap - one.gap)))
            found.append(_two(setting, "other_order", one.grip, other.grip))
            rest.remove(one)
            theirs.remove(other)
    return found, [*rest, *theirs]


def _in_gap(setting: Setting, left: list[_Left]) -> list[Difference]:
    """Between the same two shared grips: regrips apart, then one for one, then what is too many."""
    found = [_one(setting, "readjustment", one) for one in left if one.grip.again]
    own, other = ([one for one in left if one.who == who and not one.grip.again] for who in SIDES)
    both = min(len(own), len(other))
    found += [_two(setting, "other_hold", own[k].grip, other[k].grip) for k in range(both)]
    found += [_one(setting, "extra_move", one) for one in (*own[both:], *other[both:])]
    return found


def _reach(setting: Setting, who: Who, grip: Grip) -> Interval:
    """From where the end left to where it arrived, in the part that both climbed."""
    start, _ = (pair[SIDES.index(who)] for pair in setting.way.shared)
    begun = [
        move.reach_start
        for move in setting.side(who).material.moves
        if move.limb is grip.limb and move.reach_end == grip.start
    ]
    left = begun[0] if begun else (grip.left if grip.left is not None else grip.start)
    return Interval(min(max(left, start), grip.start), grip.start)


def _two(setting: Setting, kind: DifferenceKind, one: Grip, two: Grip) -> Difference:
    """Each has its own."""
    spans = _reach(setting, "first", one), _reach(setting, "second", two)
    sections = (
        setting.section_at("first", max(one.start - 1, spans[0].start)),
        setting.section_at("second", max(two.start - 1, spans[1].start)),
    )
    section = min((known for known in sections if known), key=lambda known: known.number, default=None)
    return costed(
        setting,
        Difference(
            kind=kind,
            who="both",
            section=section.number if section else None,
            first=spans[0],
            second=spans[1],
            limbs=tuple(dict.fromkeys((one.limb, two.limb))),
            holds=tuple(dict.fromkeys(hold for hold in (one.hold, two.hold) if hold is not None)),
            before_hold=section.to_hold if section else None,
            cost_s=None,
            cost_path=None,
            confidence=min(one.confidence, two.confidence) * _sureness(setting, one, two, kind),
        ),
    )


def _sureness(setting: Setting, one: Grip, two: Grip, kind: DifferenceKind) -> float:
    """Of what is said about holds: other holds must lie apart, the same ones must be matched well."""
    if kind == "other_hold":
        apart = ((one.place[0] - two.place[0]) ** 2 + (one.place[1] - two.place[1]) ** 2) ** 0.5
        return setting.certainty * min(1.0, apart / setting.torso)
    sure = {hold.number: hold.confidence for hold in setting.holds}
    return sure.get(one.hold, setting.certainty) if one.hold is not None else setting.certainty


def _one(setting: Setting, kind: DifferenceKind, left: _Left) -> Difference:
    """One has it, the other has nothing there."""
    grip = left.grip
    own = _reach(setting, left.who, grip)
    beside = setting.where(left.who, own.start)
    section = setting.section_at(left.who, max(grip.start - 1, own.start))
    return costed(
        setting,
        Difference(
            kind=kind,
            who=left.who,
            section=section.number if section else None,
            first=own if left.who == "first" else beside,
            second=own if left.who == "second" else beside,
            limbs=(grip.limb,),
            holds=() if grip.hold is None else (grip.hold,),
            before_hold=section.to_hold if section else None,
            cost_s=None,
            cost_path=None,
            confidence=grip.confidence * setting.certainty,
        ),
    )
