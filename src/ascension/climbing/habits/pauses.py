"""Habits while the hips rest: on bent arms, on straight arms, for too long."""

from collections.abc import Iterator

import numpy as np

from ascension.biomechanics.poses import BoolArray
from ascension.climbing.habits import rules
from ascension.climbing.habits.signals import OFF, ON, Signals
from ascension.climbing.limbs import HANDS, Limb
from ascension.climbing.record import Evidence, Habit
from ascension.climbing.series import runs

_BRIDGED_S = 0.25
_ONE_ARM_SEEN = 0.7
"""What one arm does says less about a pause than what both do."""


def in_pauses(signals: Signals) -> Iterator[Habit]:
    """What each pause shows. A pause on well bent arms before an easy reach is two habits; others are one."""
    for start, end in signals.pauses:
        bent = list(_bent(signals, start, end))
        straight = _straight(signals, start, end)
        if bent:
            yield from bent
        elif straight is not None:
            yield straight
        else:
            yield from _gripping(signals, start, end) or _hesitation(signals, start, end)


def arms_judged(signals: Signals) -> float:
    """Share of the frames on the wall in which an arm that carries is seen."""
    wall = signals.on_wall
    return float(np.isfinite(signals.elbows_deg[wall]).any(axis=1).mean()) if wall.any() else 0.0


def _bent(signals: Signals, start: int, end: int) -> Iterator[Habit]:
    overhang = signals.motion.overhang_deg
    if overhang is not None and overhang < rules.SLAB_BELOW_DEG:
        return
    elbows = signals.elbows_deg[start:end]
    judged = np.asarray(np.isfinite(elbows).any(axis=1), np.bool_)
    bent = judged.copy()
    bent[(np.where(np.isnan(elbows), 0.0, elbows) >= rules.BENT_BELOW_DEG).any(axis=1)] = False
    bent[(signals.states[start:end, 2:] == OFF).all(axis=1)] = False
    bridged = _without_gaps(bent, ~judged, signals, start)
    for first, last in runs(bridged):
        begin, over = start + first, start + last
        lasted_s = signals.seconds(begin, over)
        least_s = rules.BENT_HOLD_AT_THE_END_S if signals.is_last(over) else rules.BENT_HOLD_S
        if lasted_s < least_s or bent[first:last].mean() < rules.ARMS_JUDGED_SHARE:
            continue
        hands = tuple(hand for side, hand in enumerate(HANDS) if np.isfinite(elbows[first:last, side]).any())
        evidence = (
            Evidence("duration", lasted_s, "s"),
            Evidence("elbow", float(np.nanmedian(elbows[first:last])), "deg"),
        )
        sure = _confidence(signals, begin, over, hands)
        yield Habit("bent_arm_hold", begin, over, hands, evidence, sure)
        reach_torso = _easy_reach_after(signals, over)
        if lasted_s >= rules.OVER_GRIPPING_S and reach_torso is not None and _all_on(signals, begin, over):
            more = Evidence("next_reach", reach_torso * signals.motion.torso, signals.motion.unit)
            yield Habit("over_gripping_pause", begin, over, HANDS, (*evidence, more), sure)


def _without_gaps(flags: BoolArray, unknown: BoolArray, signals: Signals, offset: int) -> BoolArray:
    """`flags` with short gaps closed in which nothing is known."""
    filled = flags.copy()
    for first, last in runs(~flags):
        inner = first > 0 and last < len(flags)
        short = signals.seconds(offset + first, offset + last) <= _BRIDGED_S
        if inner and short and unknown[first:last].all():
            filled[first:last] = True
    return filled


def _easy_reach_after(signals: Signals, frame: int) -> float | None:
    """Length in torso lengths of an easy reach of a hand that follows a pause; None: there is none."""
    at_s = signals.time_s[min(frame, len(signals.time_s) - 1)]
    for move in signals.moves:
        begins_s = signals.time_s[move.reach_start] - at_s
        if abs(begins_s) <= rules.BEFORE_THE_REACH_S and move.reach_end > frame:
            length = move.distance / signals.motion.torso
            easy = move.limb in HANDS and move.kind == "static" and length <= rules.EASY_REACH_TORSO
            return length if easy else None
    return None


