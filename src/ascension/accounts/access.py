"""What endpoints ask of a request: its transaction, its user, its idempotency key."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Cookie, Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from pydantic.json_schema import SkipJsonSchema

from ascension.accounts import queries
from ascension.accounts.parts import AccountParts
from ascension.errors.http import OriginRefused, RouteNotFound, Unauthenticated
from ascension.infra.database.primary import OpenTransaction, Transaction
from ascension.infra.database.replica import COOKIE
from ascension.infra.http.parts import kept
from ascension.infra.security import Bearer

AccountPartsDep = Annotated[AccountParts, kept("accounts")]


# dependencies are `async` although they wait for nothing: others would each be run in a thread
async def _transaction(parts: AccountPartsDep) -> AsyncIterator[Transaction]:
    async with parts.database.transaction() as transaction:
        yield transaction


# scope="function": committed before the answer leaves, so a client that saw 201 will find the row
TransactionDep = Annotated[Transaction, Depends(_transaction, scope="function")]


async def stale_reads(
    parts: AccountPartsDep,
    written: Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)] = None,
) -> OpenTransaction:
    """Maybe on a copy some seconds behind: never behind the asker's own changes, but maybe a worker's.

    For what nobody waits for: history, older pages, lists of what is done.
    """
    return partial(parts.replica.transaction, written) if parts.replica else parts.database.transaction


StaleReadsDep = Annotated[OpenTransaction, Depends(stale_reads)]


async def _read_transaction(reads: StaleReadsDep) -> AsyncIterator[Transaction]:
    async with reads() as transaction:
        yield transaction


ReadTransactionDep = Annotated[Transaction, Depends(_read_transaction, scope="function")]

_bearer = HTTPBearer(auto_error=False, description="The access token of register, login or refresh.")


async def _current_user(
    request: Request,
    parts: AccountPartsDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> UUID:
    if credentials is None:
        raise Unauthenticated
    return _user_of(request, parts, credentials.credentials)


def current_user(request: Request, parts: AccountParts) -> UUID:
    """The same for what is answered without the framework.

    Raises Unauthenticated, TokenExpired, TokenInvalid, SessionRevoked.
    """
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return _user_of(request, parts, token)


def _user_of(request: Request, parts: AccountParts, token: str) -> UUID:
    bearer = parts.tokens.bearer_of(token)
    request.state.user_id = bearer.user_id  # the request's line in the log names it
    request.state.bearer = bearer
    return bearer.user_id


CurrentUser = Annotated[UUID, Depends(_current_user)]


async def _current_bearer(request: Request, _: CurrentUser) -> Bearer:
    return request.state.bearer


CurrentBearer = Annotated[Bearer, Depends(_current_bearer)]
"""The user with the session that asks."""


async def _admin(user_id: CurrentUser, tx: TransactionDep) -> UUID:
    """Asked of the database with every request, so that it ends when it is taken away."""
    if await queries.get_role(tx.connection, user_id) != "admin":
        raise RouteNotFound  # nobody else is told that there is such an address
    return user_id


AdminUser = Annotated[UUID, Depends(_admin)]

IdempotencyKey = Annotated[
    str | SkipJsonSchema[None],
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Send the same key when you repeat this request: it is carried out once.",
    ),
]


# browsers say it themselves: no parameter for who reads the description
_Origin = Annotated[str | None, Header(include_in_schema=False)]


async def _own_origin(parts: AccountPartsDep, origin: _Origin = None) -> None:
    """Requests that ride on the cookie must come from our own pages (SameSite is the first wall)."""
    if origin is not None and origin not in parts.web_origins:
        raise OriginRefused


OwnOrigin = Depends(_own_origin)
