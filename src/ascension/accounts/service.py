"""What accounts do: register, log in, keep a session alive, end it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries
from ascension.accounts.climber import ClimberProfile
from ascension.accounts.idempotency import request_digest
from ascension.errors.accounts import EmailTaken, InvalidCredentials, PasswordWrong, SessionRevoked
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.security import PasswordHasher, new_opaque_token, token_hash

# A phone that lost the answer to a refresh repeats it with the old token: within this time, and only while
# the new token is unused, that is a repetition and not a theft.
REFRESH_REPEAT_S = 30


@dataclass(frozen=True)
class Session:
    user: queries.User
    refresh_token: str


async def register(
    tx: Transaction,
    *,
    email: str,
    password_hash: str,
    display_name: str | None,
    idempotency_key: str | None,
    refresh_ttl_s: int,
) -> Session:
    """Make the account and log in. Raises EmailTaken."""
    name = display_name or email.split("@", maxsplit=1)[0][:80]
    user = await queries.insert_user(
        tx.connection, user_id=uuid7(), email=email, display_name=name, password_hash=password_hash
    )
    if user is None:
        raise EmailTaken
    if idempotency_key is not None:
        await queries.insert_idempotency_key(
            tx.connection,
            user_id=user.id,
            key=idempotency_key,
            request_hash=request_digest({"register": email}),
            resource_id=user.id,
        )
    return await _open_session(tx, user, refresh_ttl_s)


async def repeated_registration(
    database: Database, hasher: PasswordHasher, *, email: str, password: str, key: str
) -> UUID | None:
    """The account that this same registration made before, if it did: its answer may have been lost."""
    async with database.transaction() as tx:
        credentials = await queries.get_credentials(tx.connection, email)
        if credentials is None:
            return None
        row = await queries.get_idempotency_key(tx.connection, credentials.id, key)
    if row is None or row.request_hash != request_digest({"register": email}):
        return None
    return credentials.id if await hasher.verify(credentials.password_hash, password) else None


async def check_password(database: Database, hasher: PasswordHasher, *, email: str, password: str) -> UUID:
    """Whose e-mail and password these are. The hash is computed outside of any transaction.

    Raises:
        InvalidCredentials: same answer and time for an unknown e-mail and a wrong password.
    """
    async with database.transaction() as tx:
        credentials = await queries.get_credentials(tx.connection, email)
    if (
        not await hasher.verify(credentials.password_hash if credentials else None, password)
        or not credentials
    ):
        raise InvalidCredentials
    return credentials.id


async def confirm_password(
    database: Database, hasher: PasswordHasher, *, user_id: UUID, password: str
) -> None:
    """Ask a logged-in user again, before what cannot be undone. Raises PasswordWrong, SessionRevoked."""
    async with database.transaction() as tx:
        password_hash = await queries.get_password_hash(tx.connection, user_id)
    if password_hash is None:
        raise SessionRevoked
    if not await hasher.verify(password_hash, password):
        raise PasswordWrong


async def open_session(tx: Transaction, user_id: UUID, refresh_ttl_s: int) -> Session:
    user = await queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    return await _open_session(tx, user, refresh_ttl_s)


async def _open_session(tx: Transaction, user: queries.User, refresh_ttl_s: int) -> Session:
    token = new_opaque_token()
    await queries.insert_refresh_token(
        tx.connection,
        token_hash=token_hash(token),
        family_id=uuid7(),
        user_id=user.id,
        ttl_s=refresh_ttl_s,
    )
    return Session(user, token)


async def refresh_session(tx: Transaction, token: str, refresh_ttl_s: int) -> Session | None:
    """Rotate the refresh token. None: the session is not, or no longer, valid (a reuse ended its family).

    Returns None instead of raising, because the revocation of the family has to be committed.
    """
    row = await queries.lock_refresh_token(tx.connection, token_hash(token))
    if row is None or row.expires_at < datetime.now(UTC):
        return None
    if row.revoked_at is not None or not await _may_rotate(tx, row):
        await queries.revoke_family(tx.connection, row.family_id)
        return None
    user = await queries.get_user(tx.connection, row.user_id)
    if user is None:
        return None
    successor = new_opaque_token()
    await queries.insert_refresh_token(
        tx.connection,
        token_hash=token_hash(successor),
        family_id=row.family_id,
        user_id=row.user_id,
        ttl_s=refresh_ttl_s,
    )
    await queries.mark_rotated(tx.connection, row.token_hash, token_hash(successor))
    return Session(user, successor)


async def _may_rotate(tx: Transaction, row: queries.RefreshToken) -> bool:
    if row.rotated_at is None or row.successor_hash is None:
        return True
    recent = datetime.now(UTC) - row.rotated_at < timedelta(seconds=REFRESH_REPEAT_S)
    return recent and await queries.drop_unused_successor(tx.connection, row.successor_hash)


async def climber_of(connection: Connection, user_id: UUID) -> ClimberProfile:
    """What the user told about their body. Raises SessionRevoked: the account is gone."""
    told = await queries.get_climber(connection, user_id)
    if told is None:
        raise SessionRevoked
    return ClimberProfile.model_validate(told)


async def set_climber(tx: Transaction, user_id: UUID, profile: ClimberProfile) -> None:
    """Replace it. Analyses keep what they were asked with. Raises SessionRevoked."""
    if not await queries.set_climber(tx.connection, user_id, profile.model_dump(mode="json")):
        raise SessionRevoked


async def close_session(tx: Transaction, token: str) -> None:
    """End this login everywhere its tokens are. Unknown tokens are fine: it is ended already."""
    row = await queries.lock_refresh_token(tx.connection, token_hash(token))
    if row is not None:
        await queries.revoke_family(tx.connection, row.family_id)


async def sweep(tx: Transaction, idempotency_ttl_s: int) -> None:
    """Forget expired tokens, old idempotency keys and what was used of allowances a day ago."""
    await queries.delete_expired_tokens(tx.connection)
    await queries.delete_old_idempotency_keys(tx.connection, ttl_s=idempotency_ttl_s)
    await queries.delete_old_allowance_uses(tx.connection)
