"""From stored result bytes to the answer of the coaching endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascension.accounts.choices import Language, Units
from ascension.analyses.climb_part import AttemptPart, ClimbPart, measures_of
from ascension.analyses.result import read_facts
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.record import Attempt, Event, Interval, Measure, Move
from ascension.coaching.findings import Advice, Blank, Finding, advice_of
from ascension.coaching.model_wording import Wording, said
from ascension.coaching.schemas import (
    AdviceRead,
    AttemptRead,
    AxisRead,
    BlankRead,
    CoachingRead,
    DrillRead,
    EventRead,
    EvidenceRead,
    FindingRead,
    MeasureRead,
    MoveRead,
    PartRead,
    ScoreRead,
    Span,
    WordedRead,
)
from ascension.coaching.score import WEIGHTS, AxisScore, Score, score_of
from ascension.coaching.wording import axis_text, blank_text, ended_text, text_of, unmeasured_text


@dataclass(frozen=True)
class _Voice:
    """In which language and units things are said, and what a model wrote in it."""

    language: Language
    wording: Wording | None = None
    units: Units = "metric"


def coaching_of(
    data: bytes, language: Language, wording: Wording | None = None, units: Units = "metric"
) -> CoachingRead:
    """Score, advice, measures and moves of every attempt of a stored result.

    Read from its header alone, so a long clip costs no more than its text. Raises ValueError as
    `result.decode` does.
    """
    facts, time_s = read_facts(data)
    if facts.climb is None:
        return CoachingRead(language=language, worded=None, unit=None, attempts=[], reason="no_climb")
    voice = _Voice(language, wording, units)
    attempts = [_attempt(facts.climb, one, time_s, voice) for one in facts.climb.attempts]
    findings = [one for attempt in attempts for one in (*attempt.advice.top, *attempt.advice.further)]
    is_worded = any(one.wording == "model" for one in findings)
    return CoachingRead(
        language=language,
        worded=WordedRead(model=wording.model, at=wording.worded_at) if wording and is_worded else None,
        unit=facts.climb.unit,
        attempts=attempts,
        reason=None if attempts else "nobody_on_wall",
    )


def first_sentences(data: bytes, language: Language) -> list[str]:
    """What the rules say first of every attempt, each sentence once. Raises ValueError as `result.decode`."""
    facts, time_s = read_facts(data)
    climb = facts.climb
    if climb is None:
        return []
    found = [one for part in climb.attempts for one in _advice(climb, part, time_s).top]
    return list(dict.fromkeys(text_of(one, language).sentence for one in found))


def _events(climb: ClimbPart, attempt: Attempt) -> list[Event]:
    return [one for one in climb.events if attempt.start <= one.start < attempt.end]


def _advice(climb: ClimbPart, part: AttemptPart, time_s: FloatArray) -> Advice:
    return advice_of(part.habits, measures_of(part), _events(climb, part.attempt), time_s)


def _attempt(climb: ClimbPart, part: AttemptPart, time_s: FloatArray, voice: _Voice) -> AttemptRead:
    attempt, measures, language = part.attempt, measures_of(part), voice.language
    moves = [one for one in climb.moves if attempt.start <= one.reach_start < attempt.end]
    advice = _advice(climb, part, time_s)
    return AttemptRead(
        span=_span(attempt.start, attempt.end, time_s),
        outcome=attempt.outcome,
        reason=ended_text(attempt, language, voice.units),
        reason_code=attempt.reason,
        score=_score(score_of(measures), language),
        advice=AdviceRead(
            top=[_finding(one, time_s, voice) for one in advice.top],
            further=[_finding(one, time_s, voice) for one in advice.further],
            blanks=[_blank(one, language) for one in advice.blanks],
        ),
        measures=[_measure(one, voice) for one in measures],
        moves=[_move(number, one, time_s) for number, one in enumerate(moves, 1)],
        events=[_event(one, time_s) for one in _events(climb, attempt)],
    )


def _span(start: int, end: int, time_s: FloatArray) -> Span:
    """Ends where the next frame begins; the last one where the clip's last frame begins."""
    at = np.clip([start, end], 0, len(time_s) - 1)
    return Span(
        start_frame=start,
        end_frame=end,
        start_s=round(float(time_s[at[0]]), 3),
        end_s=round(float(time_s[at[1]]), 3),
    )


def _spans(intervals: Sequence[Interval], time_s: FloatArray) -> list[Span]:
    return [_span(one.start, one.end, time_s) for one in intervals]


def _score(score: Score, language: Language) -> ScoreRead:
    axes = [_axis(one, language) for one in score.axes]
    return ScoreRead(value=score.value, confidence=score.confidence, axes=axes)


def _axis(axis: AxisScore, language: Language) -> AxisRead:
    return AxisRead(
        axis=axis.axis,
        value=axis.value,
        confidence=axis.confidence,
        weight=WEIGHTS[axis.axis],
        weak=axis.weak,
        reason=axis.reason,
        sentence=axis_text(axis.reason, language) if axis.reason else None,
        parts=[
            PartRead(measure=one.measure, value=one.value, points=one.points, weight=one.weight)
            for one in axis.parts
        ],
        missing=list(axis.missing),
    )


def _finding(finding: Finding, time_s: FloatArray, voice: _Voice) -> FindingRead:
    text = text_of(finding, voice.language, voice.units)
    sentence, source = said(text.sentence, voice.wording, voice.language)
    return FindingRead(
        code=finding.code,
        kind=finding.kind,
        title=text.title,
        sentence=sentence,
        wording=source,
        why=text.why,
        basis=text.basis,
        drill=DrillRead(title=text.drill_title, how=text.drill) if text.drill else None,
        at_s=round(finding.at_s, 3),
        until_s=round(finding.until_s, 3),
        spans=_spans(finding.frames, time_s),
        limbs=list(finding.limbs),
        evidence=[EvidenceRead(name=one.name, value=one.value, unit=one.unit) for one in finding.evidence],
        priority=finding.priority,
        confidence=finding.confidence,
        source=finding.source,
    )


def _blank(blank: Blank, language: Language) -> BlankRead:
    return BlankRead(codes=list(blank.codes), reason=blank.reason, sentence=blank_text(blank, language))


def _measure(measure: Measure, voice: _Voice) -> MeasureRead:
    return MeasureRead(
        id=measure.id,
        name=measure.name,
        value=measure.value,
        unit=measure.unit,
        confidence=measure.confidence,
        frames=[(one.start, one.end) for one in measure.frames],
        source=measure.source,
        reason=unmeasured_text(measure, voice.language, voice.units),
        reason_code=measure.reason,
    )


def _move(number: int, move: Move, time_s: FloatArray) -> MoveRead:
    return MoveRead(
        number=number,
        limb=move.limb,
        kind=move.kind,
        from_hold=move.from_hold,
        to_hold=move.to_hold,
        prepared=_span(move.preparation_start, move.reach_start, time_s),
        reached=_span(move.reach_start, move.reach_end, time_s),
        settled=_span(move.reach_end, move.settled, time_s),
        distance=move.distance,
        confidence=move.confidence,
    )


def _event(event: Event, time_s: FloatArray) -> EventRead:
    return EventRead(
        kind=event.kind,
        span=_span(event.start, event.end, time_s),
        limbs=list(event.limbs),
        confidence=event.confidence,
    )
