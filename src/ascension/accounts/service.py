"""What accounts do: register, show a password, keep what a climber told."""

from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries
from ascension.accounts.climber import ClimberProfile
from ascension.accounts.idempotency import request_digest
from ascension.audit.entries import account, record
from ascension.errors.accounts import EmailTaken, InvalidCredentials, PasswordWrong, SessionRevoked
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.security import PasswordHasher


async def register(
    tx: Transaction,
    *,
    email: str,
    password_hash: str,
    display_name: str | None,
    idempotency_key: str | None,
) -> UUID:
    """Make the account. Raises EmailTaken."""
    name = display_name or name_of(email)
    user = await queries.insert_user(
        tx.connection, user_id=uuid7(), email=email, display_name=name, password_hash=password_hash
    )
    if user is None:
        raise EmailTaken
    await record(tx.connection, "account.registered", account(user.id))
    if idempotency_key is not None:
        await queries.insert_idempotency_key(
            tx.connection,
            user_id=user.id,
            key=idempotency_key,
            request_hash=request_digest({"register": email}),
            resource_id=user.id,
        )
    return user.id


def name_of(email: str) -> str:
    """What an account is called that was given no name."""
    return email.split("@", maxsplit=1)[0][:80]


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


async def check_password(
    database: Database, hasher: PasswordHasher, *, email: str, password: str
) -> queries.Credentials:
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
    return credentials


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


async def sweep(tx: Transaction, idempotency_ttl_s: int) -> None:
    """Forget old idempotency keys and what was used of allowances a day ago."""
    await queries.delete_old_idempotency_keys(tx.connection, ttl_s=idempotency_ttl_s)
    await queries.delete_old_allowance_uses(tx.connection)
