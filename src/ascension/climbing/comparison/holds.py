"""Which holds of one attempt are holds of the other."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.comparison.record import SharedHold
from ascension.climbing.comparison.sides import Side, moved

SAME_HOLD_TORSO: Final = 0.35
"""Farther apart are two holds: one clip alone tells holds apart from 0.3 torso lengths on."""


@dataclass(frozen=True)
class _Used:
    """A hold that an attempt used, on the compared wall."""

    id: int
    place: FloatArray
    confidence: float


def shared_holds(first: Side, second: Side, certainty: float) -> tuple[SharedHold, ...]:
    """All holds that the two attempts used, in the order of first use, those of both matched one to one.

    The matching makes the sum of all distances least (Kuhn 1955) among pairs within 0.35 torso lengths.
    certainty: of the walls' matching. Known limit: two holds that are nearer than that may be taken for one.
    """
    reach = SAME_HOLD_TORSO * first.tried.climb.motion.torso
    own, other = _used(first), _used(second)
    found: list[SharedHold] = []
    for number, (one, two) in enumerate(_in_order(own, other, _matched(own, other, reach)), 1):
        used = [hold for hold in (one, two) if hold is not None]
        apart = float(np.hypot(*(used[0].place - used[1].place))) if len(used) == 2 else None
        x, y = used[0].place
        found.append(
            SharedHold(
                number=number,
                first_id=one.id if one else None,
                second_id=two.id if two else None,
                x=float(x),
                y=float(y),
                apart=apart,
                confidence=certainty
                * min(hold.confidence for hold in used)
                * (1 - (apart or 0.0) / (2 * reach)),
            )
        )
    return tuple(found)


def _used(side: Side) -> list[_Used]:
    """Holds in contact in the attempt, in the order of first use."""
    by_id = {hold.id: hold for hold in side.tried.climb.holds}
    ids = dict.fromkeys(one.hold for one in side.contacts if one.hold is not None)
    return [
        _Used(
            number,
            moved(np.array([[by_id[number].x, by_id[number].y]]), side.tried.to_wall)[0],
            by_id[number].confidence,
        )
        for number in ids
        if number in by_id
    ]


def _matched(own: list[_Used], other: list[_Used], reach: float) -> dict[int, int]:
    """Indices of `own` to indices of `other`."""
    if not own or not other:
        return {}
    apart = np.array([one.place for one in own])[:, None] - np.array([two.place for two in other])[None]
    away = np.hypot(apart[..., 0], apart[..., 1])
    # a pair beyond reach costs more than any number of pairs within it
    rows, columns = scipy.optimize.linear_sum_assignment(
        np.where(away <= reach, away, reach * (len(own) + len(other)))
    )
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if away[i, j] <= reach}


def _in_order(
    own: list[_Used], other: list[_Used], pairs: dict[int, int]
) -> list[tuple[_Used | None, _Used | None]]:
    """Those of the first in its order; what only the second used comes after what it used before."""
    back = {j: i for i, j in pairs.items()}
    places: list[tuple[int, int, _Used | None, _Used | None]] = [
        (i, -1, hold, other[pairs[i]] if i in pairs else None) for i, hold in enumerate(own)
    ]
    after = -1
    for j, hold in enumerate(other):
        if j in back:
            after = max(after, back[j])
        else:
            places.append((after, j, None, hold))
    return [(one, two) for _, _, one, two in sorted(places, key=lambda place: place[:2])]
