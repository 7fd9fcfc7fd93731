"""Where two attempts differ: in holds and limbs, in pauses and detours, in what happened; and what it cost.

Costs are the second's minus the first's. Those of two may lie in the same time: they do not add up.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal

from ascension.climbing.comparison.moves import differences_of_grips
from ascension.climbing.comparison.record import Difference, DifferenceKind, Section, Who
from ascension.climbing.comparison.setting import SIDES, Setting, path_cost
from ascension.climbing.record import Event, Interval

_PAUSE_S: Final = 0.5
"""Shorter is the usual difference from try to try."""
_DETOUR_TORSO: Final = 0.5
_DETOUR_RATIO: Final = 1.25
_SAME_TIME_S: Final = 0.7
"""An event of one is that of the other when both are so near on the way."""
_FAINT: Final = 0.25
"""What is less sure is not told."""
_MOST: Final = 40


def differences_of(setting: Setting) -> tuple[Difference, ...]:
    """All differences in the order in which they come; of more than 40 the costliest and surest."""
    found = [
        *_with_all_that_follows(setting, differences_of_grips(setting)),
        *_pauses(setting),
        *_events(setting, "foot_cut"),
        *_events(setting, "slip"),
        *_falls(setting),
    ]
    found = [one for one in found if one.confidence >= _FAINT * setting.certainty]
    found += _detours(setting, found)
    if len(found) > _MOST:
        found = sorted(found, key=lambda one: (-abs(one.cost_s or 0.0), -one.confidence))[:_MOST]
    return tuple(sorted(found, key=lambda one: _place(setting, one)))


def _place(setting: Setting, one: Difference) -> tuple[int, int]:
    """Along the way, whoever has it."""
    if one.first is not None:
        return one.first.start, one.second.start if one.second else 0
    assert one.second is not None  # noqa: S101 (a difference lies in one of the two)
    return setting.way.in_first(one.second.start), one.second.start


def _pauses(setting: Setting) -> list[Difference]:
    """Sections in which one rests longer; located at its longest rest."""
    found: list[Difference] = []
    for section in _to_a_hold(setting):
        if section.first_still_s is None or section.second_still_s is None:
            continue
        cost_s = section.second_still_s - section.first_still_s
        who: Who = "second" if cost_s > 0 else "first"
        own = setting.of(who, section)
        longest = setting.side(who).longest_rest(own.start, own.end)
        if abs(cost_s) < _PAUSE_S or longest is None:
            continue
        spans = _ordered(who, longest, setting.beside(who, longest))
        found.append(_of_section(setting, "pause", who, section, spans, (cost_s, path_cost(setting, *spans))))
    return found


def _to_a_hold(setting: Setting) -> list[Section]:
    """Not what comes after the last hold that both grip: how long clips go on then says nothing."""
    return [section for section in setting.sections if section.to_hold is not None]


def _other(who: Who) -> Who:
    return "second" if who == "first" else "first"


def _ordered(
    who: Who, own: Interval | None, other: Interval | None
) -> tuple[Interval | None, Interval | None]:
    """The first's, then the second's."""
    return (own, other) if who == "first" else (other, own)


def _with_all_that_follows(setting: Setting, found: list[Difference]) -> list[Difference]:
    """The only thing that hands do otherwise between two shared grips costs all that moving takes longer
    there: not the reach alone, but getting ready for it and settling, too.
    """
    sections = {section.number: section for section in _to_a_hold(setting)}
    of_hands = Counter(one.section for one in found if any(limb.is_hand for limb in one.limbs))
    costed: list[Difference] = []
    for one in found:
        section = sections.get(one.section or 0)
        alone = of_hands[one.section] == 1 and any(limb.is_hand for limb in one.limbs)
        if section is None or not alone or one.kind not in {"other_hold", "extra_move", "readjustment"}:
            costed.append(one)
            continue
        own, other = section.first_path, section.second_path
        path = None if own is None or other is None else other - own
        costed.append(replace(one, cost_s=_moving_cost(section), cost_path=path))
    return costed


def _detours(setting: Setting, found: Iterable[Difference]) -> list[Difference]:
    """Sections in which one's center of mass goes farther, where nothing else says why."""
    explained = {number for one in found if _moves_the_body(one) for number in _sections_of(setting, one)}
    detours: list[Difference] = []
    for section in _to_a_hold(setting):
        own, other = section.first_path, section.second_path
        if section.number in explained or own is None or other is None:
            continue
        longer, shorter = max(own, other), min(own, other)
        if longer - shorter < _DETOUR_TORSO * setting.torso or longer < _DETOUR_RATIO * shorter:
            continue
        who: Who = "second" if other > own else "first"
        costs = _moving_cost(section), other - own
        detours.append(_of_section(setting, "detour", who, section, (section.first, section.second), costs))
    return detours


