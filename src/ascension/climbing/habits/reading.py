"""What a coach would point at: habits, each in its frames and with the numbers that it rests on.

The thresholds and their sources: `rules.py`, for readers docs/guides/advice.md.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from ascension.climbing.habits import rules
from ascension.climbing.habits.feet import feet_seen, of_feet
from ascension.climbing.habits.pauses import arms_judged, in_pauses
from ascension.climbing.habits.reaches import of_balance, of_reaches, of_ways, smoothness_of
from ascension.climbing.habits.signals import UNSEEN, Signals
from ascension.climbing.motion import Motion
from ascension.climbing.record import (
    Attempt,
    Contact,
    Event,
    Evidence,
    Habit,
    HabitKind,
    Habits,
    Move,
    Unjudged,
    WhyUnjudged,
)

_LEAST_SHARE: Final = 0.5
_ON_ARMS: Final[tuple[HabitKind, ...]] = (
    "bent_arm_hold", "over_gripping_pause", "long_hesitation", "straight_arm_rest", "good_rest",
)  # fmt: skip
_ON_FEET: Final[tuple[HabitKind, ...]] = (
    "reach_without_feet", "late_feet", "off_balance", "barn_door", "foot_cut", "foot_slip", "replaced_foot",
    "quiet_feet",
)  # fmt: skip
_ON_HIPS: Final[tuple[HabitKind, ...]] = (
    "bent_arm_hold", "over_gripping_pause", "long_hesitation", "straight_arm_rest", "good_rest", "detour",
    "off_balance", "barn_door",
)  # fmt: skip


def habits_of(
    motion: Motion,
    contacts: tuple[Contact, ...],
    moves: tuple[Move, ...],
    events: tuple[Event, ...],
    attempt: Attempt | None = None,
) -> Habits:
    """The habits of one attempt, or of the whole clip, in order of time.

    Method: rules on intervals, thresholds in `rules`. Nothing is said of frames on the floor, from
    a fall on, and from the moment the top is held. Known limits: angles are those of the picture, so that an
    arm may be more bent than it looks, never less; what hands and feet hide is in `unjudged` where it is
    more than half of the time on the wall. `unjudged` means "nobody knows", not "nothing was wrong".
    """
    signals = Signals.of(motion, contacts, moves, events, attempt)
    unjudged = _unjudged(signals)
    silent = {one.kind for one in unjudged}
    found = [habit for habit in _all(signals) if habit.kind not in silent]
    if "smooth_sequence" not in silent:
        found += _smooth_sequences(signals, found)
    return Habits(tuple(sorted(found, key=lambda habit: (habit.start, habit.end))), unjudged)


def _all(signals: Signals) -> Iterator[Habit]:
    yield from in_pauses(signals)
    yield from of_feet(signals)
    yield from of_reaches(signals)
    yield from of_ways(signals)
    yield from of_balance(signals)


def _unjudged(signals: Signals) -> tuple[Unjudged, ...]:
    reasons: dict[HabitKind, WhyUnjudged] = {}
    if not signals.on_wall.any():
        unseen = signals.states[signals.inside, :2] == UNSEEN
        hidden = unseen.size > 0 and unseen.mean() > _LEAST_SHARE
        reasons = dict.fromkeys(rules.RULES, "arms_hidden" if hidden else "nobody_on_wall")
    else:
        if not signals.moves:
            reasons |= dict.fromkeys(("slow_reach", "jerky_reach", "smooth_sequence"), "nothing_moved")
        if not signals.motion.registered:
            reasons |= dict.fromkeys(_ON_HIPS, "wall_not_followed")
        if arms_judged(signals) < _LEAST_SHARE:
            reasons |= dict.fromkeys(_ON_ARMS, "arms_hidden")
        if feet_seen(signals) < _LEAST_SHARE:
            reasons |= dict.fromkeys(_ON_FEET, "feet_hidden")
    return tuple(Unjudged(kind, reason) for kind, reason in reasons.items())


def _smooth_sequences(signals: Signals, others: list[Habit]) -> Iterator[Habit]:
    """Four moves or more, one soon after the other, all hands' reaches smooth, and no fault in between."""
    chain: list[Move] = []
    for move in (*signals.moves, None):
        if move is not None and _smooth(signals, move) and (not chain or _soon(signals, chain[-1], move)):
            chain.append(move)
            continue
        yield from _sequence(signals, chain, others)
        chain = [move] if move is not None and _smooth(signals, move) else []


def _smooth(signals: Signals, move: Move) -> bool:
    if not signals.inside[move.reach_start]:
        return False
    if not move.limb.is_hand:
        return True
    smoothness = smoothness_of(signals, move)
    return smoothness is not None and smoothness >= rules.SMOOTH_ABOVE_SPARC


def _soon(signals: Signals, before: Move, after: Move) -> bool:
    return signals.seconds(before.reach_end, after.reach_start) <= rules.SEQUENCE_PAUSE_S


def _sequence(signals: Signals, chain: list[Move], others: list[Habit]) -> Iterator[Habit]:
    hands = [move for move in chain if move.limb.is_hand]
    if len(chain) < rules.SEQUENCE_MOVES or len(hands) < 2:
        return
    start, end = chain[0].reach_start, max(move.reach_end for move in chain)
    if any(
        rules.RULES[habit.kind].sort == "fault" and habit.start < end and habit.end > start
        for habit in others
    ):
        return
    found = [value for move in hands if (value := smoothness_of(signals, move)) is not None]
    pauses_s = [
        max(signals.seconds(before.reach_end, after.reach_start), 0.0) for before, after in pairwise(chain)
    ]
    evidence = (
        Evidence("moves", float(len(chain)), "n"),
        Evidence("duration", signals.seconds(start, end), "s"),
        Evidence("longest_pause", max(pauses_s), "s"),
        Evidence("smoothness", float(np.median(found)), "1"),
    )
    limbs = tuple(dict.fromkeys(move.limb for move in chain))
    sure = float(np.mean([move.confidence for move in chain]))
    yield Habit("smooth_sequence", start, end, limbs, evidence, sure)
