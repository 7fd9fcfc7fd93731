"""HTTP of accounts: who am I, what I told about me, a ticket for the socket."""

from fastapi import APIRouter

from ascension.accounts import queries, service, tickets
from ascension.accounts.access import AccountPartsDep, CurrentBearer, CurrentUser, TransactionDep
from ascension.accounts.climber import ClimberProfile
from ascension.accounts.reading import read_user
from ascension.accounts.schemas import LanguageChoice, LetterChoice, ReadingChoice, TicketRead, UserRead
from ascension.errors.accounts import LettersOff, SessionRevoked
from ascension.errors.http import QueueUnavailable
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1")


@router.get(
    "/users/me",
    tags=["accounts"],
    summary="The logged-in user, with tier and quota",
    responses=errors(SessionRevoked),
)
async def me(user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep) -> UserRead:
    user = await queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    return await read_user(tx, parts.plans, user)


@router.get(
    "/users/me/climber",
    tags=["accounts"],
    summary="What you told about your body",
    responses=errors(SessionRevoked),
)
async def climber(user_id: CurrentUser, tx: TransactionDep) -> ClimberProfile:
    return await service.climber_of(tx.connection, user_id)


@router.put(
    "/users/me/climber",
    tags=["accounts"],
    summary="Tell about your body: analyses from now on know it",
    description="Everything is optional and replaces what was told before. Analyses that exist keep what they"
    " were asked with.",
    responses=errors(SessionRevoked),
)
async def set_climber(body: ClimberProfile, user_id: CurrentUser, tx: TransactionDep) -> ClimberProfile:
    await service.set_climber(tx, user_id, body)
    return body


@router.put(
    "/users/me/language",
    status_code=204,
    tags=["accounts"],
    summary="In which language letters about your account are written",
    responses=errors(SessionRevoked),
)
async def set_language(body: LanguageChoice, user_id: CurrentUser, tx: TransactionDep) -> None:
    if not await queries.set_language(tx.connection, user_id, body.language):
        raise SessionRevoked


@router.put(
    "/users/me/reading",
    status_code=204,
    tags=["accounts"],
    summary="In which units and scale of grades you read",
    responses=errors(SessionRevoked),
)
async def set_reading(body: ReadingChoice, user_id: CurrentUser, tx: TransactionDep) -> None:
    if not await queries.set_reading(tx.connection, user_id, units=body.units, grades=body.grades):
        raise SessionRevoked


@router.put(
    "/users/me/letters",
    status_code=204,
    tags=["accounts"],
    summary="Which letters you want beside those about your account",
    responses=errors(SessionRevoked, LettersOff),
)
async def set_letters(
    body: LetterChoice, user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep
) -> None:
    if body.about_results and not parts.post.is_on:
        raise LettersOff
    if not await queries.set_letters(tx.connection, user_id, about_results=body.about_results):
        raise SessionRevoked


@router.post(
    "/ws-tickets",
    status_code=201,
    tags=["live"],
    summary="A one-time ticket to open /ws",
    responses=errors(SessionRevoked, QueueUnavailable),
)
async def create_ticket(bearer: CurrentBearer, parts: AccountPartsDep) -> TicketRead:
    async with parts.database.transaction() as tx:
        if await queries.get_user(tx.connection, bearer.user_id) is None:
            raise SessionRevoked  # nothing of a removed account is written down anew
    ticket = await tickets.issue(parts.streams, bearer)
    return TicketRead(ticket=ticket, expires_in_s=tickets.TICKET_TTL_S)
