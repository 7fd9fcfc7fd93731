"""HTTP of removed routes: remove one, look at them, have one back, remove it for good."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.errors.routes import ClimbRouteNotFound, RouteNameTaken
from ascension.infra.http.errors import errors
from ascension.routes.removed import service
from ascension.routes.removed.schemas import RemovedRouteList, RemovedRouteRead
from ascension.routes.schemas import ClimbRouteRead
from ascension.videos.access import VideoPartsDep

router = APIRouter(prefix="/api/v1", tags=["routes"])


@router.get("/removed-routes", summary="Routes that you removed and can have back", responses=errors())
async def list_all(user_id: CurrentUser, tx: TransactionDep, videos: VideoPartsDep) -> RemovedRouteList:
    kept = timedelta(seconds=videos.retention.trash_ttl_s)
    found = await service.list_of(tx.connection, user_id)
    return RemovedRouteList(items=[RemovedRouteRead.of(row, kept=kept) for row in found])


@router.delete(
    "/routes/{route_id}",
    status_code=204,
    summary="Remove a route; its climbs stay",
    description="It can be had back, with what was tried on it, as long as deleted climbs can.",
    responses=errors(ClimbRouteNotFound),
)
async def remove(route_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.remove(tx.connection, route_id, user_id)


@router.post(
    "/removed-routes/{route_id}/restore",
    summary="Have a removed route back, as it was",
    description="With its climbs, but for those that were put on another route, and with its tries.",
    responses=errors(ClimbRouteNotFound, RouteNameTaken),
)
async def restore(route_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> ClimbRouteRead:
    return ClimbRouteRead.of(await service.restore(tx.connection, route_id, user_id))


@router.delete(
    "/removed-routes/{route_id}",
    status_code=204,
    summary="Remove a route for good, with what you wrote down of it",
    responses=errors(ClimbRouteNotFound),
)
async def forget(route_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.forget(tx.connection, route_id, user_id)
