"""Logging in while the account is about to be erased: one question, to keep it or to leave it."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ascension.accounts.access import AccountParts, AccountPartsDep, OwnOrigin
from ascension.accounts.departures import queries as departures
from ascension.accounts.factors import challenges
from ascension.accounts.guardians import queries as guardians
from ascension.accounts.schemas import SessionRead
from ascension.accounts.sessions.answers import answer, device_of
from ascension.accounts.sessions.schemas import EXAMPLE_CHALLENGE
from ascension.accounts.sessions.service import open_session
from ascension.audit.entries import account, record
from ascension.errors.accounts import ChallengeExpired, InvalidCredentials, SessionRevoked
from ascension.errors.http import OriginRefused, QueueUnavailable
from ascension.errors.privacy import GuardianNeeded
from ascension.infra.database.primary import Transaction
from ascension.infra.http.body import RequestBody
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1/auth", tags=["accounts"])
_PURPOSE = "login-keep"


class LeavingRead(BaseModel):
    """The login was right, and the account is about to be erased."""

    keep_challenge: str = Field(description="Goes to `/auth/keep`, once, by whoever wants to stay.")
    expires_in_s: int
    erase_at: datetime


class KeepRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"keep_challenge": EXAMPLE_CHALLENGE}]})

    keep_challenge: Annotated[str, StringConstraints(min_length=1, max_length=100)]


async def ask_to_keep(parts: AccountParts, user_id: UUID, password: str | None = None) -> Response | None:
    """What a login answers instead of a session; None: the account stays. `password`: its digest.

    Raises QueueUnavailable.
    """
    async with parts.database.transaction() as tx:
        leaving = await departures.get(tx.connection, user_id)
    if leaving is None:
        return None
    asked = LeavingRead(
        keep_challenge=await challenges.issue(
            parts.streams, _PURPOSE, json.dumps({"user_id": str(user_id), "password": password})
        ),
        expires_in_s=challenges.TTL_S,
        erase_at=leaving.erase_at,
    )
    return Response(asked.model_dump_json(), 202, media_type="application/json")


@router.post(
    "/keep",
    summary="Keep an account that was to be deleted, with everything in it, and log in",
    description="Shared links and coaches come back. What expired meanwhile does not.",
    responses=errors(
        ChallengeExpired, GuardianNeeded, InvalidCredentials, SessionRevoked, OriginRefused, QueueUnavailable
    ),
    dependencies=[OwnOrigin],
)
async def keep(
    body: KeepRequest, request: Request, response: Response, parts: AccountPartsDep
) -> SessionRead:
    known = await challenges.take(parts.streams, _PURPOSE, body.keep_challenge)
    if known is None:
        raise ChallengeExpired
    shown = json.loads(known)
    user_id = UUID(shown["user_id"])
    async with parts.database.transaction() as tx:
        await _stay(tx, user_id)
        session = await open_session(
            tx,
            user_id,
            device=device_of(request),
            ttl_s=parts.refresh_ttl_s,
            password=shown["password"],
        )
        return await answer(tx, parts, response, session)


async def _stay(tx: Transaction, user_id: UUID) -> None:
    """Raises GuardianNeeded: it goes because a guardian wants it so, who alone can take that back."""
    guardian = await guardians.get(tx.connection, user_id)
    if guardian is not None and guardian.withdrawn_at is not None:
        raise GuardianNeeded
    if await departures.delete(tx.connection, user_id):
        await record(tx.connection, "account.kept", account(user_id))
