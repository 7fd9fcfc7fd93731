"""What happened on the wall besides moves: cuts, slips, falls, matches, rests, the top."""

from itertools import pairwise
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import ANGLE_NAMES
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.contacts import Timeline
from ascension.climbing.holds import touches
from ascension.climbing.limbs import FEET, HANDS, LIMBS, Limb
from ascension.climbing.record import Contact, Event, Interval, Move
from ascension.climbing.series import bridged, first_after, known, lasts_s, lengths, runs, velocities
from ascension.climbing.support import Scene

GRAVITY_M_PER_S2: Final = 9.81

_CUT_S: Final = 0.2
_SURE_CUT_S: Final = 0.5
"""Two feet that shuffle along one volume are off for less, by their motion."""
_GONE_TORSO: Final = 0.25
_BACK_TORSO: Final = 0.15
_GONE_S: Final = 0.1
"""Both at once away from where they stood and from where they stand next: steps and shuffles are no cut."""
_LONG_CUT_S: Final = 1.0
_MATCH_S: Final = 0.2
_HALF: Final = 0.5
_AGAIN_S: Final = 2.0
"""B20: back on the same hold within this time."""
_FALLS_FASTER_TORSO_PER_S: Final = 2.5
_DROP_TORSO: Final = 0.5
_TOP_S: Final = 1.0
_TOP_AT_THE_END_S: Final = 0.5
_REST_S: Final = 3.0
_STILL_TORSO_PER_S: Final = 0.3
_STILL_OVER_S: Final = 0.25
_STRAIGHT_ARM_DEG: Final = 150.0
_SHAKEN_S: Final = 0.5
_SHOOTS_S: Final = 0.25
_SLIPS_TORSO: Final = 0.15
_SLIPPED_FOR_S: Final = 1.5
_SETTLED_S: Final = 0.5

_SURE: Final = 0.9
_LIKELY: Final = 0.7
_POSSIBLE: Final = 0.5


def events_of(scene: Scene, timeline: Timeline, moves: tuple[Move, ...]) -> tuple[Event, ...]:
    """Everything that happened, in order of time.

    foot_cut: both feet off and away from their holds for 0.2 s while a hand holds (B22). readjustment: a limb
    is back on the same hold within 2 s (B20). match: both hands on one hold. dyno: a move with both hands off
    for 0.1 s (B27). fall: free fall downward with no hand and no foot on the wall. top: both hands, seen, on
    the highest hold that a hand used, for 1 s. rest: still for 3 s, with a straight arm or with a hand off
    that goes back to its hold (B31). slip: a foot shoots down from its hold and comes back up.

    Known limits: the end of the route is not known, so the top is the highest hold that was used; a grip that
    changes without leaving the hold is not seen; a jump down is a fall.
    """
    held = Held(scene, timeline.contacts)
    found = [
        *_foot_cuts(held),
        *_readjustments(held),
        *_matches(held),
        *_dynos(moves),
        *_falls(held),
        *_top(held, timeline),
        *_rests(held, moves),
        *_slips(held),
    ]
    return tuple(sorted(found, key=lambda event: (event.start, event.end, event.kind)))


class Held:
    """Contacts as flags over the frames."""

    def __init__(self, scene: Scene, contacts: tuple[Contact, ...]) -> None:
        self.scene, self.time_s = scene, scene.ends.time_s
        self.contacts = {
            limb: sorted((own for own in contacts if own.limb is limb), key=lambda own: own.start)
            for limb in LIMBS
        }
        self.on_wall = {limb: self._flags(limb, floor=False) for limb in LIMBS}
        self.on_floor = {limb: self._flags(limb, floor=True) for limb in LIMBS}

    def _flags(self, limb: Limb, *, floor: bool) -> BoolArray:
        flags = np.zeros(len(self.time_s), np.bool_)
        for contact in self.contacts[limb]:
            if (contact.kind == "floor") is floor:
                flags[contact.start : contact.end] = True
        return flags

    def any_on_wall(self, limbs: tuple[Limb, ...]) -> BoolArray:
        """(frames,) one of the limbs is on the wall."""
        return np.logical_or.reduce([self.on_wall[limb] for limb in limbs])

    def lasts_s(self, start: int, end: int) -> float:
        """Seconds of frames [start, end)."""
        return lasts_s(self.time_s, start, end)

    def clarity(self, limb: Limb, before: Contact, after: Contact) -> float:
        """How clearly a limb was seen in the worst quarter of the time between two contacts.

        What is not clear seems to move while it rests.
        """
        return float(np.quantile(self.scene.ends.clarity[before.end : after.start, LIMBS.index(limb)], 0.25))

    def gaps(self, limb: Limb) -> list[tuple[Contact, Contact]]:
        """Pairs of contacts of a limb that nothing known interrupts but its leaving and coming back."""
        places = self.scene.places(LIMBS.index(limb))
        return [
            (before, after)
            for before, after in pairwise(self.contacts[limb])
            if after.start > before.end and known(places[before.end : after.start]).all()
        ]


