"""From frames of one attempt to frames of the other: by shared holds, and between them by the body's place.

Time does not enter: who rests, waits or takes longer stands where they stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from ascension.biomechanics.poses import BoolArray, FloatArray, IntArray
from ascension.climbing.comparison.holds import SAME_HOLD_TORSO
from ascension.climbing.comparison.record import Piece, PieceKind
from ascension.climbing.comparison.sides import Side

_STEP_S: Final = 1 / 15
_MOST_SAMPLES: Final = 400
"""Of a stretch between two anchors; a longer one is looked at in larger steps."""
_ASIDE_TORSO: Final = 0.02
"""What one of them waiting costs beside the distance: of two equal ways the more even one."""
_ENDS_COUNT: Final = 2.0
"""One hand or foot of four that is elsewhere is as much as half its way of the center of mass."""
_AS_NEAR_TORSO: Final = 0.05
_KNOT_TOLERANCES_S: Final = (0.04, 0.08, 0.16, 0.32, 0.64)
_MOST_KNOTS: Final = 400

Pair = tuple[int, int]
"""A frame of the first and one of the second."""


@dataclass(frozen=True)
class Way:
    """The way through both attempts. `shared`: from where to where both climbed, ends not included."""

    pieces: tuple[Piece, ...]
    shared: tuple[Pair, Pair]

    @cached_property
    def _knots(self) -> IntArray:
        return np.array([knot for piece in self.pieces for knot in piece.knots], np.int64)

    def in_second(self, frame: int, *, late: bool = False) -> int:
        """Where the second is when the first is at `frame`: as soon as it is, or just before it goes on."""
        return _looked_up(self._knots[:, 0], self._knots[:, 1], frame, late=late)

    def in_first(self, frame: int, *, late: bool = False) -> int:
        return _looked_up(self._knots[:, 1], self._knots[:, 0], frame, late=late)


def way_of(first: Side, second: Side, anchors: Sequence[Pair]) -> Way:
    """The way through the frames of `anchors`, which ascend in both, from beginning to end of both attempts.

    Before the first anchor and after the last they go together as far as their centers of mass come to
    the same place. Between anchors: dynamic time warping (Sakoe and Chiba 1978) on the places of the center
    of mass and of the hands and feet that both show. The center of mass is compared as it moves between the
    anchors, not where it is: another body hangs elsewhere on the same holds, and another camera sees it
    elsewhere before the wall.
    """
    begin = _met(first, second, (first.start, second.start), anchors[0], backwards=True)
    finish = _met(first, second, anchors[-1], (first.end, second.end), backwards=False)
    stops = _ascending([begin, *anchors, finish])
    torso = first.tried.climb.motion.torso
    knots: list[Pair] = [stops[0]]
    for start, end in pairwise(stops):
        knots += [*_between(first, second, start, end, torso), end]
    shared = _thinned([_in_clip(first, second, knot) for knot in knots], first, second)
    whole_end = (first.tried.attempt.end, second.tried.attempt.end)
    pieces = [
        *_apart((first.start, second.start), stops[0]),
        Piece("both", tuple(shared)),
        *_apart(shared[-1], _in_clip(first, second, whole_end)),
    ]
    return Way(tuple(pieces), (stops[0], stops[-1]))


def _met(first: Side, second: Side, start: Pair, end: Pair, *, backwards: bool) -> Pair:
    """How far both go together from the one of the two pairs that is an anchor towards the other."""
    near = SAME_HOLD_TORSO * first.tried.climb.motion.torso
    own, other = first.center[start[0] : end[0]], second.center[start[1] : end[1]]
    anchor, outer = (end, start) if backwards else (start, end)
    if not len(own) or not len(other):
        return anchor
    if backwards:
        own, other = own[::-1], other[::-1]
    if np.hypot(*(own[-1] - other[-1])) <= near:
        return outer
    i, own_away = _nearest(own, other[-1], near)
    j, other_away = _nearest(other, own[-1], near)
    if min(own_away, other_away) > near:
        return anchor
    sign = -1 if backwards else 1
    if other_away <= own_away:
        return (outer[0], anchor[1] + sign * (j + 1))
    return (anchor[0] + sign * (i + 1), outer[1])


def _nearest(places: FloatArray, place: FloatArray, near: float) -> tuple[int, float]:
    """The first of places that is about as near to a place as any, and how near that is."""
    away = np.nan_to_num(np.hypot(*(places - place).T), nan=np.inf)
    least = float(away.min())
    within: BoolArray = away <= least + _AS_NEAR_TORSO / SAME_HOLD_TORSO * near
    return int(np.argmax(within)), least


def _ascending(stops: Sequence[Pair]) -> list[Pair]:
    found = [stops[0]]
    for stop in stops[1:]:
        if stop[0] >= found[-1][0] and stop[1] >= found[-1][1] and stop != found[-1]:
            found.append(stop)
    return found


def _between(first: Side, second: Side, start: Pair, end: Pair, torso: float) -> list[Pair]:
    """Pairs of frames strictly between two anchors."""
    own, other = _sampled(first, start[0], end[0]), _sampled(second, start[1], end[1])
    if len(own.time_s) < 2 or len(other.time_s) < 2:
        return []
    steps = _warped(_away(own, other) / torso)[1:-1]
    frames = [(_frame(first, float(own.time_s[i])), _frame(second, float(other.time_s[j]))) for i, j in steps]
    return [(min(max(a, start[0]), end[0]), min(max(b, start[1]), end[1])) for a, b in frames]


@dataclass(frozen=True)
class _Sampled:
    """(n,) even times; (n, 2) centers of mass; (n, 4, 2) hands and feet, NaN where they are not seen."""

    time_s: FloatArray
    center: FloatArray
    ends: FloatArray


def _sampled(side: Side, start: int, end: int) -> _Sampled:
    """Frames [start, end), the last one of the attempt at most, at even times."""
    last = max(min(end, side.tried.attempt.end - 1), start)
    time_s = side.time_s[start : last + 1]
    count = round((time_s[-1] - time_s[0]) / _STEP_S) + 1
    at_s: FloatArray = np.linspace(float(time_s[0]), float(time_s[-1]), min(max(count, 2), _MOST_SAMPLES))
    if last <= start:
        at_s = time_s
    places = np.concatenate([side.center, side.ends.reshape(-1, 8)], axis=1)[start : last + 1]
    columns = [np.interp(at_s, time_s, places[:, column]) for column in range(places.shape[1])]
    even: FloatArray = np.column_stack(columns)
    return _Sampled(at_s, even[:, :2], even[:, 2:].reshape(-1, 4, 2))


def _away(own: _Sampled, other: _Sampled) -> FloatArray:
    """(n, m) how far the two bodies are from each other."""
    aside = (own.center[[0, -1]] - other.center[[0, -1]]).mean(axis=0)
    trunk = np.hypot(*(own.center[:, None] - other.center[None] - aside).transpose(2, 0, 1))
    gaps = np.linalg.norm(own.ends[:, None] - other.ends[None], axis=3)
    both = np.isfinite(gaps)
    ends = np.where(both, gaps, 0.0).sum(axis=2) / np.maximum(both.sum(axis=2), 1)
    away: FloatArray = np.nan_to_num(trunk, nan=1.0) + _ENDS_COUNT * ends
    return away


def _frame(side: Side, at_s: float) -> int:
    """The nearest frame."""
    after = int(np.searchsorted(side.time_s, at_s))
    before = max(after - 1, 0)
    after = min(after, len(side.time_s) - 1)
    return before if at_s - side.time_s[before] < side.time_s[after] - at_s else after


def _warped(away: FloatArray) -> list[Pair]:
    """The cheapest way through distances (n, m) from corner to corner, indices never falling."""
    rows, columns = len(away), len(away[0])
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for diagonal in range(2, rows + columns + 1):
        row = np.arange(max(1, diagonal - columns), min(rows, diagonal - 1) + 1)
        column = diagonal - row
        aside = np.minimum(total[row - 1, column], total[row, column - 1]) + _ASIDE_TORSO
        total[row, column] = away[row - 1, column - 1] + np.minimum(total[row - 1, column - 1], aside)
    i, j = rows, columns
    steps = [(i - 1, j - 1)]
    while (i, j) != (1, 1):
        waiting = min(total[i - 1, j], total[i, j - 1]) + _ASIDE_TORSO
        if total[i - 1, j - 1] <= waiting:
            i, j = i - 1, j - 1
        elif total[i - 1, j] <= total[i, j - 1]:
            i -= 1
        else:
            j -= 1
        steps.append((i - 1, j - 1))
    return steps[::-1]


def _in_clip(first: Side, second: Side, pair: Pair) -> Pair:
    """Half-open ends become last frames."""
    return min(pair[0], first.tried.attempt.end - 1), min(pair[1], second.tried.attempt.end - 1)


def _apart(start: Pair, end: Pair) -> list[Piece]:
    """What only the first did, then what only the second did."""
    found: list[Piece] = []
    turn = (end[0], start[1])
    steps: tuple[tuple[PieceKind, Pair, Pair], ...] = (
        ("first_only", start, turn),
        ("second_only", turn, end),
    )
    for kind, one, two in steps:
        if one != two:
            found.append(Piece(kind, (one, two)))
    return found


def _thinned(knots: list[Pair], first: Side, second: Side) -> list[Pair]:
    """Few knots on the same way: within 0.04 s, or as much as it takes."""
    scale_s = np.array([side.material.step_s for side in (first, second)])
    points = np.array(knots, np.float64) * scale_s
    kept = np.arange(len(knots))
    for tolerance_s in _KNOT_TOLERANCES_S:
        kept = np.flatnonzero(_needed(points, tolerance_s))
        if len(kept) <= _MOST_KNOTS:
            break
    return [knots[index] for index in kept]


def _needed(points: FloatArray, tolerance: float) -> BoolArray:
    """(n,) points of a line that cannot be left out (Douglas and Peucker 1973)."""
    needed = np.zeros(len(points), np.bool_)
    needed[[0, -1]] = True
    pending = [(0, len(points) - 1)]
    while pending:
        start, end = pending.pop()
        if end - start < 2:
            continue
        line = points[end] - points[start]
        length = float(np.hypot(*line)) or 1.0
        beside = points[start + 1 : end] - points[start]
        away = np.abs(beside[:, 0] * line[1] - beside[:, 1] * line[0]) / length
        farthest = int(np.argmax(away))
        if away[farthest] > tolerance:
            needed[start + 1 + farthest] = True
            pending += [(start, start + 1 + farthest), (start + 1 + farthest, end)]
    return needed


def _looked_up(own: IntArray, other: IntArray, frame: int, *, late: bool) -> int:
    low, high = (int(np.searchsorted(own, frame, side)) for side in ("left", "right"))
    if low < high:
        return int(other[high - 1] if late else other[low])
    if low == 0:
        return int(other[0])
    if low == len(own):
        return int(other[-1])
    share = (frame - own[low - 1]) / (own[low] - own[low - 1])
    return round(float(other[low - 1] + share * (other[low] - other[low - 1])))
