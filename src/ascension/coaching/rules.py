"""How much each finding matters and what to practice for it. Published in docs/guides/advice.md."""

from dataclasses import dataclass
from typing import Final

from ascension.climbing.habits.rules import Sort, Strength
from ascension.climbing.record import EventKind, HabitKind


@dataclass(frozen=True)
class Advised:
    """Severity 0-1 (ours) and the drill's key in the catalogs, "" for none."""

    severity: float
    drill: str = ""


@dataclass(frozen=True)
class Told:
    """An event that is told as it is."""

    code: str
    kind: Sort
    severity: float


@dataclass(frozen=True)
class MeasureRule:
    """A measure that speaks from a limit on, on climbs of at least so many reaches."""

    measure: str
    at_least: float
    code: str
    kind: Sort
    severity: float
    basis: Strength
    drill: str = ""
    reaches: int = 4


ADVISED: Final[dict[HabitKind, Advised]] = {
    "bent_arm_hold": Advised(0.70, "straight_arm_traverse"),
    "over_gripping_pause": Advised(0.75, "straight_arm_traverse"),
    "long_hesitation": Advised(0.40, "pacing"),
    "straight_arm_rest": Advised(0.50),
    "good_rest": Advised(0.60),
    "reach_without_feet": Advised(0.70, "hover"),
    "late_feet": Advised(0.70, "feet_first"),
    "slow_reach": Advised(0.30, "hover"),
    "jerky_reach": Advised(0.40, "down_climb"),
    "detour": Advised(0.50, "preview"),
    "off_balance": Advised(0.50, "no_hands_slab"),
    "barn_door": Advised(0.60, "flagging"),
    "foot_cut": Advised(0.70, "sticky_feet"),
    "foot_slip": Advised(0.80, "silent_feet"),
    "replaced_foot": Advised(0.45, "silent_feet"),
    "readjusted_grip": Advised(0.35, "sticky_hands"),
    "quiet_feet": Advised(0.60),
    "smooth_sequence": Advised(0.60),
    "deadpoint": Advised(0.20),
}

COVERED: Final[dict[HabitKind, tuple[HabitKind, ...]]] = {
    "bent_arm_hold": ("over_gripping_pause",),
    "slow_reach": ("jerky_reach", "reach_without_feet"),
    "off_balance": ("barn_door",),
    "detour": ("barn_door", "bent_arm_hold", "over_gripping_pause"),
}
"""What is not said where something more telling is said of the same frames."""

EVENTS: Final[dict[EventKind, Told]] = {
    "fall": Told("fall", "note", 0.5),
    "top": Told("topped", "strength", 0.7),
}

MEASURES: Final = (
    MeasureRule("straight_arm_share", 70.0, "straight_arms", "strength", 0.55, "trial"),
    MeasureRule("set_feet_share", 95.0, "feet_set", "strength", 0.55, "trial"),
    MeasureRule("preview_time", 5.0, "previewed", "strength", 0.45, "trial", reaches=0),
    MeasureRule("tempo_decay", 0.25, "slowing_down", "note", 0.30, "ours", "pacing", reaches=8),
)
