"""Habits, findings and measures by hand."""

import numpy as np

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.limbs import Limb
from ascension.climbing.record import Evidence, Habit, HabitKind, Habits, Interval, Measure, Unjudged
from ascension.coaching.findings import Advice, Finding, advice_of

FPS = 30
TIME_S: FloatArray = np.arange(60 * FPS) / FPS


def habit(
    kind: HabitKind,
    start_s: float,
    end_s: float,
    *evidence: tuple[str, float, str],
    limbs: tuple[Limb, ...] = (Limb.LEFT_FOOT,),
    confidence: float = 0.9,
) -> Habit:
    numbers = tuple(Evidence(*one) for one in evidence)
    return Habit(kind, round(start_s * FPS), round(end_s * FPS), limbs, numbers, confidence)


def bent(start_s: float, lasted_s: float, confidence: float = 0.9) -> Habit:
    return habit(
        "bent_arm_hold",
        start_s,
        start_s + lasted_s,
        ("duration", lasted_s, "s"),
        ("elbow", 95.0, "deg"),
        confidence=confidence,
    )


def measure(name: str, value: float | None, unit: str = "%", confidence: float = 0.9) -> Measure:
    reason = "" if value is not None else "not measurable from this view, because nobody was seen"
    return Measure("B00", name, value, unit, confidence, (Interval(0, 300),), "a paper", reason)


def advice(*habits: Habit, measures: tuple[Measure, ...] = (), unjudged: tuple[Unjudged, ...] = ()) -> Advice:
    return advice_of(Habits(habits, unjudged), measures, (), TIME_S)


def found(*habits: Habit) -> Finding:
    """The one finding that these habits make."""
    (finding,) = advice(*habits).all
    return finding
