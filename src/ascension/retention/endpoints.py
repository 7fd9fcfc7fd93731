"""HTTP of erasing an account."""

from uuid import UUID

from fastapi import APIRouter, Response

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.accounts.departures.queries import Departure
from ascension.accounts.presence import ERRORS as OF_PRESENCE
from ascension.accounts.presence import Presence
from ascension.accounts.sessions.cookies import forget_session
from ascension.errors.accounts import ErasureNotFound
from ascension.infra.http.errors import errors
from ascension.retention import departing, service
from ascension.retention.access import ErasurePartsDep
from ascension.retention.schemas import DepartureRead, ErasureRead, ErasureRequest

router = APIRouter(prefix="/api/v1", tags=["accounts"])


@router.delete(
    "/users/me",
    status_code=202,
    summary="Delete your account with everything in it",
    description="`leaving`: it is closed with this answer, and erased for good at `erase_at`, unless you log"
    " in before and keep it. `erasing`: there is no such time here, and it is gone with this answer; its"
    " videos and pictures follow within minutes, every version of them: the erasure's address says how far.",
    responses=errors(*OF_PRESENCE),
)
async def erase(
    body: ErasureRequest,
    user_id: CurrentUser,
    parts: ErasurePartsDep,
    presence: Presence,
    response: Response,
) -> DepartureRead | ErasureRead:
    await presence.confirm(body.password)
    asked = await departing.ask(parts, user_id, body.language)
    forget_session(response)
    if isinstance(asked, Departure):
        return DepartureRead.of(asked)
    response.headers["Location"] = f"/api/v1/erasures/{asked.id}"
    return ErasureRead.of(asked)


@router.get(
    "/erasures/{erasure_id}",
    summary="How far an erasure is: for whoever knows its id",
    responses=errors(ErasureNotFound),
)
async def read(erasure_id: UUID, tx: TransactionDep) -> ErasureRead:
    return ErasureRead.of(await service.get(tx.connection, erasure_id))
