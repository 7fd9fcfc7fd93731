"""Who is reading: the climber, a coach of theirs, or a guest with an opened link. Nobody else gets in."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ascension.accounts.access import AccountPartsDep, TransactionDep, current_user
from ascension.errors.accounts import TokenExpired, TokenInvalid
from ascension.errors.analyses import AnalysisNotFound
from ascension.errors.http import Unauthenticated
from ascension.sharing import queries
from ascension.sharing.coaches import queries as coaches
from ascension.sharing.links import tickets
from ascension.sharing.parts import SharingPartsDep
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
    sharing: SharingPartsDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Reading:
    """Asked of the database with every request, so that what is withdrawn ends with the next one.

    A coach's look is noted: the climber sees when the last was.

    Raises:
        Unauthenticated, TokenExpired, TokenInvalid, AnalysisNotFound.
    """
    if credentials is None:
        raise Unauthenticated
    if tickets.is_ticket(credentials.credentials):
        ticket = tickets.read(sharing.keys, credentials.credentials)
        if ticket is None:
            raise TokenInvalid
        if not ticket.is_open:
            raise TokenExpired
        reading = await queries.as_guest(tx.connection, analysis_id, ticket.share_id)
    else:
        reading = await queries.as_user(tx.connection, analysis_id, current_user(request, accounts))
    if reading is None:
        raise AnalysisNotFound
    if reading.role == "coach" and reading.reader_id is not None:
        await coaches.note_seen(tx.connection, reading.owner_id, reading.reader_id)
    return reading


ReadingDep = Annotated[Reading, Depends(_reading)]
