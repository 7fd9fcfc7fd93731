"""HTTP of what stands beside the password. What changes it asks for the password or a passkey again."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path

from ascension.accounts import queries as users
from ascension.accounts.access import AccountPartsDep, CurrentUser, TransactionDep
from ascension.accounts.factors import passkeys, queries, totp
from ascension.accounts.factors.schemas import (
    AssertionRequest,
    CodeRequest,
    FactorsRead,
    OptionsRead,
    PasskeyRead,
    PasskeyRequest,
    PasswordRequest,
    RecoveryCodesRead,
    TotpSetUpRead,
)
from ascension.accounts.mail.queries import QueuedKind
from ascension.accounts.parts import AccountParts
from ascension.accounts.presence import ERRORS as OF_PRESENCE
from ascension.accounts.presence import Presence
from ascension.audit.entries import account, record
from ascension.errors.accounts import (
    ChallengeExpired,
    CodeWrong,
    FactorMissing,
    FactorPresent,
    PasskeyKnown,
    PasskeyNotFound,
    PasskeyRefused,
    SessionRevoked,
    TooManyPasskeys,
)
from ascension.errors.http import QueueUnavailable
from ascension.infra.database.primary import Transaction
from ascension.infra.http.errors import errors

Change = Literal["factor.added", "factor.removed"]
LETTERS: Final[dict[Change, QueuedKind]] = {
    "factor.added": "factor_added",
    "factor.removed": "factor_removed",
}
router = APIRouter(prefix="/api/v1/users/me", tags=["accounts"])


@router.get("/factors", summary="Codes, recovery codes and passkeys of your account", responses=errors())
async def list_factors(user_id: CurrentUser, tx: TransactionDep) -> FactorsRead:
    factor = await queries.get_totp(tx.connection, user_id)
    return FactorsRead(
        totp_since=factor.confirmed_at if factor else None,
        recovery_codes_left=await queries.count_recovery_codes(tx.connection, user_id),
        passkeys=[
            PasskeyRead(id=key.id, name=key.name, created_at=key.created_at, used_at=key.used_at)
            for key in await queries.list_passkeys(tx.connection, user_id)
        ],
    )


@router.post(
    "/presence-options",
    summary="What the browser needs to show that you are there, by a passkey",
    responses=errors(QueueUnavailable),
)
async def presence_options(user_id: CurrentUser, parts: AccountPartsDep) -> OptionsRead:
    return OptionsRead(options=await passkeys.options(parts, "passkey-presence", str(user_id)))


@router.post(
    "/presence",
    status_code=204,
    summary="Show by a passkey that you are there: for five minutes it does instead of the password",
    responses=errors(PasskeyRefused, ChallengeExpired, QueueUnavailable),
)
async def show_presence(
    body: AssertionRequest,
    user_id: CurrentUser,
    tx: TransactionDep,
    parts: AccountPartsDep,
    presence: Presence,
) -> None:
    shown_by = await passkeys.owner_of(
        tx, parts, body.credential.model_dump(), purpose="passkey-presence", who=str(user_id)
    )
    if shown_by != user_id:
        raise PasskeyRefused
    await presence.note()


@router.post(
    "/totp",
    summary="Begin with codes of an app: its secret, as text and picture",
    responses=errors(*OF_PRESENCE, FactorPresent),
)
async def begin_totp(
    body: PasswordRequest,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    presence: Presence,
) -> TotpSetUpRead:
    await presence.confirm(body.password)
    async with parts.database.transaction() as tx:
        user = await users.get_user(tx.connection, user_id)
        if user is None:
            raise SessionRevoked
        begun = await totp.begin(tx, parts.keys, user_id=user_id, email=user.email)
    return TotpSetUpRead(secret=begun.secret, uri=begun.uri, qr_svg=begun.qr_svg)


@router.post(
    "/totp/confirm",
    summary="Turn codes on by showing the first; answers the recovery codes",
    responses=errors(CodeWrong, FactorMissing, FactorPresent),
)
async def confirm_totp(
    body: CodeRequest, user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep
) -> RecoveryCodesRead:
    codes = await totp.confirm(tx, parts.keys, user_id, body.code)
    await _tell(tx, parts, user_id, "factor.added", kind="totp")
    return RecoveryCodesRead(recovery_codes=codes)


@router.delete(
    "/totp",
    status_code=204,
    summary="Turn codes off; recovery codes go with them",
    responses=errors(*OF_PRESENCE, FactorMissing),
)
async def turn_totp_off(
    body: PasswordRequest,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    presence: Presence,
) -> None:
    await presence.confirm(body.password)
    async with parts.database.transaction() as tx:
        await totp.turn_off(tx, user_id)
        await _tell(tx, parts, user_id, "factor.removed", kind="totp")


@router.post(
    "/recovery-codes",
    summary="New recovery codes instead of those before",
    responses=errors(*OF_PRESENCE, FactorMissing),
)
async def new_recovery_codes(
    body: PasswordRequest,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    presence: Presence,
) -> RecoveryCodesRead:
    await presence.confirm(body.password)
    async with parts.database.transaction() as tx:
        codes = await totp.new_recovery_codes(tx, parts.keys, user_id)
        await _tell(tx, parts, user_id, "factor.added", kind="recovery_codes")
    return RecoveryCodesRead(recovery_codes=codes)


@router.post(
    "/passkey-options",
    summary="What the browser needs to make a passkey",
    responses=errors(*OF_PRESENCE, TooManyPasskeys),
)
async def passkey_options(
    body: PasswordRequest,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    presence: Presence,
) -> OptionsRead:
    await presence.confirm(body.password)
    options = await passkeys.creation_options(parts, user_id)
    return OptionsRead(options=options)


@router.post(
    "/passkeys",
    status_code=201,
    summary="Keep a passkey that the browser made",
    responses=errors(PasskeyRefused, PasskeyKnown, ChallengeExpired, QueueUnavailable),
)
async def add_passkey(
    body: PasskeyRequest,
    user_id: CurrentUser,
    tx: TransactionDep,
    parts: AccountPartsDep,
) -> PasskeyRead:
    key = await passkeys.register(
        tx, parts, user_id=user_id, name=body.name, credential=body.credential.model_dump()
    )
    await _tell(tx, parts, user_id, "factor.added", kind="passkey")
    return PasskeyRead(id=key.id, name=key.name, created_at=key.created_at, used_at=key.used_at)


@router.delete(
    "/passkeys/{passkey_id}",
    status_code=204,
    summary="Remove a passkey",
    responses=errors(*OF_PRESENCE, PasskeyNotFound),
)
async def remove_passkey(
    passkey_id: Annotated[UUID, Path()],
    body: PasswordRequest,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    presence: Presence,
) -> None:
    await presence.confirm(body.password)
    async with parts.database.transaction() as tx:
        await passkeys.remove(tx, user_id, passkey_id)
        await _tell(tx, parts, user_id, "factor.removed", kind="passkey")


async def _tell(tx: Transaction, parts: AccountParts, user_id: UUID, act: Change, *, kind: str) -> None:
    """The log, and the owner by letter: a stranger with a session must not change this unseen."""
    await record(tx.connection, act, account(user_id), kind=kind)
    user = await users.get_user(tx.connection, user_id)
    if parts.post.is_on and user is not None:
        # in the language that the owner chose, if they did
        await parts.post.put(tx, LETTERS[act], recipient=user.email, language="en")
