"""What hands and feet did on the holds: B18-B24, B30."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from ascension.climbing.limbs import FEET, HANDS, LIMBS, Limb
from ascension.climbing.measures.material import (
    Found,
    Material,
    NotMeasurableError,
    gate,
    known_pairs,
    of_center,
    of_contacts,
)
from ascension.climbing.reasons import Unmeasured
from ascension.climbing.record import Contact, Interval

AGAIN_S: Final = 2.0
"""The same end back on the same hold within this time: put again, not left."""
REPLACED_TORSO: Final = 0.35
TAP_S: Final = 0.5
TOGETHER_S: Final = 0.1
_USES_FOR_A_CENTER: Final = 3
"""A hold's middle is the mean of where ends rested: of one rest it would be that rest."""
_USED_TORSO: Final = 0.1
"""A hold by which the body moved this far was used."""


def hand_contact_time(material: Material) -> Found:
    return _contact_time(material, HANDS, "no_hand_on_hold")


def foot_contact_time(material: Material) -> Found:
    return _contact_time(material, FEET, "no_foot_on_hold")


def exploration_ratio(material: Material) -> Found:
    certainty = of_contacts(material, HANDS) * of_center(material)
    grasps = [one for limb in HANDS for one in _joined(material, limb) if material.released(one)]
    used = [one for one in grasps if _was_used(material, one)]
    if not used:
        raise NotMeasurableError("no_hold_used_and_left")
    touched = tuple(Interval(one.start, one.end) for one in grasps if one not in used)
    return Found(len(touched) / len(used), certainty, touched or material.whole)


def grip_readjustments(material: Material) -> Found:
    certainty = of_contacts(material, HANDS)
    events = material.events_of("readjustment", HANDS)
    frames = tuple(Interval(one.start, one.end) for one in events)
    return Found(len(events), certainty, frames or material.whole)


def foot_replacements(material: Material) -> Found:
    certainty = of_contacts(material, FEET)
    pairs = _replaced(material)
    frames = tuple(Interval(first.end, second.start) for first, second in pairs)
    return Found(len(pairs), certainty, frames or material.whole)


def foot_taps(material: Material) -> Found:
    certainty = of_contacts(material, FEET)
    taps = tuple(
        Interval(first.start, first.end)
        for first, _ in _replaced(material)
        if material.between_s(first.start, first.end) < TAP_S
    )
    return Found(len(taps), certainty, taps or material.whole)


def foot_offset_proxy(material: Material) -> Found:
    certainty = of_contacts(material, FEET)
    places = {
        hold.id: np.array([hold.x, hold.y])
        for hold in material.holds
        if hold.hands + hold.feet >= _USES_FOR_A_CENTER
    }
    contacts = [one for one in material.holds_of(FEET) if one.hold in places]
    if not contacts:
        raise NotMeasurableError("no_foot_on_known_hold")
    offsets = [
        float(np.linalg.norm(places[one.hold] - (one.x, one.y))) for one in contacts if one.hold is not None
    ]
    frames = tuple(Interval(one.start, one.end) for one in contacts)
    return Found(float(np.mean(offsets)), certainty, frames)


def foot_cut_count(material: Material) -> Found:
    certainty = _of_every_end(material)
    cuts = material.events_of("foot_cut")
    return Found(len(cuts), certainty, tuple(Interval(one.start, one.end) for one in cuts) or material.whole)


def foot_cut_time(material: Material) -> Found:
    certainty = _of_every_end(material)
    cuts = tuple(Interval(one.start, one.end) for one in material.events_of("foot_cut"))
    total_s = sum(material.between_s(one.start, one.end) for one in cuts)
    return Found(float(total_s), certainty, cuts or material.whole)


def release_frequency(material: Material) -> Found:
    certainty = _of_every_end(material)
    limbs = len(LIMBS) - len(material.body.missing)
    released = _releases(material)
    if not released:
        raise NotMeasurableError("no_end_left_a_hold")
    frames = tuple(Interval(one.end, one.end + 1) for one in released)
    return Found(len(released) / limbs / material.duration_s, certainty, frames)


def simultaneous_releases(material: Material) -> Found:
    certainty = _of_every_end(material)
    released = _releases(material)
    if not released:
        raise NotMeasurableError("no_end_left_a_hold")
    times_s = np.array([material.motion.time_s[one.end] for one in released])
    together = np.flatnonzero(np.diff(times_s) <= TOGETHER_S + 1e-9)
    frames = tuple(Interval(released[first].end, released[first + 1].end + 1) for first in together)
    return Found(len(together), certainty, frames or material.whole)


