"""Subscriptions on the real database, paid for at a Stripe of our own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from ascension.accounts.mail.service import Post
from ascension.infra.database.primary import Database
from ascension.infra.settings import PaymentSettings
from ascension.subscriptions import service
from ascension.subscriptions.parts import SubscriptionParts
from ascension.subscriptions.wiring import make_provider
from tests.conftest import Engines
from tests.rows import sql
from tests.subscriptions.fake_stripe import (
    API_KEY,
    EVENT_SECRET,
    FORMER_SECRET,
    FakeStripe,
    fake_stripe,
    signature,
)

SETTINGS = {
    "PAYMENTS": "stripe",
    "STRIPE_API_KEY": API_KEY,
    "STRIPE_EVENT_SECRET": EVENT_SECRET,
    "STRIPE_EVENT_SECRET_PREVIOUS": FORMER_SECRET,
    "STRIPE_PRICES_PREMIUM": "price_premium, price_premium_old",
    "STRIPE_PRICES_INFINITY": "price_infinity",
    "STRIPE_TIMEOUT_S": "0.5",
}


@dataclass
class Shop:
    """One process' parts, and the provider that it asks."""

    parts: SubscriptionParts
    fake: FakeStripe

    async def deliver(self, body: bytes) -> None:
        """As the provider's event arrives."""
        await service.receive(self.parts, body, signature(body))

    async def deliver_all(self) -> None:
        while self.fake.events:
            await self.deliver(self.fake.events.pop(0))


def settings_of(fake: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> PaymentSettings:
    for name, value in (SETTINGS | {"STRIPE_URL": fake.url}).items():
        monkeypatch.setenv(name, value)
    return PaymentSettings()


@pytest.fixture
async def shop(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    # of another provider, which this one does not know
    await sql(engines, "delete from subscriptions")
    await sql(engines, "delete from payment_closures")
    async with fake_stripe() as fake, Database(engines.api_url, pool_size=4, application="tests") as database:
        provider = make_provider(settings_of(fake, monkeypatch), "test")
        assert provider is not None
        parts = SubscriptionParts(
            database, Post(is_on=True), provider, timedelta(days=7), "http://localhost/account"
        )
        yield Shop(parts, fake)
        await provider.aclose()
