"""HTTP of the audit log: for admins only, to all others there is no such address."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ascension.accounts.access import AccountPartsDep, AdminUser, TransactionDep
from ascension.errors.http import RouteNotFound
from ascension.infra.http.errors import errors
from ascension.operations.audit import service
from ascension.operations.audit.schemas import (
    AuditFilter,
    AuditPage,
    AuditQuery,
    EntryRead,
    VerdictRead,
    Verification,
)

router = APIRouter(prefix="/api/v1/operator", tags=["operations"])


@router.get("/audit", summary="Who did what, newest first", responses=errors(RouteNotFound))
async def list_page(_: AdminUser, tx: TransactionDep, query: Annotated[AuditQuery, Query()]) -> AuditPage:
    page, next_cursor = await service.list_page(tx.connection, query, cursor=query.cursor, limit=query.limit)
    return AuditPage(items=[EntryRead.of(entry) for entry in page], next_cursor=next_cursor)


@router.get(
    "/audit/file",
    summary="The same as a table, the newest 10,000 entries",
    response_class=Response,
    responses={
        **errors(RouteNotFound),
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The table."},
    },
)
async def table(_: AdminUser, tx: TransactionDep, query: Annotated[AuditFilter, Query()]) -> Response:
    content = await service.as_csv(tx.connection, query)
    headers = {"Content-Disposition": 'attachment; filename="audit-log.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(
    "/audit/verification",
    summary="Compute the chain anew: does each entry follow from the one before",
    description="For about two seconds with one request: go on behind `head` until it is over.",
    responses=errors(RouteNotFound),
)
async def check(_: AdminUser, body: Verification, parts: AccountPartsDep) -> VerdictRead:
    return VerdictRead.of(*await service.check(parts.database, body.behind))
