"""The way of the hips and of the center of mass: B01, B02, B03, B25, B29."""

from typing import Final

import numpy as np

from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.smoothness import entropy, hull_perimeter, path_length
from ascension.climbing.limbs import HANDS
from ascension.climbing.measures.material import (
    Found,
    Material,
    NotMeasurableError,
    known_time,
    of_center,
    of_contacts,
    of_hips,
    of_moves,
    reaches,
)
from ascension.climbing.record import Evidence

STAYED_TORSO: Final = 0.2
"""Hips that stayed within this have no path worth describing."""
GRAVITY_M_PER_S2: Final = 9.81
_RULER_TORSO: Final = 0.03
"""Steps of a path that are shorter than this are not told from noise."""
_DIP_TORSO: Final = 0.05
"""Ups and downs smaller than this are noise, not work."""
_LEAST_DURATION_S: Final = 1.0


def geometric_entropy(material: Material) -> Found:
    certainty = of_hips(material)
    return Found(entropy(_hip_path(material)), certainty, material.whole)


def path_ratio(material: Material) -> Found:
    certainty = of_hips(material)
    path = _hip_path(material)
    direct = float(np.linalg.norm(path[-1] - path[0]))
    if direct < STAYED_TORSO * material.torso:
        raise NotMeasurableError("hips_ended_where_they_started")
    return Found(path_length(path) / direct, certainty, material.whole)


def excess_path(material: Material) -> Found:
    certainty = of_hips(material)
    path = _ruled(material.path(material.hips), _RULER_TORSO * material.torso)
    direct = float(np.linalg.norm(path[-1] - path[0]))
    excess = (path_length(path) - direct) * material.motion.body_scale
    return Found(excess, certainty, material.whole)


def climbing_speed(material: Material) -> Found:
    certainty = of_hips(material)
    times = material.time_s[material.hips.seen]
    lasted_s = float(times[-1] - times[0])
    if lasted_s < _LEAST_DURATION_S:
        raise NotMeasurableError("hips_followed_too_briefly", Evidence("followed", lasted_s, "s"))
    path = material.path(material.hips)
    gained = float(path[-1, 1] - path[0, 1]) * material.motion.body_scale
    return Found(gained / lasted_s, certainty, material.whole)


def pace(material: Material) -> Found:
    moves = material.hand_moves
    certainty = known_time(material, HANDS) * of_moves(moves)
    if material.duration_s < _LEAST_DURATION_S:
        raise NotMeasurableError("attempt_too_short", Evidence("least", _LEAST_DURATION_S, "s"))
    return Found(60 * len(moves) / material.duration_s, certainty, reaches(moves))


def height_work(material: Material) -> Found:
    if material.motion.unit != "m":
        raise NotMeasurableError("work_needs_meters")
    mass_kg = material.body.mass_kg
    if mass_kg is None:
        raise NotMeasurableError("work_needs_mass")
    certainty = of_center(material)
    risen_m = _risen(material.path(material.center)[:, 1], _DIP_TORSO * material.torso)
    risen_m *= material.motion.body_scale
    return Found(mass_kg * GRAVITY_M_PER_S2 * risen_m, certainty, material.whole)


def work_ratio(material: Material) -> Found:
    certainty = of_center(material)
    heights = material.path(material.center)[:, 1]
    gained = float(heights[-1] - heights[0])
    if gained < STAYED_TORSO * material.torso:
        raise NotMeasurableError("no_height_gained")
    return Found(_risen(heights, _DIP_TORSO * material.torso) / gained, certainty, material.whole)


def height_gained(material: Material) -> Found:
    certainty = of_contacts(material, HANDS)
    lowest, highest = _hand_heights(material)
    return Found((highest - lowest) * material.motion.way_scale, certainty, material.whole)


def route_share(material: Material) -> Found:
    certainty = of_contacts(material, HANDS)
    if material.top_y is None:
        raise NotMeasurableError("top_not_reached")
    lowest, highest = _hand_heights(material)
    if material.top_y - lowest < STAYED_TORSO * material.torso:
        raise NotMeasurableError("route_is_traverse")
    share = (highest - lowest) / (material.top_y - lowest)
    return Found(100 * min(share, 1.0), certainty, material.whole)


def _hip_path(material: Material) -> FloatArray:
    path = _ruled(material.path(material.hips), _RULER_TORSO * material.torso)
    if hull_perimeter(path) < 2 * STAYED_TORSO * material.torso:
        raise NotMeasurableError("hips_hardly_moved")
    return path


def _ruled(path: FloatArray, least: float) -> FloatArray:
    """The samples of a path that are at least `least` from the one kept before, and the last one.

    What trembles at rest would add up otherwise: 5 mm of noise to a tenth of the way of a short climb.
    """
    kept = [path[0]]
    for place in path[1:-1]:
        if np.hypot(*(place - kept[-1])) >= least:
            kept.append(place)
    return np.array([*kept, path[-1]])


def _hand_heights(material: Material) -> tuple[float, float]:
    heights = [contact.y for contact in material.holds_of(HANDS)]
    if not heights:
        raise NotMeasurableError("no_hand_on_hold")
    return min(heights), max(heights)


def _risen(heights: FloatArray, dip: float) -> float:
    """Sum of all rises of heights (samples,); a turn counts only when the way back is longer than `dip`."""
    total = 0.0
    lowest = highest = float(heights[0])
    rising = True
    for height in map(float, heights[1:]):
        if rising:
            highest = max(highest, height)
            if height < highest - dip:
                total += highest - lowest
                rising, lowest = False, height
        else:
            lowest = min(lowest, height)
            if height > lowest + dip:
                rising, highest = True, height
    return total + (highest - lowest if rising else 0.0)
