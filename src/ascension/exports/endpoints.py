"""HTTP of archives of everything."""

from uuid import UUID

from fastapi import APIRouter

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.accounts.presence import ERRORS as OF_PRESENCE
from ascension.accounts.presence import Presence
from ascension.errors.http import StorageUnavailable
from ascension.errors.privacy import ExportedTooOften, ExportNotFound, ExportNotReady, ExportUnderWay
from ascension.exports import queries, service
from ascension.exports.access import ExportPartsDep
from ascension.exports.schemas import ExportLink, ExportList, ExportRead, ExportRequest
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1/users/me/exports", tags=["accounts"])


@router.post(
    "",
    status_code=201,
    summary="Ask for a ZIP file with everything that your account holds",
    responses=errors(*OF_PRESENCE, ExportUnderWay, ExportedTooOften),
)
async def ask(
    body: ExportRequest, user_id: CurrentUser, parts: ExportPartsDep, presence: Presence
) -> ExportRead:
    await presence.confirm(body.password)
    return ExportRead.of(await service.ask(parts, user_id, body.language))


@router.get("", summary="Your archives, and how far they are", responses=errors())
async def list_of(user_id: CurrentUser, tx: TransactionDep) -> ExportList:
    return ExportList(items=[ExportRead.of(one) for one in await queries.list_of(tx.connection, user_id)])


@router.get(
    "/{export_id}/link",
    summary="A link to fetch an archive, for a quarter of an hour",
    responses=errors(ExportNotFound, ExportNotReady),
)
async def link(export_id: UUID, user_id: CurrentUser, parts: ExportPartsDep) -> ExportLink:
    url = await service.link(parts, export_id, user_id)
    return ExportLink(url=url, expires_in_s=service.LINK_TTL_S)


@router.delete(
    "/{export_id}",
    status_code=204,
    summary="Remove an archive, or stop making it",
    responses=errors(ExportNotFound, StorageUnavailable),
)
async def remove(export_id: UUID, user_id: CurrentUser, parts: ExportPartsDep) -> None:
    await service.remove(parts, export_id, user_id)
