"""What may be said to `ascension plan` that is more than a number."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

import typer

from ascension.capacity.demand import GYM_VISITS, Visits, known_tiers
from ascension.infra.files import read_at_most

MOST_BYTES: Final = 100_000
HOURS: Final = 24


def tier_shares(told: str) -> Mapping[str, float]:
    """`free=0.9,premium=0.1`: shares of the users, made to sum to 1."""
    shares: dict[str, float] = {}
    for part in told.split(","):
        tier, _, number = part.partition("=")
        share = _number(number)
        if tier.strip() not in known_tiers() or share is None:
            raise typer.BadParameter(
                f"{part!r} is no share of a tier: write {','.join(f'{name}=0.5' for name in known_tiers())}",
                param_hint="--tiers",
            )
        shares[tier.strip()] = share
    if sum(shares.values()) <= 0:
        raise typer.BadParameter("one share must be above 0", param_hint="--tiers")
    return {tier: share / sum(shares.values()) for tier, share in shares.items() if share}


def visits_from(path: Path | None) -> Visits:
    """Hours of a weekday and of a weekend day, from a JSON file; without one, the evening peak."""
    if path is None:
        return GYM_VISITS
    try:
        found: object = json.loads(read_at_most(path, MOST_BYTES))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} cannot be read: {error}", param_hint="--visits") from None
    fields = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    weekday, weekend = _hours(fields.get("weekday")), _hours(fields.get("weekend"))
    if weekday is None or weekend is None or sum(weekday) + sum(weekend) <= 0:
        raise typer.BadParameter(
            f'{path} must hold {{"weekday": [24 numbers], "weekend": [24 numbers]}}, none below 0, not all 0',
            param_hint="--visits",
        )
    return Visits(weekday, weekend)


def _hours(value: object) -> tuple[float, ...] | None:
    if not isinstance(value, list):
        return None
    numbers = [_number(one) for one in cast("list[object]", value)]
    known = tuple(number for number in numbers if number is not None)
    return known if len(known) == len(numbers) == HOURS else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
