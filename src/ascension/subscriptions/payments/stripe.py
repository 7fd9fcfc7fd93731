"""Stripe: hosted checkout and portal, subscriptions read as they are. The shapes are those of `API_VERSION`.

Less from the end of a period on has no word at Stripe without schedules: the price changes at once and is
charged with the next period, and `held_tier` and `held_until` beside it say what was paid for until then.
"""

import json
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar
from uuid import UUID, uuid4

import aiohttp
import stripe
from pydantic import BaseModel, Field, ValidationError
from stripe.params import SubscriptionUpdateParams

from ascension.accounts.choices import Language
from ascension.errors.subscriptions import (
    PaymentDue,
    PaymentEventRefused,
    PaymentRefused,
    PaymentsUnavailable,
    SubscriptionMissing,
)
from ascension.infra.figures import count_failure
from ascension.infra.logging import get_logger
from ascension.plans.tiers import TIERS, PaidTier, Tier
from ascension.subscriptions.payments.provider import (
    Checkout,
    CustomerGoneError,
    Event,
    Owner,
    Paid,
    Price,
    Tax,
)

API_VERSION: Final = "2026-10-28.endive"
EVENT_TOLERANCE_S: Final = 300
PRICES_AGE_S: Final = 600
PRICES_PAUSE_S: Final = 30
RETRIES: Final = 2
_OUR_STATES: Final[dict[str, Literal["active", "past_due"]]] = {
    "active": "active",
    "trialing": "active",
    "past_due": "past_due",
    "unpaid": "past_due",
}
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class StripeKeys:
    """`event_secrets`: events are signed with one of them, so that they can be rotated."""

    api_key: str
    event_secrets: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        return self.api_key.startswith(("sk_live_", "rk_live_"))


class _Price(BaseModel):
    id: str
    unit_amount: int | None = None
    currency: str = ""
    tax_behavior: Tax | None = None


class _Item(BaseModel):
    id: str
    price: _Price
    current_period_start: int
    current_period_end: int


class _Items(BaseModel):
    data: list[_Item] = Field(min_length=1)


class _Held(BaseModel):
    held_tier: PaidTier | Literal[""] = ""
    held_until: int = 0


class _Subscription(BaseModel):
    id: str
    status: str
    created: int
    cancel_at_period_end: bool = False
    cancel_at: int | None = None
    items: _Items
    metadata: _Held = Field(default_factory=_Held)

    @property
    def item(self) -> _Item:
        return self.items.data[0]

    @property
    def ends(self) -> bool:
        return self.cancel_at_period_end or self.cancel_at is not None


class _List(BaseModel):
    data: list[_Subscription]


class _Page(BaseModel):
    id: str
    url: str


class _Mark(BaseModel):
    """What we write on a customer."""

    user_id: UUID | None = None
    back_to: str = ""


class _Customer(BaseModel):
    id: str
    deleted: bool = False
    preferred_locales: list[str] | None = None
    metadata: _Mark = Field(default_factory=_Mark)


class _EventObject(BaseModel):
    object: str = ""
    customer: str | None = None


class _EventData(BaseModel):
    object: _EventObject


class _Event(BaseModel):
    id: str = Field(min_length=1, max_length=255)
    object: Literal["event"]
    type: str
    livemode: bool
    data: _EventData


_TELLING: Final = ("customer.subscription.", "checkout.session.", "invoice.")


