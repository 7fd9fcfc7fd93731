"""Routes that are removed, had back, and gone after a while."""

from typing import Final
from uuid import UUID

from ascension.accounts import queries as account_queries
from ascension.errors.routes import ClimbRouteNotFound, RouteNameTaken
from ascension.infra.database.primary import Connection, Database
from ascension.routes import service as routes
from ascension.routes.queries import Route
from ascension.routes.removed import queries
from ascension.routes.removed.queries import RemovedRoute

MOST_LISTED: Final = 500
BATCH: Final = 100
"""Removed for good in one sweep."""


async def list_of(connection: Connection, user_id: UUID) -> list[RemovedRoute]:
    """The last removed first."""
    return await queries.list_of(connection, user_id, limit=MOST_LISTED)


async def remove(connection: Connection, route_id: UUID, user_id: UUID) -> None:
    """Its climbs stay, without a route. Raises ClimbRouteNotFound."""
    # who writes down tries or puts a climb on it does so, too: nothing is lost in between
    await account_queries.lock_user(connection, user_id)
    await routes.get(connection, route_id, user_id)
    await queries.remove(connection, route_id, user_id)


async def restore(connection: Connection, route_id: UUID, user_id: UUID) -> Route:
    """As it was. Raises ClimbRouteNotFound, RouteNameTaken."""
    if not await queries.lock(connection, route_id, user_id):
        raise ClimbRouteNotFound
    if not await queries.restore(connection, route_id, user_id):
        raise RouteNameTaken
    return await routes.get(connection, route_id, user_id)


async def forget(connection: Connection, route_id: UUID, user_id: UUID) -> None:
    """For good. Raises ClimbRouteNotFound."""
    if not await queries.delete(connection, route_id, user_id):
        raise ClimbRouteNotFound


async def sweep(database: Database, *, ttl_s: float) -> None:
    """What was removed longer ago goes for good."""
    async with database.transaction() as tx:
        await queries.delete_due(tx.connection, ttl_s=ttl_s, limit=BATCH)