def _sections_of(setting: Setting, one: Difference) -> set[int]:
    """In which it lies, in either attempt."""
    spans: tuple[tuple[Who, Interval | None], ...] = (("first", one.first), ("second", one.second))
    found = [setting.section_at(who, max(span.end - 1, span.start)) for who, span in spans if span]
    return {section.number for section in found if section}


def _moves_the_body(one: Difference) -> bool:
    if one.kind in {"foot_cut", "slip"}:
        return True
    return one.kind in {"other_hold", "other_order", "extra_move"} and any(limb.is_hand for limb in one.limbs)


def _moving_cost(section: Section) -> float | None:
    """What the second needs more without its rests."""
    if section.first_still_s is None or section.second_still_s is None:
        return None
    return (section.second_s - section.second_still_s) - (section.first_s - section.first_still_s)


def _of_section(
    setting: Setting,
    kind: DifferenceKind,
    who: Who,
    section: Section,
    spans: tuple[Interval | None, Interval | None],
    costs: tuple[float | None, float | None],
) -> Difference:
    """spans: of the first and of the second; costs: in seconds and in way."""
    parts = (setting.first, section.first), (setting.second, section.second)
    seen = [float(side.seen[own.start : own.end].mean()) for side, own in parts if own.end > own.start]
    return Difference(
        kind=kind,
        who=who,
        section=section.number,
        first=spans[0],
        second=spans[1],
        limbs=(),
        holds=(),
        before_hold=section.to_hold,
        cost_s=costs[0],
        cost_path=costs[1],
        confidence=setting.certainty * min(seen, default=0.0),
    )


def _events(setting: Setting, kind: Literal["foot_cut", "slip"]) -> list[Difference]:
    """Events of one that the other has not at the same place; they cost as long as they last."""
    found: list[Difference] = []
    for who in SIDES:
        side, theirs = setting.side(who), setting.side(_other(who)).material.events_of(kind)
        for event in side.material.events_of(kind):
            own = Interval(event.start, event.end)
            beside = setting.beside(who, own)
            if beside is None or any(_meets(setting, _other(who), beside, one) for one in theirs):
                continue
            lasts_s = side.between_s(own.start, own.end)
            spans = _ordered(who, own, beside)
            section = setting.section_at(who, event.start)
            found.append(
                Difference(
                    kind=kind,
                    who=who,
                    section=section.number if section else None,
                    first=spans[0],
                    second=spans[1],
                    limbs=event.limbs,
                    holds=(),
                    before_hold=section.to_hold if section else None,
                    cost_s=lasts_s if who == "second" else -lasts_s,
                    cost_path=path_cost(setting, *spans),
                    confidence=event.confidence * setting.certainty,
                )
            )
    return found


def _meets(setting: Setting, who: Who, span: Interval, event: Event) -> bool:
    """Whether an event lies at the same place on the way, or about there."""
    side = setting.side(who)
    gap = Interval(min(span.end, event.end), max(span.start, event.start))
    return gap.end <= gap.start or side.between_s(gap.start, gap.end) <= _SAME_TIME_S


def _falls(setting: Setting) -> list[Difference]:
    """A fall has no cost in seconds: it ends the attempt. None where both fall at one place."""
    falls = {who: setting.side(who).material.events_of("fall")[:1] for who in SIDES}
    if all(falls.values()) and all(setting.shared(who, falls[who][0].start) for who in SIDES):
        return []
    found: list[Difference] = []
    for who in SIDES:
        for event in falls[who]:
            spans = _ordered(who, Interval(event.start, event.end), setting.where(who, event.start))
            found.append(
                Difference(
                    kind="fall",
                    who=who,
                    section=None,
                    first=spans[0],
                    second=spans[1],
                    limbs=(),
                    holds=(),
                    before_hold=None,
                    cost_s=None,
                    cost_path=None,
                    confidence=event.confidence * setting.certainty,
                )
            )
    return found