class Stripe:
    """`sold`: ids of Stripe's prices by tier. The first is sold, the others are of who bought earlier."""

    def __init__(
        self, keys: StripeKeys, sold: Mapping[PaidTier, tuple[str, ...]], *, address: str, timeout_s: float
    ) -> None:
        stripe.enable_telemetry = False
        self._keys, self._sold = keys, sold
        self._http = stripe.AIOHTTPClient(timeout=aiohttp.ClientTimeout(total=timeout_s))
        self._client = stripe.StripeClient(
            keys.api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": address},
            max_network_retries=RETRIES,
            http_client=self._http,
        )
        self._prices: Mapping[PaidTier, Price] = {}
        self._ask_prices_at = 0.0

    async def aclose(self) -> None:
        await self._http.close_async()

    async def prices(self) -> Mapping[PaidTier, Price]:
        """As they were at most ten minutes ago. Who does not answer is not asked again at once."""
        if time.monotonic() >= self._ask_prices_at:
            self._ask_prices_at = time.monotonic() + PRICES_PAUSE_S
            self._prices = {}
            self._prices = {tier: await self._price(ids[0]) for tier, ids in self._sold.items()}
            self._ask_prices_at = time.monotonic() + PRICES_AGE_S
        if not self._prices:
            raise PaymentsUnavailable
        return self._prices

    async def _price(self, price_id: str) -> Price:
        found = await _asked(self._client.v1.prices.retrieve_async(price_id), _Price)
        if found.unit_amount is None:
            raise _unusable(f"price {price_id} has no amount")
        return Price(found.unit_amount, found.currency, found.tax_behavior or "unspecified")

    async def open_customer(self, email: str, owner: Owner, *, instead_of: str | None = None) -> str:
        # under one key all parameters have to be the same: what may change is written on it afterwards
        opened = self._client.v1.customers.create_async(
            {"metadata": {"user_id": str(owner.user_id), "back_to": owner.back_to}},
            {"idempotency_key": f"customer-{owner.user_id}-after-{instead_of or 'none'}"},
        )
        customer_id = (await _asked(opened, _Customer)).id
        named = self._client.v1.customers.update_async(
            customer_id, {"email": email, "preferred_locales": [owner.language]}, _once("name")
        )
        await _asked(named, _Customer)
        return customer_id

    async def owner_of(self, customer_id: str) -> Owner | None:
        found = await _asked(self._client.v1.customers.retrieve_async(customer_id), _Customer, gone="id")
        if found.deleted:
            raise CustomerGoneError
        if found.metadata.user_id is None:
            return None
        language: Language = "fr" if found.preferred_locales == ["fr"] else "en"
        return Owner(found.metadata.user_id, language, found.metadata.back_to)

    async def open_checkout(
        self, customer_id: str, tier: PaidTier, language: Language, *, back_to: str
    ) -> Checkout:
        opened = self._client.v1.checkout.sessions.create_async(
            {
                "mode": "subscription",
                "customer": customer_id,
                "line_items": [{"price": self._sold[tier][0], "quantity": 1}],
                "success_url": f"{back_to}?bought=1",
                "cancel_url": back_to,
                "locale": language,
            },
            _once("checkout"),
        )
        page = await _asked(opened, _Page)
        return Checkout(page.id, page.url)

    async def end_checkout(self, checkout_id: str) -> None:
        try:
            await self._client.v1.checkout.sessions.expire_async(checkout_id, None, _once("expire"))
        except stripe.InvalidRequestError:
            return  # it is over: paid, or expired
        except stripe.StripeError as error:
            raise _unavailable(error) from None

    async def open_portal(self, customer_id: str, language: Language, *, back_to: str) -> str:
        opened = self._client.v1.billing_portal.sessions.create_async(
            {"customer": customer_id, "return_url": back_to, "locale": language}, _once("portal")
        )
        return (await _asked(opened, _Page)).url

    async def read(self, customer_id: str) -> Paid | None:
        found = await self._find(customer_id)
        return found and self._paid(found)

    async def set_plan(self, customer_id: str, wanted: Tier) -> bool:
        found = await self._find(customer_id)
        if found is None:
            raise SubscriptionMissing
        if wanted == "free":  # it ends whatever it is, and should nobody know its price
            if not found.ends:
                await self._update(found, {"cancel_at_period_end": True})
            return not found.ends
        paid = self._paid(found)
        if wanted == paid.next_tier:
            return False
        if paid.state == "past_due":
            raise PaymentDue
        is_more = TIERS.index(wanted) > TIERS.index(paid.tier)
        held: dict[str, str] = {}
        if wanted != paid.tier and not is_more:
            held = {"held_tier": paid.tier, "held_until": str(found.item.current_period_end)}
        change: SubscriptionUpdateParams = {
            "cancel_at_period_end": False,
            "items": [{"id": found.item.id, "price": self._price_of(wanted, found)}],
            "proration_behavior": "always_invoice" if is_more else "none",
            "metadata": {"held_tier": "", "held_until": "", **held},
        }
        if is_more:
            change["payment_behavior"] = "error_if_incomplete"
        await self._update(found, change)
        return True

    async def close(self, customer_id: str) -> None:
        try:
            await self._client.v1.customers.delete_async(customer_id)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing":
                raise _unavailable(error) from None
        except stripe.StripeError as error:
            raise _unavailable(error) from None

    def event_of(self, body: bytes, signature: str | None) -> Event:
        try:
            event = _Event.model_validate_json(body)
        except ValidationError:
            raise PaymentEventRefused from None
        if not any(self._is_signed(body, signature, secret) for secret in self._keys.event_secrets):
            raise PaymentEventRefused
        if event.livemode != self._keys.is_live:
            raise PaymentEventRefused("This event is of the other mode: of tests, or of real payments.")
        return Event(event.id, event.data.object.customer if event.type.startswith(_TELLING) else None)

    def _is_signed(self, body: bytes, signature: str | None, secret: str) -> bool:
        try:
            self._client.construct_event(body, signature, secret, EVENT_TOLERANCE_S)
        except stripe.SignatureVerificationError:
            return False
        return True

    async def _find(self, customer_id: str) -> _Subscription | None:
        """The subscription that holds: of several, as when two pages were paid in one moment, the largest.

        The others end at once. What was paid for them the operator is to give back, whom the log tells.
        """
        listed = self._client.v1.subscriptions.list_async(
            {"customer": customer_id, "status": "all", "limit": 100}
        )
        try:
            found = await _asked(listed, _List)
        except CustomerGoneError:
            return None
        live = [one for one in found.data if one.status in _OUR_STATES]
        if len(live) < 2:
            return live[0] if live else None
        kept, *others = sorted(live, key=self._rank, reverse=True)
        for one in others:
            await self._cancel(one)
        canceled = [one.id for one in others]
        get_logger().error("several_subscriptions", kept=kept.id, canceled=canceled, to_do="refund")
        return kept

    def _rank(self, found: _Subscription) -> tuple[bool, int, int, str]:
        """Of equal ones that which was there first."""
        is_active = _OUR_STATES[found.status] == "active"
        return is_active, TIERS.index(self._paid(found).tier), -found.created, found.id

    async def _cancel(self, found: _Subscription) -> None:
        try:
            await self._client.v1.subscriptions.cancel_async(found.id)
        except stripe.InvalidRequestError:
            return  # another process was first
        except stripe.StripeError as error:
            raise _unavailable(error) from None

    def _paid(self, found: _Subscription) -> Paid:
        priced, held = self._tier_of(found.item.price.id), found.metadata
        is_held = held.held_tier and held.held_until > time.time()
        return Paid(
            state=_OUR_STATES[found.status],
            tier=held.held_tier or priced if is_held else priced,
            next_tier="free" if found.ends else priced,
            period_start=datetime.fromtimestamp(found.item.current_period_start, UTC),
            period_end=datetime.fromtimestamp(found.item.current_period_end, UTC),
            is_given_up=found.status == "unpaid",
        )

    def _tier_of(self, price_id: str) -> PaidTier:
        for tier, ids in self._sold.items():
            if price_id in ids:
                return tier
        raise _unusable(f"{price_id} is the price of no plan: add it to STRIPE_PRICES_PREMIUM or _INFINITY")

    def _price_of(self, tier: PaidTier, found: _Subscription) -> str:
        """Who stays keeps the price that was agreed on."""
        now = found.item.price.id
        return now if self._tier_of(now) == tier else self._sold[tier][0]

    async def _update(self, found: _Subscription, change: SubscriptionUpdateParams) -> None:
        updated = self._client.v1.subscriptions.update_async(found.id, change, _once("plan"))
        await _asked(updated, _Subscription)


