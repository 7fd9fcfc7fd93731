"""An account on its way out: closed at once, erased when its grace is over, kept if its owner logs in before.

Nothing is taken away meanwhile but what runs, so that keeping it brings everything back. Who reads something
of somebody else asks `accounts.departures`, too.
"""

from functools import partial
from typing import Final
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language
from ascension.accounts.departures import queries as departures
from ascension.accounts.departures.queries import AskedBy, Departure
from ascension.accounts.guardians import queries as guardians
from ascension.accounts.sessions.service import revoke_sessions
from ascension.audit.entries import account, address, record
from ascension.errors.accounts import SessionRevoked
from ascension.errors.analyses import AnalysisEnded
from ascension.infra.database.primary import Transaction
from ascension.jobs import service as jobs
from ascension.retention import queries, service
from ascension.retention.parts import ErasureParts
from ascension.retention.queries import Erasure

GUARDIAN_ANSWERS_WITHIN_DAYS: Final = 30
TRY_AGAIN_S: Final = 600
BATCH: Final = 100


async def ask(parts: ErasureParts, user_id: UUID, language: Language) -> Departure | Erasure:
    """Close the account; without a grace period it is erased with this, too. Raises SessionRevoked."""
    async with parts.database.transaction() as tx:
        if await accounts.get_user(tx.connection, user_id) is None:
            raise SessionRevoked
        await depart(tx, user_id, language, "owner", parts=parts)
        if parts.grace_s:
            leaving = await departures.get(tx.connection, user_id)
        else:  # should this process die, the sweep carries on
            leaving = await queries.take_departure(tx.connection, again_after_s=TRY_AGAIN_S, user_id=user_id)
    if leaving is None:
        raise SessionRevoked
    return leaving if parts.grace_s else await _erase(parts, leaving)


async def depart(
    tx: Transaction, user_id: UUID, language: Language, asked_by: AskedBy, *, parts: ErasureParts
) -> None:
    """End every session, socket and job of the user, and tell when the rest goes. Twice is as once."""
    leaving = await departures.insert(
        tx.connection, user_id, grace_s=parts.grace_s, language=language, asked_by=asked_by
    )
    if leaving is None:
        return
    await revoke_sessions(tx, user_id)
    for job_id in await queries.list_active_jobs(tx.connection, user_id):
        try:
            await jobs.cancel(tx, parts.queue, job_id, user_id)
        except AnalysisEnded:
            continue  # just now
    await record(tx.connection, "account.leaving", account(user_id), grace_s=parts.grace_s)
    user = await accounts.get_user(tx.connection, user_id)
    if parts.post.is_on and user is not None and parts.grace_s:
        await parts.post.put(
            tx, "account_leaving", recipient=user.email, language=language, subject_id=user_id
        )
    tx.after_commit(partial(parts.close_sockets, user_id))
    tx.after_commit(partial(service.leave_the_queue, parts.streams, user_id, []))


async def give_up_unanswered(parts: ErasureParts) -> None:
    """Close one account about which a guardian has said nothing for weeks: nobody may ask in their name."""
    async with parts.database.transaction() as tx:
        silent = await guardians.give_up_unanswered(tx.connection, after_days=GUARDIAN_ANSWERS_WITHIN_DAYS)
        if silent is not None:
            await record(tx.connection, "guardian.silent", address(silent.email), account(silent.user_id))
            await depart(tx, silent.user_id, silent.language, "guardian", parts=parts)


async def erase_due(parts: ErasureParts) -> bool:
    """One account whose grace is over; False: none is. Any replica may do it.

    One that cannot be erased is tried again later and holds up no other.
    """
    async with parts.database.transaction() as tx:
        leaving = await queries.take_departure(tx.connection, again_after_s=TRY_AGAIN_S)
    if leaving is None:
        return False
    await _erase(parts, leaving)
    return True


async def _erase(parts: ErasureParts, leaving: Departure) -> Erasure:
    """Analyses go first, a few at a time: what hangs on them may be more than one transaction has time for.

    Raises:
        SessionRevoked: it is gone already.
    """
    has_more = True
    while has_more:
        async with parts.database.transaction() as tx:
            has_more = await queries.delete_some_analyses(tx.connection, leaving.user_id, limit=BATCH)
    async with parts.database.transaction() as tx:
        return await service.erase(tx, parts, leaving.user_id, leaving.language)
