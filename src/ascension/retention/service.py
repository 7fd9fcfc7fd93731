"""Erasing an account: its rows go at once, its objects follow until storage has nothing of it.

What has to follow stands on a row of its own, so a process that dies loses none of it: any replica goes on.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as accounts
from ascension.accounts import tickets
from ascension.accounts.choices import Language
from ascension.accounts.sessions import queries as sessions
from ascension.audit.entries import account, record
from ascension.errors.accounts import ErasureNotFound, SessionRevoked
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.logging import get_logger
from ascension.infra.storage import removal
from ascension.infra.storage.lifetimes import PREFIXES
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Streams, StreamsUnavailable
from ascension.jobs import delivery, events
from ascension.retention import queries
from ascension.retention.parts import ErasureParts
from ascension.retention.queries import Erasure, Waiting

PASS_LEASE_S = 300
PAUSE_S = 10  # between the passes of one erasure
KEEP_FINISHED_DAYS = 30


async def erase(tx: Transaction, parts: ErasureParts, user_id: UUID, language: Language) -> Erasure:
    """Remove the account and every row of it; the objects follow. Raises SessionRevoked."""
    erasure_id = uuid7()
    user = await accounts.get_user(tx.connection, user_id)
    session_ids = await sessions.list_ids(tx.connection, user_id)
    waiting = await queries.delete_user(tx.connection, user_id)
    if waiting is None or user is None:
        raise SessionRevoked
    await queries.insert(tx.connection, erasure_id, user_id)
    await record(tx.connection, "account.erased", account(user_id))
    if parts.post.is_on:
        await parts.post.put(tx, "account_erased", recipient=user.email, language=language)
    tx.after_commit(partial(parts.end_sessions, user_id, session_ids))
    tx.after_commit(partial(leave_the_queue, parts.streams, user_id, waiting))
    get_logger().info("account_erasing", erasure_id=str(erasure_id))
    return await get(tx.connection, erasure_id)


async def get(connection: Connection, erasure_id: UUID) -> Erasure:
    """Raises ErasureNotFound."""
    erasure = await queries.get(connection, erasure_id)
    if erasure is None:
        raise ErasureNotFound
    return erasure


async def leave_the_queue(streams: Streams, user_id: UUID, waiting: list[Waiting]) -> None:
    """Close the user's sockets, take their jobs out of the streams and their tickets away.

    Best effort: a delivery without a row is dropped by whoever takes it, and a ticket lives half a minute.
    """
    with suppress(*StreamsUnavailable):
        await events.end_sockets(streams, user_id)
        await delivery.withdraw(streams, [(job.tier, job.id) for job in waiting])
        await tickets.withdraw(streams, user_id)


async def carry_on(parts: ErasureParts) -> int:
    """One pass over what is left of one removed account; how many objects it removed.

    The user's prefixes are listed, not their rows: so what a process left behind that died goes as well. The
    last pass is one that finds nothing when everything that was under way has ended.

    Raises:
        StorageUnavailable, DatabaseUnavailable: a later pass begins where this one stopped.
    """
    async with parts.database.transaction() as tx:
        await queries.delete_finished(tx.connection, older_than_days=KEEP_FINISHED_DAYS)
        erasure = await queries.take_due(tx.connection, lease_s=PASS_LEASE_S)
    if erasure is None or erasure.user_id is None:
        return 0
    prefixes = [f"{prefix}{erasure.user_id}/" for prefix in PREFIXES]
    removed = await _remove_below(parts.storage, prefixes)
    async with parts.database.transaction() as tx:
        await queries.delete_deletions(tx.connection, prefixes)
        await queries.note_pass(
            tx.connection,
            erasure.id,
            removed=removed,
            settle_s=parts.settle_s,
            pause_s=min(PAUSE_S, parts.settle_s),
        )
    return removed


async def _remove_below(storage: Storage, prefixes: Sequence[str]) -> int:
    """What storage refuses below one prefix holds up no other. Raises StorageUnavailable, at the end."""
    removed = 0
    refusals = removal.Refusals(storage)
    for prefix in prefixes:
        async with refusals.borne():
            removed += await removal.remove_all(storage, prefix)
    refusals.tell()
    return removed
