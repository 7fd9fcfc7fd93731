"""Progress: medians by week and month, one route's history, personal bests."""

from datetime import date

import pytest

from ascension.climbing.measures.definitions import DEFINITIONS
from ascension.coaching.progress import (
    COMPARED,
    Best,
    Climb,
    Period,
    Series,
    Step,
    Unit,
    best_axes,
    best_on_route,
    history_of,
    series_of,
    trend_of,
)


def _climb(day: str, pace: float | None = None, route: str | None = "red", **measures: float) -> Climb:
    return Climb(date.fromisoformat(day), route, {} if pace is None else {"pace": pace}, measures)


def test_a_week_begins_on_monday_and_shows_its_median() -> None:
    climbs = [
        _climb("2026-11-22", 40),
        _climb("2026-11-16", 60),
        _climb("2026-11-18", 90),
        _climb("2026-11-23", 70),
    ]
    trend = trend_of(climbs, "pace", "week")
    assert trend.periods == (Period(date(2026, 11, 16), 3, 60), Period(date(2026, 11, 23), 1, 70))
    assert trend.change_per_period is None


def test_a_month_begins_on_its_first_day() -> None:
    climbs = [_climb("2026-01-31", 40), _climb("2026-02-01", 50), _climb("2025-12-31", 30)]
    trend = trend_of(climbs, "pace", "month")
    assert [period.start for period in trend.periods] == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert trend.change_per_period == pytest.approx(10)


def test_a_trend_counts_the_weeks_between_and_survives_one_bad_day() -> None:
    even = [_climb(day, value) for day, value in (("2026-01-05", 10), ("2026-01-12", 12), ("2026-01-26", 16))]
    assert trend_of(even, "pace", "week").change_per_period == pytest.approx(2)
    bad = [*even, _climb("2026-02-02", 18), _climb("2026-02-09", 0), _climb("2026-02-16", 22)]
    assert trend_of(bad, "pace", "week").change_per_period == pytest.approx(2)


def test_an_axis_that_was_not_measured_is_left_out() -> None:
    assert trend_of([_climb("2026-01-05")], "pace", "week").periods == ()
    assert best_axes([_climb("2026-01-05")]) == ()


def test_a_route_has_its_own_history() -> None:
    climbs = [
        _climb("2026-01-03", entropy=0.75),
        _climb("2026-01-01", entropy=1.0),
        _climb("2026-01-02", route="blue", entropy=0.1),
        _climb("2026-01-02"),
        _climb("2026-01-04", route=None, entropy=0.2),
    ]
    assert history_of(climbs, "red", "entropy") == (
        Step(date(2026, 1, 1), 1.0, 0.0, None),
        Step(date(2026, 1, 2), None, None, None),
        Step(date(2026, 1, 3), 0.75, -0.25, -0.25),
    )
    assert history_of(climbs, "green", "entropy") == ()


def test_bests_of_axes_and_of_one_route() -> None:
    climbs = [
        _climb("2026-01-01", 50, entropy=0.9),
        _climb("2026-01-02", 80, entropy=0.6),
        _climb("2026-01-03", 80),
    ]
    assert best_axes(climbs) == (Best("pace", 80, date(2026, 1, 2), is_latest=True),)
    other = _climb("2026-01-04", 10, route="blue", entropy=0.1)
    (entropy,) = best_on_route([*climbs, other], "red", {"entropy": "lower", "plateau": "lower"})
    assert entropy == Best("entropy", 0.6, date(2026, 1, 2), is_latest=True)
    assert not best_axes([*climbs, other])[0].is_latest


def test_a_length_is_told_in_the_unit_of_the_latest_climb_that_has_one() -> None:
    def climb(day: int, unit: Unit | None, **measures: float) -> Climb:
        return Climb(date(2026, 1, day), "red", {}, measures, unit)

    meters, torsos = climb(2, "m", climbing_speed=0.2), climb(3, "torso", climbing_speed=0.4)
    unknown, unmeasured = climb(4, None, climbing_speed=9), climb(5, "m", pace=10)
    climbs = [torsos, unknown, unmeasured, meters]
    assert series_of(climbs, "climbing_speed") == Series((torsos, unmeasured), "torso/s", 2)
    assert series_of([unknown, unmeasured], "climbing_speed") == Series((unmeasured,), None, 1)
    assert series_of(climbs, "pace") == Series(tuple(climbs), "1/min", 0), "no length"


def test_the_units_are_those_of_the_measures() -> None:
    defined = {one.name: one.unit for one in DEFINITIONS}
    assert {name: one.unit for name, one in COMPARED.items()} == {name: defined[name] for name in COMPARED}
