"""From rows of past climbs to the answer of the progress endpoint."""

from collections.abc import Iterable, Sequence
from typing import Final, get_args

from ascension.coaching.progress import (
    COMPARED,
    Best,
    Climb,
    Per,
    Series,
    best_axes,
    best_on_route,
    history_of,
    series_of,
    trend_of,
)
from ascension.coaching.queries import Climbed
from ascension.coaching.schemas import (
    BestRead,
    HistoryRead,
    PeriodRead,
    ProgressRead,
    RouteRead,
    StepRead,
    TrendRead,
)

_PERS: Final[tuple[Per, ...]] = get_args(Per)


def progress_of(rows: Sequence[Climbed]) -> ProgressRead:
    """Trends and bests of the axes over everything, raw measures route by route.

    A route is known by the name that the user gave it, in whatever capitals.
    """
    climbs = [
        Climb(row.day, _key(row.route), attempt["axes"], attempt["measures"], attempt.get("unit"))
        for row in rows
        for attempt in row.attempts
    ]
    names = {_key(row.route): row.route for row in rows if row.route is not None}
    axes = sorted({axis for climb in climbs for axis in climb.axes})
    return ProgressRead(
        climbs=len(climbs),
        trends=[_trend(climbs, axis, per) for axis in axes for per in _PERS],
        bests=_bests(best_axes(climbs)),
        routes=[_route(climbs, key, name) for key, name in sorted(names.items()) if key is not None],
    )


def _key(route: str | None) -> str | None:
    return None if route is None else " ".join(route.casefold().split())


def _trend(climbs: Sequence[Climb], axis: str, per: Per) -> TrendRead:
    trend = trend_of(climbs, axis, per)
    return TrendRead(
        axis=axis,
        per=per,
        periods=[PeriodRead(start=one.start, climbs=one.climbs, value=one.value) for one in trend.periods],
        change_per_period=trend.change_per_period,
    )


def _bests(bests: Iterable[Best], unit: str | None = None) -> list[BestRead]:
    return [
        BestRead(name=one.name, value=one.value, unit=unit, day=one.day, is_latest=one.is_latest)
        for one in bests
    ]


def _route(climbs: Sequence[Climb], key: str, name: str) -> RouteRead:
    own = [climb for climb in climbs if climb.route == key]
    measures = sorted({measure for climb in own for measure in climb.measures} & COMPARED.keys())
    series = {measure: series_of(own, measure) for measure in measures}
    return RouteRead(
        route=name,
        climbs=len(own),
        history=[_history(one, key, measure) for measure, one in series.items()],
        bests=[
            best
            for measure, one in series.items()
            for best in _bests(best_on_route(one.climbs, key, {measure: COMPARED[measure].better}), one.unit)
        ],
    )


def _history(series: Series, key: str, measure: str) -> HistoryRead:
    return HistoryRead(
        measure=measure,
        unit=series.unit,
        better=COMPARED[measure].better,
        other_units=series.others,
        steps=[
            StepRead(day=one.day, value=one.value, since_first=one.since_first, since_last=one.since_last)
            for one in history_of(series.climbs, key, measure)
        ],
    )
