"""People on the mat: they stand, look up, hold a rope, or walk along a path."""

from typing import Final

import numpy as np

from validation.geometry import Array, turn, vector
from validation.motion import Anchor, Phase, Score, Transfer, hip_m
from validation.rig import Body
from validation.route import MAT_M
from validation.scenes import Bystander, Limb

_SOLE_M: Final = 0.015
_TOES_AHEAD_M: Final = 0.13
_STEP_M: Final = 0.62
_SIDES: Final[tuple[tuple[Limb, Limb, float], ...]] = (("LH", "LF", -1.0), ("RH", "RF", 1.0))


def compose(bystander: Bystander, body: Body, seconds: float) -> Score:
    """The score of somebody who never leaves the floor."""
    if len(bystander.path_m) == 1:
        return _standing(bystander, body, seconds)
    return _walking(bystander, body, seconds)


def _height(body: Body, bent: float) -> float:
    """Of the root bone; `bent` is the share of the leg's length that is kept back."""
    size = body.height_m / 1.75
    return MAT_M + (1 - bent) * (body.limbs["L"].leg + 0.075 * size) - float(hip_m(body, "L")[2])


def _standing(bystander: Bystander, body: Body, seconds: float) -> Score:
    """Weight goes from foot to foot; the eyes are on the wall above."""
    size = body.height_m / 1.75
    x, y = bystander.path_m[0]
    facing = turn((0, 0, 1), bystander.facing_deg)
    anchors: dict[Limb, Anchor] = {}
    for hand, foot, side in _SIDES:
        toes = vector(x, y, 0) + facing @ vector(0.13 * side * size, _TOES_AHEAD_M * size, 0)
        toes[2] = MAT_M + _SOLE_M
        anchors[foot] = Anchor("floor", toes)
        place = vector(0.10 * side, 0.42, 0.42) if bystander.reaching else vector(0.27 * side, 0.07, -0.12)
        anchors[hand] = Anchor("trunk", place * size)
    score = Score(anchors, [], phases=[(0.0, Phase.ON_FLOOR)], facings=[(0.0, bystander.facing_deg)])
    score.gazes.append((0.0, vector(0.0, 0.0, 2.4)))
    for number, time_s in enumerate(np.arange(0, seconds + 2.0, 1.3)):
        sway = 0.02 * (-1) ** number
        score.knot(float(time_s), vector(x + sway, y, _height(body, 0.02), -0.03, 0.3 * sway, 0))
    return score


def _walking(bystander: Bystander, body: Body, seconds: float) -> Score:
    """Straight from the first to the last point at one speed; feet stay where they step."""
    size = body.height_m / 1.75
    first, last = (np.array([*point, 0.0]) for point in (bystander.path_m[0], bystander.path_m[-1]))
    ahead: Array = (last - first) / np.linalg.norm(last - first)
    facing_deg = float(np.rad2deg(np.arctan2(-ahead[0], ahead[1])))
    facing = turn((0, 0, 1), facing_deg)
    anchors: dict[Limb, Anchor] = {hand: _arm(side, 0.0, size) for hand, _, side in _SIDES}
    anchors |= {foot: _step(first, facing, side, size, 0.0) for _, foot, side in _SIDES}
    score = Score(anchors, [], phases=[(0.0, Phase.ON_FLOOR)], facings=[(0.0, facing_deg)])
    score.gazes.append((0.0, last + 3 * ahead + vector(0, 0, 1.6)))
    step_m = _STEP_M * size
    step_s = step_m / bystander.speed_m_per_s
    velocity = np.concatenate([ahead * bystander.speed_m_per_s, np.zeros(3)])
    for number in range(int(seconds / step_s) + 3):
        begin = number * step_s
        at = first + ahead * step_m * number
        score.knot(begin, _trunk(at, body, 0.045), velocity)
        score.knot(begin + step_s / 2, _trunk(at + ahead * step_m / 2, body, 0.02), velocity)
        hand, foot, side = _SIDES[number % 2]
        landing = at + ahead * step_m * 1.5
        score.transfers[foot].append(
            Transfer(begin, begin + step_s, _step(landing, facing, side, size, 0.0), 0.09)
        )
        other = _SIDES[(number + 1) % 2]
        score.transfers[hand].append(Transfer(begin, begin + step_s, _arm(side, -0.22, size), 0.0))
        score.transfers[other[0]].append(Transfer(begin, begin + step_s, _arm(other[2], 0.26, size), 0.0))
    return score


def _trunk(at: Array, body: Body, bent: float) -> Array:
    return vector(float(at[0]), float(at[1]), _height(body, bent), 0.05, 0, 0)


def _arm(side: float, ahead: float, size: float) -> Anchor:
    return Anchor("trunk", vector(0.25 * side, 0.06 + ahead, -0.10 + 0.4 * abs(ahead)) * size)


def _step(at: Array, facing: Array, side: float, size: float, ahead: float) -> Anchor:
    toes = at + facing @ vector(0.09 * side * size, _TOES_AHEAD_M * size + ahead, 0)
    toes[2] = MAT_M + _SOLE_M
    return Anchor("floor", toes)
