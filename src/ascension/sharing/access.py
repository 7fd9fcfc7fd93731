"""Who is reading: the climber, a coach of theirs, or a guest with an opened link. Nobody else gets in."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ascension.accounts.access import AccountPartsDep, TransactionDep, current_user
from ascension.errors.accounts import TokenExpired, TokenInvalid
from ascension.errors.analyses import AnalysisNotFound
from ascension.errors.http import Unauthenticated
from ascension.sharing import queries, service
from ascension.sharing.links import tickets
from ascension.sharing.queries import Reading

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="Reader",
    description="The access token of an account, or the ticket of a link that was opened.",
)


async def _reading(
    analysis_id: UUID,
    request: Request,
    tx: TransactionDep,
    accounts: AccountPartsDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Reading:
    """Asked of the database with every request, so that what is withdrawn ends with the next one.

    Raises:
        Unauthenticated, TokenExpired, TokenInvalid, AnalysisNotFound.
    """
    if credentials is None:
        raise Unauthenticated
    if tickets.is_ticket(credentials.credentials):
        ticket = tickets.read(accounts.keys, credentials.credentials)
        if ticket is None:
            raise TokenInvalid
        if not ticket.is_open:
            raise TokenExpired
        reading = await queries.as_guest(tx.connection, analysis_id, ticket.share_id)
    else:
        user_id = current_user(request, accounts)
        reading = (await service.let_in(tx.connection, [analysis_id], user_id)).get(analysis_id)
    if reading is None:
        raise AnalysisNotFound
    return reading


ReadingDep = Annotated[Reading, Depends(_reading)]
