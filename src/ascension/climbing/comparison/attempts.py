"""Two attempts on one wall beside each other: aligned by holds and progress, not by time."""

from collections.abc import Sequence

from ascension.climbing.comparison.differences import Setting, differences_of
from ascension.climbing.comparison.holds import shared_holds
from ascension.climbing.comparison.measures import compared_measures
from ascension.climbing.comparison.order import Alignment, aligned
from ascension.climbing.comparison.record import Comparison
from ascension.climbing.comparison.sections import sections_of, stops_of
from ascension.climbing.comparison.sides import Grip, Side, Tried, grips_of, side_of
from ascension.climbing.comparison.way import way_of
from ascension.climbing.limbs import FEET, HANDS, Limb
from ascension.climbing.measures.material import NotMeasurableError
from ascension.climbing.record import Interval


def compare(first: Tried, second: Tried, certainty: float) -> Comparison:
    """What the second attempt did otherwise than the first, where, and what it cost.

    certainty: of the walls' matching, 0-1. Raises ValueError where the two have nothing in common: no hand of
    both on one hold, or a body that was hardly seen.

    Known limits: what both do otherwise than they say (a contact that was not seen) is a difference here;
    between holds the attempts are aligned by the center of mass alone.
    """
    try:
        one, two = side_of(first, first), side_of(second, first)
    except NotMeasurableError as error:
        raise ValueError(f"an attempt shows too little of the body: {error}") from error
    holds = shared_holds(one, two, certainty)
    own = grips_of(one, {hold.first_id: hold.number for hold in holds if hold.first_id is not None})
    other = grips_of(two, {hold.second_id: hold.number for hold in holds if hold.second_id is not None})
    hands, feet = (_aligned(one, own, other, limbs) for limbs in (HANDS, FEET))
    stops = stops_of(hands, one, two)
    if not stops:
        raise ValueError("no hand of both is ever on one hold")
    way = way_of(one, two, [(stop.first, stop.second) for stop in stops])
    sections = sections_of(one, two, stops, way)
    if not sections:
        raise ValueError("the two attempts have no stretch in common")
    setting = Setting(one, two, hands, feet, holds, sections, way, certainty)
    (begin, other_begin), (end, other_end) = way.shared
    first_part, second_part = Interval(begin, end), Interval(other_begin, other_end)
    return Comparison(
        holds=holds,
        pieces=way.pieces,
        sections=sections,
        differences=differences_of(setting),
        measures=compared_measures(one, first_part, two, second_part),
        first_part=first_part,
        second_part=second_part,
        is_whole=_is_whole(one, first_part) and _is_whole(two, second_part),
    )


def _aligned(one: Side, own: Sequence[Grip], other: Sequence[Grip], limbs: Sequence[Limb]) -> Alignment:
    return aligned(
        [grip for grip in own if grip.limb in limbs],
        [grip for grip in other if grip.limb in limbs],
        one.tried.climb.motion.torso,
    )


def _is_whole(side: Side, part: Interval) -> bool:
    return part == Interval(side.tried.attempt.start, side.tried.attempt.end)
