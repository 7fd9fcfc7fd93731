"""One clip, one or several tries: from leaving the floor to the top, a fall, the way down or the end."""

from typing import Final

import numpy as np

from ascension.biomechanics.poses import BoolArray
from ascension.climbing.events import Held
from ascension.climbing.limbs import FEET, HANDS
from ascension.climbing.reasons import Ended
from ascension.climbing.record import Attempt, Contact, Event, Evidence, Outcome
from ascension.climbing.series import lasts_s, runs
from ascension.climbing.support import Scene

_SHORTEST_S: Final = 0.3
_GONE_S: Final = 1.0


def attempts_of(
    scene: Scene, contacts: tuple[Contact, ...], events: tuple[Event, ...]
) -> tuple[Attempt, ...]:
    """The tries of a clip, in order of time; between two of them the climber stood on the floor.

    A try begins when the last foot leaves the floor while a hand is on the wall, or where the clip begins on
    the wall. It ends with the top event, with a fall, when a foot is back on the floor, or with the clip.
    Where nobody touches the wall, the one attempt says so. Empty only where the body has no place at all.
    """
    known = np.flatnonzero(scene.motion.known)
    if not len(known):
        return ()
    first, last = int(known[0]), int(known[-1]) + 1
    held = Held(scene, contacts)
    floor = held.on_floor[FEET[0]] | held.on_floor[FEET[1]]
    found = [_attempt(held, start, end, events) for start, end in _climbs(held, floor, first, last)]
    if found:
        return tuple(found)
    reason: Ended = "stays_on_floor" if floor.any() else "no_hand_on_wall"
    return (_ended(first, last, "unknown", reason),)


def _climbs(held: Held, floor: BoolArray, first: int, last: int) -> list[tuple[int, int]]:
    """Intervals off the floor in which a hand is on the wall."""
    off = ~floor
    off[:first], off[last:] = False, False
    hands = held.any_on_wall(HANDS)
    found: list[tuple[int, int]] = []
    for start, end in runs(off):
        on = np.flatnonzero(hands[start:end])
        if len(on) and lasts_s(held.time_s, start + int(on[0]), end) >= _SHORTEST_S:
            found.append((start, end))
    return found


def _attempt(held: Held, start: int, end: int, events: tuple[Event, ...]) -> Attempt:
    own = [event for event in events if start <= event.start < end]
    for event in own:
        if event.kind == "top":
            return _ended(start, min(event.end, end), "top", "both_hands_on_highest_hold")
        if event.kind == "fall":
            return _ended(start, max(event.end, end), "fall", "free_fall")
    if end < len(held.time_s) and any(held.on_floor[foot][end] for foot in FEET):
        return _ended(start, end, "down", "foot_back_on_floor")
    gone = Evidence("gone", lasts_s(held.time_s, end, len(held.time_s)), "s")
    if gone.value >= _GONE_S and not held.scene.motion.poses.person[end:].any():
        return _ended(start, end, "left_picture", "body_out_of_sight", gone)
    if gone.value >= _GONE_S:
        return _ended(start, end, "unknown", "wall_not_followed_at_end", gone)
    return _ended(start, end, "unknown", "clip_ends_on_wall")


def _ended(start: int, end: int, outcome: Outcome, reason: Ended, *numbers: Evidence) -> Attempt:
    return Attempt(start, end, outcome, reason, numbers)
