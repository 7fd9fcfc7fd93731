"""HTTP of accounts: register, who am I, a ticket for the socket. Logging in: sessions/endpoints.py."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from ascension.accounts import queries, service, tickets
from ascension.accounts.access import (
    AccountParts,
    AccountPartsDep,
    CurrentUser,
    IdempotencyKey,
    OwnOrigin,
    TransactionDep,
)
from ascension.accounts.climber import ClimberProfile
from ascension.accounts.reading import read_user
from ascension.accounts.schemas import RegisterRequest, SessionRead, TicketRead, UserRead
from ascension.accounts.sessions.answers import answer, device_of, remember_device
from ascension.accounts.sessions.parts import SessionPartsDep
from ascension.accounts.sessions.service import open_session
from ascension.errors.accounts import EmailTaken, SessionRevoked
from ascension.errors.http import OriginRefused, Overloaded, QueueUnavailable
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1")


@router.post(
    "/auth/register",
    status_code=201,
    tags=["accounts"],
    summary="Make an account and log in",
    responses=errors(EmailTaken, OriginRefused, Overloaded),
    dependencies=[OwnOrigin],
)
async def register(
    body: RegisterRequest,
    request: Request,
    parts: AccountPartsDep,
    sessions: SessionPartsDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> SessionRead:
    user_id = await _registered_before(body, parts, idempotency_key)
    if user_id is None:
        password_hash = await parts.hasher.hash(body.password)
        try:
            async with parts.database.transaction() as tx:
                user_id = await service.register(
                    tx,
                    email=body.email,
                    password_hash=password_hash,
                    display_name=body.display_name,
                    idempotency_key=idempotency_key,
                )
        except EmailTaken:
            # perhaps by this same request, sent twice side by side
            user_id = await _registered_before(body, parts, idempotency_key)
            if user_id is None:
                raise
    async with parts.database.transaction() as tx:
        session = await open_session(tx, user_id, device=device_of(request), ttl_s=parts.refresh_ttl_s)
        found = await answer(tx, parts, response, session)
    remember_device(response, parts, sessions.lockout, email=body.email, device_token=None)
    return found


async def _registered_before(body: RegisterRequest, parts: AccountParts, key: str | None) -> UUID | None:
    """The account that this request made when it was sent with this key before."""
    if key is None:
        return None
    return await service.repeated_registration(
        parts.database, parts.hasher, email=body.email, password=body.password, key=key
    )


@router.get(
    "/users/me",
    tags=["accounts"],
    summary="The logged-in user, with tier and quota",
    responses=errors(SessionRevoked),
)
async def me(user_id: CurrentUser, tx: TransactionDep) -> UserRead:
    user = await queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    return await read_user(tx, user)


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


@router.post(
    "/ws-tickets",
    status_code=201,
    tags=["live"],
    summary="A one-time ticket to open /ws",
    responses=errors(SessionRevoked, QueueUnavailable),
)
async def create_ticket(user_id: CurrentUser, parts: AccountPartsDep) -> TicketRead:
    async with parts.database.transaction() as tx:
        if await queries.get_user(tx.connection, user_id) is None:
            raise SessionRevoked  # nothing of a removed account is written down anew
    ticket = await tickets.issue(parts.streams, user_id)
    return TicketRead(ticket=ticket, expires_in_s=tickets.TICKET_TTL_S)
