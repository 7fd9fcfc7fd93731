"""HTTP of links: make, list and end them; open one."""

from uuid import UUID

from fastapi import APIRouter, Request

from ascension.accounts.access import AccountPartsDep, CurrentUser, TransactionDep
from ascension.analyses import service as analyses
from ascension.errors.accounts import AccountLocked
from ascension.errors.analyses import AnalysisNotFound
from ascension.errors.sharing import (
    ShareGuessed,
    ShareNotFound,
    SharePasswordNeeded,
    SharePasswordWrong,
    TooManyShares,
    VideoNotShared,
)
from ascension.errors.videos import CopiedTooOften, UploadExpired, VideoArchived, VideoRestoring
from ascension.infra.http.caller import client_address
from ascension.infra.http.errors import errors
from ascension.jobs.access import QueueDep
from ascension.sharing.links import opening, service
from ascension.sharing.links.schemas import OpenedRead, ShareCreate, ShareList, ShareOpen, ShareRead
from ascension.sharing.links.tickets import TICKET_TTL_S

router = APIRouter(prefix="/api/v1", tags=["sharing"])


@router.post(
    "/analyses/{analysis_id}/shares",
    status_code=201,
    summary="Make a link by which others see this climb",
    responses=errors(
        AnalysisNotFound, TooManyShares, UploadExpired, VideoArchived, VideoRestoring, CopiedTooOften
    ),
)
async def make(
    analysis_id: UUID, body: ShareCreate, user_id: CurrentUser, parts: AccountPartsDep, queue: QueueDep
) -> ShareRead:
    password_hash = None
    if body.password is not None:
        async with parts.database.transaction() as tx:
            await service.refuse_more(tx.connection, analysis_id, user_id)
        # between the transactions: a hash takes a quarter of a second
        password_hash = await parts.hasher.hash(body.password)
    async with parts.database.transaction() as tx:
        share, token = await service.make(
            tx, queue, parts.keys, analysis_id, user_id, wish=body.as_wish(), password_hash=password_hash
        )
    return ShareRead.of(share, token)


@router.get(
    "/analyses/{analysis_id}/shares",
    summary="The links of a climb that have not ended, newest first; none: it is private",
    responses=errors(AnalysisNotFound),
)
async def list_of_analysis(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep
) -> ShareList:
    await analyses.get(tx.connection, analysis_id, user_id)
    return await _list_of(tx, parts, user_id, analysis_id)


@router.delete(
    "/analyses/{analysis_id}/shares",
    status_code=204,
    summary="End all links of a climb: it is private again",
    responses=errors(AnalysisNotFound),
)
async def end_all(analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await analyses.get(tx.connection, analysis_id, user_id)
    await service.end_all(tx, analysis_id, user_id)


@router.get("/shares", summary="All your links that have not ended, newest first", responses=errors())
async def list_all(user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep) -> ShareList:
    return await _list_of(tx, parts, user_id, None)


async def _list_of(
    tx: TransactionDep, parts: AccountPartsDep, user_id: UUID, analysis_id: UUID | None
) -> ShareList:
    found = await service.list_of(tx.connection, user_id, analysis_id=analysis_id)
    return ShareList(items=[ShareRead.of(share, service.token_of(parts.keys, share)) for share in found])


@router.delete(
    "/shares/{share_id}",
    status_code=204,
    summary="End a link: it opens nothing from the next request on",
    responses=errors(ShareNotFound),
)
async def end(share_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.end(tx, share_id, user_id)


@router.post(
    "/shares/{share_id}/copy",
    summary="Have the copy of the clip made again that a link shows, where that failed",
    responses=errors(
        ShareNotFound, VideoNotShared, UploadExpired, VideoArchived, VideoRestoring, CopiedTooOften
    ),
)
async def copy_again(
    share_id: UUID, user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep, queue: QueueDep
) -> ShareRead:
    share = await service.copy_again(tx, queue, share_id, user_id)
    return ShareRead.of(share, service.token_of(parts.keys, share))


@router.post(
    "/shares/open",
    summary="Open a link, without an account",
    description="The ticket is good for a quarter of an hour, or until the link ends; open again with it for"
    " the next.",
    responses=errors(ShareNotFound, SharePasswordNeeded, SharePasswordWrong, ShareGuessed, AccountLocked),
)
async def open_link(body: ShareOpen, request: Request, parts: AccountPartsDep) -> OpenedRead:
    brought = opening.Opening(body.token, body.password, body.ticket, client_address(request))
    opened = await opening.open_link(parts, brought)
    return OpenedRead(analysis_id=opened.analysis_id, ticket=opened.ticket, expires_in_s=TICKET_TTL_S)
