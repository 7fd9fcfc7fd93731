"""Habits of reaches: what the feet did meanwhile, how slow, how jerky, how winding, how balanced."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.biomechanics.smoothness import FEWEST_SAMPLES, path_length, sparc
from ascension.climbing.habits import rules
from ascension.climbing.habits.signals import (
    LEG_TORSO,
    OFF,
    ON,
    STILL_BELOW_TORSO_PER_S,
    UNSEEN,
    Signals,
    even_grid,
)
from ascension.climbing.limbs import FEET, LIMBS, Limb
from ascension.climbing.record import Evidence, Habit, Move
from ascension.climbing.series import runs

_FLYING: frozenset[str] = frozenset({"dyno", "foot_cut", "fall", "slip"})
_ONE_FOOT = 0.8
"""A foot on its way is a matter of tenths of a second."""


def of_reaches(signals: Signals) -> Iterator[Habit]:
    """What each reach of a hand shows."""
    for move in signals.hand_moves():
        if not signals.inside[move.reach_start]:
            continue
        yield from _without_feet(signals, move)
        yield from _late_feet(signals, move)
        yield from _slow_or_jerky(signals, move)
        if move.kind == "deadpoint":
            length = Evidence("reach", move.distance, signals.motion.unit)
            yield Habit(
                "deadpoint", move.reach_start, move.reach_end, (move.limb,), (length,), move.confidence
            )


def _without_feet(signals: Signals, move: Move) -> Iterator[Habit]:
    """A hand leaves while no foot is on, or while one is still on its way.

    A foot that hangs free beside one that stands is a flag: no fault.
    """
    feet = signals.states[move.reach_start, 2:]
    if (feet == UNSEEN).any() or signals.during(
        frozenset({"dyno", "fall"}), move.reach_start, move.reach_end
    ):
        return
    moving = [
        other
        for other in signals.foot_moves()
        if other.reach_start <= move.reach_start
        and signals.seconds(move.reach_start, other.reach_end) >= rules.FOOT_STILL_MOVING_S
        and other.reach_end > move.reach_start
        and signals.seen(other) >= rules.SEEN_SHARE
    ]
    standing = int((feet != OFF).sum())
    if standing == 0 or (standing == 1 and moving):
        sure = move.confidence * (1.0 if standing == 0 else _ONE_FOOT)
        evidence = (Evidence("feet_on", float(standing), "n"),)
        yield Habit(
            "reach_without_feet", move.reach_start, move.reach_end, (move.limb, *FEET), evidence, sure
        )


def _late_feet(signals: Signals, move: Move) -> Iterator[Habit]:
    """Hands go on upwards while the feet stay, until the legs have nothing left to push with.

    The second hand in a row that starts from stretched legs, or the third that ends on them, or has made both
    legs much longer. Ours, after the coaches' rule "feet before hands".
    """
    hands = _hands_since_feet(signals, move)
    feet = signals.states[move.reach_start, 2:]
    if len(hands) < rules.LATE_FEET_HANDS or (feet == UNSEEN).any() or not (feet == ON).any():
        return
    if _gain(signals, move) < rules.LATE_FEET_GAIN_TORSO:
        return
    leg, lengthened = _stretched(signals, move.reach_start, feet == ON), False
    if len(hands) >= rules.LATE_FEET_MORE_HANDS:
        leg = max(leg, _stretched(signals, move.reach_end - 1, feet == ON))
        lengthened = _lengthened(signals, hands[-rules.LATE_FEET_MORE_HANDS :])
    if leg < rules.STRETCHED_LEG and not lengthened:
        return
    evidence = (
        Evidence("leg", 100 * min(leg, 1.0), "%"),
        Evidence("hands_since_feet", float(len(hands)), "n"),
    )
    end = next(
        (
            later.reach_start
            for later in signals.moves
            if later.limb in FEET and later.reach_start > move.reach_start
        ),
        move.settled,
    )
    sure = move.confidence * signals.sure_of(FEET, move.reach_start, move.reach_end)
    yield Habit(
        "late_feet", move.reach_start, max(min(end, move.settled), move.reach_end), FEET, evidence, sure
    )


def _hands_since_feet(signals: Signals, move: Move) -> list[Move]:
    """The moves of the hands since a foot last moved, this one included."""
    hands = [move]
    for other in reversed([one for one in signals.moves if one.reach_start < move.reach_start]):
        if other.limb in FEET:
            break
        hands.insert(0, other)
    return hands


def _lengthened(signals: Signals, hands: list[Move]) -> bool:
    """All of these reaches went up, and together they made both legs longer by a fifth; both feet stood."""
    start, end = hands[0].reach_start, hands[-1].reach_end
    if any(_gain(signals, move) < rules.LATE_FEET_GAIN_TORSO for move in hands):
        return False
    if float((signals.states[start:end, 2:] == ON).all(axis=1).mean()) < rules.SEEN_SHARE:
        return False
    longer = (signals.legs_torso[end - 1] - signals.legs_torso[start]) / LEG_TORSO
    return bool((longer >= rules.LATE_FEET_LEG_GAIN).all())


def _stretched(signals: Signals, frame: int, standing: BoolArray) -> float:
    """Shortest of the legs that stand, as a share of a straight leg; 0: not seen."""
    legs = signals.legs_torso[frame][standing]
    return 0.0 if np.isnan(legs).any() else float(legs.min()) / LEG_TORSO


def _gain(signals: Signals, move: Move) -> float:
    """Height that the hand gains, in torso lengths; 0 where it is not known."""
    places = signals.ends.places[[move.reach_start, move.reach_end - 1], LIMBS.index(move.limb), 1]
    gain = float(places[1] - places[0]) / signals.motion.torso
    return gain if np.isfinite(gain) else 0.0


def _slow_or_jerky(signals: Signals, move: Move) -> Iterator[Habit]:
    lasted_s = signals.seconds(move.reach_start, move.reach_end)
    if lasted_s < rules.SHORTEST_REACH_S or signals.during(_FLYING, move.reach_start, move.reach_end):
        return
    speed_torso_per_s = move.distance / signals.motion.torso / lasted_s
    length = Evidence("reach", move.distance, signals.motion.unit)
    if lasted_s >= rules.SLOW_REACH_S and speed_torso_per_s < rules.SLOW_REACH_TORSO_PER_S:
        evidence = (Evidence("duration", lasted_s, "s"), length)
        yield Habit(
            "slow_reach", move.reach_start, move.reach_end, (move.limb,), evidence, move.confidence * 0.9
        )
    smoothness = smoothness_of(signals, move)
    if smoothness is not None and smoothness < rules.JERKY_BELOW_SPARC:
        evidence = (
            Evidence("smoothness", smoothness, "1"),
            Evidence("ideal", rules.IDEAL_SPARC, "1"),
            length,
        )
        yield Habit(
            "jerky_reach", move.reach_start, move.reach_end, (move.limb,), evidence, move.confidence * 0.8
        )


def smoothness_of(signals: Signals, move: Move) -> float | None:
    """SPARC of the hand's speed over one reach; None: too short or not seen for 80 % of it."""
    number = LIMBS.index(move.limb)
    speed = signals.ends.speeds_torso_per_s[move.reach_start : move.reach_end, number]
    if len(speed) < FEWEST_SAMPLES or not np.isfinite(speed).all() or signals.seen(move) < rules.SEEN_SHARE:
        return None
    time_s = signals.time_s[move.reach_start : move.reach_end]
    grid_s, step_s = even_grid(time_s)
    return sparc(np.interp(grid_s, time_s, speed), step_s)


