"""What admins decide about accounts. API, page and `ascension admins` all come here."""

from uuid import UUID

from ascension.accounts.choices import Role
from ascension.audit.entries import Party, record
from ascension.audit.entries import account as audited
from ascension.errors.accounts import AccountNotFound, LastAdmin
from ascension.infra.database.primary import Connection
from ascension.operations.users import queries
from ascension.subscriptions.entitlement import Gift, give


async def change(
    connection: Connection, by: Party, user_id: UUID, *, role: Role | None = None, gift: Gift | None = None
) -> queries.Account:
    """Set what is told, from the next request on. Raises AccountNotFound, LastAdmin."""
    if role is not None:
        await queries.lock_with_admins(connection, user_id)
        if role != "admin" and not await queries.has_other_admin(connection, user_id):
            raise LastAdmin
        if not await queries.set_role(connection, user_id, role):
            raise AccountNotFound
        await record(connection, "account.role_changed", by, audited(user_id), role=role)
    if gift is not None:
        await give(connection, by, user_id, gift)
    account = await queries.get(connection, user_id)
    if account is None:
        raise AccountNotFound
    return account


async def set_role(connection: Connection, by: Party, email: str, role: Role) -> queries.Account:
    """Raises AccountNotFound, LastAdmin."""
    account = await queries.find(connection, email)
    if account is None:
        raise AccountNotFound
    return await change(connection, by, account.id, role=role)
