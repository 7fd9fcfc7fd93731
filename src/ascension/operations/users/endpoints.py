"""HTTP of everybody's role and plan: for admins only, to all others there is no such address."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ascension.accounts.access import AccountPartsDep, AdminUser, TransactionDep
from ascension.audit.entries import account as audited
from ascension.errors.accounts import AccountNotFound, FactorMissing, LastAdmin
from ascension.errors.http import RouteNotFound
from ascension.infra.http.errors import errors
from ascension.operations.notes import note
from ascension.operations.users import queries, service
from ascension.operations.users.schemas import AccountChange, AccountList, AccountQuery, AccountRead

router = APIRouter(prefix="/api/v1/operator", tags=["operations"])


@router.get(
    "/users",
    summary="Everybody's accounts, or the one of an e-mail",
    description="Nothing that is in a clip, nor what it is called.",
    responses=errors(RouteNotFound),
)
async def list_page(_: AdminUser, tx: TransactionDep, query: Annotated[AccountQuery, Query()]) -> AccountList:
    if query.email is not None:
        account = await queries.find(tx.connection, query.email)
        found, next_cursor = [] if account is None else [account], None
    else:
        found, next_cursor = await service.list_page(
            tx.connection, query.which(), before_id=query.cursor, limit=query.limit
        )
    address = query.email or query.search
    return AccountList(
        items=[AccountRead.of(account) for account in found],
        next_cursor=next_cursor,
        is_unconfirmed=address is not None and await queries.is_unconfirmed(tx.connection, address),
    )


@router.patch(
    "/users/{user_id}",
    summary="Set the role or the plan of an account",
    description="With effect on its next request; jobs that wait keep the plan they were asked with."
    " Set back what was there before to undo it.",
    responses=errors(RouteNotFound, AccountNotFound, LastAdmin),
)
async def change(admin_id: AdminUser, user_id: UUID, body: AccountChange, tx: TransactionDep) -> AccountRead:
    by = audited(admin_id)
    account = await service.change(tx.connection, by, user_id, role=body.role, gift=body.gift)
    told = body.model_dump(mode="json", exclude_none=True, exclude={"reason"})
    note(tx, "operator_changed_account", admin_id, user_id=str(user_id), **told)
    return AccountRead.of(account)


@router.delete(
    "/users/{user_id}/codes",
    summary="Turn the codes off of somebody who lost their phone and their recovery codes",
    description="Their password alone logs in from now on, and a letter tells them. Make sure by another way"
    " than e-mail that it is them who ask.",
    responses=errors(RouteNotFound, AccountNotFound, FactorMissing),
)
async def turn_codes_off(
    admin_id: AdminUser, user_id: UUID, tx: TransactionDep, parts: AccountPartsDep
) -> AccountRead:
    account = await service.turn_codes_off(tx.connection, audited(admin_id), user_id)
    if parts.post.is_on:
        await parts.post.put(tx, "codes_off", recipient=account.email, language="en")
    note(tx, "operator_turned_codes_off", admin_id, user_id=str(user_id))
    return AccountRead.of(account)


@router.delete(
    "/users/{user_id}/sessions",
    summary="End every session of an account, as after a theft",
    description="At once and everywhere; logging in again is as it was.",
    responses=errors(RouteNotFound, AccountNotFound),
)
async def end_sessions(
    admin_id: AdminUser, user_id: UUID, tx: TransactionDep, parts: AccountPartsDep
) -> AccountRead:
    account = await service.end_sessions(tx, audited(admin_id), user_id)
    tx.after_commit(lambda: parts.close_sockets(user_id))
    note(tx, "operator_ended_sessions", admin_id, user_id=str(user_id))
    return AccountRead.of(account)
