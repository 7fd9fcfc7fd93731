"""Which holds were used: the places where hands and feet rested, over all limbs and the whole clip."""

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import scipy

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.limbs import END_LANDMARKS, HANDS, LIMBS, Limb
from ascension.climbing.motion import Motion
from ascension.climbing.record import UsedHold

_ONE_HOLD_TORSO: Final = 0.3
"""Rests that are nearer are on one hold. Two limbs on one true hold are up to 0.26 apart, on two 0.33."""
_OF_ONE_LIMB: Final = 1.35
"""Of one limb they scatter less, as what is off is off in both, so that their distance counts more: on one
true hold they are up to 0.17 apart, on two from 0.28. docs/decisions/0038-any-processor.md
"""
_FINGERS: Final = 0.5
"""The fingers reach beyond the knuckles by half the way from the wrist to them."""
_SURE_AFTER_S: Final = 0.5
"""Time after which a hold counts as used (Maschek & Schedl 2025, arXiv 2505.12854, sweep of 0-2 s)."""
_SEEN_ONCE: Final = 0.9
_NEVER_SURE: Final = 0.98


@dataclass(frozen=True)
class Vote:
    """A rest on a hold: where the end touches, and how much it counts: about the seconds it was seen."""

    limb: Limb
    x: float
    y: float
    seen_s: float


def touches(motion: Motion) -> FloatArray:
    """(frames, 4, 2) where each end would touch the wall, in the motion's unit: fingers, front of a foot."""
    found: list[FloatArray] = []
    for limb in LIMBS:
        first, second, third = (motion.landmarks[:, landmark] for landmark in END_LANDMARKS[limb])
        if limb in HANDS:
            knuckles = (second + third) / 2
            found.append(knuckles + _FINGERS * (knuckles - first))
        else:
            found.append(third / 2 + (first + second + third) / 6)
    return np.stack(found, axis=1)


def used_holds(votes: tuple[Vote, ...], torso: float) -> tuple[tuple[UsedHold, ...], tuple[int, ...]]:
    """The holds in order of height, and for each vote the number of its hold.

    Rests are joined while their mean places are within 0.3 torso lengths, 0.22 of one limb (average linkage),
    so two hands on one hold, or a hand and later a foot, vote for one hold. Known limits: holds nearer to
    each other are one; a long hold taken at both ends is two; a smear is a hold, as motion does not tell it
    from one.
    """
    groups = _grouped(votes, _ONE_HOLD_TORSO * torso)
    groups.sort(key=lambda group: float(np.mean([votes[index].y for index in group])))
    numbers = [0] * len(votes)
    for number, group in enumerate(groups):
        for index in group:
            numbers[index] = number
    holds = tuple(_hold(number, [votes[index] for index in group]) for number, group in enumerate(groups))
    return holds, tuple(numbers)


def _grouped(votes: tuple[Vote, ...], reach: float) -> list[list[int]]:
    if len(votes) < 2:
        return [[index] for index in range(len(votes))]
    places = np.array([(vote.x, vote.y) for vote in votes])
    apart = scipy.spatial.distance.pdist(places)
    apart[[one.limb is two.limb for one, two in combinations(votes, 2)]] *= _OF_ONE_LIMB
    labels = scipy.cluster.hierarchy.fcluster(
        scipy.cluster.hierarchy.linkage(apart, "average"), reach, "distance"
    )
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def _hold(number: int, votes: list[Vote]) -> UsedHold:
    places = np.array([(vote.x, vote.y) for vote in votes])
    weight = np.array([vote.seen_s for vote in votes])
    x, y = (places * weight[:, None]).sum(axis=0) / weight.sum()
    spread = np.sqrt((weight * ((places - (x, y)) ** 2).sum(axis=1)).sum() / weight.sum())
    hands = sum(vote.limb.is_hand for vote in votes)
    sure = _SEEN_ONCE + (_NEVER_SURE - _SEEN_ONCE) * (1 - 1 / len(votes))
    return UsedHold(
        id=number,
        x=float(x),
        y=float(y),
        radius=float(spread),
        hands=hands,
        feet=len(votes) - hands,
        confidence=float(sure * min(1.0, weight.sum() / _SURE_AFTER_S)),
    )
