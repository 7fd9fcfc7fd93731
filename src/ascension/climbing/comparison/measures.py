"""The measures that may be compared on one route, of the part that both attempts climbed."""

from dataclasses import replace
from typing import Final

from ascension.climbing.comparison.record import ComparedMeasure, WhyNotCompared
from ascension.climbing.comparison.sides import Side
from ascension.climbing.measures.definitions import DEFINITIONS, measure
from ascension.climbing.measures.material import material_of
from ascension.climbing.record import Interval, Measure

_COMPARED: Final = (
    "geometric_entropy", "excess_path", "pace", "immobility_share", "plateau_longest", "hip_sparc",
    "straight_arm_share", "bent_hold_time", "supported_reach_share", "preparation_time", "reaching_time",
    "stabilization_time", "reach_count", "grip_readjustments", "foot_replacements", "foot_cut_count",
    "height_work", "hand_load_estimate", "dynamic_count", "holds_used", "rest_time",
)  # fmt: skip
"""Of one thing one measure. Not: shares of the route, asymmetries, trends, what happened before the start."""


def compared_measures(
    first: Side, first_part: Interval, second: Side, second_part: Interval
) -> tuple[ComparedMeasure, ...]:
    """The same measures of both, computed of the same part of the route.

    Counts, ways and work depend on how far somebody got: of whole attempts they could not be compared.
    """
    theirs = {one.name: one for one in _measured(second, second_part)}
    return tuple(_beside(one, theirs[one.name]) for one in _measured(first, first_part))


def _measured(side: Side, part: Interval) -> tuple[Measure, ...]:
    attempt = replace(side.tried.attempt, start=part.start, end=part.end)
    climb = side.tried.climb
    everything = replace(side.material, contacts=climb.contacts, moves=climb.moves, events=climb.events)
    material = material_of(everything, attempt)
    return tuple(measure(one, material) for one in DEFINITIONS if one.name in _COMPARED)


def _beside(one: Measure, other: Measure) -> ComparedMeasure:
    reason = _reason(one, other)
    difference = None
    if reason is None and one.value is not None and other.value is not None:
        difference = other.value - one.value
    return ComparedMeasure(
        id=one.id,
        name=one.name,
        unit=one.unit,
        first=one.value,
        second=other.value if other.unit == one.unit else None,
        first_confidence=one.confidence,
        second_confidence=other.confidence,
        difference=difference,
        reason=reason,
    )


def _reason(one: Measure, other: Measure) -> WhyNotCompared | None:
    if one.value is None and other.value is None:
        return "unknown_in_both"
    if one.value is None:
        return "unknown_in_first"
    if other.value is None:
        return "unknown_in_second"
    return None if one.unit == other.unit else "other_unit"
