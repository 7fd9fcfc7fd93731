"""What each end carries, from statics: B26 and the loads of B28."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.equilibrium import Support, balance
from ascension.biomechanics.filtering import stretches
from ascension.biomechanics.poses import BoolArray, FloatArray, IntArray
from ascension.climbing.body import Body, Level
from ascension.climbing.limbs import FEET, HANDS, LIMBS, Limb
from ascension.climbing.measures.material import (
    Found,
    Material,
    NotMeasurableError,
    gate,
    of_center,
    of_contacts,
)
from ascension.climbing.measures.stillness import STILL_TORSO_PER_S
from ascension.climbing.record import Evidence, FourLoads, Interval, StanceLoads

HAND_CAPACITY: Final[dict[Level, float]] = {
    "beginner": 0.6,
    "intermediate": 0.8,
    "advanced": 1.1,
    "elite": 1.6,
}
"""Body weights that a hand can pull; the model's own working values."""
FOOT_CAPACITY: Final = 2.0
_INJURED: Final = 0.3
_SAMPLE_S: Final = 1.0
"""A stance is balanced anew after this long."""
_LEAST_S: Final = 1.0


@dataclass(frozen=True)
class Loads:
    """Mean size of the force on each end (4,) in body weights while the body rests, and what it is of."""

    mean: FloatArray
    certainty: float
    stances: tuple[StanceLoads, ...]

    @property
    def frames(self) -> tuple[Interval, ...]:
        return tuple(Interval(stance.start, stance.end) for stance in self.stances)


def hand_load_estimate(material: Material) -> Found:
    loads = limb_loads(material)
    hands = sum(float(loads.mean[LIMBS.index(limb)]) for limb in HANDS)
    return Found(100 * hands / float(loads.mean.sum()), loads.certainty, loads.frames)


def limb_loads(material: Material) -> Loads:
    """Loads of all stances in which the body rests on known supports, weighted by how long they last.

    Raises NotMeasurableError where the wall's angle is not told, the body hardly rests on the wall, or half
    of the stances do not balance: then a hold, a contact or the angle is wrong.
    """
    overhang_deg = material.motion.overhang_deg
    if overhang_deg is None:
        raise NotMeasurableError("wall_angle_not_told")
    certainty = of_center(material) * of_contacts(material, LIMBS)
    usable = _usable(material)
    usable_s = float(material.lasts_s[usable].sum())
    if usable_s < _LEAST_S:
        raise NotMeasurableError("never_rested_on_known_holds", Evidence("least", _LEAST_S, "s"))
    total, balanced_s, stances = np.zeros(len(LIMBS)), 0.0, _balanced(material, usable, overhang_deg)
    for stance in stances:
        first = material.attempt.start
        lasted_s = float(material.lasts_s[stance.start - first : stance.end - first].sum())
        total += lasted_s * np.array(stance.loads)
        balanced_s += lasted_s
    passed = gate(balanced_s / usable_s, "forces_seldom_balance")
    return Loads(total / balanced_s, certainty * passed, stances)


def _usable(material: Material) -> BoolArray:
    """(frames of the attempt,) the body rests, and it is known on what."""
    resting = material.center.seen & (material.center.speed < STILL_TORSO_PER_S * material.torso)
    found: BoolArray = resting & ~material.hidden.any(axis=1) & material.on.any(axis=1) & ~_on_floor(material)
    return found


def _balanced(material: Material, usable: BoolArray, overhang_deg: float) -> tuple[StanceLoads, ...]:
    first, found = material.attempt.start, list[StanceLoads]()
    for stance in _stances(material, usable):
        loads = _loads_of(material, stance, overhang_deg)
        if loads is not None:
            found.append(StanceLoads(first + stance.start, first + stance.stop, loads))
    return tuple(found)


def _on_floor(material: Material) -> BoolArray:
    marked = np.zeros(len(material.time_s), np.bool_)
    for contact in material.contacts:
        if contact.kind == "floor":
            marked[contact.start - material.attempt.start : contact.end - material.attempt.start] = True
    return marked


def _stances(material: Material, usable: BoolArray) -> list[slice]:
    """Usable stretches on the same supports, in pieces of at most _SAMPLE_S."""
    numbers = np.cumsum(np.concatenate([[0], np.any(np.diff(material.on, axis=0), axis=1)])).astype(np.int64)
    pieces: list[slice] = []
    for stretch in stretches(usable):
        elapsed_s = material.time_s[stretch] - material.time_s[stretch.start]
        for number in np.unique(numbers[stretch]):
            same = np.flatnonzero(numbers[stretch] == number)
            parts: IntArray = ((elapsed_s[same] - elapsed_s[same[0]]) / _SAMPLE_S + 1e-9).astype(np.int64)
            for part in np.unique(parts):
                own = same[parts == part] + stretch.start
                pieces.append(slice(int(own[0]), int(own[-1]) + 1))
    return pieces


def _loads_of(material: Material, stance: slice, overhang_deg: float) -> FourLoads | None:
    """Loads in the middle of a stance; None where they do not balance."""
    middle = (stance.start + stance.stop) // 2
    frame = material.attempt.start + middle
    carrying = [
        contact
        for contact in material.contacts
        if contact.kind in {"hold", "smear"} and contact.start <= frame < contact.end
    ]
    supports = [
        Support(
            "hand" if contact.limb.is_hand else "foot",
            contact.x / material.torso,
            contact.y / material.torso,
            _capacity(contact.limb, material.body),
        )
        for contact in carrying
    ]
    x, y = material.center.places[middle] / material.torso
    found = balance(supports, (float(x), float(y)), overhang_deg)
    if not found.feasible:
        return None
    loads = [0.0, 0.0, 0.0, 0.0]
    for contact, load in zip(carrying, found.loads, strict=True):
        loads[LIMBS.index(contact.limb)] += float(load)
    left_hand, right_hand, left_foot, right_foot = loads
    return left_hand, right_hand, left_foot, right_foot


def _capacity(limb: Limb, body: Body) -> float:
    full = FOOT_CAPACITY if limb in FEET else HAND_CAPACITY[body.level or "intermediate"]
    return full * (_INJURED if limb in body.injured else 1.0)
