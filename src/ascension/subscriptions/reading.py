"""A plan as the API tells it."""

from collections.abc import Mapping
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts import reading as account_reading
from ascension.accounts.guardians import service as guardians
from ascension.errors.accounts import SessionRevoked
from ascension.errors.subscriptions import PaymentsUnavailable
from ascension.plans.rights import Plans
from ascension.plans.tiers import TIERS, PaidTier
from ascension.subscriptions import queries
from ascension.subscriptions.parts import SubscriptionParts
from ascension.subscriptions.payments.provider import Price
from ascension.subscriptions.queries import Standing
from ascension.subscriptions.schemas import GivenRead, PaidRead, PlanOffer, PlanRead, PriceRead
from ascension.videos.saves import queries as saves


async def read_plan(parts: SubscriptionParts, plans: Plans, user_id: UUID) -> PlanRead:
    """With what is used of it. Raises SessionRevoked."""
    prices = await _prices(parts)
    async with parts.database.transaction() as tx:
        user = await accounts.get_user(tx.connection, user_id)
        if user is None:
            raise SessionRevoked
        told = await account_reading.read_user(tx, plans, user)
        is_minor = await guardians.is_minor(tx.connection, user_id)
        grant = await queries.get_grant(tx.connection, user_id)
        standing = await queries.get_standing(tx.connection, user_id)
        saved_bytes = await saves.count_saved_bytes(tx.connection, user_id)
    offers: list[PlanOffer] = []
    for tier in TIERS:
        price = None if tier == "free" else prices.get(tier)
        told_price = price and PriceRead.model_validate(vars(price))
        offers.append(PlanOffer(tier=tier, **plans.rights_of(tier).model_dump(), price=told_price))
    return PlanRead.model_validate(
        {
            "tier": told.tier,
            "quota": told.quota,
            "saved_bytes": saved_bytes,
            "given": grant and GivenRead(tier=grant.tier, ends_at=grant.ends_at),
            "paid": _paid(standing),
            "can_pay": parts.provider is not None,
            "is_too_young": is_minor,
            "plans": offers,
        }
    )


def _paid(standing: Standing | None) -> PaidRead | None:
    if standing is None or standing.state not in {"active", "past_due"}:
        return None
    return PaidRead.model_validate({name: getattr(standing, name) for name in PaidRead.model_fields})


async def _prices(parts: SubscriptionParts) -> Mapping[PaidTier, Price]:
    if parts.provider is None:
        return {}
    try:
        return await parts.provider.prices()
    except PaymentsUnavailable:
        return {}  # what one has is told all the same
