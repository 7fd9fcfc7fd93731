"""HTTP of the documents, and of who agreed to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.accounts.choices import Language
from ascension.accounts.consents import queries, service
from ascension.accounts.consents.access import ConsentPartsDep
from ascension.accounts.consents.schemas import (
    ConsentList,
    ConsentRead,
    ConsentRequest,
    DocumentList,
    DocumentRead,
    GuardianRead,
)
from ascension.accounts.consents.texts import DOCUMENTS, text_of, version_of
from ascension.accounts.guardians import queries as guardians
from ascension.errors.privacy import ConsentOutdated
from ascension.infra.database.primary import Transaction
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1", tags=["accounts"])
MAX_LISTED = 100


@router.get("/documents", summary="The terms of use and the privacy notice", responses=errors())
async def documents(parts: ConsentPartsDep, language: Annotated[Language, Query()] = "en") -> DocumentList:
    items: list[DocumentRead] = []
    for document in DOCUMENTS:
        text = text_of(
            document,
            language,
            parts.settings,
            upload_ttl_s=parts.upload_ttl_s,
            trash_ttl_s=parts.trash_ttl_s,
            sells_plans=parts.sells_plans,
        )
        items.append(DocumentRead(document=document, version=version_of(document), **text.model_dump()))
    return DocumentList(items=items)


@router.get("/users/me/consents", summary="What you agreed to, and when you took it back", responses=errors())
async def consents(user_id: CurrentUser, tx: TransactionDep) -> ConsentList:
    return await _read(tx, user_id)


@router.post(
    "/users/me/consents",
    summary="Agree to what is in force",
    responses=errors(ConsentOutdated),
)
async def agree(body: ConsentRequest, user_id: CurrentUser, tx: TransactionDep) -> ConsentList:
    await service.agree(tx, user_id, body.accepted)
    return await _read(tx, user_id)


@router.delete(
    "/users/me/consents",
    summary="Take your agreement back: nothing new can be uploaded until you agree again",
    responses=errors(),
)
async def withdraw(user_id: CurrentUser, tx: TransactionDep) -> ConsentList:
    await service.withdraw(tx, user_id)
    return await _read(tx, user_id)


async def _read(tx: Transaction, user_id: UUID) -> ConsentList:
    guardian = await guardians.get(tx.connection, user_id)
    return ConsentList(
        has_agreed=await service.has_agreed(tx.connection, user_id),
        items=[
            ConsentRead(**vars(one))
            for one in await queries.list_all(tx.connection, user_id, limit=MAX_LISTED)
        ],
        guardian=None
        if guardian is None
        else GuardianRead(email=guardian.email, confirmed_at=guardian.confirmed_at),
    )
