"""From rows of past climbs to the answer of the progress endpoint."""

from collections.abc import Iterable, Sequence
from typing import Final, get_args
from uuid import UUID

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

    A boulder that was set anew is another route, whatever it is called.
    """
    climbs = [
        Climb(row.day, _key(row.route_id), attempt["axes"], attempt["measures"], attempt.get("unit"))
        for row in rows
        for attempt in row.attempts
    ]
    names = {row.route_id: row.route for row in rows if row.route_id is not None and row.route is not None}
    axes = sorted({axis for climb in climbs for axis in climb.axes})
    return ProgressRead(
        climbs=len(climbs),
        trends=[_trend(climbs, axis, per) for axis in axes for per in _PERS],
        bests=_bests(best_axes(climbs)),
        routes=[
            _route(climbs, route_id, name)
            for route_id, name in sorted(names.items(), key=lambda one: one[1].casefold())
        ],
    )


def _key(route_id: UUID | None) -> str | None:
    return None if route_id is None else str(route_id)


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


def _route(climbs: Sequence[Climb], route_id: UUID, name: str) -> RouteRead:
    key = str(route_id)
    own = [climb for climb in climbs if climb.route == key]
    measures = sorted({measure for climb in own for measure in climb.measures} & COMPARED.keys())
    series = {measure: series_of(own, measure) for measure in measures}
    return RouteRead(
        id=route_id,
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
