"""Every threshold by which a habit is named, with its source and how strong that source is.

The same table for readers: docs/guides/advice.md. Where no study gives a number, ours is chosen so that a
clean climb is named for nothing; `strength` says so.
"""

from dataclasses import dataclass
from typing import Final, Literal

from ascension.climbing.record import HabitKind

Sort = Literal["fault", "strength", "note"]
Strength = Literal["trial", "consensus", "ours"]


@dataclass(frozen=True)
class Rule:
    """Why a habit is a habit. `strength`: of the source that says it matters, not of the number."""

    sort: Sort
    source: str
    strength: Strength


BENT_BELOW_DEG: Final = 120.0
"""B10"""
STRAIGHT_ABOVE_DEG: Final = 150.0
"""Beltran 2023 ("decoupling")."""
BENT_HOLD_S: Final = 1.5
"""B10 counts from 1 s on; nobody needs to be told of a single second."""
BENT_HOLD_AT_THE_END_S: Final = 3.0
"""Who holds on where the clip ends may have arrived."""
OVER_GRIPPING_S: Final = 2.0
"""On arms below BENT_BELOW_DEG."""
GRIPPING_REST_S: Final = 3.0
"""B31: who stays for so long rests, or should. No arm straight and none shaken out is neither."""
EASY_REACH_TORSO: Final = 1.3
"""About 0.65 m: shorter than a grown arm."""
BEFORE_THE_REACH_S: Final = 1.0
HESITATION_S: Final = 5.0
STRAIGHT_REST_S: Final = 2.0
GOOD_REST_S: Final = 3.0
"""B31"""
ARMS_JUDGED_SHARE: Final = 0.6
SLAB_BELOW_DEG: Final = -3.0
"""On a slab the feet carry nearly all, and bent arms cost little."""

FOOT_STILL_MOVING_S: Final = 0.4
"""After the hand has left. Times of contacts are about 0.1 s off, of partly hidden feet more."""
STRETCHED_LEG: Final = 0.92
"""Of a straight leg's length, in the picture: what is bent towards the wall looks shorter still."""
LATE_FEET_HANDS: Final = 2
"""In a row, the last of them from stretched legs."""
LATE_FEET_MORE_HANDS: Final = 3
"""In a row, the last of them into stretched legs."""
LATE_FEET_GAIN_TORSO: Final = 0.2
LATE_FEET_LEG_GAIN: Final = 0.2
"""Of a straight leg: so much longer three hands in a row made both legs. A usual climb: at most 0.1."""
SLOW_REACH_S: Final = 2.0
SLOW_REACH_TORSO_PER_S: Final = 0.5
IDEAL_SPARC: Final = -1.4
JERKY_BELOW_SPARC: Final = -3.0
SMOOTH_ABOVE_SPARC: Final = -2.0
SHORTEST_REACH_S: Final = 0.3
SEEN_SHARE: Final = 0.8

DETOUR_EXCESS_TORSO: Final = 0.5
"""Twice what the hips of the validation scenes and of one real climb did at most between two moves (0.28)."""
DETOUR_RATIO: Final = 2.0
OFF_BALANCE_TORSO: Final = 0.5
OFF_BALANCE_S: Final = 1.0
BARN_DOOR_TORSO_PER_S: Final = 0.6
BARN_DOOR_TORSO: Final = 0.3
BARN_DOOR_S: Final = 0.3
BARN_DOOR_BACK_S: Final = 0.6
CUT_AGAIN_S: Final = 1.0
CUT_AWAY_TORSO: Final = 0.15
CUT_AWAY_S: Final = 0.15
"""Of both feet at once. A foot that seemed to be off while the other steps does not go anywhere."""
LIFTED_TORSO: Final = 0.07
LIFTED_WHOLE_TORSO: Final = 0.045
"""Ankle, heel and toe rise by so much. Who lifts the heel alone, or is seen badly, does not lift the toe. The
planted ones rise by 0.051 and more, what is only seen so by 0.038 at most."""
LIFTED_S: Final = 1.2
BACK_TORSO: Final = 0.05
BACK_OVER_S: Final = 0.25
LIFTED_SEEN: Final = 0.9
"""Where somebody walks past, a foot that stands seems to be lifted, and is seen less well."""
STOOD_S: Final = 0.2
QUIET_PLACEMENTS: Final = 5
SEQUENCE_MOVES: Final = 4
SEQUENCE_PAUSE_S: Final = 1.0

RULES: Final[dict[HabitKind, Rule]] = {
    "bent_arm_hold": Rule("fault", "B10; Horst, Training for Climbing: hang on the skeleton", "consensus"),
    "over_gripping_pause": Rule(
        "fault", "Horst, Training for Climbing: pauses where the body can rest", "consensus"
    ),
    "long_hesitation": Rule("fault", "Orth 2017 (Front Psychol 8:1744): immobility; 5 s is ours", "ours"),
    "straight_arm_rest": Rule("strength", "Beltran 2023 (Sensors 23:8216): decoupling", "trial"),
    "good_rest": Rule("strength", "B31; Orth 2017: active recovery", "consensus"),
    "reach_without_feet": Rule("fault", "Beltran 2023 (Sensors 23:8216): both feet set", "trial"),
    "late_feet": Rule(
        "fault", "Goddard & Neumann, Performance Rock Climbing: feet before hands", "consensus"
    ),
    "slow_reach": Rule("fault", "Beltran 2023: reach time; 2 s is ours", "ours"),
    "jerky_reach": Rule(
        "fault", "Balasubramanian 2015 (J NeuroEng Rehabil 12:112); the limit is ours", "ours"
    ),
    "detour": Rule("fault", "B02; Cordier 1993, Sibella 2007: winding paths of novices", "trial"),
    "off_balance": Rule("fault", "B24: statics; half a torso length is ours", "ours"),
    "barn_door": Rule("fault", "B24; coaching: a body on one side's hand and foot turns", "consensus"),
    "foot_cut": Rule("fault", "B22", "consensus"),
    "foot_slip": Rule("fault", "B21", "consensus"),
    "replaced_foot": Rule("fault", "B21; Balas 2014: footwork training saves energy", "trial"),
    "readjusted_grip": Rule("fault", "B20; Orth 2017: grip changes", "trial"),
    "quiet_feet": Rule("strength", "B21; Balas 2014", "trial"),
    "smooth_sequence": Rule("strength", "B06; Seifert 2014 (J Appl Biomech 30:619)", "trial"),
    "deadpoint": Rule("note", "B27", "consensus"),
}
