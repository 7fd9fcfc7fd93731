"""HTTP of erasing an account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.accounts.sessions.cookies import forget_session
from ascension.errors.accounts import ErasureNotFound, PasswordWrong, SessionRevoked
from ascension.errors.http import Overloaded
from ascension.infra.http.errors import errors
from ascension.retention import service
from ascension.retention.schemas import ErasureRead, ErasureRequest
from ascension.retention.service import ErasureParts

router = APIRouter(prefix="/api/v1", tags=["accounts"])


async def _parts(request: Request) -> ErasureParts:
    return request.app.state.erasures


ErasurePartsDep = Annotated[ErasureParts, Depends(_parts)]


@router.delete(
    "/users/me",
    status_code=202,
    summary="Erase your account with everything in it, for good",
    description="The account is gone with this answer. Its videos and pictures follow within minutes, every"
    " version of them; the erasure's address says how far that is.",
    responses=errors(PasswordWrong, SessionRevoked, Overloaded),
)
async def erase(
    body: ErasureRequest, user_id: CurrentUser, parts: ErasurePartsDep, response: Response
) -> ErasureRead:
    erasure = await service.erase(parts, user_id, body.password)
    forget_session(response)
    response.headers["Location"] = f"/api/v1/erasures/{erasure.id}"
    return ErasureRead.of(erasure)


@router.get(
    "/erasures/{erasure_id}",
    summary="How far an erasure is: for whoever knows its id",
    responses=errors(ErasureNotFound),
)
async def read(erasure_id: UUID, tx: TransactionDep) -> ErasureRead:
    return ErasureRead.of(await service.get(tx.connection, erasure_id))
