"""What routes do for their climber: list, read with the log, change; tries; the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7

from ascension.accounts import queries as account_queries
from ascension.accounts.idempotency import create_once
from ascension.analyses import service as analyses
from ascension.errors.http import Malformed
from ascension.errors.routes import (
    AttemptNotFound,
    ClimbRouteNotFound,
    RouteNameTaken,
    TooManyTries,
    TryNotFound,
)
from ascension.infra.database.primary import Connection
from ascension.routes import queries
from ascension.routes.log import Entry, Filmed, Unfilmed, entries_of
from ascension.routes.queries import Details, Route, Tries

MOST_ROUTES: Final = 500
MOST_TRIES: Final = 500
MOST_CLIMBS: Final = 1000
"""Of the latest, a log or a calendar is made."""
MOST_DAYS: Final = 62


async def list_of(connection: Connection, user_id: UUID) -> list[Route]:
    """The last climbed first."""
    return await queries.list_of(connection, user_id, limit=MOST_ROUTES)


async def get(connection: Connection, route_id: UUID, user_id: UUID) -> Route:
    """Raises ClimbRouteNotFound, also for other people's."""
    route = await queries.get(connection, route_id, user_id)
    if route is None:
        raise ClimbRouteNotFound
    return route


async def change(connection: Connection, route_id: UUID, user_id: UUID, details: Details) -> Route:
    """Raises ClimbRouteNotFound, RouteNameTaken."""
    await get(connection, route_id, user_id)
    if not await queries.change(connection, route_id, user_id, details):
        raise RouteNameTaken
    return await get(connection, route_id, user_id)


async def put_climb(connection: Connection, route_id: UUID, analysis_id: UUID, user_id: UUID) -> Route:
    """Say that a climb was on a route. Raises ClimbRouteNotFound, AnalysisNotFound."""
    await account_queries.lock_user(connection, user_id)  # it may be removed in this moment
    await get(connection, route_id, user_id)
    await analyses.get(connection, analysis_id, user_id)
    await queries.put_climb(connection, route_id, analysis_id, user_id)
    return await get(connection, route_id, user_id)


async def log_of(connection: Connection, route: Route, user_id: UUID, zone: ZoneInfo) -> list[Entry]:
    """What was tried on a route, oldest first; days are those of the zone."""
    filmed = await queries.list_filmed_on(connection, route.id, user_id, limit=MOST_CLIMBS)
    unfilmed = await queries.list_unfilmed_on(connection, route.id, user_id)
    return _ordered(filmed, unfilmed, zone)


async def calendar(
    connection: Connection, user_id: UUID, *, from_day: date, until_day: date, zone: ZoneInfo
) -> list[tuple[date, list[Entry]]]:
    """Days with something climbed, and what. Raises Malformed for a stretch of more than two months."""
    if not timedelta(0) <= until_day - from_day < timedelta(days=MOST_DAYS):
        raise Malformed(f"until: a calendar has 1 to {MOST_DAYS} days.")
    start, end = (
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (from_day, until_day + timedelta(1))
    )
    filmed = await queries.list_filmed_between(connection, user_id, start=start, end=end, limit=MOST_CLIMBS)
    unfilmed = await queries.list_unfilmed_between(
        connection, user_id, from_day=from_day, until_day=until_day, limit=MOST_CLIMBS
    )
    entries = _ordered(filmed, unfilmed, zone)
    return [(day, list(own)) for day, own in groupby(entries, key=lambda entry: entry.day)]


def _ordered(filmed: Iterable[Filmed], unfilmed: Sequence[Unfilmed], zone: ZoneInfo) -> list[Entry]:
    return entries_of([(climb.at.astimezone(zone).date(), climb) for climb in filmed], unfilmed)


async def add_tries(
    connection: Connection, route_id: UUID, user_id: UUID, told: Tries, *, key: str | None
) -> UUID:
    """Write down tries without a film. Raises ClimbRouteNotFound, TooManyTries, IdempotencyKeyReused."""
    await account_queries.lock_user(connection, user_id)
    await get(connection, route_id, user_id)

    async def create(tries_id: UUID) -> None:
        if await queries.count_tries_of(connection, route_id, user_id) >= MOST_TRIES:
            raise TooManyTries
        await queries.insert_tries(connection, tries_id, route_id=route_id, user_id=user_id, told=told)

    return await create_once(
        connection,
        user_id=user_id,
        key=key,
        request={"tries_on": route_id, **asdict(told)},
        new_id=uuid7(),
        create=create,
    )


async def delete_tries(connection: Connection, route_id: UUID, tries_id: UUID, user_id: UUID) -> None:
    """Raises TryNotFound."""
    if not await queries.delete_tries(connection, tries_id, route_id, user_id):
        raise TryNotFound


async def tell_send(
    connection: Connection, analysis_id: UUID, user_id: UUID, *, attempt: int, is_sent: bool | None
) -> None:
    """What the climber says of an attempt on film. Raises AnalysisNotFound, AttemptNotFound."""
    if not await queries.tell_send(connection, analysis_id, user_id, attempt=attempt, is_sent=is_sent):
        await analyses.get(connection, analysis_id, user_id)
        raise AttemptNotFound