def _all_on(signals: Signals, start: int, end: int) -> bool:
    """Both hands and both feet on the wall for nearly all of the time."""
    return float((signals.states[start:end] == ON).all(axis=1).mean()) >= rules.SEEN_SHARE


def _straight(signals: Signals, start: int, end: int) -> Habit | None:
    elbows = signals.elbows_deg[start:end]
    judged = np.isfinite(elbows).any(axis=1)
    lasted_s = signals.seconds(start, end)
    if lasted_s < rules.STRAIGHT_REST_S or judged.mean() < rules.ARMS_JUDGED_SHARE:
        return None
    least = np.where(np.isnan(elbows), 180.0, elbows).min(axis=1)
    if float((least[judged] >= rules.STRAIGHT_ABOVE_DEG).mean()) < rules.SEEN_SHARE:
        return None
    off = signals.states[start:end, :2] == OFF
    shaken_s = float(off.any(axis=1).mean()) * lasted_s
    carrying = tuple(hand for side, hand in enumerate(HANDS) if np.isfinite(elbows[:, side]).any())
    evidence = (
        Evidence("duration", lasted_s, "s"),
        Evidence("elbow", float(np.nanmedian(elbows)), "deg"),
        Evidence("hand_free", shaken_s, "s"),
    )
    sure = _confidence(signals, start, end, carrying)
    rested = lasted_s >= rules.GOOD_REST_S and shaken_s > 1.0
    return Habit("good_rest" if rested else "straight_arm_rest", start, end, carrying, evidence, sure)


def _gripping(signals: Signals, start: int, end: int) -> list[Habit]:
    """As long as a rest, before an easy reach, and none: no arm is straight, no hand is shaken out."""
    overhang = signals.motion.overhang_deg
    elbows, lasted_s = signals.elbows_deg[start:end], signals.seconds(start, end)
    judged = np.isfinite(elbows).any(axis=1)
    reach_torso = _easy_reach_after(signals, end)
    if (
        (overhang is not None and overhang < rules.SLAB_BELOW_DEG)
        or lasted_s < rules.GRIPPING_REST_S
        or reach_torso is None
        or judged.mean() < rules.ARMS_JUDGED_SHARE
        or not _all_on(signals, start, end)
    ):
        return []
    straightest = np.where(np.isnan(elbows), 0.0, elbows).max(axis=1)[judged]
    if float((straightest < rules.STRAIGHT_ABOVE_DEG).mean()) < rules.SEEN_SHARE:
        return []
    evidence = (
        Evidence("duration", lasted_s, "s"),
        Evidence("elbow", float(np.nanmedian(elbows)), "deg"),
        Evidence("next_reach", reach_torso * signals.motion.torso, signals.motion.unit),
    )
    sure = _confidence(signals, start, end, HANDS)
    return [Habit("over_gripping_pause", start, end, HANDS, evidence, sure)]


def _hesitation(signals: Signals, start: int, end: int) -> list[Habit]:
    lasted_s = signals.seconds(start, end)
    both_on = (signals.states[start:end, :2] == ON).all(axis=1)
    if lasted_s < rules.HESITATION_S or both_on.mean() < rules.SEEN_SHARE:
        return []
    judged = np.isfinite(signals.elbows_deg[start:end]).any(axis=1).mean()
    if judged < rules.ARMS_JUDGED_SHARE:
        return []
    sure = _confidence(signals, start, end, HANDS)
    return [Habit("long_hesitation", start, end, HANDS, (Evidence("duration", lasted_s, "s"),), sure)]


def _confidence(signals: Signals, start: int, end: int, hands: tuple[Limb, ...]) -> float:
    """Of the contacts, times the share of frames with an arm in sight, times how many arms that is."""
    elbows = np.isfinite(signals.elbows_deg[start:end])
    seen = float(elbows.any(axis=1).mean())
    both = _ONE_ARM_SEEN + (1 - _ONE_ARM_SEEN) * float(elbows.all(axis=1).mean())
    return signals.sure_of(hands, start, end) * seen * both
