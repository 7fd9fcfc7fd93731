"""In a flight nothing pushes: the trunk gives way to the limbs so that the center of mass falls freely."""

from typing import Final

import numpy as np
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from validation.geometry import Array
from validation.motion import GRAVITY_M_PER_S2, Motion, Score, play
from validation.posing import Poser
from validation.rig import Body
from validation.route import Route

_STEP_S: Final = 0.005
_MARGIN: Final = 60
"""Steps before and after: the pull of the supports is smoothed over less."""
_ROUNDS: Final = 8
"""What is left shrinks to a quarter in each: limbs that are not carried along keep the center back."""


def fly(score: Score, body: Body, route: Route, begin_s: float, end_s: float) -> None:
    """Put knots between those at `begin_s` and `end_s` so that the center of mass is a parabola of gravity.

    The places of these two stay; their velocities become those of the flight. All that the score does until
    0.3 s after the flight must be in it.
    """
    steps = max(round((end_s - begin_s) / _STEP_S), 8)
    step_s = (end_s - begin_s) / steps
    time_s: Array = begin_s + step_s * np.arange(-_MARGIN, steps + _MARGIN + 1).astype(np.float64)
    flown_s = time_s[_MARGIN : _MARGIN + steps + 1] - begin_s
    poser = Poser(body, route.normal, route.up)
    before = [knot for knot in score.knots if knot[0] < begin_s - 1e-6]
    after = [knot for knot in score.knots if knot[0] > end_s + 1e-6]
    places = _planned(score, begin_s + flown_s)
    for _ in range(_ROUNDS):
        velocities: Array = CubicSpline(flown_s, places)(flown_s, 1)
        score.knots = [*before, *zip((begin_s + flown_s).tolist(), places, velocities, strict=True), *after]
        motion = play(score, body, time_s, route.normal)
        centers = np.array([_center_m(poser, motion, _MARGIN + step) for step in range(steps + 1)])
        places = places.copy()
        places[:, :3] += _free_fall(centers[0], centers[-1], flown_s) - centers


def _planned(score: Score, time_s: Array) -> Array:
    """(n, 6) the trunk as the knots have it so far."""
    times, places, velocities = (np.array(part) for part in zip(*score.knots, strict=True))
    planned: Array = CubicHermiteSpline(times, places, velocities)(time_s)
    return planned


def _center_m(poser: Poser, motion: Motion, frame: int) -> Array:
    return poser.body.center_of_mass(poser.body.skin(poser.pose(motion, frame))[0])


def _free_fall(first: Array, last: Array, flown_s: Array) -> Array:
    """(n, 3) the parabola between two places."""
    share = (flown_s / flown_s[-1])[:, None]
    fallen: Array = first + (last - first) * share
    fallen[:, 2] += GRAVITY_M_PER_S2 / 2 * flown_s * (flown_s[-1] - flown_s)
    return fallen
