"""What a guardian decides by the link of a letter: it works until the climber is old enough."""

from uuid import UUID

from ascension.accounts import minors, queries
from ascension.accounts.departures import queries as departures
from ascension.accounts.guardians.schemas import WardRead
from ascension.accounts.mail import queries as letters
from ascension.accounts.mail.service import Post
from ascension.accounts.minors import Guardian
from ascension.audit.entries import account, address, record
from ascension.errors.accounts import LinkInvalid
from ascension.errors.privacy import GuardianAnswered
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.security import token_hash


async def guardian_of(connection: Connection, token: str) -> Guardian:
    """Whose link this is. Raises LinkInvalid: also once the climber is old enough or gone."""
    user_id = await letters.subject_of_token(connection, "guardian", token_hash(token))
    guardian = user_id and await minors.get_guardian(connection, user_id)
    if not guardian:
        raise LinkInvalid
    return guardian


async def read(connection: Connection, token: str) -> WardRead:
    """Raises LinkInvalid."""
    guardian = await guardian_of(connection, token)
    user = await queries.get_user(connection, guardian.user_id)
    if user is None:
        raise LinkInvalid
    state = "agreed" if guardian.confirmed_at else "withdrawn" if guardian.withdrawn_at else "asked"
    return WardRead(email=user.email, display_name=user.display_name, state=state)


async def agree(tx: Transaction, token: str) -> None:
    """Let the climber upload. An account that goes because the guardian had changed their mind stays.

    One that its owner is deleting goes on its way. Twice is as once. Raises LinkInvalid.
    """
    guardian = await guardian_of(tx.connection, token)
    if guardian.confirmed_at is not None:
        return
    await minors.note_confirmed(tx.connection, guardian.user_id)
    await record(tx.connection, "guardian.agreed", address(guardian.email), account(guardian.user_id))
    if await departures.delete(tx.connection, guardian.user_id, asked_by="guardian"):
        await record(tx.connection, "account.kept", address(guardian.email), account(guardian.user_id))


async def withdraw(tx: Transaction, token: str) -> Guardian:
    """Nothing more can be uploaded; the account is to go, which is the caller's part. Raises LinkInvalid."""
    guardian = await guardian_of(tx.connection, token)
    if guardian.withdrawn_at is not None:
        return guardian
    await minors.note_withdrawn(tx.connection, guardian.user_id)
    await record(tx.connection, "guardian.withdrew", address(guardian.email), account(guardian.user_id))
    return guardian


async def remind(tx: Transaction, post: Post, user_id: UUID) -> None:
    """Another letter to the guardian, who has all the time to answer again.

    Raises GuardianAnswered, LettersOff.
    """
    guardian = await minors.get_guardian(tx.connection, user_id)
    if guardian is None or guardian.confirmed_at is not None:
        raise GuardianAnswered
    await minors.note_asked(tx.connection, user_id)
    await post.put(
        tx, "guardian_asked", recipient=guardian.email, language=guardian.language, subject_id=user_id
    )
