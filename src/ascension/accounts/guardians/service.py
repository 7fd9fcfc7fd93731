"""Who is too young to agree alone, and what their guardian decides by the link of a letter.

The link works until the climber is old enough. What is kept is the first day on which nobody has to be asked
any more, which is not the birthday.
"""

from datetime import date
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts.departures import queries as departures
from ascension.accounts.guardians import queries
from ascension.accounts.guardians.queries import Guardian
from ascension.accounts.guardians.schemas import WardRead
from ascension.accounts.mail import queries as letters
from ascension.accounts.mail.service import Post
from ascension.audit.entries import account, address, record
from ascension.errors.accounts import LinkInvalid
from ascension.errors.privacy import GuardianAnswered
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.security import token_hash


def minor_until(born_year: int, born_month: int, age: int) -> date:
    """The first of the month after the one in which somebody born then reaches the age."""
    months = (born_year + age) * 12 + born_month
    return date(months // 12, months % 12 + 1, 1)


async def is_minor(connection: Connection, user_id: UUID) -> bool:
    """Is this account's climber too young to agree alone, whether or not a guardian has agreed?"""
    return await queries.get(connection, user_id) is not None


async def guardian_of(connection: Connection, token: str) -> Guardian:
    """Whose link this is. Raises LinkInvalid: also once the climber is old enough or gone."""
    user_id = await letters.subject_of_token(connection, "guardian", token_hash(token))
    guardian = user_id and await queries.get(connection, user_id)
    if not guardian:
        raise LinkInvalid
    return guardian


async def read(connection: Connection, token: str) -> WardRead:
    """Raises LinkInvalid."""
    guardian = await guardian_of(connection, token)
    user = await accounts.get_user(connection, guardian.user_id)
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
    await queries.note_confirmed(tx.connection, guardian.user_id)
    await record(tx.connection, "guardian.agreed", address(guardian.email), account(guardian.user_id))
    if await departures.delete(tx.connection, guardian.user_id, asked_by="guardian"):
        await record(tx.connection, "account.kept", address(guardian.email), account(guardian.user_id))


async def withdraw(tx: Transaction, token: str) -> Guardian:
    """Nothing more can be uploaded; the account is to go, which is the caller's part. Raises LinkInvalid."""
    guardian = await guardian_of(tx.connection, token)
    if guardian.withdrawn_at is not None:
        return guardian
    await queries.note_withdrawn(tx.connection, guardian.user_id)
    await record(tx.connection, "guardian.withdrew", address(guardian.email), account(guardian.user_id))
    return guardian


async def remind(tx: Transaction, post: Post, user_id: UUID) -> None:
    """Another letter to the guardian, who has all the time to answer again.

    Raises GuardianAnswered, LettersOff.
    """
    guardian = await queries.get(tx.connection, user_id)
    if guardian is None or guardian.confirmed_at is not None:
        raise GuardianAnswered
    await queries.note_asked(tx.connection, user_id)
    await record(tx.connection, "guardian.asked", account(user_id), again=True)
    await post.put(
        tx, "guardian_asked", recipient=guardian.email, language=guardian.language, subject_id=user_id
    )
