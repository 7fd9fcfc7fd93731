"""From habits, measures and events to advice: what was found, ranked, with frames, evidence and a drill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.habits.rules import RULES, Sort, Strength
from ascension.climbing.limbs import Limb
from ascension.climbing.record import (
    Event,
    Evidence,
    Habit,
    HabitKind,
    Habits,
    Interval,
    Measure,
    Unjudged,
    WhyUnjudged,
)
from ascension.coaching.rules import ADVISED, COVERED, EVENTS, MEASURES, MeasureRule

Basis = Strength | Literal["seen"]

LEAST_CONFIDENCE: Final = 0.5
TOP: Final = 3
_SECONDS_PER_TIME: Final = 2.0
"""So long a pause weighs as much as a fault that has no length."""


@dataclass(frozen=True)
class Finding:
    """One thing to tell the climber.

    code:       stable name, the key of its texts
    kind:       fault, strength or note (neither good nor bad)
    at_s:       where it is to be seen for the first time, until_s: until when
    frames:     every time that it was seen; empty where it is about the whole climb
    evidence:   numbers of the largest occurrence, then "total" seconds where it was seen more than once
    priority:   0-1, severity x frequency x confidence
    confidence: 0-1, mean over the occurrences
    drill:      what to practice, "" for none
    basis:      how strong the source is that says it matters: trial, consensus or ours; seen: it happened
    """

    code: str
    kind: Sort
    at_s: float
    until_s: float
    frames: tuple[Interval, ...]
    limbs: tuple[Limb, ...]
    evidence: tuple[Evidence, ...]
    priority: float
    confidence: float
    drill: str
    basis: Basis
    source: str

    @property
    def times(self) -> int:
        return max(len(self.frames), 1)


@dataclass(frozen=True)
class Blank:
    """What could not be judged, and why."""

    codes: tuple[HabitKind, ...]
    reason: WhyUnjudged


@dataclass(frozen=True)
class Advice:
    """`top`: the first three, one of them a strength where there is any; `further`: the rest by priority."""

    top: tuple[Finding, ...]
    further: tuple[Finding, ...]
    blanks: tuple[Blank, ...]

    @property
    def all(self) -> tuple[Finding, ...]:
        return self.top + self.further


def advice_of(
    habits: Habits, measures: Sequence[Measure], events: Iterable[Event], time_s: FloatArray
) -> Advice:
    """The advice of one attempt.

    Method: habits of one kind become one finding, whose priority is severity x (1 - 0.5^n) x confidence, n
    the number of times or, where it has a length, half of its seconds if that is more. What a more
    telling habit says of the same frames is not said twice. Occurrences below 0.5 confidence are left out.
    Known limit: severities are ours.
    """
    sure = [habit for habit in habits.found if habit.confidence >= LEAST_CONFIDENCE]
    found = [_merged(kind, group, time_s) for kind, group in _by_kind(_uncovered(sure))]
    found += [_of_event(event, time_s) for event in events if _is_told(event)]
    found += [
        _of_measure(rule, measure, time_s)
        for rule in MEASURES
        for measure in measures
        if _speaks(rule, measure, measures)
    ]
    ranked = sorted(found, key=lambda finding: (-finding.priority, finding.at_s))
    top = _first_three(ranked)
    return Advice(tuple(top), tuple(one for one in ranked if one not in top), _blanks(habits.unjudged))


def _uncovered(habits: list[Habit]) -> list[Habit]:
    return [
        habit
        for habit in habits
        if not any(
            other.kind in COVERED.get(habit.kind, ()) and other.start < habit.end and other.end > habit.start
            for other in habits
        )
    ]


def _by_kind(habits: list[Habit]) -> list[tuple[HabitKind, list[Habit]]]:
    return [(kind, group) for kind in RULES if (group := [one for one in habits if one.kind == kind])]


def _merged(kind: HabitKind, habits: list[Habit], time_s: FloatArray) -> Finding:
    first = habits[0]
    largest = max(habits, key=lambda habit: abs(habit.evidence[0].value) if habit.evidence else 0.0)
    evidence = largest.evidence
    lengths_s = [habit.evidence[0].value for habit in habits if habit.evidence and _is_length(habit)]
    if len(lengths_s) > 1:
        evidence = (*evidence, Evidence("total", sum(lengths_s), "s"))
    confidence = float(np.mean([habit.confidence for habit in habits]))
    often = 1 - 0.5 ** max(float(len(habits)), sum(lengths_s) / _SECONDS_PER_TIME)
    rule, advised = RULES[kind], ADVISED[kind]
    return Finding(
        code=kind,
        kind=rule.sort,
        at_s=_at(time_s, first.start),
        until_s=_at(time_s, first.end),
        frames=tuple(Interval(habit.start, habit.end) for habit in habits),
        limbs=largest.limbs,
        evidence=evidence,
        priority=advised.severity * often * confidence,
        confidence=confidence,
        drill=advised.drill,
        basis=rule.strength,
        source=rule.source,
    )


def _is_length(habit: Habit) -> bool:
    return habit.evidence[0].name == "duration"


def _is_told(event: Event) -> bool:
    return event.kind in EVENTS and event.confidence >= LEAST_CONFIDENCE


def _of_event(event: Event, time_s: FloatArray) -> Finding:
    told = EVENTS[event.kind]
    return Finding(
        code=told.code,
        kind=told.kind,
        at_s=_at(time_s, event.start),
        until_s=_at(time_s, event.end),
        frames=(Interval(event.start, event.end),),
        limbs=event.limbs,
        evidence=(),
        priority=told.severity * event.confidence,
        confidence=event.confidence,
        drill="",
        basis="seen",
        source="what happened",
    )


def _speaks(rule: MeasureRule, measure: Measure, measures: Sequence[Measure]) -> bool:
    """The measure has a value past the rule's limit, sure enough, on a climb that is long enough for it."""
    if measure.name != rule.measure or measure.value is None or measure.confidence < LEAST_CONFIDENCE:
        return False
    reaches = next((one.value for one in measures if one.name == "reach_count"), None)
    return measure.value >= rule.at_least and (reaches or 0.0) >= rule.reaches


