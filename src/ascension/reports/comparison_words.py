"""What a comparison says, in words. In English: the client speaks French, too."""

from typing import TYPE_CHECKING, Final

from ascension.climbing.comparison.record import DifferenceKind, Quicker, Who, WhyNotCompared

if TYPE_CHECKING:
    from ascension.comparisons.schemas import DifferenceRead

KINDS: Final[dict[DifferenceKind, str]] = {
    "other_hold": "another hold",
    "other_limb": "another hand or foot on the same hold",
    "other_order": "another order",
    "extra_move": "a move more",
    "readjustment": "put again on the same hold",
    "pause": "paused longer",
    "foot_cut": "both feet off",
    "slip": "slipped",
    "detour": "a longer way of the body",
    "fall": "fell",
}
WHO: Final[dict[Who, str]] = {"first": "first", "second": "second", "both": "both"}
QUICKER: Final[dict[Quicker, str]] = {
    "first": "the first was quicker",
    "second": "the second was quicker",
    "even": "equally quick",
}
REASONS: Final[dict[WhyNotCompared, str]] = {
    "unknown_in_first": "not known of the first",
    "unknown_in_second": "not known of the second",
    "unknown_in_both": "not known",
    "other_unit": "the units differ",
}


def about(one: "DifferenceRead") -> str:
    """Limbs and holds that a difference is about."""
    parts = [limb.replace("_", " ") for limb in one.limbs]
    parts += [f"hold {number}" for number in one.holds]
    parts += [f"before hold {one.before_hold}"] if one.before_hold is not None else []
    return ", ".join(parts)


def costs(one: "DifferenceRead", unit: str) -> str:
    """What the second spent more on it."""
    parts = [f"{signed(one.cost_s)} s"] if one.cost_s is not None else []
    parts += [f"{one.cost_path:+.2f} {unit}"] if one.cost_path is not None else []
    return ", ".join(parts) or "cannot be said"


def to_hold(number: int | None) -> str:
    """Where a section ends."""
    return "the end" if number is None else f"hold {number}"


def signed(seconds: float) -> str:
    """With its sign, and no minus before what rounds to nothing."""
    return f"{round(seconds, 1) + 0.0:+.1f}"
