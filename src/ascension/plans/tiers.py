"""The tiers, by name. Nothing is loaded with it: every command names them."""

from typing import Final, Literal, get_args

Tier = Literal["free", "premium", "infinity"]
PaidTier = Literal["premium", "infinity"]
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
"""From the least to the most: of two that an account has a right to, the later one holds."""
