"""Bodies of the coaching endpoints. Times are seconds of the clip, frames half-open intervals."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.climbing.limbs import Limb
from ascension.climbing.record import EventKind, MoveKind, Outcome

Frames = tuple[int, int]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class Span(_Body):
    """A stretch of the clip."""

    start_frame: int
    end_frame: int
    start_s: float
    end_s: float


class DrillRead(_Body):
    title: str
    how: str


class EvidenceRead(_Body):
    """A number that a sentence rests on."""

    name: str
    value: float
    unit: str


class FindingRead(_Body):
    """One thing to tell the climber. The texts are plain text in the language that was asked for."""

    code: str
    kind: Literal["fault", "strength", "note"]
    title: str
    sentence: str
    wording: Literal["rules", "model"] = Field(
        description="Who wrote the sentence: our rules, or a language model that was given theirs."
    )
    why: str
    basis: str = Field(description="How strong the source is that says it matters.")
    drill: DrillRead | None
    at_s: float = Field(description="Where it is to be seen first.")
    until_s: float
    spans: list[Span] = Field(description="Every time that it was seen.")
    limbs: list[Limb]
    evidence: list[EvidenceRead]
    priority: float
    confidence: float
    source: str


class BlankRead(_Body):
    """What could not be judged, and why."""

    codes: list[str]
    reason: str
    sentence: str


class AdviceRead(_Body):
    top: list[FindingRead] = Field(description="The first three, one of them a strength where there is any.")
    further: list[FindingRead]
    blanks: list[BlankRead]


class PartRead(_Body):
    """A measure's share of an axis."""

    measure: str
    value: float
    points: float
    weight: float


class AxisRead(_Body):
    axis: str
    value: float | None = Field(description="0-100; null exactly where there is a reason.")
    confidence: float
    weight: float = Field(description="Of the axis in the score.")
    weak: bool = Field(description="Only weakly visible in a video.")
    reason: str | None = Field(description="Why there is no value: a code.")
    sentence: str | None = Field(description="The same in the language that was asked for.")
    parts: list[PartRead]
    missing: list[str] = Field(description="Measures of this axis without a value.")


class ScoreRead(_Body):
    value: float | None
    confidence: float
    axes: list[AxisRead]


class MeasureRead(_Body):
    """One number with unit, confidence and source, or the reason why there is none."""

    id: str
    name: str
    value: float | None
    unit: str
    confidence: float
    frames: list[Frames]
    source: str
    reason: str = Field(
        description="Why there is no value, in the language that was asked for; empty where there is one."
    )
    reason_code: str = Field(
        description="The same as a stable code; in results from before there were codes an English sentence."
    )


class MoveRead(_Body):
    """One end from one contact to the next; lengths in the unit of the climb."""

    number: int
    limb: Limb
    kind: MoveKind
    from_hold: int | None
    to_hold: int | None
    prepared: Span
    reached: Span
    settled: Span
    distance: float
    confidence: float


class EventRead(_Body):
    kind: EventKind
    span: Span
    limbs: list[Limb]
    confidence: float


class AttemptRead(_Body):
    """One attempt, and everything that is said of it."""

    span: Span
    outcome: Outcome
    reason: str = Field(description="Why it ended there, in the language that was asked for.")
    reason_code: str = Field(description="The same as a stable code.")
    score: ScoreRead
    advice: AdviceRead
    measures: list[MeasureRead]
    moves: list[MoveRead]
    events: list[EventRead]


class WordedRead(_Body):
    """The language model that wrote the sentences whose `wording` is `model`."""

    model: str
    at: datetime


class CoachingRead(_Body):
    language: Language
    worded: WordedRead | None = Field(description="Null where the rules wrote everything.")
    unit: Literal["m", "torso"] | None = Field(description="Of lengths; null where nothing was read.")
    attempts: list[AttemptRead]
    reason: str | None = Field(
        description="Why there is no attempt: `nobody_on_wall`; `no_climb` where no body has a place on the"
        " wall, or in results from before climbs were read (analyze again)."
    )


class PeriodRead(_Body):
    """A week from its Monday, or a month from its first day."""

    start: date
    climbs: int
    value: float = Field(description="The median of the period's climbs.")


class TrendRead(_Body):
    axis: str
    per: Literal["week", "month"]
    periods: list[PeriodRead]
    change_per_period: float | None = Field(description="Null with fewer than three periods.")


class BestRead(_Body):
    name: str
    value: float
    unit: str | None = Field(description="Of a measure; null for axes and the score, which are 0 to 100.")
    day: date
    is_latest: bool


class StepRead(_Body):
    day: date
    value: float | None
    since_first: float | None
    since_last: float | None


class HistoryRead(_Body):
    """A raw measure, climb by climb, in one unit."""

    measure: str
    unit: str | None = Field(
        description="Lengths: that of the latest climb with a known one, `m` or `torso`; null: none is known."
    )
    better: Literal["higher", "lower"]
    other_units: int = Field(
        description="Climbs that are not among `steps`: their value is in another unit or an unknown one."
    )
    steps: list[StepRead]


class RouteRead(_Body):
    """One route: only here are raw numbers compared."""

    id: UUID
    route: str
    climbs: int
    history: list[HistoryRead]
    bests: list[BestRead]


class ProgressRead(_Body):
    climbs: int = Field(description="Attempts that the figures are made of.")
    trends: list[TrendRead]
    bests: list[BestRead] = Field(description="Of each axis and the score, over all routes.")
    routes: list[RouteRead]
