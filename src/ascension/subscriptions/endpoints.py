"""HTTP of plans, and of the payment provider's events."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request

from ascension.accounts.access import AccountPartsDep, CurrentUser
from ascension.accounts.presence import ERRORS as OF_PRESENCE
from ascension.accounts.presence import Presence
from ascension.errors.accounts import SessionRevoked
from ascension.errors.http import RouteNotFound
from ascension.errors.subscriptions import (
    CheckoutOpen,
    PaymentDue,
    PaymentEventRefused,
    PaymentRefused,
    PaymentsOff,
    PaymentsUnavailable,
    SubscriptionMissing,
    SubscriptionPresent,
    TooYoungToPay,
)
from ascension.infra.http.errors import errors
from ascension.subscriptions import reading, service
from ascension.subscriptions.access import SubscriptionPartsDep
from ascension.subscriptions.schemas import (
    CheckoutRequest,
    PageRead,
    PlanChange,
    PlanRead,
    PortalRequest,
)

_EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "customer.subscription.updated",
    "livemode": False,
    "data": {"object": {"object": "subscription", "customer": "cus_1"}},
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "examples": [_EVENT]}}},
    }
}


router = APIRouter(prefix="/api/v1", tags=["plans"])


@router.get("/users/me/plan", summary="Your plan, and which there are", responses=errors(SessionRevoked))
async def read(user_id: CurrentUser, parts: SubscriptionPartsDep, accounts: AccountPartsDep) -> PlanRead:
    return await reading.read_plan(parts, accounts.plans, user_id)


@router.put(
    "/users/me/plan",
    summary="Change what you pay for, let it end, or go on after all",
    responses=errors(
        *OF_PRESENCE,
        PaymentsOff,
        TooYoungToPay,
        SubscriptionMissing,
        PaymentDue,
        PaymentRefused,
        PaymentsUnavailable,
    ),
)
async def change(
    body: PlanChange,
    user_id: CurrentUser,
    parts: SubscriptionPartsDep,
    accounts: AccountPartsDep,
    presence: Presence,
) -> PlanRead:
    if await service.is_charged(parts, user_id, body.plan):
        await presence.confirm(body.password)
    await service.change(parts, user_id, body.plan)
    return await reading.read_plan(parts, accounts.plans, user_id)


@router.post(
    "/users/me/plan/checkout",
    status_code=201,
    summary="A page of the payment service to buy a plan on",
    responses=errors(
        PaymentsOff, TooYoungToPay, SubscriptionPresent, CheckoutOpen, PaymentsUnavailable, SessionRevoked
    ),
)
async def open_checkout(body: CheckoutRequest, user_id: CurrentUser, parts: SubscriptionPartsDep) -> PageRead:
    return PageRead(url=await service.open_checkout(parts, user_id, body.plan, body.language))


@router.post(
    "/users/me/plan/portal",
    status_code=201,
    summary="A page of the payment service with your means of payment and invoices",
    responses=errors(*OF_PRESENCE, PaymentsOff, SubscriptionMissing, PaymentsUnavailable),
)
async def open_portal(
    body: PortalRequest, user_id: CurrentUser, parts: SubscriptionPartsDep, presence: Presence
) -> PageRead:
    service.provider_of(parts)  # where nothing is sold, nobody is asked for a password
    await presence.confirm(body.password)
    return PageRead(url=await service.open_portal(parts, user_id, body.language))


@router.post(
    "/payments/stripe/events",
    status_code=204,
    summary="The payment service tells that something may have changed",
    description="Signed by it. Off unless PAYMENTS=stripe.",
    responses=errors(PaymentEventRefused, PaymentsUnavailable, RouteNotFound),
    openapi_extra=_BODY,
)
async def receive(
    request: Request,
    parts: SubscriptionPartsDep,
    signature: Annotated[str | None, Header(alias="Stripe-Signature")] = None,
) -> None:
    if parts.provider is None:
        raise RouteNotFound
    await service.receive(parts, await request.body(), signature)  # its very bytes are what is signed
