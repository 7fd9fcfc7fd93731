"""A user as the API tells it."""

from ascension.accounts import queries, quota
from ascension.accounts.schemas import QuotaRead, UserRead
from ascension.infra.database.primary import Transaction
from ascension.plans.rights import Plans


async def read_user(tx: Transaction, plans: Plans, user: queries.User) -> UserRead:
    """With what is left of the month."""
    used = await quota.quota_of(tx.connection, plans, user)
    told = QuotaRead(limit=used.limit, used=used.used, resets_at=used.resets_at)
    return UserRead.model_validate({**vars(user), "quota": told})
