"""How many of the month's analyses have been used; how many there are: src/ascension/plans/.

What counts is a result: an analysis counts from the request on, and no longer once it has ended without one,
whoever was at fault (docs/guides/quota.md).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from ascension.accounts import queries
from ascension.errors.analyses import QuotaExceeded
from ascension.infra.database.primary import Connection
from ascension.plans.rights import Plans


@dataclass(frozen=True)
class Quota:
    limit: int
    used: int
    resets_at: datetime


async def quota_of(connection: Connection, plans: Plans, user: queries.User) -> Quota:
    """This calendar month's use (UTC)."""
    used = await queries.count_quota_uses(connection, user.id)
    return Quota(plans.rights_of(user.tier).analyses_per_month, used, _next_month(datetime.now(UTC)))


async def use(connection: Connection, plans: Plans, user: queries.User, subject_id: UUID) -> None:
    """Count one analysis. Raises QuotaExceeded when the month's analyses are used up."""
    await queries.lock_user(connection, user.id)  # requests side by side must not share the last one
    quota = await quota_of(connection, plans, user)
    if quota.used >= quota.limit:
        raise QuotaExceeded(
            f"Your plan's {quota.limit} analyses for this month are used up; "
            f"the next month starts on {quota.resets_at:%Y-%m-%d}."
        )
    await queries.insert_quota_use(connection, user_id=user.id, subject_id=subject_id)


async def refund(connection: Connection, *, user_id: UUID, subject_id: UUID) -> None:
    """Forget the use, for an analysis that is deleted without a result."""
    await queries.delete_quota_use(connection, user_id=user_id, subject_id=subject_id)


async def keep(connection: Connection, *, user_id: UUID, subject_id: UUID) -> None:
    """The use stays counted whatever becomes of the job: there is a result, and it is being made anew."""
    await queries.settle_quota_use(connection, user_id=user_id, subject_id=subject_id)


def _next_month(now: datetime) -> datetime:
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    return datetime(year, month, 1, tzinfo=UTC)