def _of_measure(rule: MeasureRule, measure: Measure, time_s: FloatArray) -> Finding:
    start = min((interval.start for interval in measure.frames), default=0)
    end = max((interval.end for interval in measure.frames), default=0)
    value = 0.0 if measure.value is None else measure.value
    return Finding(
        code=rule.code,
        kind=rule.kind,
        at_s=_at(time_s, start),
        until_s=_at(time_s, end),
        frames=(Interval(start, end),),
        limbs=(),
        evidence=(Evidence(measure.name, value, measure.unit),),
        priority=rule.severity * measure.confidence,
        confidence=measure.confidence,
        drill=rule.drill,
        basis=rule.basis,
        source=measure.source,
    )


def _first_three(ranked: list[Finding]) -> list[Finding]:
    """Faults and strengths by priority; the last place goes to the best strength where none is among them."""
    candidates = [finding for finding in ranked if finding.kind != "note"]
    top = candidates[:TOP]
    strengths = [finding for finding in candidates if finding.kind == "strength"]
    if strengths and not any(finding.kind == "strength" for finding in top):
        top = [*top[: TOP - 1], strengths[0]]
    return top


def _blanks(unjudged: tuple[Unjudged, ...]) -> tuple[Blank, ...]:
    kinds: dict[WhyUnjudged, list[HabitKind]] = {}
    for one in unjudged:
        kinds.setdefault(one.reason, []).append(one.kind)
    return tuple(Blank(tuple(some), reason) for reason, some in kinds.items())


def _at(time_s: FloatArray, frame: int) -> float:
    return float(time_s[min(frame, len(time_s) - 1)]) if len(time_s) else 0.0
