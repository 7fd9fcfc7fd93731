"""HTTP of routes: list, read with the log, change; tries and sends; the calendar."""

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from ascension.accounts.access import CurrentUser, IdempotencyKey, ReadTransactionDep, TransactionDep
from ascension.errors.analyses import AnalysisNotFound
from ascension.errors.http import IdempotencyKeyReused
from ascension.errors.routes import (
    AttemptNotFound,
    ClimbRouteNotFound,
    RouteNameTaken,
    TooManyTries,
    TryNotFound,
)
from ascension.infra.http.errors import errors
from ascension.routes import service
from ascension.routes.log import Entry, figures_of
from ascension.routes.queries import Details, Tries
from ascension.routes.schemas import (
    CalendarDay,
    CalendarRead,
    ClimbRouteList,
    ClimbRouteRead,
    Day,
    LogEntryRead,
    RouteDetails,
    RouteLogRead,
    SendTold,
    TriesCreate,
    Zone,
)

router = APIRouter(prefix="/api/v1", tags=["routes"])

ZoneQuery = Annotated[Zone, Query(description="The time zone whose days are counted, as Europe/Paris.")]


@router.get("/routes", summary="Your routes, the last climbed first", responses=errors())
async def list_all(user_id: CurrentUser, tx: TransactionDep) -> ClimbRouteList:
    found = await service.list_of(tx.connection, user_id)
    return ClimbRouteList(items=[ClimbRouteRead.of(row) for row in found])


@router.get(
    "/routes/{route_id}",
    summary="One route with the log of what was tried on it",
    description="An attempt on film is a send where it reached the top; where the film does not show it, you"
    " say it. The latest 1000 climbs are looked at.",
    responses=errors(ClimbRouteNotFound),
)
async def read(
    route_id: UUID, user_id: CurrentUser, tx: TransactionDep, zone: ZoneQuery = "UTC"
) -> RouteLogRead:
    route = await service.get(tx.connection, route_id, user_id)
    entries = await service.log_of(tx.connection, route, user_id, ZoneInfo(zone))
    return RouteLogRead.of(route, entries, figures_of(entries))


@router.put(
    "/routes/{route_id}",
    summary="What you tell of a route: name, grade, wall, when it was set and taken down",
    description="Its climbs are called as it is. Two routes that stand cannot have one name.",
    responses=errors(ClimbRouteNotFound, RouteNameTaken),
)
async def change(
    route_id: UUID, body: RouteDetails, user_id: CurrentUser, tx: TransactionDep
) -> ClimbRouteRead:
    details = Details(body.name, body.grade, body.scale, body.wall, body.set_on, body.taken_down_on)
    return ClimbRouteRead.of(await service.change(tx.connection, route_id, user_id, details))


@router.put(
    "/routes/{route_id}/climbs/{analysis_id}",
    summary="Say that a climb was on this route",
    responses=errors(ClimbRouteNotFound, AnalysisNotFound),
)
async def put_climb(
    route_id: UUID, analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep
) -> ClimbRouteRead:
    return ClimbRouteRead.of(await service.put_climb(tx.connection, route_id, analysis_id, user_id))


@router.post(
    "/routes/{route_id}/tries",
    status_code=201,
    summary="Write down tries without a film",
    responses=errors(ClimbRouteNotFound, TooManyTries, IdempotencyKeyReused),
)
async def add_tries(
    route_id: UUID,
    body: TriesCreate,
    user_id: CurrentUser,
    tx: TransactionDep,
    idempotency_key: IdempotencyKey = None,
) -> RouteLogRead:
    told = Tries(body.day, body.tries, body.is_sent, body.note)
    await service.add_tries(tx.connection, route_id, user_id, told, key=idempotency_key)
    return await read(route_id, user_id, tx)


@router.delete(
    "/routes/{route_id}/tries/{tries_id}",
    status_code=204,
    summary="Take back what was written down",
    responses=errors(TryNotFound),
)
async def delete_tries(route_id: UUID, tries_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.delete_tries(tx.connection, route_id, tries_id, user_id)


@router.put(
    "/analyses/{analysis_id}/sends",
    status_code=204,
    summary="Say whether an attempt on film was a send",
    responses=errors(AnalysisNotFound, AttemptNotFound),
)
async def tell_send(analysis_id: UUID, body: SendTold, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.tell_send(tx.connection, analysis_id, user_id, attempt=body.attempt, is_sent=body.is_sent)


@router.get(
    "/calendar",
    summary="Days with climbs, tries and sends",
    description="At most 62 days; the latest 1000 climbs of them are looked at.",
    responses=errors(),
)
async def calendar(
    user_id: CurrentUser,
    tx: ReadTransactionDep,
    from_day: Annotated[Day, Query(alias="from", description="The first day, 2026-11-01.")],
    until_day: Annotated[Day, Query(alias="until", description="The last day.")],
    zone: ZoneQuery = "UTC",
) -> CalendarRead:
    days = await service.calendar(
        tx.connection, user_id, from_day=from_day, until_day=until_day, zone=ZoneInfo(zone)
    )
    return CalendarRead(zone=zone, days=[_day(day, entries) for day, entries in days])


def _day(day: date, entries: list[Entry]) -> CalendarDay:
    figures = figures_of(entries)
    return CalendarDay(
        day=day,
        climbs=len({entry.filmed.analysis_id for entry in entries if entry.filmed}),
        tries=figures.tries,
        sends=figures.sends,
        entries=[LogEntryRead.of(entry) for entry in entries],
    )
