"""Bodies of the comparison endpoints, and what a comparison's job stores.

Every difference and cost is second minus first: above 0 the second spent more. Frames are half-open.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ascension.analyses.schemas import State, failure_of, state_of
from ascension.climbing.comparison.record import (
    DifferenceKind,
    PieceKind,
    Quicker,
    Who,
    WhyNotCompared,
)
from ascension.climbing.limbs import Limb
from ascension.climbing.record import Outcome
from ascension.coaching.schemas import Span
from ascension.comparisons.queries import Compared, Comparison
from ascension.infra.http.body import ErrorBody, RequestBody

MOST_ATTEMPTS = 1000


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class AttemptChoice(RequestBody):
    """One attempt of an analysis: yours, or of a climber whom you coach."""

    analysis_id: UUID
    attempt: int = Field(default=1, ge=1, le=MOST_ATTEMPTS, description="From 1, in the order of the clip.")


class ComparisonCreate(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "first": {"analysis_id": "01a20003-1f0a-7c11-8f5c-6f4b0d3c9b11", "attempt": 1},
                    "second": {"analysis_id": "01a20007-55d1-7be2-9c41-0f2b6a7d8e90", "attempt": 1},
                }
            ]
        }
    )

    first: AttemptChoice
    second: AttemptChoice


class SideRead(_Body):
    """One of the two attempts."""

    span: Span
    part: Span = Field(description="The part of it that both climbed.")
    outcome: Outcome


class WallMatchRead(_Body):
    """How the second's wall lies on the first's."""

    method: Literal["same_analysis", "picture"]
    second_to_first: Annotated[list[float], Field(min_length=9, max_length=9)] = Field(
        description="3x3, row by row: wall pixels of the second's result to wall pixels of the first's."
    )
    inliers: int | None = Field(description="Points of both pictures that agree; null: same analysis.")
    residual_px: float = Field(description="Median distance of these from their places, in the first's wall.")
    residual_cm: float | None = Field(description="The same on the wall; null where the scale is not known.")
    confidence: float


class PieceRead(_Body):
    """A stretch of the way through both clips. Pieces follow each other without gaps."""

    kind: PieceKind = Field(
        description="`first_only`: nothing in the second corresponds, it waits; likewise second_only."
    )
    knots: list[tuple[int, int]] = Field(
        description="Frame of the first, frame of the second; neither ever falls, between two lies a line."
    )


class SharedHoldRead(_Body):
    """A hold that one or both used; places are on the first's wall, in `unit`, x right, y up."""

    number: int = Field(description="In the order of first use.")
    first_id: int | None = Field(description="Its id in the first's result; null: not used there.")
    second_id: int | None
    x: float
    y: float
    apart: float | None = Field(description="How far the two lie apart after the matching of the walls.")
    confidence: float


class SectionRead(_Body):
    """From one hold that both grip to the next."""

    number: int
    from_hold: int | None = Field(description="A number of `holds`; null: where the attempt begins.")
    to_hold: int | None = Field(description="Null: where the attempt ends.")
    first: Span
    second: Span
    first_s: float
    second_s: float
    difference_s: float
    first_still_s: float | None = Field(description="Of it at rest; null: the body was not seen well enough.")
    second_still_s: float | None
    first_path: float | None = Field(description="Way of the center of mass, in `unit`.")
    second_path: float | None
    difference_path: float | None
    quicker: Quicker = Field(description="`even`: within 0.2 s.")


class DifferenceRead(_Body):
    """One thing that is not the same in both."""

    number: int
    kind: DifferenceKind
    who: Who = Field(description="Whose attempt has it; `both`: each has its own, as with other_hold.")
    section: int | None
    first: Span | None = Field(
        description="Where it is; empty (start = end) where it would be; null: nothing corresponds."
    )
    second: Span | None
    limbs: list[Limb]
    holds: list[int] = Field(
        description="Numbers of `holds` that it is about; of other_hold first's, then second's."
    )
    before_hold: int | None = Field(description="What the hands of both grip next.")
    cost_s: float | None = Field(description="What the second spent more on it; null: cannot be said.")
    cost_path: float | None = Field(description="What the second's center of mass went more, in `unit`.")
    confidence: float


