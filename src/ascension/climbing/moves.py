"""From one hold to the next: prepared, moved, settled; and how."""

from itertools import pairwise
from typing import Final

import numpy as np

from ascension.biomechanics.poses import FloatArray
from ascension.climbing.limbs import LIMBS, Limb
from ascension.climbing.record import Contact, Move, MoveKind
from ascension.climbing.series import first_after, first_from, known, lengths
from ascension.climbing.support import Scene

_DYNAMIC_TORSO_PER_S: Final = 1.4
_DYNAMIC_TORSO: Final = 0.25
"""B27: the hips pass 1.4 torso lengths a second while they move by at least 0.25."""
_OFF_S: Final = 0.1
"""B27: a dyno has both hands off for so long."""
_APEX_WITHIN_S: Final = 0.1
_STILL_TORSO_PER_S: Final = 0.3
"""B04: the body is still below this."""
_LONGEST_PHASE_S: Final = 3.0
"""What comes earlier is a rest or a look at the route, not the preparation of this move."""
_MOVE_UNKNOWN: Final = 0.5


def moves_of(scene: Scene, contacts: tuple[Contact, ...]) -> tuple[Move, ...]:
    """Every way of an end from a hold or the floor to a hold, in order of time.

    reach: from leaving to arriving, as the contacts say; where the end rested in the air in between, from the
    end of that rest. stabilization: until the center of mass is still (0.3 torso lengths a second) or the
    next reach begins, at most 3 s. preparation: from the end of the last stabilization, at most 3 s. The
    three phases are of Beltran 2023 (Sensors 23:8216), for hands; their bounds are not. kind after B27:
    dyno, deadpoint, dynamic, static.

    Known limits: an end whose contact before is not known has no move; a wrong contact makes a wrong move.
    """
    reaches = sorted(
        (reach for limb in LIMBS for reach in _reaches(scene, limb, contacts)), key=lambda r: (r[2], r[3])
    )
    speed = lengths(scene.trunk.velocity)
    settled = [_settled(scene, speed, reach, reaches) for reach in reaches]
    found: list[Move] = []
    for before, after, start, end in reaches:
        earlier = [s for (_, _, _, other_end), s in zip(reaches, settled, strict=True) if other_end <= start]
        since = max([min(frame, start) for frame in earlier], default=0)
        oldest = first_from(scene.ends.time_s, float(scene.ends.time_s[start]) - _LONGEST_PHASE_S)
        found.append(
            Move(
                limb=before.limb,
                kind=_kind(scene, contacts, before.limb, start, end),
                from_hold=before.hold,
                to_hold=after.hold,
                preparation_start=min(max(since, oldest), start),
                reach_start=start,
                reach_end=end,
                settled=_settled(scene, speed, (before, after, start, end), reaches),
                distance=float(np.hypot(after.x - before.x, after.y - before.y)) * scene.motion.way_scale,
                confidence=_confidence(scene, before, after, start, end),
            )
        )
    return tuple(found)


_Reach = tuple[Contact, Contact, int, int]
"""The contact before, the contact after, first frame of the reach, first frame after it."""


def _reaches(scene: Scene, limb: Limb, contacts: tuple[Contact, ...]) -> list[_Reach]:
    own = [contact for contact in contacts if contact.limb is limb]
    own.sort(key=lambda contact: contact.start)
    found: list[_Reach] = []
    for before, after in pairwise(own):
        if after.kind == "floor" or after.start <= before.end or _unknown(scene, before, after):
            continue
        if not known(scene.places(LIMBS.index(limb))[before.end : after.start]).all():
            continue
        found.append((before, after, _last_rest(scene, limb, before.end, after.start), after.start))
    return found


def _unknown(scene: Scene, before: Contact, after: Contact) -> bool:
    """The limb is hidden before, after and in between: it may have moved, nobody knows."""
    if not before.kind == after.kind == "unseen":
        return False
    return not scene.ends.seen[before.end : after.start, LIMBS.index(before.limb)].any()


def _last_rest(scene: Scene, limb: Limb, start: int, end: int) -> int:
    """When an end last rested in the air between two contacts; `start` where it never did."""
    rests = [dwell.end for dwell in scene.dwells[LIMBS.index(limb)] if start <= dwell.start < dwell.end < end]
    return max(rests, default=start)


def _settled(scene: Scene, speed: FloatArray, reach: _Reach, reaches: list[_Reach]) -> int:
    """First frame at or after the end of a reach in which the body is still."""
    _, after, _, end = reach
    following = [start for _, _, start, _ in reaches if start > end]
    newest = first_from(scene.ends.time_s, float(scene.ends.time_s[end]) + _LONGEST_PHASE_S)
    last = min([*following, after.end, newest])
    still = np.flatnonzero(np.nan_to_num(speed[end:last]) < _STILL_TORSO_PER_S)
    return end + int(still[0]) if len(still) else last


def _kind(scene: Scene, contacts: tuple[Contact, ...], limb: Limb, start: int, end: int) -> MoveKind:
    velocity, center = scene.trunk.velocity[start:end], scene.trunk.center
    speed = lengths(velocity)
    if not np.isfinite(speed).any():
        return "static"
    moved = float(np.hypot(*(center[end - 1] - center[start])))
    if np.nanmax(speed) < _DYNAMIC_TORSO_PER_S or not moved >= _DYNAMIC_TORSO:
        return "static"
    if limb.is_hand and _both_hands_off_s(scene, contacts, start, end) >= _OFF_S:
        return "dyno"
    return "deadpoint" if limb.is_hand and _near_apex(scene, end) else "dynamic"


def _both_hands_off_s(scene: Scene, contacts: tuple[Contact, ...], start: int, end: int) -> float:
    """Seconds of a reach in which no hand is in contact."""
    held = np.zeros(end - start, np.bool_)
    for contact in contacts:
        if contact.limb.is_hand:
            held[max(contact.start - start, 0) : max(contact.end - start, 0)] = True
    step_s = np.diff(scene.ends.time_s[start : end + 1])
    return float(step_s[~held[: len(step_s)]].sum())


def _near_apex(scene: Scene, arrival: int) -> bool:
    """The center of mass stops rising within 0.1 s of an arrival."""
    time_s, upward = scene.ends.time_s, scene.trunk.velocity[:, 1]
    first = first_from(time_s, float(time_s[arrival]) - _APEX_WITHIN_S)
    last = first_after(time_s, float(time_s[arrival]) + _APEX_WITHIN_S)
    near = upward[first:last]
    return bool(len(near) > 1 and near[0] > 0 and np.nanmin(near) <= 0)


def _confidence(scene: Scene, before: Contact, after: Contact, start: int, end: int) -> float:
    seen = scene.ends.seen[start:end, LIMBS.index(before.limb)].mean() if end > start else 1.0
    contacts = min(before.confidence, after.confidence)
    return float(contacts * (_MOVE_UNKNOWN + (1 - _MOVE_UNKNOWN) * seen))
