"""HTTP of logins: by password, by password and code, by passkey; renewed, listed, ended."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from ascension.accounts import service as accounts
from ascension.accounts.access import AccountPartsDep, CurrentUser, OwnOrigin, TransactionDep
from ascension.accounts.factors import passkeys
from ascension.accounts.factors.parts import FactorPartsDep
from ascension.accounts.factors.schemas import AssertionRequest, OptionsRead
from ascension.accounts.schemas import SessionRead
from ascension.accounts.sessions import logins, service
from ascension.accounts.sessions.answers import answer, device_of, remember_device
from ascension.accounts.sessions.cookies import DeviceCookie, RefreshCookie, forget_session
from ascension.accounts.sessions.leaving import LeavingRead, ask_to_keep
from ascension.accounts.sessions.parts import SessionPartsDep
from ascension.accounts.sessions.queries import list_open
from ascension.accounts.sessions.schemas import (
    ChallengeRead,
    CodeLoginRequest,
    LoginRequest,
    LogoutEverywhereRequest,
    OpenSessionList,
    OpenSessionRead,
)
from ascension.errors.accounts import (
    AccountLocked,
    ChallengeExpired,
    CodeWrong,
    InvalidCredentials,
    LetterNeeded,
    PasskeyRefused,
    SessionNotFound,
    SessionRevoked,
)
from ascension.errors.http import OriginRefused, Overloaded, QueueUnavailable, Unavailable
from ascension.infra.http.addresses import client_address
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1/auth", tags=["accounts"])


@router.post(
    "/login",
    summary="Log in with e-mail and password",
    description="202: there is a second factor; send its code with the challenge to `/auth/login/code`. Or"
    " the account is about to be erased: send the other challenge to `/auth/keep` to stay.",
    responses={
        202: {"model": ChallengeRead | LeavingRead, "description": "A code is needed too, or a decision."},
        **errors(
            InvalidCredentials, OriginRefused, LetterNeeded, AccountLocked, Overloaded, QueueUnavailable
        ),
    },
    dependencies=[OwnOrigin],
    response_model=SessionRead,
)
async def login(
    body: LoginRequest,
    request: Request,
    response: Response,
    parts: AccountPartsDep,
    sessions: SessionPartsDep,
    device_token: DeviceCookie,
) -> SessionRead | Response:
    lockout = sessions.lockout
    made = await lockout.begin(body.email, address=client_address(request), device_token=device_token)
    if made.is_under_attack and sessions.sends_letters:
        raise LetterNeeded  # whatever the password is: nobody learns whether it was right
    try:
        shown = await accounts.check_password(
            parts.database, parts.hasher, email=body.email, password=body.password
        )
    except InvalidCredentials:
        await logins.note_failure(parts, body.email, made)
        raise
    except Unavailable:
        await lockout.withdraw(made)
        raise
    challenge = await logins.ask_for_code(parts, shown, body.email, made)
    if challenge is not None:
        asked = ChallengeRead(challenge=challenge, expires_in_s=logins.TTL_S)
        return Response(asked.model_dump_json(), 202, media_type="application/json")
    if (leaving := await ask_to_keep(parts, shown.id, shown.digest)) is not None:
        await lockout.succeeded(made)
        return leaving
    async with parts.database.transaction() as tx:
        session = await service.open_session(
            tx, shown.id, device=device_of(request), ttl_s=parts.refresh_ttl_s, password=shown.digest
        )
        found = await answer(tx, parts, response, session)
    await lockout.succeeded(made)
    remember_device(response, parts, lockout, email=body.email, device_token=device_token)
    return found


@router.post(
    "/login/code",
    summary="Finish a login with the code of the second factor",
    responses={
        202: {"model": LeavingRead, "description": "The account is about to be erased."},
        **errors(
            CodeWrong, ChallengeExpired, InvalidCredentials, OriginRefused, AccountLocked, QueueUnavailable
        ),
    },
    dependencies=[OwnOrigin],
    response_model=SessionRead,
)
async def login_code(
    body: CodeLoginRequest,
    request: Request,
    response: Response,
    parts: AccountPartsDep,
    sessions: SessionPartsDep,
    factors: FactorPartsDep,
    device_token: DeviceCookie,
) -> SessionRead | Response:
    pending = await logins.check_code(
        parts,
        sessions.lockout,
        factors.keys,
        challenge=body.challenge,
        code=body.code,
        caller=logins.Caller(client_address(request), device_token),
    )
    if (leaving := await ask_to_keep(parts, pending.user_id, pending.password)) is not None:
        return leaving
    async with parts.database.transaction() as tx:
        session = await service.open_session(
            tx,
            pending.user_id,
            device=device_of(request),
            ttl_s=parts.refresh_ttl_s,
            password=pending.password,
        )
        found = await answer(tx, parts, response, session)
    remember_device(response, parts, sessions.lockout, email=pending.email, device_token=device_token)
    return found


@router.post(
    "/passkey-options",
    summary="What the browser needs to log in with a passkey",
    responses=errors(QueueUnavailable),
)
async def passkey_options(parts: AccountPartsDep, factors: FactorPartsDep) -> OptionsRead:
    party = factors.relying_party
    return OptionsRead(
        options=await passkeys.options(parts.streams, party, "passkey-login", passkeys.ANYBODY)
    )


@router.post(
    "/passkey",
    summary="Log in with a passkey alone",
    responses={
        202: {"model": LeavingRead, "description": "The account is about to be erased."},
        **errors(PasskeyRefused, ChallengeExpired, OriginRefused, QueueUnavailable),
    },
    dependencies=[OwnOrigin],
    response_model=SessionRead,
)
async def login_passkey(
    body: AssertionRequest,
    request: Request,
    response: Response,
    parts: AccountPartsDep,
    sessions: SessionPartsDep,
    factors: FactorPartsDep,
    device_token: DeviceCookie,
) -> SessionRead | Response:
    async with parts.database.transaction() as tx:
        user_id = await passkeys.owner_of(
            tx,
            parts.streams,
            factors.relying_party,
            body.credential.model_dump(),
            purpose="passkey-login",
            who=passkeys.ANYBODY,
        )
    if (leaving := await ask_to_keep(parts, user_id)) is not None:
        return leaving
    async with parts.database.transaction() as tx:
        session = await service.open_session(
            tx, user_id, device=device_of(request), ttl_s=parts.refresh_ttl_s
        )
        found = await answer(tx, parts, response, session)
    remember_device(response, parts, sessions.lockout, email=session.user.email, device_token=device_token)
    return found


@router.post(
    "/refresh",
    summary="Exchange the refresh cookie for a new access token",
    responses=errors(SessionRevoked, OriginRefused),
    dependencies=[OwnOrigin],
)
async def refresh(
    request: Request,
    parts: AccountPartsDep,
    sessions: SessionPartsDep,
    response: Response,
    refresh_cookie: RefreshCookie,
) -> SessionRead:
    if refresh_cookie is None:
        raise SessionRevoked
    async with parts.database.transaction() as tx:
        session = await service.refresh_session(
            tx,
            refresh_cookie,
            device=device_of(request),
            ttl_s=parts.refresh_ttl_s,
            tell_theft=sessions.close_sockets,
        )
        found = await answer(tx, parts, response, session) if session else None
    if found is None:
        raise SessionRevoked
    return found


@router.post(
    "/logout",
    status_code=204,
    summary="End this session",
    responses=errors(OriginRefused),
    dependencies=[OwnOrigin],
)
async def logout(
    tx: TransactionDep,
    sessions: SessionPartsDep,
    response: Response,
    refresh_cookie: RefreshCookie,
) -> None:
    user_id = await service.close_session(tx, refresh_cookie) if refresh_cookie is not None else None
    if user_id is not None:
        tx.after_commit(lambda: sessions.close_sockets(user_id))
    forget_session(response)


@router.get("/sessions", summary="Where you are logged in", responses=errors())
async def list_sessions(
    user_id: CurrentUser, tx: TransactionDep, refresh_cookie: RefreshCookie
) -> OpenSessionList:
    this = await service.current_session(tx.connection, user_id, refresh_cookie)
    found = await list_open(tx.connection, user_id)
    return OpenSessionList(items=[OpenSessionRead(**vars(one), is_this=one.id == this) for one in found])


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    summary="End one of your sessions",
    description="It cannot be renewed, its access token is refused and its live sockets close.",
    responses=errors(SessionNotFound),
)
async def revoke_session(
    session_id: Annotated[UUID, Path()], user_id: CurrentUser, tx: TransactionDep, sessions: SessionPartsDep
) -> None:
    await service.revoke_session(tx, user_id, session_id)
    tx.after_commit(lambda: sessions.close_sockets(user_id))


@router.post(
    "/logout-everywhere",
    status_code=204,
    summary="End all your sessions, or all but this one",
    description="They cannot be renewed, their access tokens are refused and their live sockets close.",
    responses=errors(SessionRevoked),
)
async def logout_everywhere(
    body: LogoutEverywhereRequest,
    user_id: CurrentUser,
    tx: TransactionDep,
    sessions: SessionPartsDep,
    response: Response,
    refresh_cookie: RefreshCookie,
) -> None:
    this = await service.current_session(tx.connection, user_id, refresh_cookie)
    if this is None and not body.this_too:
        raise SessionRevoked  # else this one would end as well, though it was to stay
    await service.revoke_sessions(tx, user_id, but=None if body.this_too else this)
    tx.after_commit(lambda: sessions.close_sockets(user_id))
    if body.this_too:
        forget_session(response)
