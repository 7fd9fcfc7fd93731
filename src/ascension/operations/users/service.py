"""What admins decide about accounts. API, page and commands all come here."""

from dataclasses import replace
from uuid import UUID

from ascension.accounts.choices import Role
from ascension.accounts.factors.queries import delete_totp
from ascension.accounts.sessions.service import revoke_sessions
from ascension.audit.entries import Party, record
from ascension.audit.entries import account as audited
from ascension.errors.accounts import AccountNotFound, FactorMissing, LastAdmin
from ascension.infra.database.primary import Connection, Transaction
from ascension.operations.users import queries
from ascension.subscriptions.entitlement import Gift, give


async def list_page(
    connection: Connection, which: queries.Which, *, before_id: UUID | None, limit: int
) -> tuple[list[queries.Account], UUID | None]:
    """One page, the latest made first, and the cursor of the next."""
    found = await queries.list_newest(connection, which, before_id=before_id, limit=limit + 1)
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


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


async def turn_codes_off(connection: Connection, by: Party, user_id: UUID) -> queries.Account:
    """For somebody who lost their phone and their recovery codes: from now on the password alone logs in.

    At once, because the password is still asked for; who calls this tells the account's owner by letter.

    Raises:
        AccountNotFound, FactorMissing: no codes are asked for.
    """
    account = await queries.get(connection, user_id)
    if account is None:
        raise AccountNotFound
    if not await delete_totp(connection, user_id):
        raise FactorMissing
    await record(connection, "factor.removed", by, audited(user_id), kind="totp")
    return replace(account, has_codes=False)


async def end_sessions(tx: Transaction, by: Party, user_id: UUID) -> queries.Account:
    """All of an account's; who calls this tells it once it is committed. Raises AccountNotFound."""
    if await queries.get(tx.connection, user_id) is None:
        raise AccountNotFound
    await revoke_sessions(tx, user_id, by=by)
    account = await queries.get(tx.connection, user_id)
    if account is None:
        raise AccountNotFound
    return account


async def set_role(connection: Connection, by: Party, email: str, role: Role) -> queries.Account:
    """Raises AccountNotFound, LastAdmin."""
    account = await find(connection, email)
    return await change(connection, by, account.id, role=role)


async def find(connection: Connection, email: str) -> queries.Account:
    """Raises AccountNotFound."""
    account = await queries.find(connection, email)
    if account is None:
        raise AccountNotFound
    return account