def _once(what: str) -> stripe.RequestOptions:
    """Attempts of this one request are carried out once."""
    return {"idempotency_key": f"{what}-{uuid4()}"}


async def _asked(
    question: Coroutine[Any, Any, stripe.StripeObject], shape: type[M], *, gone: str = "customer"
) -> M:
    """The answer in the shape that we know. `gone`: the parameter that is a customer's id.

    Raises:
        PaymentsUnavailable, PaymentRefused, CustomerGoneError.
    """
    try:
        answer = (await question).to_dict()
    except stripe.CardError:
        raise PaymentRefused from None
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing" and error.param == gone:
            raise CustomerGoneError from None
        raise _unavailable(error) from None
    except stripe.StripeError as error:
        raise _unavailable(error) from None
    try:
        return shape.model_validate(answer)
    except ValidationError as error:
        raise _unusable(f"an answer of another shape: {json.dumps(error.errors()[0]['loc'])}") from None


def _unavailable(error: stripe.StripeError) -> PaymentsUnavailable:
    """Its message stays out of the log: it may quote what was sent."""
    count_failure("payments")
    get_logger().warning(
        "payments_unavailable", error=type(error).__name__, status=error.http_status, code=error.code
    )
    return PaymentsUnavailable()


def _unusable(reason: str) -> PaymentsUnavailable:
    count_failure("payments")
    get_logger().error("payments_unusable", reason=reason)
    return PaymentsUnavailable()
