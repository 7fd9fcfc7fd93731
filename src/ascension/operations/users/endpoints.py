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


@router.get("/users", summary="The account of an e-mail", responses=errors(RouteNotFound))
async def find(_: AdminUser, tx: TransactionDep, query: Annotated[AccountQuery, Query()]) -> AccountList:
    account = await queries.find(tx.connection, query.email)
    return AccountList(items=[] if account is None else [AccountRead.of(account)])


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
