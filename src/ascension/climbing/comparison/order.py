"""Which grip of one attempt is which grip of the other: the longest order that both have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np

from ascension.climbing.comparison.sides import Grip

_SAME_LIMB: Final = 3.0
_OTHER_LIMB: Final = 2.0
_SAME_PLACE_TORSO: Final = 0.25
_LONGER_COUNTS: Final = 1e-3
_HIGHER_COUNTS: Final = 1e-6
"""Of two orders that are equally long, the one with the longer grips, then the higher ones: it is the same
whichever attempt is the first."""


@dataclass(frozen=True)
class Alignment:
    """pairs: indices of grips that are the same in both, ascending in both; the rest has no partner."""

    first: tuple[Grip, ...]
    second: tuple[Grip, ...]
    pairs: tuple[tuple[int, int], ...]


def aligned(first: Sequence[Grip], second: Sequence[Grip], torso: float) -> Alignment:
    """Grips in their order, one to one: same hold, better by the same limb; as many as possible.

    The longest common subsequence with weights (Needleman and Wunsch 1970, gaps at no cost). It does not look
    at time. Two places within 0.25 torso lengths are one also where they count to different holds: which
    contacts make a hold is decided in each clip by itself.
    """
    rows, columns = len(first), len(second)
    worth = np.array([[_worth(one, two, torso) for two in second] for one in first]).reshape(rows, columns)
    best = np.zeros((rows + 1, columns + 1))
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            with_pair = worth[i, j] + best[i + 1, j + 1] if worth[i, j] > 0 else 0.0
            best[i, j] = max(best[i + 1, j], best[i, j + 1], with_pair)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < rows and j < columns:
        if worth[i, j] > 0 and worth[i, j] + best[i + 1, j + 1] >= best[i, j] - 1e-12:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return Alignment(tuple(first), tuple(second), tuple(pairs))


def _worth(one: Grip, two: Grip, torso: float) -> float:
    if one.hold is None or one.hold != two.hold:
        apart = hypot(one.place[0] - two.place[0], one.place[1] - two.place[1])
        if apart > _SAME_PLACE_TORSO * torso:
            return 0.0
    longer, height = min(one.end - one.start, two.end - two.start), one.place[1] + two.place[1]
    worth = _SAME_LIMB if one.limb is two.limb else _OTHER_LIMB
    return worth + _LONGER_COUNTS * longer / (1 + longer) + _HIGHER_COUNTS * height / torso
