"""The closed loop: what the truth file says that the climber did, and what the move list says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ascension.analyses.result import Result
from ascension.climbing.limbs import LIMBS
from ascension.climbing.record import Move
from validation import doings
from validation.geometry import Array
from validation.truth import Truth

WITHIN_S: Final = 0.3
"""A limb leaves its place slowly: whoever looks sees it go 0.1-0.2 s after the plan."""
_SAME_S: Final = 1.0
_OF_A_LIMB: Final = ("reach", "readjustment")
_SHORT: Final = ("LH", "RH", "LF", "RF")


@dataclass(frozen=True)
class Planned:
    """One way of a limb, by its place in LIMBS; holds by their numbers, from_hold -1: from the floor."""

    limb_number: int
    from_hold: int
    to_hold: int
    begin_s: float
    end_s: float


@dataclass(frozen=True)
class PlanFigures:
    """One scene.

    planned:  ways of limbs to a hold that the file tells, begun somewhere, arrived 0.1 s before the clip ends
    right:    of them those that the move list tells: limb, from, to, begin and end within 0.3 s
    differs:  the others, and what is told that was not planned, in words
    off_s:    of those right: how far begin and end are off, without sign
    """

    scene: str
    planned: int
    right: int
    made_up: int
    off_s: tuple[float, ...] = ()
    differs: tuple[str, ...] = field(default=())


def evaluate(scene: str, result: Result, truth: Truth) -> PlanFigures:
    """The move list of a result beside the events of its clip's truth. Raises ValueError without a climb."""
    climb = result.facts.climb
    if climb is None:
        raise ValueError(f"{scene}: no climb")
    holds = doings.nearest_holds(result, climb, truth)
    free, time_s = list(climb.moves), truth.time_s
    right, off_s, differs = 0, list[float](), list[str]()
    planned = list(plan_of(truth))
    for one in planned:
        move = _nearest(one, free, time_s)
        if move is None:
            differs.append(f"missed {_words(one, truth)}")
            continue
        free.remove(move)
        told = _told(move, holds, time_s)
        apart_s = (abs(told.begin_s - one.begin_s), abs(told.end_s - one.end_s))
        if (told.from_hold, told.to_hold) == (one.from_hold, one.to_hold) and max(apart_s) <= WITHIN_S:
            right += 1
            off_s += apart_s
        else:
            differs.append(f"{_words(one, truth)} told as {_words(told, truth)}")
    differs += [f"made up {_words(_told(move, holds, time_s), truth)}" for move in free]
    return PlanFigures(scene, len(planned), right, len(free), tuple(off_s), tuple(differs))


def plan_of(truth: Truth) -> Iterator[Planned]:
    """In order of time. Without what has not arrived, or at once before the clip ends.

    A limb that was in the air since the clip began comes from nowhere: no move.
    """
    floor = doings.on_floor(truth)
    rows = zip(truth.event_kinds, truth.event_limbs, truth.event_times_s, truth.event_holds, strict=True)
    for kind, limb, (begin_s, end_s), hold in rows:
        if kind not in _OF_A_LIMB or end_s > truth.time_s[-1] - doings.SHORTEST_S:
            continue
        until = int((truth.time_s <= begin_s).sum())
        touched = truth.contact_hold[:until, limb]
        stood = np.flatnonzero((touched >= 0) | floor[:until, limb])
        if len(stood):
            yield Planned(int(limb), int(touched[stood[-1]]), int(hold), float(begin_s), float(end_s))


def _nearest(one: Planned, free: list[Move], time_s: Array) -> Move | None:
    """The move of the same limb that ends nearest, at most a second away."""
    own = [
        (abs(float(time_s[move.reach_end]) - one.end_s), move.reach_end, move)
        for move in free
        if LIMBS.index(move.limb) == one.limb_number
    ]
    away_s, _, move = min(own, default=(np.inf, 0, None), key=lambda pair: pair[:2])
    return move if away_s <= _SAME_S else None


def _told(move: Move, holds: dict[int, int], time_s: Array) -> Planned:
    def true_hold(hold: int | None) -> int:
        return -1 if hold is None else holds.get(hold, -2)

    return Planned(
        LIMBS.index(move.limb),
        true_hold(move.from_hold),
        true_hold(move.to_hold),
        float(time_s[move.reach_start]),
        float(time_s[move.reach_end]),
    )


def _words(one: Planned, truth: Truth) -> str:
    names = {-1: "floor or bare wall", -2: "a place without hold"}
    begin, end = (names.get(hold) or str(truth.hold_ids[hold]) for hold in (one.from_hold, one.to_hold))
    return f"{_SHORT[one.limb_number]} {begin} to {end} {one.begin_s:.1f}-{one.end_s:.1f} s"
