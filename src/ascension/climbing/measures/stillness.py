"""When the body rests and what moves when it does not: B04, B05, B31, B34."""

from dataclasses import replace
from typing import Final

import numpy as np

from ascension.biomechanics.filtering import stretches
from ascension.biomechanics.poses import BoolArray
from ascension.climbing.limbs import HANDS, LIMBS
from ascension.climbing.measures.material import (
    LEAST_SHARE,
    Found,
    Material,
    NotMeasurableError,
    gate,
    known_time,
    of_center,
    of_hips,
)
from ascension.climbing.record import Attempt, Evidence, Interval

IMMOBILE_TORSO_PER_S: Final = 0.15
STILL_TORSO_PER_S: Final = 0.30
PLATEAU_S: Final = 1.5
_LEAST_PREVIEW_S: Final = 2.0
"""A clip that begins later does not show how long the climber looked at the route."""


def immobility_share(material: Material) -> Found:
    plateaus, certainty = _plateaus(material)
    seen_s = float(material.lasts_s[material.center.seen].sum())
    frames = plateaus or material.whole
    return Found(100 * sum(_lengths_s(material, plateaus)) / seen_s, certainty, frames)


def plateau_count(material: Material) -> Found:
    plateaus, certainty = _plateaus(material)
    return Found(len(plateaus), certainty, plateaus or material.whole)


def plateau_mean(material: Material) -> Found:
    plateaus, certainty = _plateaus(material)
    return Found(float(np.mean(_lengths_s(material, _some(plateaus)))), certainty, plateaus)


def plateau_longest(material: Material) -> Found:
    plateaus, certainty = _plateaus(material)
    lengths_s = _lengths_s(material, _some(plateaus))
    return Found(max(lengths_s), certainty, (plateaus[int(np.argmax(lengths_s))],))


def immobility(material: Material) -> Found:
    return _state(material, hips_move=False, ends_move=False)


def postural_regulation(material: Material) -> Found:
    return _state(material, hips_move=True, ends_move=False)


def hold_interaction(material: Material) -> Found:
    return _state(material, hips_move=False, ends_move=True)


def traction(material: Material) -> Found:
    return _state(material, hips_move=True, ends_move=True)


def rest_count(material: Material) -> Found:
    certainty = of_center(material) * known_time(material, HANDS)
    rests = material.events_of("rest")
    return Found(
        len(rests), certainty, tuple(Interval(one.start, one.end) for one in rests) or material.whole
    )


def rest_time(material: Material) -> Found:
    certainty = of_center(material) * known_time(material, HANDS)
    rests = tuple(Interval(one.start, one.end) for one in material.events_of("rest"))
    return Found(float(sum(_lengths_s(material, rests))), certainty, rests or material.whole)


def preview_time(material: Material) -> Found:
    start, end = material.previous_end, material.attempt.start
    if end - start < 2 or material.between_s(start, end) < _LEAST_PREVIEW_S:
        raise NotMeasurableError("start_not_shown", Evidence("least", _LEAST_PREVIEW_S, "s"))
    before = replace(material, attempt=Attempt(start, end, "unknown", ""), contacts=(), moves=(), events=())
    if before.share(before.center.seen) < LEAST_SHARE:
        raise NotMeasurableError("not_seen_before_start")
    certainty = of_center(before)
    still = before.center.seen & (before.center.speed < STILL_TORSO_PER_S * before.torso)
    return Found(float(before.lasts_s[still].sum()), certainty, before.whole)


def _plateaus(material: Material) -> tuple[tuple[Interval, ...], float]:
    """Stretches of at least PLATEAU_S below IMMOBILE_TORSO_PER_S, and how sure the center of mass is."""
    certainty = of_center(material)
    slow = material.center.seen & (material.center.speed < IMMOBILE_TORSO_PER_S * material.torso)
    return lasting(material, slow, PLATEAU_S), certainty


def lasting(material: Material, mask: BoolArray, least_s: float) -> tuple[Interval, ...]:
    """The runs of `mask` (frames of the attempt,) that last at least `least_s`, as frames of the clip."""
    runs = [run for run in stretches(mask) if material.lasts_s[run].sum() >= least_s - 1e-9]
    first = material.attempt.start
    return tuple(Interval(first + run.start, first + run.stop) for run in runs)


def _some(plateaus: tuple[Interval, ...]) -> tuple[Interval, ...]:
    if not plateaus:
        raise NotMeasurableError("never_still", Evidence("least", PLATEAU_S, "s"))
    return plateaus


def _lengths_s(material: Material, intervals: tuple[Interval, ...]) -> list[float]:
    return [material.between_s(one.start, one.end) for one in intervals]


def _state(material: Material, *, hips_move: bool, ends_move: bool) -> Found:
    """Share of the time in which hips and ends both are seen that they spend in one of the four states."""
    certainty = of_hips(material)
    hips = material.hips
    limbs = [limb for limb in LIMBS if limb not in material.body.missing]
    ends = [material.end(limb) for limb in limbs]
    moving = np.any([end.speed >= STILL_TORSO_PER_S * material.torso for end in ends], axis=0)
    seen = hips.seen & np.all([end.seen for end in ends], axis=0)
    passed = gate(material.share(seen), "hips_and_ends_seldom_seen")
    wanted = seen & (moving == ends_move)
    wanted &= (hips.speed >= IMMOBILE_TORSO_PER_S * material.torso) == hips_move
    share = float(material.lasts_s[wanted].sum() / material.lasts_s[seen].sum())
    return Found(100 * share, certainty * passed, material.whole)
