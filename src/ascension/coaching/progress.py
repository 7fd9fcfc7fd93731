"""How a climber changes: arithmetic over rows of past climbs. Raw numbers are compared on one route only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from statistics import median
from typing import Final, Literal

Better = Literal["higher", "lower"]
Per = Literal["week", "month"]
Unit = Literal["m", "torso"]

_LENGTH: Final = "length"


@dataclass(frozen=True)
class Compared:
    """Which way of a measure is better, and its unit: "length" is the climb's, meters or torso lengths."""

    better: Better
    unit: str


COMPARED: Final[dict[str, Compared]] = {
    "bent_hold_longest": Compared("lower", "s"),
    "climbing_speed": Compared("higher", f"{_LENGTH}/s"),
    "exploration_ratio": Compared("lower", "1"),
    "foot_cut_count": Compared("lower", "n"),
    "foot_replacements": Compared("lower", "n"),
    "geometric_entropy": Compared("lower", "1"),
    "grip_readjustments": Compared("lower", "n"),
    "height_gained": Compared("higher", _LENGTH),
    "immobility_share": Compared("lower", "%"),
    "pace": Compared("higher", "1/min"),
    "path_ratio": Compared("lower", "1"),
    "reach_count": Compared("lower", "n"),
    "set_feet_share": Compared("higher", "%"),
    "straight_arm_share": Compared("higher", "%"),
    "supported_reach_share": Compared("higher", "%"),
    "work_ratio": Compared("lower", "1"),
}
"""Raw measures that climbs of one route are compared by."""

FEWEST_PERIODS: Final = 3
"""Two points make a line, not a trend."""


@dataclass(frozen=True)
class Climb:
    """One attempt as it is stored. `route`: id of the route, None where it is not known.

    axes: 0-100 by name, which routes may share; measures: raw values by name, which they may not;
    unit: of its lengths, None where it was not written down
    """

    day: date
    route: str | None
    axes: Mapping[str, float]
    measures: Mapping[str, float]
    unit: Unit | None = None


@dataclass(frozen=True)
class Series:
    """Climbs whose values of one measure may stand side by side.

    unit: None where none of their lengths has a known one; others: climbs left out for their unit
    """

    climbs: tuple[Climb, ...]
    unit: str | None
    others: int


@dataclass(frozen=True)
class Period:
    """A week (from its Monday) or a month (from its first day): median of one axis over so many climbs."""

    start: date
    climbs: int
    value: float


@dataclass(frozen=True)
class Trend:
    """Periods with climbs, and the change per period, None where there are fewer than three."""

    per: Per
    periods: tuple[Period, ...]
    change_per_period: float | None


@dataclass(frozen=True)
class Step:
    """One climb of a route beside the first and the one before; None: one of both has no such value."""

    day: date
    value: float | None
    since_first: float | None
    since_last: float | None


@dataclass(frozen=True)
class Best:
    """The best value so far, the day it was first reached, and whether the latest climb reached it."""

    name: str
    value: float
    day: date
    is_latest: bool


def trend_of(climbs: Sequence[Climb], axis: str, per: Per) -> Trend:
    """How an axis goes week by week or month by month.

    Method: the median of each period; the change is the median of the slopes between all pairs of periods
    (Theil 1950, Sen 1968), so that one bad day does not turn it. Periods without a climb are left out, not
    taken as zero. Known limit: easier routes look like progress.
    """
    begins: Callable[[date], date] = _monday if per == "week" else _first_of_month
    values: dict[date, list[float]] = {}
    for climb in climbs:
        if axis in climb.axes:
            values.setdefault(begins(climb.day), []).append(climb.axes[axis])
    periods = tuple(Period(start, len(found), median(found)) for start, found in sorted(values.items()))
    return Trend(per, periods, _change(periods, per))


def series_of(climbs: Sequence[Climb], measure: str) -> Series:
    """One of COMPARED in one unit: lengths in the latest known one. Climbs without a value are kept."""
    unit = COMPARED[measure].unit
    if _LENGTH not in unit:
        return Series(tuple(climbs), unit, 0)
    measured = sorted((climb for climb in climbs if measure in climb.measures), key=lambda climb: climb.day)
    latest = next((climb.unit for climb in reversed(measured) if climb.unit is not None), None)
    kept = tuple(
        climb for climb in climbs if measure not in climb.measures or (latest and climb.unit == latest)
    )
    return Series(kept, unit.replace(_LENGTH, latest) if latest else None, len(climbs) - len(kept))


def history_of(climbs: Sequence[Climb], route: str, measure: str) -> tuple[Step, ...]:
    """A raw measure climb by climb on one route, in order of days."""
    on_route = sorted((climb for climb in climbs if climb.route == route), key=lambda climb: climb.day)
    values = [climb.measures.get(measure) for climb in on_route]
    first = next((value for value in values if value is not None), None)
    steps: list[Step] = []
    last: float | None = None
    for climb, value in zip(on_route, values, strict=True):
        steps.append(Step(climb.day, value, _less(value, first), _less(value, last)))
        last = value if value is not None else last
    return tuple(steps)


def best_axes(climbs: Sequence[Climb]) -> tuple[Best, ...]:
    """The best of each axis over all routes, by name."""
    names = sorted({name for climb in climbs for name in climb.axes})
    return tuple(
        _best(name, [(climb.day, climb.axes.get(name)) for climb in climbs], "higher") for name in names
    )


def best_on_route(climbs: Sequence[Climb], route: str, better: Mapping[str, Better]) -> tuple[Best, ...]:
    """The best of raw measures on one route; `better` says which measures and which way."""
    on_route = [climb for climb in climbs if climb.route == route]
    return tuple(
        _best(name, [(climb.day, climb.measures.get(name)) for climb in on_route], way)
        for name, way in sorted(better.items())
        if any(name in climb.measures for climb in on_route)
    )


def _best(name: str, values: list[tuple[date, float | None]], better: Better) -> Best:
    known = sorted((day, value) for day, value in values if value is not None)
    pick = max if better == "higher" else min
    best = pick(value for _, value in known)
    return Best(name, best, next(day for day, value in known if value == best), known[-1][1] == best)


def _change(periods: tuple[Period, ...], per: Per) -> float | None:
    if len(periods) < FEWEST_PERIODS:
        return None
    return median(
        (late.value - early.value) / _apart(early.start, late.start, per)
        for early, late in combinations(periods, 2)
    )


def _apart(early: date, late: date, per: Per) -> int:
    if per == "week":
        return (late - early).days // 7
    return 12 * (late.year - early.year) + late.month - early.month


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _less(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