def _foot_cuts(held: Held) -> list[Event]:
    """Both feet gone from holds, a hand on, and the feet's places known.

    Known limit: feet that hang for less than a second where they stood are not told from feet that stand.
    """
    known_feet = known(held.scene.ends.places[:, 2:])
    off = ~held.any_on_wall(FEET) & ~held.on_floor[FEET[0]] & ~held.on_floor[FEET[1]]
    off &= held.any_on_wall(HANDS) & known_feet
    found: list[Event] = []
    for start, end in runs(off):
        lasting_s = held.lasts_s(start, end)
        if lasting_s >= _CUT_S and _both_gone(held, start, end):
            seen = float(held.scene.ends.seen[start:end, 2:].mean())
            sure = _SURE if lasting_s >= _SURE_CUT_S else _LIKELY
            found.append(Event("foot_cut", start, end, FEET, _POSSIBLE + (sure - _POSSIBLE) * seen))
    return found


def _both_gone(held: Held, start: int, end: int) -> bool:
    """Both feet are away at once, or, where they find no hold for a second, each for a moment."""
    left, right = (_gone(held, foot, start, end) for foot in FEET)
    if held.lasts_s(start, end) >= _LONG_CUT_S:
        return bool(left.any() and right.any())
    together_s = [held.lasts_s(start + first, start + last) for first, last in runs(left & right)]
    return max(together_s, default=0.0) >= _GONE_S


def _gone(held: Held, foot: Limb, start: int, end: int) -> BoolArray:
    """(n,) in frames [start, end) a foot is away from the hold that it was on last and from that of next."""
    gone = np.ones(end - start, np.bool_)
    before = [own for own in held.contacts[foot] if own.end <= start]
    after = [own for own in held.contacts[foot] if own.start >= end]
    if not before or before[-1].kind == "floor":
        return ~gone
    touching = touches(held.scene.motion)[start:end, LIMBS.index(foot)] / held.scene.motion.torso
    for contact, away in (
        *((own, _GONE_TORSO) for own in before[-1:]),
        *((own, _BACK_TORSO) for own in after[:1]),
    ):
        place = np.array([contact.x, contact.y]) / held.scene.motion.torso
        with np.errstate(invalid="ignore"):
            gone &= lengths(touching - place) >= away
    return gone


def _readjustments(held: Held) -> list[Event]:
    found: list[Event] = []
    for limb in LIMBS:
        for before, after in held.gaps(limb):
            again = before.hold is not None and before.hold == after.hold
            if again and held.lasts_s(before.end, after.start) <= _AGAIN_S:
                others_off = limb in FEET and not held.any_on_wall(FEET)[before.end : after.start].all()
                if not others_off:
                    confidence = min(before.confidence, after.confidence) * held.clarity(limb, before, after)
                    found.append(Event("readjustment", before.end, after.start, (limb,), confidence))
    return found


def _matches(held: Held) -> list[Event]:
    found: list[Event] = []
    for left in held.contacts[HANDS[0]]:
        for right in held.contacts[HANDS[1]]:
            start, end = max(left.start, right.start), min(left.end, right.end)
            same = left.hold is not None and left.hold == right.hold
            if same and held.lasts_s(start, end) >= _MATCH_S and _hands_seen(held, start, end):
                confidence = min(left.confidence, right.confidence)
                found.append(Event("match", start, end, HANDS, confidence))
    return found


def _dynos(moves: tuple[Move, ...]) -> list[Event]:
    """Moves of both hands through one flight are one dyno: while both are off."""
    found: list[Event] = []
    for move in moves:
        if move.kind != "dyno":
            continue
        if found and move.reach_start < found[-1].end:
            last = found.pop()
            limbs = tuple(limb for limb in HANDS if limb in (*last.limbs, move.limb))
            confidence = max(last.confidence, move.confidence)
            start, end = max(last.start, move.reach_start), min(last.end, move.reach_end)
            found.append(Event("dyno", start, end, limbs, confidence))
        else:
            found.append(Event("dyno", move.reach_start, move.reach_end, (move.limb,), move.confidence))
    return found


def _falls(held: Held) -> list[Event]:
    """Free falls that end fast and downward, half a torso lower, with nothing on the wall."""
    trunk = held.scene.trunk
    found: list[Event] = []
    for fall in held.scene.falls:
        last = fall.end - 1
        touching = sum(bool(held.on_wall[limb][last]) for limb in LIMBS)
        drop = float(trunk.center[fall.start, 1] - np.nanmin(trunk.center[fall.start : fall.end, 1]))
        fast = float(np.nanmin(trunk.velocity[fall.start : fall.end, 1])) < -_FALLS_FASTER_TORSO_PER_S
        if touching == 0 and fast and drop > _DROP_TORSO:
            end = max(fall.end, _landing(held, fall))
            found.append(Event("fall", fall.start, end, LIMBS, _fall_confidence(held, fall)))
    return found


def _landing(held: Held, fall: Interval) -> int:
    """First frame on the floor within half a second of a free fall's end; its end where there is none."""
    until = first_after(held.time_s, float(held.time_s[fall.end - 1]) + 0.5)
    landed = held.on_floor[FEET[0]] | held.on_floor[FEET[1]]
    frames = np.flatnonzero(landed[fall.start : until])
    return fall.start + int(frames[0]) if len(frames) else fall.end