def of_ways(signals: Signals) -> Iterator[Habit]:
    """Detours of the hips: they went much further than from here to there.

    B02 between the ends of two moves, and from where a limb leaves a hold until it is back on it; the hips'
    path without what is faster than 3 Hz. Swings after cut feet, jumps and falls are left out.
    """
    last = max(signals.end - 1, signals.start)
    back = list(_there_and_back(signals))
    ends = [signals.start, *(move.reach_end for move in signals.moves), last]
    between = [
        (start, end)
        for start, end in pairwise(sorted(set(ends)))
        if not any(first < end and start < over for first, over in back)
    ]
    for start, end in sorted(between + back):
        if signals.during(_FLYING, start, end) or not signals.on_wall[start:end].all():
            continue
        moving = np.flatnonzero(signals.hip_speed_torso_per_s[start:end] > STILL_BELOW_TORSO_PER_S)
        if len(moving) < FEWEST_SAMPLES:
            continue
        first, over = start + int(moving[0]), start + int(moving[-1]) + 1
        path = signals.hips[first:over]
        if not np.isfinite(path).all():
            continue
        way, straight = path_length(path), float(np.linalg.norm(path[-1] - path[0]))
        excess = way - straight
        if excess < rules.DETOUR_EXCESS_TORSO or way < rules.DETOUR_RATIO * straight:
            continue
        unit, torso = signals.motion.unit, signals.motion.torso
        evidence = (
            Evidence("excess", excess * torso, unit),
            Evidence("way", way * torso, unit),
            Evidence("straight", straight * torso, unit),
        )
        limbs = tuple(
            dict.fromkeys(move.limb for move in signals.moves if move.reach_start < over < move.settled)
        )
        yield Habit("detour", first, over, limbs, evidence, signals.sure_of(LIMBS, first, over))


