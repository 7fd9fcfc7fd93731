"""What admins decide about accounts. API, page and `ascension admins` all come here."""

from uuid import UUID

from ascension.accounts.choices import Role
from ascension.errors.accounts import AccountNotFound, LastAdmin
from ascension.infra.database.primary import Connection
from ascension.jobs.choices import Tier
from ascension.operations.users import queries


async def change(
    connection: Connection, user_id: UUID, *, role: Role | None = None, tier: Tier | None = None
) -> queries.Account:
    """Set what is told, from the next request on. Raises AccountNotFound, LastAdmin."""
    if role is not None:
        await queries.lock_with_admins(connection, user_id)
        if role != "admin" and not await queries.has_other_admin(connection, user_id):
            raise LastAdmin
    account = await queries.update(connection, user_id, role=role, tier=tier)
    if account is None:
        raise AccountNotFound
    return account


async def set_role(connection: Connection, email: str, role: Role) -> queries.Account:
    """Raises AccountNotFound, LastAdmin."""
    account = await queries.find(connection, email)
    if account is None:
        raise AccountNotFound
    return await change(connection, account.id, role=role)
