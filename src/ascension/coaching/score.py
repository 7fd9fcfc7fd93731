"""Six axes of 0-100 and a score from measures, with published weights: docs/guides/score.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from ascension.climbing.record import Measure

Axis = Literal["technique", "pace", "footwork", "fluency", "efficiency", "endurance"]
AXES: Final[tuple[Axis, ...]] = get_args(Axis)
AxisReason = Literal["too_little_measured", "too_few_moves"]

WEIGHTS: Final[dict[Axis, float]] = {
    "technique": 0.30,
    "pace": 0.25,
    "footwork": 0.17,
    "fluency": 0.12,
    "efficiency": 0.10,
    "endurance": 0.06,
}
"""Technique explains 61 %, pace 52 %, entropy 16 % of ability (Taylor 2020, IJSPP 15:795): the first two
weigh most, and entropy, which differs from route to route, is not in the score at all. The rest is ours."""

WEAK: Final[frozenset[Axis]] = frozenset({"endurance"})
"""Only weakly visible in a video."""

LEAST_MEASURED: Final = 0.5
"""Of an axis's weight, and of the score's."""
FEWEST_REACHES: Final = 3


@dataclass(frozen=True)
class Part:
    """A measure's share of an axis: `worst` or worse gives 0 points, `best` or better 100, a line in between.

    per: another measure by which it is divided, so that long climbs compare with short ones
    """

    measure: str
    weight: float
    worst: float
    best: float
    per: str = ""

    def points(self, value: float) -> float:
        """0-100"""
        return float(np.clip(100 * (value - self.worst) / (self.best - self.worst), 0, 100))


PARTS: Final[dict[Axis, tuple[Part, ...]]] = {
    "technique": (
        Part("set_feet_share", 0.35, worst=30, best=95),
        Part("supported_reach_share", 0.25, worst=30, best=95),
        Part("straight_arm_share", 0.25, worst=5, best=70),
        Part("shoulder_relaxing_share", 0.15, worst=10, best=80),
    ),
    "pace": (
        Part("pace", 0.60, worst=4, best=24),
        Part("immobility_share", 0.40, worst=70, best=15),
    ),
    "footwork": (
        Part("foot_replacements", 0.45, worst=0.6, best=0.0, per="reach_count"),
        Part("foot_cut_count", 0.35, worst=0.4, best=0.0, per="reach_count"),
        Part("foot_taps", 0.20, worst=0.6, best=0.0, per="reach_count"),
    ),
    "fluency": (
        Part("reach_sparc", 0.60, worst=-3.0, best=-1.5),
        Part("grip_readjustments", 0.40, worst=0.6, best=0.0, per="reach_count"),
    ),
    "efficiency": (
        Part("bent_hold_longest", 0.50, worst=10, best=1),
        Part("exploration_ratio", 0.50, worst=1.0, best=0.0),
    ),
    "endurance": (Part("tempo_decay", 1.0, worst=0.5, best=0.0),),
}
"""The limits are ours until enough climbs are measured to replace them by percentiles."""


@dataclass(frozen=True)
class PartScore:
    """One measure in an axis; `value` after the division, where there is one."""

    measure: str
    value: float
    points: float
    weight: float


@dataclass(frozen=True)
class AxisScore:
    """One axis; value None exactly where there is a reason. `missing`: measures without a value."""

    axis: Axis
    value: float | None
    confidence: float
    weak: bool
    parts: tuple[PartScore, ...]
    missing: tuple[str, ...]
    reason: AxisReason | None = None


@dataclass(frozen=True)
class Score:
    """The axes in the order of AXES and their weighted mean; None: under half of the weight is measured."""

    value: float | None
    confidence: float
    axes: tuple[AxisScore, ...]


def score_of(measures: Sequence[Measure]) -> Score:
    """The score of one attempt.

    Method: each measure gives 0-100 points on a straight line between two published limits; an axis is the
    weighted mean of its measures, the score that of the axes. What is not measured is left out and lowers
    the confidence; below half of the weight there is no value. A better measure never lowers an axis or the
    score while the same measures have values. Known limit: the limits are ours, so a score compares a climber
    with themselves, not with others.
    """
    by_name = {measure.name: measure for measure in measures}
    axes = tuple(_axis(axis, by_name) for axis in AXES)
    measured = [(axis, value) for axis in axes if (value := axis.value) is not None]
    weight = sum(WEIGHTS[axis.axis] for axis, _ in measured)
    if weight < LEAST_MEASURED:
        return Score(None, 0.0, axes)
    value = sum(WEIGHTS[axis.axis] * value for axis, value in measured) / weight
    confidence = sum(WEIGHTS[axis.axis] * axis.confidence for axis, _ in measured)
    return Score(value, confidence, axes)


def _axis(axis: Axis, by_name: dict[str, Measure]) -> AxisScore:
    found: list[PartScore] = []
    missing: list[str] = []
    confidence = 0.0
    for part in PARTS[axis]:
        told = _value(part, by_name)
        if told is None:
            missing.append(part.measure)
            continue
        value, sure = told
        found.append(PartScore(part.measure, value, part.points(value), part.weight))
        confidence += part.weight * sure
    weight = sum(part.weight for part in found)
    weak, parts = axis in WEAK, tuple(found)
    reason: AxisReason | None = None
    if (_known(by_name, "reach_count") or 0.0) < FEWEST_REACHES:
        reason = "too_few_moves"
    elif weight < LEAST_MEASURED:
        reason = "too_little_measured"
    if reason is not None:
        return AxisScore(axis, None, 0.0, weak, parts, tuple(missing), reason)
    value = sum(part.weight * part.points for part in parts) / weight
    return AxisScore(axis, value, confidence, weak, parts, tuple(missing))


def _value(part: Part, by_name: dict[str, Measure]) -> tuple[float, float] | None:
    """Value and confidence of a part; None: it, or what it is divided by, is not measured."""
    value = _known(by_name, part.measure)
    if value is None:
        return None
    if not part.per:
        return value, by_name[part.measure].confidence
    divisor = _known(by_name, part.per)
    if divisor is None or divisor <= 0:
        return None
    return value / divisor, min(by_name[part.measure].confidence, by_name[part.per].confidence)


def _known(by_name: dict[str, Measure], name: str) -> float | None:
    return by_name[name].value if name in by_name else None
