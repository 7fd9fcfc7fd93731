"""Who agreed to what is in force, and what nobody may do without."""

from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts.consents import queries
from ascension.accounts.consents.queries import How
from ascension.accounts.consents.texts import DOCUMENTS, version_of
from ascension.accounts.guardians import queries as guardians
from ascension.accounts.schemas import Acceptance
from ascension.audit.entries import account, record
from ascension.errors.accounts import SessionRevoked
from ascension.errors.privacy import ConsentNeeded, ConsentOutdated, GuardianNeeded
from ascension.infra.database.primary import Connection, Transaction


async def check_may_upload(connection: Connection, user_id: UUID) -> None:
    """Asked before anything new is taken; reading, exporting and deleting never need it.

    Raises:
        ConsentNeeded: a document is new, or was never agreed to. GuardianNeeded.
        SessionRevoked: the account is gone.
    """
    if not await has_agreed(connection, user_id):
        raise SessionRevoked if await accounts.get_role(connection, user_id) is None else ConsentNeeded
    guardian = await guardians.get(connection, user_id)
    if guardian is not None and guardian.confirmed_at is None:
        raise GuardianNeeded


async def has_agreed(connection: Connection, user_id: UUID) -> bool:
    """To every document, in the version that is in force, and still."""
    latest = await queries.list_latest(connection, user_id)
    standing = {one.document: one.version for one in latest if one.how != "withdrawn"}
    return all(standing.get(document) == version_of(document) for document in DOCUMENTS)


def check_current(accepted: Acceptance) -> None:
    """Raises ConsentOutdated."""
    if any(getattr(accepted, document) != version_of(document) for document in DOCUMENTS):
        raise ConsentOutdated


async def agree(tx: Transaction, user_id: UUID, accepted: Acceptance) -> None:
    """To what is in force; twice is as once. Raises ConsentOutdated."""
    check_current(accepted)
    await accounts.lock_user(tx.connection, user_id)  # the second of two finds the lines of the first
    if not await has_agreed(tx.connection, user_id):
        await write(tx, user_id, accepted, how="later")


async def withdraw(tx: Transaction, user_id: UUID) -> None:
    """Nothing new is taken from now on; what is there stays until its owner deletes it."""
    for one in await queries.list_latest(tx.connection, user_id):
        if one.how != "withdrawn":
            await queries.insert(tx.connection, user_id, one.document, one.version, "withdrawn")
            await record(tx.connection, "consent.withdrawn", account(user_id), document=one.document)


async def write(tx: Transaction, user_id: UUID, accepted: Acceptance, *, how: How) -> None:
    """One line for each document."""
    for document in DOCUMENTS:
        version: str = getattr(accepted, document)
        await queries.insert(tx.connection, user_id, document, version, how)
        await record(tx.connection, "consent.given", account(user_id), document=document, version=version)