def _fall_confidence(held: Held, fall: Interval) -> float:
    """In meters, sure where the acceleration is that of gravity; without a scale, likely."""
    motion = held.scene.motion
    if motion.unit != "m":
        return _LIKELY
    down = -float(np.nanmin(held.scene.trunk.acceleration[fall.start : fall.end, 1])) * motion.torso
    return _SURE if 0.6 < down / GRAVITY_M_PER_S2 < 1.5 else _POSSIBLE


def _top(held: Held, timeline: Timeline) -> list[Event]:
    by_hand = [hold for hold in timeline.holds if hold.hands]
    if not by_hand:
        return []
    highest = max(by_hand, key=lambda hold: hold.y).id
    both = np.logical_and.reduce([_on_hold(held, hand, highest) for hand in HANDS])
    for start, end in runs(both):
        if not _hands_seen(held, start, end):
            continue
        lasting_s = held.lasts_s(start, end)
        at_the_end = end == len(held.time_s)
        if lasting_s >= _TOP_S or (at_the_end and lasting_s >= _TOP_AT_THE_END_S):
            confidence = _LIKELY if lasting_s >= _TOP_S else _POSSIBLE
            return [Event("top", start, end, HANDS, confidence)]
    return []


def _hands_seen(held: Held, start: int, end: int) -> bool:
    """Each hand for half of the time at least: a hidden one is guessed to be where the other is."""
    return bool((held.scene.ends.seen[start:end, : len(HANDS)].mean(axis=0) >= _HALF).all())


def _on_hold(held: Held, hand: Limb, hold: int) -> BoolArray:
    flags = np.zeros(len(held.time_s), np.bool_)
    for contact in held.contacts[hand]:
        if contact.hold == hold:
            flags[contact.start : contact.end] = True
    return flags


def _rests(held: Held, moves: tuple[Move, ...]) -> list[Event]:
    """Still on the wall, with an arm that is straight or shaken out; nothing goes to another hold."""
    trunk = held.scene.trunk
    calm = lengths(velocities(trunk.center, trunk.time_s, _STILL_OVER_S)) < _STILL_TORSO_PER_S
    calm &= held.any_on_wall(HANDS) & ~held.on_floor[FEET[0]] & ~held.on_floor[FEET[1]]
    for move in moves:
        if move.from_hold != move.to_hold:
            calm[move.reach_start : move.reach_end] = False
    elbows = [ANGLE_NAMES.index(name) for name in ("left_elbow", "right_elbow")]
    angles = joint_angles_deg(held.scene.motion.poses)[:, elbows]
    found: list[Event] = []
    for start, end in runs(calm):
        if held.lasts_s(start, end) < _REST_S:
            continue
        off_s = [_off_s(held, hand, start, end) for hand in HANDS]
        shaken = tuple(hand for hand, off in zip(HANDS, off_s, strict=True) if off >= _SHAKEN_S)
        inside = bridged(angles[start:end], held.time_s[start:end], _SHAKEN_S)
        straight = [
            bool(np.nanmedian(inside[:, number]) >= _STRAIGHT_ARM_DEG)
            for number in (0, 1)
            if np.isfinite(inside[:, number]).any()
        ]
        if shaken:
            found.append(Event("rest", start, end, shaken, _SURE))
        elif any(straight):
            found.append(Event("rest", start, end, HANDS, _LIKELY))
    return found


def _off_s(held: Held, hand: Limb, start: int, end: int) -> float:
    return sum(held.lasts_s(start + a, start + b) for a, b in runs(~held.on_wall[hand][start:end]))


def _slips(held: Held) -> list[Event]:
    found: list[Event] = []
    for foot in FEET:
        height = held.scene.places(LIMBS.index(foot))[:, 1]
        after: Contact | None = None
        for before in reversed(held.contacts[foot]):
            if before.kind == "hold" and after is not None and _slipped(held, foot, height, before, after):
                found.append(Event("slip", before.end, after.start, (foot,), _POSSIBLE))
            if _settled(held, before):
                after = before
    return found


def _settled(held: Held, contact: Contact) -> bool:
    return contact.kind != "floor" and held.lasts_s(contact.start, contact.end) >= _SETTLED_S


def _slipped(held: Held, foot: Limb, height: FloatArray, before: Contact, after: Contact) -> bool:
    """Down at once and fast while the other foot stands, and higher again soon."""
    start, end = before.end, after.start
    if start >= end or held.lasts_s(start, end) > _SLIPPED_FOR_S or not np.isfinite(height[start:end]).all():
        return False
    other = held.on_wall[FEET[1 - FEET.index(foot)]]
    shoots = slice(start, min(first_after(held.time_s, float(held.time_s[start]) + _SHOOTS_S), end))
    drop = float(height[start - 1] - height[shoots].min())
    back_up = float(height[end] - height[start:end].min())
    return bool(drop > _SLIPS_TORSO and back_up > _SLIPS_TORSO and other[shoots].all())
