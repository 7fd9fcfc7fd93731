"""HTTP of the trash: look, have back, remove for good. What goes in: DELETE of the analysis or the video."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ascension.accounts.access import AccountPartsDep, CurrentUser, TransactionDep
from ascension.analyses.access import AnalysisPartsDep
from ascension.analyses.schemas import AnalysisRead
from ascension.analyses.trash import service
from ascension.analyses.trash.schemas import TrashedRead, TrashPage
from ascension.audit.entries import account
from ascension.errors.analyses import AnalysisNotFound
from ascension.infra.http.errors import errors
from ascension.videos.access import VideoPartsDep

router = APIRouter(prefix="/api/v1/trash", tags=["trash"])


@router.get("", summary="What you deleted and can have back, newest first", responses=errors())
async def list_page(
    user_id: CurrentUser,
    tx: TransactionDep,
    videos: VideoPartsDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> TrashPage:
    page, next_cursor = await service.list_page(tx.connection, user_id, cursor=cursor, limit=limit)
    ttl_s = videos.retention.trash_ttl_s
    return TrashPage(items=[TrashedRead.of(row, ttl_s=ttl_s) for row in page], next_cursor=next_cursor)


@router.post(
    "/{analysis_id}/restore",
    summary="Have an analysis back, with its video and all of it where that was deleted",
    description="Links and coaches see it again as before.",
    responses=errors(AnalysisNotFound),
)
async def restore(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, own: AnalysisPartsDep
) -> AnalysisRead:
    return AnalysisRead.of(await service.restore(tx, own.queue, analysis_id, user_id), own.links)


@router.delete(
    "/{analysis_id}",
    status_code=204,
    summary="Remove it for good, with its video and all of it where that was deleted",
    responses=errors(AnalysisNotFound),
)
async def remove(analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.remove(tx, analysis_id, user_id, by=account(user_id))


@router.delete("", status_code=204, summary="Remove all of it for good", responses=errors())
async def empty(user_id: CurrentUser, parts: AccountPartsDep) -> None:
    await service.empty(parts.database, user_id)
