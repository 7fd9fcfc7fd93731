"""What a report says, in words, tables and charts; `page.py` and `document.py` only set it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.accounts.choices import Language
from ascension.analyses.result import Result
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.climb import Climb
from ascension.climbing.record import Attempt, Measure, Move
from ascension.coaching.findings import Finding, advice_of
from ascension.coaching.rules import MEASURES
from ascension.coaching.score import Score, score_of
from ascension.coaching.wording import Text, blank_text, ended_text, text_of, unmeasured_text
from ascension.reports.charts import axes_chart, timeline_chart, wall_chart
from ascension.reports.drawing import Drawing
from ascension.reports.order import moves_of, order_of_holds, way_of
from ascension.reports.texts import Texts, texts_of

AT_COLUMN: Final = 1
"""Of a table whose rows are moments."""
_OF_WHOLE_CLIMBS: Final = {rule.code for rule in MEASURES}


@dataclass(frozen=True)
class Table:
    """`wide`: numbers of columns that hold sentences, others are short; `at_s`: the moment of each row."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: tuple[int, ...] = ()
    at_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Advised:
    """A finding in words, and the moments that it is about: none where it is about the whole climb."""

    text: Text
    at_s: tuple[float, ...]


@dataclass(frozen=True)
class Clip:
    """The video that moments are shown in: its name, and its bytes where the report is to hold it."""

    name: str
    data: bytes | None = None


@dataclass(frozen=True)
class Part:
    """One attempt."""

    title: str
    lead: str
    reason: str
    axes: Drawing
    axes_note: str
    top: tuple[Advised, ...]
    further: tuple[Advised, ...]
    blanks: tuple[str, ...]
    moves: Table
    measures: Table
    unmeasured: Table


@dataclass(frozen=True)
class Report:
    """A whole report. `nothing`: why there are no parts, "" where there are."""

    texts: Texts
    title: str
    figures: tuple[tuple[str, str], ...]
    wall: Drawing | None
    timeline: Drawing | None
    parts: tuple[Part, ...]
    warnings: tuple[tuple[str, Language], ...]
    nothing: str = ""
    clip: Clip | None = None


@dataclass(frozen=True)
class Material:
    """What a report is made of. `climb`: what was read from the result, or the sentence why it was not."""

    result: Result
    climb: Climb | str
    clip_name: str
    wall_picture: bytes | None = None
    clip: Clip | None = None


def report_of(material: Material, language: Language) -> Report:
    """The report of an analysis. Remarks on the clip are English in results from before there were others."""
    texts, result, climb = texts_of(language), material.result, material.climb
    warnings = tuple(warning.told(language) for warning in result.facts.warnings)
    read = climb if isinstance(climb, Climb) and climb.attempts else None
    if read is None:
        why = climb if isinstance(climb, str) else "nobody has a place on the wall."
        figures = _figures(material, None, (), texts)
        nothing = texts.label["nothing"].format(reason=why)
        return Report(texts, material.clip_name, figures, None, None, (), warnings, nothing, material.clip)
    scores = tuple(score_of(measures) for measures in read.measures)
    return Report(
        texts=texts,
        title=material.clip_name,
        figures=_figures(material, read, scores, texts),
        wall=_wall(material, read, texts),
        timeline=timeline_chart(read, texts),
        parts=tuple(_part(read, number, score, texts) for number, score in enumerate(scores)),
        warnings=warnings,
        clip=material.clip,
    )


def _figures(
    material: Material, climb: Climb | None, scores: tuple[Score, ...], texts: Texts
) -> tuple[tuple[str, str], ...]:
    label, summary = texts.label, material.result.facts.summary
    rows = [
        (label["duration"], f"{texts.number(summary.duration_s, 1)} s"),
        (label["seen"], label["percent_of_frames"].format(value=texts.number(summary.detection_rate_pct, 1))),
        (label["scale"], _scale(material.result, texts)),
    ]
    if climb is not None:
        values = [(score.value, score.confidence) for score in scores if score.value is not None]
        rows += [
            (label["attempts"], str(len(climb.attempts))),
            (label["holds"], str(len(climb.holds))),
            (label["moves"], str(sum(len(moves_of(climb, attempt)) for attempt in climb.attempts))),
        ]
        if values:
            best, sure = max(values)
            shown = label["out_of"].format(value=texts.number(best, 0), confidence=texts.number(sure, 2))
            rows.append((label["score"], shown))
    return tuple(rows)


def _scale(result: Result, texts: Texts) -> str:
    wall = result.facts.wall
    if wall is None or wall.scale.unit != "m":
        return texts.label["no_scale"]
    error = wall.scale.error_pct
    return (
        texts.label["scale_known"]
        if error is None
        else texts.label["scale_within"].format(error=texts.number(error, 0))
    )


