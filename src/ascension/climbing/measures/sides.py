"""How differently the two sides work: B28. Above 0 = more on the right."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from ascension.climbing.limbs import HANDS, LIMBS, Limb
from ascension.climbing.measures.arms import loaded_arms
from ascension.climbing.measures.loads import limb_loads
from ascension.climbing.measures.material import (
    Found,
    Material,
    NotMeasurableError,
    gate,
    of_contacts,
    of_moves,
    reaches,
)
from ascension.climbing.measures.stillness import lasting
from ascension.climbing.record import Evidence

FEWEST_REACHES: Final = 4
"""With fewer, one hand move more or less decides."""


def reach_asymmetry(material: Material) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    if len(moves) < FEWEST_REACHES:
        raise NotMeasurableError(
            "too_few_moves_for_sides",
            Evidence("needed", FEWEST_REACHES, "n"),
            Evidence("found", len(moves), "n"),
        )
    return Found(_asymmetry(_counted(move.limb for move in moves)), certainty, reaches(moves))


def contact_asymmetry(material: Material) -> Found:
    certainty = of_contacts(material, HANDS)
    hidden = [material.hidden[:, LIMBS.index(limb)] for limb in HANDS]
    both_known = ~(hidden[0] | hidden[1])
    passed = gate(material.share(both_known), "both_hands_seldom_known")
    sides = {
        limb: float(material.lasts_s @ (material.on[:, LIMBS.index(limb)] & both_known)) for limb in HANDS
    }
    return Found(_asymmetry(sides), certainty * passed, lasting(material, both_known, 0.0))


def elbow_asymmetry(material: Material) -> Found:
    arms, certainty = loaded_arms(material)
    means: dict[Limb, float] = {}
    for limb, arm in arms.items():
        if not arm.known.any():
            is_left = limb == Limb.LEFT_HAND
            raise NotMeasurableError(
                "left_arm_never_seen_holding" if is_left else "right_arm_never_seen_holding"
            )
        means[limb] = float(np.average(arm.elbow_deg[arm.known], weights=material.lasts_s[arm.known]))
    return Found(_asymmetry(means), certainty, material.whole)


def load_asymmetry_estimate(material: Material) -> Found:
    loads = limb_loads(material)
    return Found(
        _asymmetry(dict(zip(LIMBS, map(float, loads.mean), strict=True))), loads.certainty, loads.frames
    )


def _counted(limbs: Iterable[Limb]) -> dict[Limb, float]:
    counts = Counter(limbs)
    return {limb: float(counts[limb]) for limb in HANDS}


def _asymmetry(of_limbs: dict[Limb, float]) -> float:
    """(R - L) / (R + L) in percent."""
    right = sum(value for limb, value in of_limbs.items() if limb in {Limb.RIGHT_HAND, Limb.RIGHT_FOOT})
    left = sum(of_limbs.values()) - right
    if right + left == 0:
        raise NotMeasurableError("neither_side_did_anything")
    return 100 * (right - left) / (right + left)