def _there_and_back(signals: Signals) -> Iterator[tuple[int, int]]:
    """From where a limb leaves a hold for another until it is back; of those that overlap, the first."""
    until = signals.start
    for move in signals.moves:
        later = (
            other
            for other in signals.moves
            if other.limb == move.limb and other.reach_start > move.reach_start
        )
        back = next(later, None)
        if (
            back is not None
            and move.reach_start >= until
            and move.from_hold == back.to_hold is not None
            and move.from_hold != move.to_hold
            and min(signals.seen(move), signals.seen(back)) >= rules.SEEN_SHARE
        ):
            until = back.reach_end
            yield move.reach_start, back.reach_end


def of_balance(signals: Signals) -> Iterator[Habit]:
    """Weight held beside the feet (B24), and the body that swings open like a door."""
    feet_on = signals.states[:, 2:] == ON
    places = signals.ends.places[:, 2:, 0]
    center = signals.motion.center_of_mass[:, 0]
    left = np.where(feet_on, places, np.inf).min(axis=1)
    right = np.where(feet_on, places, -np.inf).max(axis=1)
    offset = np.maximum(np.maximum(left - center, center - right), 0) / signals.motion.torso
    offset[~signals.on_wall | ~np.isfinite(offset)] = 0
    yield from _off_balance(signals, offset, feet_on.all(axis=1))
    yield from _barn_door(signals, offset)


def _off_balance(signals: Signals, offset: FloatArray, both_on: BoolArray) -> Iterator[Habit]:
    for pause_start, pause_end in signals.pauses:
        inside = slice(pause_start, pause_end)
        for first, last in runs((offset[inside] > rules.OFF_BALANCE_TORSO) & both_on[inside]):
            start, end = pause_start + first, pause_start + last
            if signals.seconds(start, end) < rules.OFF_BALANCE_S:
                continue
            torso, unit = signals.motion.torso, signals.motion.unit
            evidence = (
                Evidence("offset", float(np.median(offset[start:end])) * torso, unit),
                Evidence("duration", signals.seconds(start, end), "s"),
            )
            yield Habit("off_balance", start, end, FEET, evidence, signals.sure_of(FEET, start, end))


def _joined(signals: Signals, intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A swing out and back is one."""
    found: list[tuple[int, int]] = []
    for start, end in intervals:
        if found and signals.seconds(found[-1][1], start) <= rules.BARN_DOOR_BACK_S:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _barn_door(signals: Signals, offset: FloatArray) -> Iterator[Habit]:
    """Only one side's hand and foot are on, and the hips swing sideways while no foot is on its way."""
    sideways = np.abs(signals.hip_velocity_torso_per_s[:, 0])
    swings = (offset > rules.BARN_DOOR_TORSO) & (np.nan_to_num(sideways) > rules.BARN_DOOR_TORSO_PER_S)
    for side in (0, 1):
        own, other = signals.states[:, [side, side + 2]], signals.states[:, [1 - side, 3 - side]]
        hangs = (own == ON).all(axis=1) & (other == OFF).all(axis=1) & signals.on_wall
        for start, end in _joined(signals, runs(hangs & swings)):
            stepping = any(step.reach_start < end and step.reach_end > start for step in signals.foot_moves())
            if stepping or signals.seconds(start, end) < rules.BARN_DOOR_S:
                continue
            limbs: tuple[Limb, ...] = (LIMBS[side], LIMBS[side + 2])
            evidence = (
                Evidence("speed", float(sideways[start:end].max()), "torso/s"),
                Evidence(
                    "offset", float(offset[start:end].max()) * signals.motion.torso, signals.motion.unit
                ),
            )
            yield Habit("barn_door", start, end, limbs, evidence, signals.sure_of(limbs, start, end))
