"""What a login does: it opens a session, keeps it alive, shows it to its owner, ends it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.accounts.departures import queries as departures
from ascension.accounts.sessions import queries
from ascension.audit.entries import Party, account, record
from ascension.errors.accounts import InvalidCredentials, SessionNotFound, SessionRevoked
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.security import new_opaque_token, token_hash

# A phone that lost the answer to a refresh repeats it with the old token: within this time, and only while
# the new token is unused, that is a repetition and not a theft. It waits half a minute for an answer, and may
# lie locked in between. Had it the answer all the same, the new token's use tells of the theft: an access
# token lasts longer than this.
REFRESH_REPEAT_S = 600


@dataclass(frozen=True)
class Session:
    id: UUID
    user: accounts.User
    refresh_token: str


async def open_session(
    tx: Transaction, user_id: UUID, *, device: str | None, ttl_s: int, password: str | None = None
) -> Session:
    """A new one. `password`: by the one with this digest, which may have been changed since it was shown.

    Raises:
        InvalidCredentials: it was. SessionRevoked: the account is gone, or about to be erased.
    """
    user = await accounts.get_user(tx.connection, user_id)
    if user is None or await departures.get(tx.connection, user_id) is not None:
        raise SessionRevoked
    if password is not None and not await accounts.still_has_password(tx.connection, user_id, password):
        raise InvalidCredentials
    await record(tx.connection, "login.succeeded", account(user_id))
    session_id, token = uuid7(), new_opaque_token()
    await queries.insert_token(
        tx.connection,
        token_hash=token_hash(token),
        family_id=session_id,
        user_id=user.id,
        device=device,
        began_at=None,
        ttl_s=ttl_s,
    )
    return Session(session_id, user, token)


async def refresh_session(
    tx: Transaction,
    token: str,
    *,
    device: str | None,
    ttl_s: int,
    tell_theft: Callable[[UUID], Awaitable[None]],
) -> Session | None:
    """Rotate the refresh token. None: the session is not, or no longer, valid (a reuse ended its family).

    Returns None instead of raising, because the revocation of the family has to be committed.
    """
    row = await _lock(tx.connection, token)
    if row is None or row.expires_at < datetime.now(UTC):
        return None
    if row.revoked_at is not None or not await _may_rotate(tx, row):
        if await queries.revoke_family(tx.connection, row.user_id, row.family_id):
            await record(tx.connection, "session.stolen", account(row.user_id))
            tx.after_commit(partial(tell_theft, row.user_id))
        return None
    user = await accounts.get_user(tx.connection, row.user_id)
    if user is None or await departures.get(tx.connection, row.user_id) is not None:
        return None
    successor = new_opaque_token()
    await queries.insert_token(
        tx.connection,
        token_hash=token_hash(successor),
        family_id=row.family_id,
        user_id=row.user_id,
        device=device,
        began_at=row.began_at,
        ttl_s=ttl_s,
    )
    await queries.mark_rotated(tx.connection, row.token_hash, token_hash(successor))
    return Session(row.family_id, user, successor)


async def _lock(connection: Connection, token: str) -> queries.RefreshToken | None:
    """The token's row, behind its owner's: what ends sessions sees every successor, or comes before it."""
    user_id = await queries.owner_of(connection, token_hash(token))
    if user_id is None:
        return None
    await accounts.lock_user(connection, user_id)
    return await queries.lock_token(connection, token_hash(token))


async def _may_rotate(tx: Transaction, row: queries.RefreshToken) -> bool:
    if row.rotated_at is None or row.successor_hash is None:
        return True
    recent = datetime.now(UTC) - row.rotated_at < timedelta(seconds=REFRESH_REPEAT_S)
    return recent and await queries.drop_unused_successor(tx.connection, row.successor_hash)


async def close_session(tx: Transaction, token: str) -> UUID | None:
    """End this login everywhere its tokens are; whose it was. Unknown tokens are fine: it has ended."""
    row = await _lock(tx.connection, token)
    if row is None:
        return None
    if await queries.revoke_family(tx.connection, row.user_id, row.family_id):
        await record(tx.connection, "session.ended", account(row.user_id))
    return row.user_id


async def revoke_session(tx: Transaction, user_id: UUID, session_id: UUID) -> None:
    """End one of the user's sessions. Raises SessionNotFound."""
    await accounts.lock_user(tx.connection, user_id)
    if not await queries.revoke_family(tx.connection, user_id, session_id):
        raise SessionNotFound
    await record(tx.connection, "session.ended", account(user_id))


async def current_session(connection: Connection, user_id: UUID, token: str | None) -> UUID | None:
    """Which of the user's sessions holds this refresh token."""
    return await queries.family_of(connection, user_id, token_hash(token)) if token else None


async def revoke_sessions(
    tx: Transaction, user_id: UUID, *, but: UUID | None = None, by: Party | None = None
) -> None:
    """End every session of the user, except this one. Who calls this tells it once it is committed.

    `by`: who ends them; None: the user.
    """
    await accounts.lock_user(tx.connection, user_id)
    await queries.revoke_all(tx.connection, user_id, but=but)
    owner = account(user_id)
    await record(tx.connection, "sessions.ended", by or owner, owner, but_this=but is not None)


async def sweep(tx: Transaction) -> None:
    """Forget expired tokens."""
    await queries.delete_expired(tx.connection)
