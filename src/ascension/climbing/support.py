"""Which rests carry the climber: on a hold, on the floor, or in the air.

An end at rest need not touch anything: arms hang beside the trunk on the floor, feet hang below it after
they were cut, a tired arm is shaken out.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.dwells import Dwell, dwells_of, without
from ascension.climbing.ends import Ends, ends_of
from ascension.climbing.limbs import LIMBS
from ascension.climbing.motion import Motion
from ascension.climbing.record import Interval
from ascension.climbing.series import known, lasts_s, lengths
from ascension.climbing.trunk import Trunk, free_falls, trunk_of

Support = Literal["hold", "floor", "air"]

_FLOOR_LEVEL_TORSO: Final = 0.35
_HIGH_STEP_TORSO: Final = 0.9
_FEET_APART_TORSO: Final = 0.6
_STANDS_ABOVE_TORSO: Final = 1.1
"""Hips above the feet of somebody who stands; a straight leg is 1.6-1.9 torso lengths."""
_STANDS_FOR_S: Final = 0.3
_LANDS_WITHIN_S: Final = 0.5
_FALLS_FASTER_TORSO_PER_S: Final = 2.5

_CARRIED: Final = 0.5
_TRUNK_MOVES_TORSO: Final = 0.1
_STRAIGHT: Final = 0.8
_LOOSE: Final = 0.65
"""Legs that dropped hang in the air a little bent."""
_BELOW_TORSO: Final = 0.55
_FOOT_ASIDE_TORSO: Final = 0.9
_TOGETHER_TORSO: Final = 0.35
_AT_ONCE: Final = 0.6
_TOGETHER_S: Final = 0.15
_DROP_TORSO: Final = 0.1
_AFTER_FLIGHT_S: Final = 0.25
_SAME_HOLD_TORSO: Final = 0.3
_NEAR_HIP_TORSO: Final = 0.45
_LONGEST_LIMB: Final = 0.95
_LIMB_TORSO: Final = (1.0, 1.0, 1.3, 1.3)
"""A straight arm and leg look at least so long from the front; Drillis & Contini: 1.3 and 1.7."""


@dataclass(frozen=True)
class Scene:
    """What the rules look at. dwells: of all four ends, in order of time, one tuple for each end."""

    motion: Motion
    ends: Ends
    trunk: Trunk
    falls: tuple[Interval, ...]
    dwells: tuple[tuple[Dwell, ...], ...]

    def places(self, end_number: int) -> FloatArray:
        """(frames, 2) of an end, in torso lengths."""
        return self.ends.places[:, end_number] / self.motion.torso

    def resting(self, end_number: int) -> BoolArray:
        """(frames,) the end rests."""
        flags = np.zeros(len(self.ends.time_s), np.bool_)
        for dwell in self.dwells[end_number]:
            flags[dwell.start : dwell.end] = True
        return flags


def scene_of(motion: Motion) -> Scene:
    """Ends, trunk, free falls and rests of a motion. In a free fall that no hand outlasts nothing rests."""
    ends, trunk = ends_of(motion), trunk_of(motion)
    falls = free_falls(trunk)
    dwells = tuple(dwells_of(ends, number, motion.torso) for number in range(len(LIMBS)))
    held = Scene(motion, ends, trunk, falls, dwells)
    hands = held.resting(0), held.resting(1)
    loose = tuple(fall for fall in falls if not any(hand[fall.start : fall.end].all() for hand in hands))
    return replace(held, dwells=tuple(without(rests, loose, ends) for rests in dwells))


def supports_of(scene: Scene) -> tuple[tuple[Support, ...], ...]:
    """For each dwell of `scene`, in the same order, what it rests on."""
    standing = _standing(scene) | _fallen(scene)
    feet: dict[int, tuple[Support, ...]] = {foot: tuple(_feet(scene, standing, foot)) for foot in (2, 3)}
    on_floor = np.ones(len(scene.ends.time_s), np.bool_)
    for foot, found in feet.items():
        flags = np.zeros_like(on_floor)
        for dwell, support in zip(scene.dwells[foot], found, strict=True):
            if support == "floor":
                flags[dwell.start : dwell.end] = True
        on_floor &= flags
    hands: list[tuple[Support, ...]] = [
        tuple(_hand(scene, standing | on_floor, dwell) for dwell in scene.dwells[hand]) for hand in (0, 1)
    ]
    return (*hands, feet[2], feet[3])


def _standing(scene: Scene) -> BoolArray:
    """(frames,) stands on the floor: feet at the lowest level of the clip, legs long, both hands low."""
    frames = len(scene.ends.time_s)
    levels = [dwell.y / scene.motion.torso for foot in (2, 3) for dwell in scene.dwells[foot]]
    if not levels:
        return np.zeros(frames, np.bool_)
    feet_y = np.stack([scene.places(foot)[:, 1] for foot in (2, 3)])
    resting = np.stack([scene.resting(foot) for foot in (2, 3)])
    low = feet_y < min(levels) + _FLOOR_LEVEL_TORSO
    middle_y = (scene.trunk.shoulders[:, 1] + scene.trunk.hips[:, 1]) / 2
    hands_low = np.all([scene.places(hand)[:, 1] < middle_y for hand in (0, 1)], axis=0)
    with np.errstate(invalid="ignore"):
        together = np.abs(feet_y[0] - feet_y[1]) < _FEET_APART_TORSO
        tall = scene.trunk.hips[:, 1] - feet_y.mean(axis=0) > _STANDS_ABOVE_TORSO
    found: BoolArray = (low & resting).any(axis=0) & together & tall & hands_low
    return found


def _fallen(scene: Scene) -> BoolArray:
    """(frames,) from landing after a fall until a hand is seen above the shoulders: on the floor anyhow."""
    flags = np.zeros(len(scene.ends.time_s), np.bool_)
    grips = [
        dwell.start
        for hand in (0, 1)
        for dwell in scene.dwells[hand]
        if scene.ends.seen[dwell.start : dwell.end, hand].any()
        and scene.places(hand)[dwell.start, 1] > scene.trunk.shoulders[dwell.start, 1]
    ]
    feet = [dwell for foot in (2, 3) for dwell in scene.dwells[foot]]
    for fall in scene.falls:
        landed = [foot.start for foot in feet if foot.start >= fall.start and _landed(scene, foot)]
        if landed:
            flags[min(landed) : min([grip for grip in grips if grip >= fall.end], default=None)] = True
    return flags


def _feet(scene: Scene, standing: BoolArray, foot: int) -> list[Support]:
    """Of all rests of one foot; one that hangs goes on hanging until it moves beside the hips."""
    found: list[Support] = []
    for number, dwell in enumerate(scene.dwells[foot]):
        hung = bool(found) and found[-1] == "air"
        if hung and _still_hangs(scene, scene.dwells[foot][number - 1], dwell):
            found.append("air")
        else:
            found.append(_foot(scene, standing, dwell))
    return found


def _foot(scene: Scene, standing: BoolArray, dwell: Dwell) -> Support:
    stands_s = _lasting(scene, standing, dwell)
    if (
        stands_s >= min(_STANDS_FOR_S, 0.5 * lasts_s(scene.ends.time_s, dwell.start, dwell.end))
        and stands_s > 0
    ):
        return "floor"
    if _landed(scene, dwell):
        return "floor"
    if _foot_hangs(scene, dwell):
        return "air"
    return "floor" if _below_a_high_step(scene, dwell) else "hold"


def _lasting(scene: Scene, flags: BoolArray, dwell: Dwell) -> float:
    """Seconds of a dwell in which `flags` hold."""
    inside = flags[dwell.start : dwell.end]
    return float(inside.mean()) * lasts_s(scene.ends.time_s, dwell.start, dwell.end)


def _landed(scene: Scene, dwell: Dwell) -> bool:
    """The foot came to rest at the lowest level right after a fall."""
    lowest = min(other.y for foot in (2, 3) for other in scene.dwells[foot]) / scene.motion.torso
    if dwell.y / scene.motion.torso > lowest + _FLOOR_LEVEL_TORSO:
        return False
    start_s = scene.ends.time_s[dwell.start]
    for fall in scene.falls:
        fast = np.nanmin(scene.trunk.velocity[fall.start : fall.end, 1]) < -_FALLS_FASTER_TORSO_PER_S
        if fast and abs(start_s - scene.ends.time_s[fall.end - 1]) < _LANDS_WITHIN_S:
            return True
    return False


def _below_a_high_step(scene: Scene, dwell: Dwell) -> bool:
    """The first or last rest of a foot, on a straight leg, with all footholds a high step above: the floor.

    Both feet must be seen on those footholds, and come down between them never.
    Known limit: whoever starts on a foothold 0.9 torso lengths below all others stands on the floor here.
    """
    levels = np.array([other.y for foot in (2, 3) for other in scene.dwells[foot]]) / scene.motion.torso
    lowest = levels.min() + _FLOOR_LEVEL_TORSO
    higher = levels[levels > lowest]
    if dwell.y / scene.motion.torso > lowest or not len(higher):
        return False
    for foot in (2, 3):
        own = np.array([other.y / scene.motion.torso > lowest for other in scene.dwells[foot]])
        if not own[1:-1].all() or (len(own) and not own.any()):
            return False
    return bool(higher.min() > levels.min() + _HIGH_STEP_TORSO and np.median(_straight(scene, dwell)))


def _foot_hangs(scene: Scene, dwell: Dwell) -> bool:
    """Both feet hang below the hips on straight legs, and swing with them or got there together."""
    inside = slice(dwell.start, dwell.end)
    here, other = scene.places(dwell.end_number)[inside], scene.places(5 - dwell.end_number)[inside]
    hips = scene.trunk.hips[inside]
    with np.errstate(invalid="ignore"):
        below = np.abs(here[:, 0] - hips[:, 0]) < _FOOT_ASIDE_TORSO
        together = np.abs(here[:, 1] - other[:, 1]) < _TOGETHER_TORSO
        together &= np.abs((here[:, 0] + other[:, 0]) / 2 - hips[:, 0]) < _BELOW_TORSO
    if not np.median(below & together & _straight(scene, dwell, _LOOSE)):
        return False
    if _dropped(scene, dwell):
        return True
    if not np.median(_straight(scene, dwell)):
        return False
    if _carried(scene, dwell, scene.trunk.hips) or _after_flight(scene, dwell):
        return True
    return _left_at_once(scene, dwell) and not _used_by_others(scene, dwell)


def _straight(scene: Scene, dwell: Dwell, share: float = _STRAIGHT) -> BoolArray:
    """(n,) of a dwell: the end is farther from hip or shoulder than this share of how far it ever gets."""
    roots = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    root = scene.motion.landmarks[:, roots[dwell.end_number]] / scene.motion.torso
    length = lengths(scene.places(dwell.end_number) - root)
    longest = max(float(np.nanquantile(length, _LONGEST_LIMB)), _LIMB_TORSO[dwell.end_number])
    found: BoolArray = np.nan_to_num(length[dwell.start : dwell.end]) > share * longest
    return found


def _carried(scene: Scene, dwell: Dwell, trunk: FloatArray) -> bool:
    """The end goes along with the trunk instead of staying while that moves."""
    inside = slice(dwell.start, dwell.end)
    here, there = scene.places(dwell.end_number)[inside], trunk[inside]
    sure = known(here) & known(there)
    if sure.sum() < 3:
        return False
    if not _moves(there):
        return False
    here, there = here[sure] - here[sure].mean(axis=0), there[sure] - there[sure].mean(axis=0)
    return bool((here * there).sum() > _CARRIED * (there * there).sum())


def _moves(trunk: FloatArray) -> bool:
    """Far enough to tell what goes along from what stays."""
    sure = trunk[known(trunk)]
    return bool(len(sure) and np.ptp(sure, axis=0).max() >= _TRUNK_MOVES_TORSO)


def _still_hangs(scene: Scene, before: Dwell, dwell: Dwell) -> bool:
    """From one rest to the next a foot kept its place below the hips: it was these that moved."""
    hips = scene.trunk.hips
    if _moves(hips[dwell.start : dwell.end]) and not _carried(scene, dwell, hips):
        return False
    between = slice(before.start, dwell.end)
    beside = scene.places(dwell.end_number)[between] - scene.trunk.hips[between]
    return bool(known(beside).all() and np.ptp(beside, axis=0).max() < _SAME_HOLD_TORSO)


def _dropped(scene: Scene, dwell: Dwell) -> bool:
    """Both feet left their places together and came to rest together, lower: nobody steps like that."""
    time_s = scene.ends.time_s
    pairs: list[tuple[Dwell, Dwell]] = []
    for foot in (dwell.end_number, 5 - dwell.end_number):
        rests = [rest for rest in scene.dwells[foot] if rest.start < dwell.end]
        if len(rests) < 2:
            return False
        pairs.append((rests[-2], rests[-1]))
    left_s, rest_s = (
        [float(time_s[before.end - 1]) for before, _ in pairs],
        [float(time_s[after.start]) for _, after in pairs],
    )
    down = float(np.mean([before.y - after.y for before, after in pairs])) / scene.motion.torso
    return np.ptp(left_s) < _TOGETHER_S and np.ptp(rest_s) < _TOGETHER_S and down > _DROP_TORSO


def _left_at_once(scene: Scene, dwell: Dwell) -> bool:
    """While the foot was on its way the other was too, for the most part."""
    earlier = [other.end for other in scene.dwells[dwell.end_number] if other.end <= dwell.start]
    way = ~scene.resting(5 - dwell.end_number)[max(earlier, default=0) : dwell.start]
    return bool(len(way) and way.mean() > _AT_ONCE)


def _hand(scene: Scene, on_floor: BoolArray, dwell: Dwell) -> Support:
    inside = slice(dwell.start, dwell.end)
    place = scene.places(dwell.end_number)[inside]
    shoulders, hips = scene.trunk.shoulders[inside], scene.trunk.hips[inside]
    with np.errstate(invalid="ignore"):
        below_shoulders = float(np.mean(place[:, 1] < shoulders[:, 1])) > 0.5
        low = float(np.mean(place[:, 1] < (shoulders[:, 1] + hips[:, 1]) / 2)) > 0.5
    if not below_shoulders:
        return "hold"
    beyond_s = lasts_s(scene.ends.time_s, dwell.start, dwell.end) - _lasting(scene, on_floor, dwell)
    if beyond_s < _STANDS_FOR_S and on_floor[inside].any():
        return "air"
    if not low or _used_by_others(scene, dwell):
        return "hold"
    with np.errstate(invalid="ignore"):
        hangs = _straight(scene, dwell) & (np.abs(place[:, 0] - shoulders[:, 0]) < _BELOW_TORSO)
        at_hip = lengths(place - hips) < _NEAR_HIP_TORSO
    loose = bool(np.median(hangs | at_hip)) and scene.ends.seen[inside, dwell.end_number].any()
    return "air" if loose or _carried(scene, dwell, scene.trunk.shoulders) else "hold"


def _after_flight(scene: Scene, dwell: Dwell) -> bool:
    """A free fall ended just before."""
    start_s = scene.ends.time_s[dwell.start]
    return any(0 <= start_s - scene.ends.time_s[fall.end - 1] < _AFTER_FLIGHT_S for fall in scene.falls)


def _used_by_others(scene: Scene, dwell: Dwell) -> bool:
    """Another rest of a hand, or for a foot of a foot, is at the same place."""
    reach = _SAME_HOLD_TORSO * scene.motion.torso
    return any(
        other is not dwell and np.hypot(other.x - dwell.x, other.y - dwell.y) < reach
        for end_number in ((0, 1) if dwell.end_number < 2 else (2, 3))
        for other in scene.dwells[end_number]
    )
