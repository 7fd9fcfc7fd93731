"""Plans that end by themselves, and lost events that are made up for. Any replica may do it."""

from functools import partial

from ascension.audit.entries import PLATFORM
from ascension.infra.background import attempt, repeat
from ascension.subscriptions import entitlement, queries, service
from ascension.subscriptions.parts import SubscriptionParts

BATCH = 100
LEASE_S = 300
EVENTS_KEPT_S = 30 * 24 * 3600
"""The provider sends an event again for three days at most."""


async def run(parts: SubscriptionParts, *, interval_s: float) -> None:
    """Until canceled. A step that fails does not keep the others from theirs."""
    steps = {"ends of plans": partial(end_due, parts)}
    if parts.provider is not None:
        steps["reads of subscriptions"] = partial(read_due, parts)
        steps["subscriptions of who departs"] = partial(stop_departing, parts)
        steps["subscriptions of who is gone"] = partial(close_gone, parts)
    await repeat(steps, every_s=interval_s)


async def end_due(parts: SubscriptionParts) -> None:
    """Plans that were given until now, and those whose grace is over: nobody need be asked."""
    async with parts.database.transaction() as tx:
        await queries.delete_old_events(tx.connection, older_than_s=EVENTS_KEPT_S)
        for user_id in await queries.take_ended_grants(tx.connection, limit=BATCH):
            await entitlement.settle(tx.connection, user_id, cause="given until now")
    async with parts.database.transaction() as tx:
        for user_id in await queries.take_lapsed(tx.connection, limit=BATCH):
            await entitlement.settle(tx.connection, user_id, cause="not paid")
            standing = await queries.get_standing(tx.connection, user_id)
            if standing is not None:
                await service.put_letter(tx, parts, user_id, "plan_ended", standing.language)


async def read_due(parts: SubscriptionParts) -> None:
    """Ask about whom no event told of for long."""
    while True:
        async with parts.database.transaction() as tx:
            user_id = await queries.take_unread(tx.connection, lease_s=LEASE_S)
        if user_id is None:
            return
        await service.refresh(parts, user_id)


async def stop_departing(parts: SubscriptionParts) -> None:
    """Whose account is about to be erased pays no further month; who keeps it can keep the plan, too."""
    async with parts.database.transaction() as tx:
        departing = await queries.departing(tx.connection, limit=BATCH)
    for user_id in departing:
        step = partial(service.change, parts, user_id, "free", by=PLATFORM)
        await attempt("subscription of who departs", step)  # the others' is not put off for it


async def close_gone(parts: SubscriptionParts) -> None:
    """Accounts that are gone pay for nothing."""
    provider = service.provider_of(parts)
    while True:
        async with parts.database.transaction() as tx:
            customer_id = await queries.take_closure(tx.connection, lease_s=LEASE_S)
        if customer_id is None:
            return
        await provider.close(customer_id)
        async with parts.database.transaction() as tx:
            await queries.delete_closure(tx.connection, customer_id)
