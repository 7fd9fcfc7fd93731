"""HTTP of logins: by password, by password and code, by passkey; renewed, listed, ended."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from ascension.accounts import service as accounts
from ascension.accounts.access import AccountPartsDep, CurrentUser, OwnOrigin, TransactionDep
from ascension.accounts.factors import passkeys
from ascension.accounts.factors.schemas import AssertionRequest, OptionsRead
from ascension.accounts.schemas import SessionRead
from ascension.accounts.sessions import leaving, logins, service
from ascension.accounts.sessions.access import CallerDep
from ascension.accounts.sessions.answers import accepted, answer, device_of
from ascension.accounts.sessions.cookies import RefreshCookie, forget_session
from ascension.accounts.sessions.entry import Entry
from ascension.accounts.sessions.queries import list_open
from ascension.accounts.sessions.schemas import (
    ChallengeRead,
    CodeLoginRequest,
    KeepRequest,
    LeavingRead,
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
from ascension.errors.privacy import GuardianNeeded
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
    body: LoginRequest, parts: AccountPartsDep, caller: CallerDep, entry: Entry
) -> SessionRead | Response:
    lockout = parts.lockout
    made = await lockout.begin(body.email, address=caller.address, device_token=caller.device_token)
    if made.is_under_attack and parts.post.is_on:
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
        return accepted(ChallengeRead(challenge=challenge, expires_in_s=logins.TTL_S))
    entered = await entry.enter(shown.id, password=shown.digest)
    await lockout.succeeded(made)
    return entered


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
    body: CodeLoginRequest, parts: AccountPartsDep, caller: CallerDep, entry: Entry
) -> SessionRead | Response:
    pending = await logins.check_code(parts, challenge=body.challenge, code=body.code, caller=caller)
    return await entry.enter(pending.user_id, password=pending.password)


@router.post(
    "/passkey-options",
    summary="What the browser needs to log in with a passkey",
    responses=errors(QueueUnavailable),
)
async def passkey_options(parts: AccountPartsDep) -> OptionsRead:
    return OptionsRead(options=await passkeys.options(parts, "passkey-login", passkeys.ANYBODY))


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
    body: AssertionRequest, parts: AccountPartsDep, entry: Entry
) -> SessionRead | Response:
    async with parts.database.transaction() as tx:
        user_id = await passkeys.owner_of(
            tx, parts, body.credential.model_dump(), purpose="passkey-login", who=passkeys.ANYBODY
        )
    return await entry.enter(user_id)


@router.post(
    "/refresh",
    summary="Exchange the refresh cookie for a new access token",
    responses=errors(SessionRevoked, OriginRefused),
    dependencies=[OwnOrigin],
)
async def refresh(
    request: Request, parts: AccountPartsDep, response: Response, refresh_cookie: RefreshCookie
) -> SessionRead:
    if refresh_cookie is None:
        raise SessionRevoked
    async with parts.database.transaction() as tx:
        session = await service.refresh_session(
            tx,
            refresh_cookie,
            device=device_of(request),
            ttl_s=parts.refresh_ttl_s,
            tell_theft=parts.close_sockets,
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
    parts: AccountPartsDep,
    response: Response,
    refresh_cookie: RefreshCookie,
) -> None:
    user_id = await service.close_session(tx, refresh_cookie) if refresh_cookie is not None else None
    if user_id is not None:
        tx.after_commit(lambda: parts.close_sockets(user_id))
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
    session_id: Annotated[UUID, Path()], user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep
) -> None:
    await service.revoke_session(tx, user_id, session_id)
    tx.after_commit(lambda: parts.close_sockets(user_id))


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
    parts: AccountPartsDep,
    response: Response,
    refresh_cookie: RefreshCookie,
) -> None:
    this = await service.current_session(tx.connection, user_id, refresh_cookie)
    if this is None and not body.this_too:
        raise SessionRevoked  # else this one would end as well, though it was to stay
    await service.revoke_sessions(tx, user_id, but=None if body.this_too else this)
    tx.after_commit(lambda: parts.close_sockets(user_id))
    if body.this_too:
        forget_session(response)


@router.post(
    "/keep",
    summary="Keep an account that was to be deleted, with everything in it, and log in",
    description="Shared links and coaches come back. What expired meanwhile does not.",
    responses=errors(
        ChallengeExpired, GuardianNeeded, InvalidCredentials, SessionRevoked, OriginRefused, QueueUnavailable
    ),
    dependencies=[OwnOrigin],
)
async def keep(body: KeepRequest, parts: AccountPartsDep, entry: Entry) -> SessionRead:
    user_id, password = await leaving.who_keeps(parts.streams, body.keep_challenge)
    async with parts.database.transaction() as tx:
        await leaving.stay(tx, user_id)
        return await entry.open(tx, user_id, password=password)
