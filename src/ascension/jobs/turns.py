"""Whose turn it is: smooth weighted round robin, as arithmetic. Delivery and the capacity plan both use it.

Each turn every tier gains its weight; the winner pays the sum.
"""

from collections.abc import Mapping

from ascension.plans.rights import SHIPPED

WEIGHTS: Mapping[str, int] = {
    tier: rights.queue_weight
    for tier, rights in sorted(SHIPPED.items(), key=lambda item: item[1].queue_weight, reverse=True)
}


class Turns:
    """The credits of one reader."""

    def __init__(self, weights: Mapping[str, int] = WEIGHTS) -> None:
        self._weights = weights
        self._total = sum(weights.values())
        self._credit = dict.fromkeys(weights, 0)

    def order(self) -> list[str]:
        """Begin a turn: the tiers, the one that has waited longest for its weight first."""
        credit = self._credit
        for tier, weight in self._weights.items():
            credit[tier] += weight
        return sorted(credit, key=credit.__getitem__, reverse=True)

    def charge(self, winner: str) -> None:
        """The turn went to this tier."""
        self._credit[winner] -= self._total
        # an idle tier must not save up turns without bound
        for tier, credit in self._credit.items():
            self._credit[tier] = max(-self._total, min(self._total, credit))
