"""Plans bought, changed and ended. What is paid for, the provider says; here that is asked and written down.

No transaction is open while the provider is asked. Two answers about one customer may overtake each other, so
each question has a number, and an answer never replaces that of a later question.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language
from ascension.accounts.guardians import service as guardians
from ascension.audit.entries import Party, account, record
from ascension.errors.accounts import SessionRevoked
from ascension.errors.subscriptions import (
    CheckoutOpen,
    PaymentDue,
    PaymentsOff,
    PaymentsUnavailable,
    SubscriptionMissing,
    SubscriptionPresent,
    TooYoungToPay,
)
from ascension.infra.database.primary import Transaction
from ascension.infra.logging import get_logger
from ascension.plans.tiers import TIERS, PaidTier, Tier
from ascension.subscriptions import entitlement, queries
from ascension.subscriptions.parts import SubscriptionParts
from ascension.subscriptions.payments.provider import Checkout, CustomerGoneError, Owner, Paid, Provider
from ascension.subscriptions.queries import Standing

LetterKind = Literal["payment_failed", "plan_ended"]
CHECKOUT_OPEN_S = 24 * 3600
LOOK_IN_S = 120  # after a checkout was opened, should no event come


def is_paid(standing: Standing | None) -> bool:
    """Is there something at the provider that can be changed?"""
    return standing is not None and standing.state in {"active", "past_due"}


def provider_of(parts: SubscriptionParts) -> Provider:
    """Raises PaymentsOff."""
    if parts.provider is None:
        raise PaymentsOff
    return parts.provider


async def open_checkout(parts: SubscriptionParts, user_id: UUID, tier: PaidTier, language: Language) -> str:
    """The address of the page on which the plan is bought.

    Raises:
        PaymentsOff, TooYoungToPay, SubscriptionPresent, CheckoutOpen, PaymentsUnavailable, SessionRevoked.
    """
    provider = provider_of(parts)
    async with parts.database.transaction() as tx:
        user = await accounts.get_user(tx.connection, user_id)
        standing = await queries.get_standing(tx.connection, user_id)
        is_minor = await guardians.is_minor(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    if is_minor:
        raise TooYoungToPay
    buyer = _Buyer(user.email, Owner(user_id, language, parts.back_to))
    customer_id = standing.customer_id if standing else await _open_customer(parts, buyer, None)
    if await provider.read(customer_id) is not None:  # maybe bought a moment ago, and no event came yet
        await refresh(parts, user_id)
        raise SubscriptionPresent
    before = standing.checkout_id if standing else None
    if before is not None:
        await provider.end_checkout(before)
    checkout = await _open_page(parts, buyer, customer_id, tier)
    async with parts.database.transaction() as tx:
        is_noted = await queries.note_checkout(
            tx.connection, user_id, before, checkout.id, language, look_in_s=LOOK_IN_S
        )
        if is_noted:
            await record(tx.connection, "plan.checkout_opened", account(user_id), plan=tier)
    if not is_noted:
        await provider.end_checkout(checkout.id)
        raise CheckoutOpen
    return checkout.url


@dataclass(frozen=True)
class _Buyer:
    email: str
    owner: Owner


async def _open_customer(parts: SubscriptionParts, buyer: _Buyer, instead_of: str | None) -> str:
    user_id, language = buyer.owner.user_id, buyer.owner.language
    provider = provider_of(parts)
    customer_id = await provider.open_customer(buyer.email, buyer.owner, instead_of=instead_of)
    async with parts.database.transaction() as tx:
        if instead_of is None:
            await queries.insert_customer(tx.connection, user_id, customer_id, language)
        else:
            await queries.replace_customer(tx.connection, user_id, customer_id, instead_of=instead_of)
    return customer_id


async def _open_page(parts: SubscriptionParts, buyer: _Buyer, customer_id: str, tier: PaidTier) -> Checkout:
    """A customer that the provider has no more, as after a change of keys, is followed by another, once."""
    provider, language = provider_of(parts), buyer.owner.language
    try:
        return await provider.open_checkout(customer_id, tier, language, back_to=parts.back_to)
    except CustomerGoneError:
        customer_id = await _open_customer(parts, buyer, customer_id)
    try:
        return await provider.open_checkout(customer_id, tier, language, back_to=parts.back_to)
    except CustomerGoneError:
        raise PaymentsUnavailable from None


async def open_portal(parts: SubscriptionParts, user_id: UUID, language: Language) -> str:
    """Raises PaymentsOff, SubscriptionMissing, PaymentsUnavailable."""
    provider = provider_of(parts)
    async with parts.database.transaction() as tx:
        standing = await queries.get_standing(tx.connection, user_id)
    if standing is None:
        raise SubscriptionMissing
    try:
        return await provider.open_portal(standing.customer_id, language, back_to=parts.back_to)
    except CustomerGoneError:
        await refresh(parts, user_id)
        raise SubscriptionMissing from None


async def is_charged(parts: SubscriptionParts, user_id: UUID, wanted: Tier) -> bool:
    """Is this more than what is paid for? The provider is asked: an event that says less may have been lost.

    Raises:
        PaymentsOff, TooYoungToPay, PaymentsUnavailable.
    """
    provider_of(parts)
    await refresh(parts, user_id)
    async with parts.database.transaction() as tx:
        standing = await queries.get_standing(tx.connection, user_id)
        is_minor = await guardians.is_minor(tx.connection, user_id)
    paid = standing.tier if standing is not None else None
    is_more = TIERS.index(wanted) > TIERS.index(paid or "free")
    if is_more and is_minor:
        raise TooYoungToPay
    return is_more


async def change(parts: SubscriptionParts, user_id: UUID, wanted: Tier, *, by: Party | None = None) -> None:
    """More at once, less from the end of the period on, `free`: it ends then; what one has: it goes on.

    Raises:
        PaymentsOff, SubscriptionMissing, PaymentDue, PaymentRefused, PaymentsUnavailable.
    """
    provider = provider_of(parts)
    async with parts.database.transaction() as tx:
        standing = await queries.get_standing(tx.connection, user_id)
    if standing is None:
        raise SubscriptionMissing
    try:
        is_changed = await provider.set_plan(standing.customer_id, wanted)
    except (SubscriptionMissing, PaymentDue):  # no event has told of it yet
        await refresh(parts, user_id)
        raise
    if is_changed:
        whose = account(user_id)
        async with parts.database.transaction() as tx:
            await record(tx.connection, "plan.wanted", by or whose, whose, plan=wanted)
    await refresh(parts, user_id)


async def receive(parts: SubscriptionParts, body: bytes, signature: str | None) -> None:
    """An event of the provider. Whatever cannot be worked in now is an error, so that it is sent again.

    Raises:
        PaymentsOff, PaymentEventRefused, PaymentsUnavailable, DatabaseUnavailable.
    """
    event = provider_of(parts).event_of(body, signature)
    if event.customer_id is None:
        return
    async with parts.database.transaction() as tx:
        is_known = await queries.has_event(tx.connection, event.id)
        user_id = await queries.owner_of(tx.connection, event.customer_id)
    if is_known:
        return
    if user_id is None:
        user_id = await _take_in(parts, event.customer_id)
    if user_id is not None:
        await refresh(parts, user_id, event_id=event.id)


async def _take_in(parts: SubscriptionParts, customer_id: str) -> UUID | None:
    """Whose a customer is that no row knows. That of an account which is gone is closed."""
    provider = provider_of(parts)
    try:
        owner = await provider.owner_of(customer_id)
    except CustomerGoneError:
        return None  # the last events of who is gone
    if owner is not None:
        async with parts.database.transaction() as tx:
            is_here = await accounts.get_user(tx.connection, owner.user_id) is not None
            if is_here:
                await queries.insert_customer(tx.connection, owner.user_id, customer_id, owner.language)
            known = await queries.owner_of(tx.connection, customer_id)
        if known is not None:
            return known
        if not is_here and owner.back_to == parts.back_to:  # else it may be another installation's
            await provider.close(customer_id)
            return None
    get_logger().error("payments_of_nobody", customer=customer_id)
    return None


async def refresh(parts: SubscriptionParts, user_id: UUID, *, event_id: str | None = None) -> None:
    """Ask the provider, and write down what the answer comes to. Raises PaymentsOff, PaymentsUnavailable."""
    provider = provider_of(parts)
    async with parts.database.transaction() as tx:
        standing = await queries.get_standing(tx.connection, user_id)
        number = await queries.begin_read(tx.connection, user_id)
    if standing is None:
        return
    paid = await provider.read(standing.customer_id)
    async with parts.database.transaction() as tx:
        if event_id is not None and not await queries.note_event(tx.connection, event_id):
            return
        await accounts.lock_user(tx.connection, user_id)
        before = await queries.get_standing(tx.connection, user_id)
        grace_until = entitlement.grace_until(paid, parts.grace)
        if before is None or not await queries.apply(
            tx.connection, user_id, number, paid, grace_until=grace_until, checkout_open_s=CHECKOUT_OPEN_S
        ):
            return  # the account is gone, or the answer to a later question is there
        await entitlement.settle(tx.connection, user_id, cause="payment")
        await _write_letter(tx, parts, user_id, before, paid)


async def _write_letter(
    tx: Transaction, parts: SubscriptionParts, user_id: UUID, before: Standing, paid: Paid | None
) -> None:
    """Tell of a payment that failed, and of a plan that ended, each once."""
    if paid is not None and paid.state == "past_due" and before.state != "past_due":
        await put_letter(tx, parts, user_id, "payment_failed", before.language)
    elif paid is None and is_paid(before) and before.lapsed_at is None:
        await put_letter(tx, parts, user_id, "plan_ended", before.language)


async def put_letter(
    tx: Transaction, parts: SubscriptionParts, user_id: UUID, kind: LetterKind, language: Language
) -> None:
    """Where letters are on."""
    user = await accounts.get_user(tx.connection, user_id)
    if user is not None and parts.post.is_on:
        await parts.post.put(tx, kind, recipient=user.email, language=language)
