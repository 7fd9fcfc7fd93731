"""Logging in while the account is about to be erased: one question, to keep it or to leave it."""

import json
from uuid import UUID

from ascension.accounts.departures import queries as departures
from ascension.accounts.factors import challenges
from ascension.accounts.guardians import queries as guardians
from ascension.accounts.parts import AccountParts
from ascension.accounts.sessions.schemas import LeavingRead
from ascension.audit.entries import account, record
from ascension.errors.accounts import ChallengeExpired
from ascension.errors.privacy import GuardianNeeded
from ascension.infra.database.primary import Transaction
from ascension.infra.streams import Streams

_PURPOSE = "login-keep"


async def ask_to_keep(parts: AccountParts, user_id: UUID, password: str | None) -> LeavingRead | None:
    """What a login answers instead of a session; None: the account stays. `password`: its digest.

    Raises QueueUnavailable.
    """
    async with parts.database.transaction() as tx:
        leaving = await departures.get(tx.connection, user_id)
    if leaving is None:
        return None
    return LeavingRead(
        keep_challenge=await challenges.issue(
            parts.streams, _PURPOSE, json.dumps({"user_id": str(user_id), "password": password})
        ),
        expires_in_s=challenges.TTL_S,
        erase_at=leaving.erase_at,
    )


async def who_keeps(streams: Streams, challenge: str) -> tuple[UUID, str | None]:
    """Whose login was asked, and the digest of its password. Raises ChallengeExpired, QueueUnavailable."""
    known = await challenges.take(streams, _PURPOSE, challenge)
    if known is None:
        raise ChallengeExpired
    shown = json.loads(known)
    return UUID(shown["user_id"]), shown["password"]


async def stay(tx: Transaction, user_id: UUID) -> None:
    """Raises GuardianNeeded: it goes because a guardian wants it so, who alone can take that back."""
    guardian = await guardians.get(tx.connection, user_id)
    if guardian is not None and guardian.withdrawn_at is not None:
        raise GuardianNeeded
    if await departures.delete(tx.connection, user_id):
        await record(tx.connection, "account.kept", account(user_id))
