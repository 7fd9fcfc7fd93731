"""The part of a result that says what the climber did, as it is stored in the header."""

from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from ascension.climbing.body import Body, with_body
from ascension.climbing.climb import Climb
from ascension.climbing.measures.definitions import DEFINITIONS
from ascension.climbing.motion import Motion, Unit
from ascension.climbing.record import (
    Attempt,
    Contact,
    Event,
    Evidence,
    FourLoads,
    Habits,
    Interval,
    LimbLoads,
    Measure,
    Move,
    UsedHold,
)

_DIGITS: Final = 3
"""Places on the wall to a millimeter, confidence to a thousandth."""
_KNOWN: Final = {definition.name: definition for definition in DEFINITIONS}


class Part(BaseModel):
    """A piece of a result's header; readers ignore what newer writers add."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class MeasurePart(Part):
    """A measure; number and source follow from its name, see docs/guides/measures.md."""

    name: str
    value: float | None
    unit: str
    confidence: float = Field(ge=0, le=1)
    frames: tuple[tuple[int, int], ...]
    reason: str
    reason_numbers: tuple[Evidence, ...] = ()


class AttemptPart(Part):
    """One attempt with what was measured of it."""

    attempt: Attempt
    measures: tuple[MeasurePart, ...]
    habits: Habits
    loads: LimbLoads | None = None
    """None: from before they were stored."""


class ClimbPart(Part):
    """Everything that was read from the skeleton. Frames are [start, end), lengths in `unit` on the wall."""

    unit: Unit
    torso: float = Field(gt=0)
    body: Body
    """What the climber had told about themselves when this was computed."""
    overhang_deg: float | None = None
    """How far the wall leans over the climber, as it was told; 0 vertical, None: not told."""
    holds: tuple[UsedHold, ...]
    contacts: tuple[Contact, ...]
    moves: tuple[Move, ...]
    events: tuple[Event, ...]
    attempts: tuple[AttemptPart, ...]

    @field_serializer("body")
    def _in_order(self, body: Body) -> dict[str, Any]:
        """Sets have no order of their own: the same clip must give the same bytes in every process."""
        return asdict(body) | {"missing": sorted(body.missing), "injured": sorted(body.injured)}


def stored(climb: Climb, body: Body) -> ClimbPart:
    """The climb without its motion, which is in the result's columns."""
    return ClimbPart(
        unit=climb.motion.unit,
        torso=_rounded(climb.motion.torso),
        body=body,
        overhang_deg=climb.motion.overhang_deg,
        holds=_rounded(climb.holds),
        contacts=_rounded(climb.contacts),
        moves=_rounded(climb.moves),
        events=_rounded(climb.events),
        attempts=tuple(
            AttemptPart(
                attempt=_rounded(attempt),
                measures=tuple(_trimmed(measure) for measure in measures),
                habits=_rounded(habits),
                loads=_coarse(loads),
            )
            for attempt, measures, habits, loads in zip(
                climb.attempts, climb.measures, climb.habits, climb.loads, strict=True
            )
        ),
    )


def restored(part: ClimbPart, motion: Motion) -> Climb:
    """The climb on the motion that `deriving.motion_of` reads; without measures that are no longer known."""
    return Climb(
        motion=replace(with_body(motion, part.body), overhang_deg=part.overhang_deg),
        contacts=part.contacts,
        holds=part.holds,
        moves=part.moves,
        events=part.events,
        attempts=tuple(one.attempt for one in part.attempts),
        measures=tuple(measures_of(one) for one in part.attempts),
        habits=tuple(one.habits for one in part.attempts),
        loads=tuple(one.loads for one in part.attempts),
    )


def measures_of(part: AttemptPart) -> tuple[Measure, ...]:
    """The measures of an attempt with number and source; without those that are no longer known."""
    return tuple(_whole(measure) for measure in part.measures if measure.name in _KNOWN)


def _trimmed(measure: Measure) -> MeasurePart:
    return MeasurePart(
        name=measure.name,
        value=None if measure.value is None else float(f"{measure.value:.4g}"),
        unit=measure.unit,
        confidence=round(measure.confidence, 2),
        frames=tuple((interval.start, interval.end) for interval in measure.frames),
        reason=measure.reason,
        reason_numbers=_rounded(measure.reason_numbers),
    )


def _coarse(loads: LimbLoads | None) -> LimbLoads | None:
    """To a hundredth of the body's weight: an estimate is not finer."""
    if loads is None:
        return None
    return replace(
        loads,
        stances=tuple(replace(one, loads=_hundredths(one.loads)) for one in loads.stances),
        confidence=round(loads.confidence, 2),
        reason_numbers=_rounded(loads.reason_numbers),
    )


def _hundredths(loads: FourLoads) -> FourLoads:
    left_hand, right_hand, left_foot, right_foot = (round(load, 2) for load in loads)
    return left_hand, right_hand, left_foot, right_foot


def _whole(part: MeasurePart) -> Measure:
    definition = _KNOWN[part.name]
    return Measure(
        id=definition.id,
        name=part.name,
        value=part.value,
        unit=part.unit,
        confidence=part.confidence,
        frames=tuple(Interval(start, end) for start, end in part.frames),
        source=definition.source,
        reason=part.reason,
        reason_numbers=part.reason_numbers,
    )


def _rounded(value: Any) -> Any:  # noqa: ANN401 -- records of every kind
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, tuple):
        return tuple(_rounded(one) for one in cast("tuple[Any, ...]", value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: _rounded(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changed)
    return value
