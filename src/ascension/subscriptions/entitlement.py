"""Which tier an account has, derived in one place, and written where everything reads it: `users.tier`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.audit.entries import PLATFORM, Party, account, record
from ascension.errors.accounts import AccountNotFound
from ascension.infra.database.primary import Connection
from ascension.plans.tiers import TIERS, PaidTier, Tier
from ascension.subscriptions import queries
from ascension.subscriptions.payments.provider import Paid
from ascension.subscriptions.queries import Grant, Standing


def tier_of(grant: Grant | None, standing: Standing | None, now: datetime) -> Tier:
    """The larger of what was given and what is paid for, each as long as it holds."""
    held: list[Tier] = ["free"]
    if grant is not None and (grant.ends_at is None or grant.ends_at > now):
        held.append(grant.tier)
    if standing is not None and standing.tier is not None and _holds(standing, now):
        held.append(standing.tier)
    return max(held, key=TIERS.index)


def _holds(standing: Standing, now: datetime) -> bool:
    if standing.state == "past_due":
        return standing.grace_until is not None and standing.grace_until > now
    return standing.state == "active"


def grace_until(paid: Paid | None, grace: timedelta) -> datetime | None:
    """Until when what was not paid for still holds: so long after the period began. None: nothing is due."""
    if paid is None or paid.state != "past_due":
        return None
    return paid.period_start if paid.is_given_up else paid.period_start + grace


async def settle(connection: Connection, user_id: UUID, by: Party = PLATFORM, **why: str) -> Tier:
    """Write down the tier that the rows of the user come to, from the next request on. Locks the user.

    Raises AccountNotFound.
    """
    await accounts.lock_user(connection, user_id)
    user = await accounts.get_user(connection, user_id)
    if user is None:
        raise AccountNotFound
    found = await queries.rows_of(connection, user_id)
    tier = tier_of(found.grant, found.standing, found.now)
    if tier != user.tier:
        await queries.set_tier(connection, user_id, tier)
        await record(connection, "account.tier_changed", by, account(user_id), tier=tier, **why)
    return tier


@dataclass(frozen=True)
class Gift:
    """What an admin gives. None as tier: nothing any more."""

    tier: PaidTier | None
    reason: str
    ends_at: datetime | None


async def give(connection: Connection, by: Party, user_id: UUID, gift: Gift) -> Tier:
    """Give a plan, or take a given one back; what is paid for stays. Raises AccountNotFound."""
    await accounts.lock_user(connection, user_id)
    if await accounts.get_user(connection, user_id) is None:
        raise AccountNotFound
    if gift.tier is None:
        await queries.delete_grant(connection, user_id)
    else:
        await queries.put_grant(connection, user_id, gift.tier, gift.reason, gift.ends_at)
    until = None if gift.ends_at is None else gift.ends_at.isoformat()
    given = gift.tier or "none"
    await record(connection, "plan.given", by, account(user_id), tier=given, reason=gift.reason, until=until)
    return await settle(connection, user_id, by, cause="given")
