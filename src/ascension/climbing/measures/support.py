"""Whether the feet carry while a hand reaches: B12, B13."""

from typing import Final

from ascension.climbing.limbs import FEET, LIMBS
from ascension.climbing.measures.material import (
    Found,
    Material,
    NotMeasurableError,
    gate,
    of_contacts,
    of_moves,
    reaches,
)
from ascension.climbing.record import Interval, Move

BEFORE_S: Final = 0.2
"""Feet are set before a reach when they stand this long before it starts."""
_NEARLY_ALL: Final = 0.85
"""The bounds of contacts are off by a tenth of a second: feet that come and go in it have stood."""
LONG_REACH_S: Final = 1.0


def supported_reach_share(material: Material) -> Found:
    before = round(BEFORE_S / material.step_s)
    first = material.attempt.start
    return _standing_share(
        material,
        [Interval(max(move.reach_start - before, first), move.reach_end) for move in material.hand_moves],
    )


def set_feet_share(material: Material) -> Found:
    return _standing_share(
        material, [Interval(move.reach_start, move.reach_start + 1) for move in material.hand_moves]
    )


def long_reach_share(material: Material) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    long = tuple(move for move in moves if _reach_s(material, move) > LONG_REACH_S)
    return Found(100 * len(long) / len(moves), certainty, reaches(long) or material.whole)


def long_reach_time(material: Material) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    long = tuple(move for move in moves if _reach_s(material, move) > LONG_REACH_S)
    total_s = sum(_reach_s(material, move) for move in long)
    return Found(float(total_s), certainty, reaches(long) or material.whole)


def _reach_s(material: Material, move: Move) -> float:
    return material.between_s(move.reach_start, move.reach_end)


def _standing_share(material: Material, windows: list[Interval]) -> Found:
    """Share of hand moves in whose windows both feet stand; windows that hide a foot are left out."""
    certainty = of_moves(material.hand_moves)
    feet = [LIMBS.index(limb) for limb in FEET if limb not in material.body.missing]
    if not feet:
        raise NotMeasurableError("no_feet")
    certainty *= of_contacts(material, FEET)
    first = material.attempt.start
    stood: list[bool] = []
    known: list[Interval] = []
    for window in windows:
        run = slice(window.start - first, window.end - first)
        if material.hidden[run][:, feet].any():
            continue
        stood.append(float(material.on[run][:, feet].all(axis=1).mean()) >= _NEARLY_ALL)
        known.append(window)
    passed = gate(len(known) / len(windows), "feet_seldom_known_at_reaches")
    return Found(100 * sum(stood) / len(stood), certainty * passed, tuple(known))
