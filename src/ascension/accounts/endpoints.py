"""HTTP of accounts: register, log in, refresh, log out, who am I, a ticket for the socket."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Response

from ascension.accounts import queries, quota, service, tickets
from ascension.accounts.access import (
    AccountParts,
    AccountPartsDep,
    CurrentUser,
    IdempotencyKey,
    OwnOrigin,
    TransactionDep,
)
from ascension.accounts.climber import ClimberProfile
from ascension.accounts.schemas import (
    LoginRequest,
    QuotaRead,
    RegisterRequest,
    SessionRead,
    TicketRead,
    UserRead,
)
from ascension.errors.accounts import EmailTaken, InvalidCredentials, SessionRevoked
from ascension.errors.http import OriginRefused, Overloaded, QueueUnavailable
from ascension.infra.database.primary import Transaction
from ascension.infra.http.errors import errors

REFRESH_COOKIE = "ascension_refresh"
REFRESH_PATH = "/api/v1/auth"

router = APIRouter(prefix="/api/v1")
RefreshCookie = Annotated[str | None, Cookie(alias=REFRESH_COOKIE, max_length=200)]


@router.post(
    "/auth/register",
    status_code=201,
    tags=["accounts"],
    summary="Make an account and log in",
    responses=errors(EmailTaken, OriginRefused, Overloaded),
    dependencies=[OwnOrigin],
)
async def register(
    body: RegisterRequest, parts: AccountPartsDep, response: Response, idempotency_key: IdempotencyKey = None
) -> SessionRead:
    known = await _registered_before(body, parts, idempotency_key)
    if known is None:
        password_hash = await parts.hasher.hash(body.password)
        try:
            async with parts.database.transaction() as tx:
                session = await service.register(
                    tx,
                    email=body.email,
                    password_hash=password_hash,
                    display_name=body.display_name,
                    idempotency_key=idempotency_key,
                    refresh_ttl_s=parts.refresh_ttl_s,
                )
                return await _answer(tx, parts, response, session)
        except EmailTaken:
            # perhaps by this same request, sent twice side by side
            known = await _registered_before(body, parts, idempotency_key)
            if known is None:
                raise
    async with parts.database.transaction() as tx:
        session = await service.open_session(tx, known, parts.refresh_ttl_s)
        return await _answer(tx, parts, response, session)


async def _registered_before(body: RegisterRequest, parts: AccountParts, key: str | None) -> UUID | None:
    """The account that this request made when it was sent with this key before."""
    if key is None:
        return None
    return await service.repeated_registration(
        parts.database, parts.hasher, email=body.email, password=body.password, key=key
    )


@router.post(
    "/auth/login",
    tags=["accounts"],
    summary="Log in with e-mail and password",
    responses=errors(InvalidCredentials, OriginRefused, Overloaded),
    dependencies=[OwnOrigin],
)
async def login(body: LoginRequest, parts: AccountPartsDep, response: Response) -> SessionRead:
    user_id = await service.check_password(
        parts.database, parts.hasher, email=body.email, password=body.password
    )
    async with parts.database.transaction() as tx:
        session = await service.open_session(tx, user_id, parts.refresh_ttl_s)
        return await _answer(tx, parts, response, session)


@router.post(
    "/auth/refresh",
    tags=["accounts"],
    summary="Exchange the refresh cookie for a new access token",
    responses=errors(SessionRevoked, OriginRefused),
    dependencies=[OwnOrigin],
)
async def refresh(
    parts: AccountPartsDep, response: Response, refresh_cookie: RefreshCookie = None
) -> SessionRead:
    if refresh_cookie is None:
        raise SessionRevoked
    async with parts.database.transaction() as tx:
        ttl_s = parts.refresh_ttl_s
        session = await service.refresh_session(tx, refresh_cookie, ttl_s)
        answer = await _answer(tx, parts, response, session) if session else None
    if answer is None:
        raise SessionRevoked
    return answer


@router.post(
    "/auth/logout",
    status_code=204,
    tags=["accounts"],
    summary="End this session",
    responses=errors(OriginRefused),
    dependencies=[OwnOrigin],
)
async def logout(tx: TransactionDep, response: Response, refresh_cookie: RefreshCookie = None) -> None:
    if refresh_cookie is not None:
        await service.close_session(tx, refresh_cookie)
    forget_session(response)


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
    return await _read(tx, user)


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


def forget_session(response: Response) -> None:
    """Take the refresh cookie away."""
    response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH)


async def _answer(
    tx: Transaction, parts: AccountParts, response: Response, session: service.Session
) -> SessionRead:
    response.set_cookie(
        REFRESH_COOKIE,
        session.refresh_token,
        max_age=parts.refresh_ttl_s,
        path=REFRESH_PATH,
        httponly=True,
        secure=parts.secure_cookie,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
    return SessionRead(
        access_token=parts.tokens.issue(session.user.id),
        expires_in_s=parts.tokens.ttl_s,
        user=await _read(tx, session.user),
    )


async def _read(tx: Transaction, user: queries.User) -> UserRead:
    used = await quota.quota_of(tx.connection, user)
    told = QuotaRead(limit=used.limit, used=used.used, resets_at=used.resets_at)
    return UserRead.model_validate({**vars(user), "quota": told})