def _wall(material: Material, climb: Climb, texts: Texts) -> Drawing | None:
    wall = material.result.facts.wall
    if wall is None or wall.picture is None or material.wall_picture is None:
        return None
    to_unit: FloatArray = np.array(wall.scale.wall_to_unit).reshape(3, 3)
    return wall_chart(climb, wall.picture, to_unit, material.wall_picture, texts)


def _part(climb: Climb, number: int, score: Score, texts: Texts) -> Part:
    attempt, time_s, language = climb.attempts[number], climb.motion.time_s, texts.language
    events = [event for event in climb.events if attempt.start <= event.start < attempt.end]
    advice = advice_of(climb.habits[number], climb.measures[number], events, time_s)
    when = texts.label["from_to"].format(
        start=texts.clock(_at(time_s, attempt.start)), end=texts.clock(_at(time_s, attempt.end))
    )
    return Part(
        title=texts.label["attempt"].format(number=number + 1),
        lead=f"{texts.outcome[attempt.outcome]}, {when}",
        reason=ended_text(attempt, language),
        axes=axes_chart(score, texts),
        axes_note=" ".join([texts.label["axes_note"], *_weak(score, texts)]),
        top=tuple(_advised(finding, time_s, language) for finding in advice.top),
        further=tuple(_advised(finding, time_s, language) for finding in advice.further),
        blanks=tuple(blank_text(blank, language) for blank in advice.blanks),
        moves=_moves(climb, attempt, texts),
        measures=_measures(climb.measures[number], texts),
        unmeasured=_unmeasured(climb.measures[number], texts),
    )


def _advised(finding: Finding, time_s: FloatArray, language: Language) -> Advised:
    found = () if finding.code in _OF_WHOLE_CLIMBS else finding.frames
    return Advised(text_of(finding, language), tuple(_at(time_s, one.start) for one in found))


def _weak(score: Score, texts: Texts) -> list[str]:
    return [
        texts.titled(texts.axis[axis.axis], texts.label["weak"])
        for axis in score.axes
        if axis.weak and axis.parts
    ]


def _moves(climb: Climb, attempt: Attempt, texts: Texts) -> Table:
    column, order = texts.column, order_of_holds(climb.contacts)
    unit = texts.unit[climb.motion.unit]
    heads = [column[name] for name in ("number", "at", "limb", "kind", "holds")]
    heads += [column[name] for name in ("preparation", "reach", "stabilization")]
    heads += [column["distance"].format(unit=unit), column["confidence"]]
    time_s, moves = climb.motion.time_s, moves_of(climb, attempt)
    rows = (_move(move, number, order, time_s, texts) for number, move in enumerate(moves, 1))
    return Table(tuple(heads), tuple(rows), at_s=tuple(_at(time_s, move.reach_start) for move in moves))


def _move(
    move: Move, number: int, order: dict[int, int], time_s: FloatArray, texts: Texts
) -> tuple[str, ...]:
    edges = (move.preparation_start, move.reach_start, move.reach_end, move.settled)
    lengths_s = np.diff([_at(time_s, frame) for frame in edges])
    return (
        str(number),
        texts.clock(_at(time_s, move.reach_start)),
        texts.limb[move.limb],
        texts.move[move.kind],
        way_of(move, order),
        *(texts.number(float(length_s), 1) for length_s in lengths_s),
        texts.number(move.distance, 2),
        texts.number(move.confidence, 2),
    )


def _measures(measures: Iterable[Measure], texts: Texts) -> Table:
    """Those that have a value."""
    heads = tuple(texts.column[name] for name in ("measure", "value", "unit", "confidence", "source"))
    rows = tuple(
        (
            texts.measure.get(one.name, one.name),
            texts.short(one.value),
            texts.unit.get(one.unit, one.unit),
            texts.number(one.confidence, 2),
            f"{one.id} · {one.source}",
        )
        for one in measures
        if one.value is not None
    )
    return Table(heads, rows, wide=(0, 4))


def _unmeasured(measures: Iterable[Measure], texts: Texts) -> Table:
    """Those that have none, and why."""
    rows = tuple(
        (texts.measure.get(one.name, one.name), f"{one.id} · {unmeasured_text(one, texts.language)}")
        for one in measures
        if one.value is None
    )
    return Table((texts.column["measure"], texts.column["why"]), rows, wide=(0, 1))


def _at(time_s: FloatArray, frame: int) -> float:
    return float(time_s[min(frame, len(time_s) - 1)])