class ComparedMeasureRead(_Body):
    """One measure of the part that both climbed."""

    id: str
    name: str
    unit: str
    first: float | None
    second: float | None
    first_confidence: float
    second_confidence: float
    difference: float | None
    reason: WhyNotCompared | None = Field(description="Why there is no difference; null where there is one.")


class HeadlineRead(_Body):
    """The way to the last hold that both grip in one line: what comes after it is left out."""

    first_s: float
    second_s: float
    difference_s: float
    quicker: Quicker
    main: int | None = Field(
        description="Number of the difference that costs the most time to the slower one; null: none does."
    )
    main_kind: DifferenceKind | None
    main_cost_s: float | None


class ComparisonResult(_Body):
    """What differs, where, and what it cost. Costs of different lines may lie in the same time: no sum."""

    schema_version: Literal[1] = 1
    unit: Literal["m", "torso"] = Field(description="Of all lengths here: meters, or torso lengths.")
    first: SideRead
    second: SideRead
    is_whole: bool = Field(description="What both climbed is all of both attempts.")
    wall: WallMatchRead
    headline: HeadlineRead
    pieces: list[PieceRead]
    holds: list[SharedHoldRead]
    sections: list[SectionRead]
    differences: list[DifferenceRead] = Field(description="In the order in which they come.")
    measures: list[ComparedMeasureRead]


class ComparedRead(_Body):
    """Which attempt was compared."""

    analysis_id: UUID
    attempt: int
    climber: str | None = Field(description="Whom you coach; null: yourself.")
    video_id: UUID | None = Field(description="Null where it is not yours: read it below `/shared/analyses`.")
    file_name: str
    route: str | None
    created_at: datetime = Field(description="Of the analysis.")

    @classmethod
    def of(cls, row: Compared) -> "ComparedRead":
        """The answer for one side."""
        return cls.model_validate(row, from_attributes=True)


class ComparisonBrief(_Body):
    """A comparison without its result."""

    id: UUID
    first: ComparedRead
    second: ComparedRead
    state: State
    stage: str | None
    progress_pct: int
    failure: ErrorBody | None
    stale: bool = Field(
        description="An analysis was corrected or made anew since: POST the same again to compare anew."
    )
    headline: HeadlineRead | None
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Comparison) -> "ComparisonBrief":
        """The answer for one row; a headline that this release cannot read is left out, and stale."""
        brief = _brief(row)
        try:
            return cls.model_validate({**brief, "headline": row.headline})
        except ValidationError:
            return cls.model_validate({**brief, "stale": True})


class ComparisonRead(ComparisonBrief):
    """A comparison; its result is there when the state is completed, and stays while it is made anew."""

    result: ComparisonResult | None

    @classmethod
    def of(cls, row: Comparison) -> "ComparisonRead":
        """The answer for one row; a result that this release cannot read is left out, and stale."""
        brief = _brief(row)
        try:
            return cls.model_validate({**brief, "headline": row.headline, "result": row.result})
        except ValidationError:
            return cls.model_validate({**brief, "stale": True, "result": None})


class ComparisonList(_Body):
    items: list[ComparisonBrief] = Field(description="All that you made, newest first.")


def _brief(row: Comparison) -> dict[str, object]:
    state = state_of(row.job_state)
    return {
        "id": row.id,
        "first": ComparedRead.of(row.first),
        "second": ComparedRead.of(row.second),
        "state": state,
        "stage": row.stage,
        "progress_pct": row.progress_pct,
        "failure": failure_of(row.failure_code, row.failure_detail) if state == "failed" else None,
        "stale": row.stale,
        "headline": None,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
