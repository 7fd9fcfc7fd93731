"""What the product asks of whoever takes the money. No card, no invoice, no tax passes through us.

What an account pays for is always read whole from the provider (`read`): an event only says that something
may have changed, so events may come twice, late, in any order, or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from ascension.accounts.choices import Language
from ascension.plans.tiers import PaidTier, Tier

Tax = Literal["inclusive", "exclusive", "unspecified"]


@dataclass(frozen=True)
class Price:
    """Of one month. `amount`: in the currency's smallest unit, as cents; `tax`: is it in the amount?"""

    amount: int
    currency: str
    tax: Tax


@dataclass(frozen=True)
class Checkout:
    """A page of the provider on which a plan is bought."""

    id: str
    url: str


class CustomerGoneError(Exception):
    """The provider has no such customer, or none any more."""


@dataclass(frozen=True)
class Owner:
    """Whose a customer is. `back_to`: of the installation that opened it."""

    user_id: UUID
    language: Language
    back_to: str


@dataclass(frozen=True)
class Paid:
    """What somebody pays for now. `period_start` to `period_end`: what was, or is to be, paid for it.

    state: `past_due` when the payment of this period failed.
    is_given_up: the provider does not try to get it any more.
    next_tier: what it will be from the end of the period on; `free`: it ends then.
    """

    state: Literal["active", "past_due"]
    tier: PaidTier
    next_tier: Tier
    period_start: datetime
    period_end: datetime
    is_given_up: bool = False


@dataclass(frozen=True)
class Event:
    """Something may have changed. `customer_id`: for whom; None where that is nothing to us."""

    id: str
    customer_id: str | None


class Provider(Protocol):
    """Every call out raises PaymentsUnavailable when there is no answer that can be used."""

    async def prices(self) -> Mapping[PaidTier, Price]:
        """What the plans cost now."""
        ...

    async def open_customer(self, email: str, owner: Owner, *, instead_of: str | None = None) -> str:
        """Somebody who may pay; the same for the same user, but for one that is gone."""
        ...

    async def owner_of(self, customer_id: str) -> Owner | None:
        """None: no installation of ours opened it. Raises CustomerGoneError."""
        ...

    async def open_checkout(
        self, customer_id: str, tier: PaidTier, language: Language, *, back_to: str
    ) -> Checkout:
        """A page to buy a plan on. The one before must not be open any more. Raises CustomerGoneError."""
        ...

    async def end_checkout(self, checkout_id: str) -> None:
        """Nothing can be bought there any more. One that is over stays so."""
        ...

    async def open_portal(self, customer_id: str, language: Language, *, back_to: str) -> str:
        """The address of a page with the means of payment and the invoices. Raises CustomerGoneError."""
        ...

    async def read(self, customer_id: str) -> Paid | None:
        """What they pay for at this moment; None: nothing. Of several subscriptions one is left."""
        ...

    async def set_plan(self, customer_id: str, wanted: Tier) -> bool:
        """More at once, less from the end of the period on; what they have now: it goes on.

        False: so it was already.

        Raises:
            SubscriptionMissing: they pay for nothing.
            PaymentDue: the last payment failed, so nothing but an end can be asked for.
            PaymentRefused: more was wanted and could not be paid; nothing was changed.
        """
        ...

    async def close(self, customer_id: str) -> None:
        """Everything ends at once, and what the provider keeps of a person goes as far as it lets it."""
        ...

    def event_of(self, body: bytes, signature: str | None) -> Event:
        """Raises PaymentEventRefused: the provider did not send it, it is old, or of another mode."""
        ...

    async def aclose(self) -> None:
        """Its connections end."""
        ...
