"""Bodies of plans."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.accounts.schemas import OldPassword, QuotaRead
from ascension.infra.http.body import RequestBody
from ascension.plans.tiers import PaidTier, Tier
from ascension.subscriptions.payments.provider import Tax


class PriceRead(BaseModel):
    amount: int = Field(description="Of one month, in the currency's smallest unit (cents).")
    currency: str = Field(description="ISO 4217, lower case.")
    tax: Tax = Field(description="Is the tax in the amount (`inclusive`), or added (`exclusive`)?")


class PlanOffer(BaseModel):
    tier: Tier
    analyses_per_month: int
    saved_max_bytes: int
    queue_weight: int = Field(description="How many turns its jobs have when all tiers wait.")
    price: PriceRead | None = Field(
        description="null: it costs nothing, is not sold here, or the payment service does not say now."
    )


class GivenRead(BaseModel):
    tier: PaidTier
    ends_at: datetime | None = Field(description="null: until it is taken back.")


class PaidRead(BaseModel):
    state: Literal["active", "past_due"] = Field(description="`past_due`: the last payment failed.")
    tier: PaidTier
    next_tier: Tier = Field(description="From `period_end` on. `free`: it ends then.")
    period_end: datetime
    grace_until: datetime | None = Field(description="Until when what was not paid for still holds.")


class PlanRead(BaseModel):
    """What you have, and what there is."""

    tier: Tier = Field(description="The larger of what was given and what is paid for.")
    quota: QuotaRead
    saved_bytes: int
    given: GivenRead | None = Field(description="A plan that an admin gave you.")
    paid: PaidRead | None
    can_pay: bool = Field(description="false: plans are not sold here.")
    is_too_young: bool = Field(description="true: nothing is sold to you yet; what you pay for can end.")
    plans: list[PlanOffer]


class CheckoutRequest(RequestBody):
    """What you would like to buy: nothing is set by it, what was paid for is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"plan": "premium", "language": "en"}]})

    plan: PaidTier
    language: Language = "en"


class PlanChange(RequestBody):
    """What is to go on. More is paid for and there at once, less holds from the end of the period on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"plan": "free"}]})

    plan: Tier = Field(description="`free`: it ends with the period. What you have: it goes on after all.")
    password: OldPassword | None = Field(
        default=None,
        description="For more, which is charged. Null: a passkey was shown at `/users/me/presence`.",
    )


class PortalRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a long sentence works well"}]})

    password: OldPassword | None = Field(
        default=None, description="Asked again. Null: a passkey was shown at `/users/me/presence`."
    )
    language: Language = "en"


class PageRead(BaseModel):
    url: str = Field(description="A page of the payment service: send the browser there.")