def support_offset(material: Material) -> Found:
    certainty = of_center(material) * of_contacts(material, FEET)
    frames = len(material.time_s)
    leftmost, rightmost = np.full(frames, np.inf), np.full(frames, -np.inf)
    for one in material.contacts:
        if one.limb in FEET and one.kind != "unseen":
            run = slice(one.start - material.attempt.start, one.end - material.attempt.start)
            leftmost[run] = np.minimum(leftmost[run], one.x)
            rightmost[run] = np.maximum(rightmost[run], one.x)
    supported = np.isfinite(leftmost) & material.center.seen
    if not supported.any():
        raise NotMeasurableError("no_foot_stood")
    x = material.center.places[supported, 0]
    outside = np.maximum(np.maximum(leftmost[supported] - x, x - rightmost[supported]), 0)
    offset = float(np.average(outside, weights=material.lasts_s[supported]))
    return Found(offset, certainty, material.whole)


def holds_used(material: Material) -> Found:
    certainty = _of_every_end(material)
    contacts = [one for one in material.holds_of(LIMBS) if one.hold is not None]
    if not contacts:
        raise NotMeasurableError("nobody_on_hold")
    frames = tuple(Interval(one.start, one.end) for one in contacts)
    return Found(len({one.hold for one in contacts}), certainty, frames)


def _of_every_end(material: Material) -> float:
    """Certainty of what counts hands and feet alike."""
    return min(known_pairs(material), of_contacts(material, LIMBS))


def _contact_time(material: Material, limbs: Sequence[Limb], otherwise: Unmeasured) -> Found:
    """Mean over the holds of how long `limbs` were on them in all; holds where nobody knows are left out."""
    certainty = of_contacts(material, limbs)
    contacts = [one for one in material.holds_of(limbs) if one.hold is not None]
    holds = {one.hold for one in contacts}
    if not holds:
        raise NotMeasurableError(otherwise)
    unsure = {one.hold for one in material.contacts if one.limb in limbs and one.kind == "unseen"}
    sure = holds - unsure
    passed = gate(len(sure) / len(holds), "ends_of_contacts_seldom_known")
    counted = [one for one in contacts if one.hold in sure]
    total_s = sum(material.between_s(one.start, one.end) for one in counted)
    frames = tuple(Interval(one.start, one.end) for one in counted)
    return Found(total_s / len(sure), certainty * passed, frames)


def _joined(material: Material, limb: Limb) -> list[Contact]:
    """A limb's contacts with holds; what came back to its hold within AGAIN_S counts as one."""
    joined: list[Contact] = []
    for one in material.holds_of([limb]):
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.hold == one.hold
            and (one.start <= last.end or material.between_s(last.end, one.start) <= AGAIN_S)
        ):
            joined[-1] = replace(last, end=one.end)
        else:
            joined.append(one)
    return joined


def _was_used(material: Material, grasp: Contact) -> bool:
    """Whether another end went somewhere or the body moved while the hand held."""
    helped = any(
        move.limb != grasp.limb and grasp.start <= move.reach_start < grasp.end for move in material.moves
    )
    first = material.attempt.start
    places = material.center.places[grasp.start - first : grasp.end - first]
    way = float(np.linalg.norm(places[-1] - places[0]))
    return helped or way > _USED_TORSO * material.torso


def _replaced(material: Material) -> list[tuple[Contact, Contact]]:
    """Neighboring contacts of a foot, less than REPLACED_TORSO and at most AGAIN_S apart."""
    pairs: list[tuple[Contact, Contact]] = []
    for limb in FEET:
        contacts = material.holds_of([limb])
        for first, second in pairwise(contacts):
            apart = float(np.hypot(second.x - first.x, second.y - first.y))
            between_s = material.between_s(first.end, second.start) if second.start > first.end else 0.0
            if material.released(first) and apart < REPLACED_TORSO * material.torso and between_s <= AGAIN_S:
                pairs.append((first, second))
    return pairs


def _releases(material: Material) -> list[Contact]:
    found = [one for one in material.holds_of(LIMBS) if material.released(one)]
    return sorted(found, key=lambda one: one.end)
