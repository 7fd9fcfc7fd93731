"""Whatever happens at the provider, however its events arrive: asked at last, the tier is what is paid for.

The model knows nothing of Stripe: it says what was bought, and until when it holds.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from ascension.accounts.mail.service import Post
from ascension.infra.database.primary import Database
from ascension.plans.tiers import TIERS, PaidTier, Tier
from ascension.subscriptions import service, sweep
from ascension.subscriptions.parts import SubscriptionParts
from ascension.subscriptions.wiring import make_provider
from tests.conftest import Engines
from tests.platform import seeded_climber
from tests.rows import sql
from tests.subscriptions.conftest import Shop, settings_of
from tests.subscriptions.fake_stripe import fake_stripe
from tests.subscriptions.test_life import pass_days

PAID = st.sampled_from(TIERS[1:])
GRACE_DAYS = 7


class Life(RuleBasedStateMachine):
    """One account; `engines`, `api_url` and `monkeypatch` are set by the test."""

    engines: Engines
    api_url: str
    monkeypatch: pytest.MonkeyPatch

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.runner.run(self._open())
        self.kept: list[bytes] = []
        self.subscription = ""
        self.tier: PaidTier | None = None
        self.next_tier: Tier = "free"
        self.is_due = False
        self.days_left = 0.0
        self.days_due = 0.0

    async def _open(self) -> None:
        await sql(self.engines, "delete from subscriptions")
        fake = await self.stack.enter_async_context(fake_stripe())
        database = Database(self.engines.api_url, pool_size=2, application="tests")
        await self.stack.enter_async_context(database)
        provider = make_provider(settings_of(fake, self.monkeypatch), "test")
        assert provider is not None
        self.stack.push_async_callback(provider.aclose)
        parts = SubscriptionParts(
            database, Post(is_on=True), provider, timedelta(days=GRACE_DAYS), "http://localhost/account"
        )
        self.shop = Shop(parts, fake)
        climber = await seeded_climber(self.engines, self.api_url)
        await climber.http.aclose()
        self.user_id = UUID(climber.user["id"])

    def run(self, work: Any) -> None:
        self.runner.run(work)

    @precondition(lambda self: self.tier is None)
    @rule(tier=PAID)
    def buy(self, tier: PaidTier) -> None:
        url = self.runner.run(service.open_checkout(self.shop.parts, self.user_id, tier, "en"))
        self.subscription = self.shop.fake.pay(url.rpartition("/")[2])
        self.tier = self.next_tier = tier
        self.days_left, self.is_due = 30, False

    @precondition(lambda self: self.tier is not None and not self.is_due)
    @rule(wanted=st.sampled_from(TIERS))
    def wish(self, wanted: Tier) -> None:
        assert self.tier is not None
        self.run(service.change(self.shop.parts, self.user_id, wanted))
        self.next_tier = wanted
        if wanted != "free" and TIERS.index(wanted) > TIERS.index(self.tier):
            self.tier = wanted

    @precondition(lambda self: self.tier is not None)
    @rule(is_paid=st.booleans())
    def come_to_the_end_of_the_period(self, is_paid: bool) -> None:
        """No month passes without a look, whatever was heard. Who still does not pay has no other week."""
        self.look_after_it()
        self.run(pass_days(self.shop, self.engines, self.days_left + 0.01))
        self.shop.fake.renew(self.subscription, is_paid=is_paid)
        if self.next_tier == "free":
            self.tier, self.is_due = None, False
            return
        self.days_due = self.days_due + self.days_left if self.is_due and not is_paid else 0
        self.tier, self.days_left, self.is_due = self.next_tier, 30, not is_paid

    @precondition(lambda self: self.is_due)
    @rule()
    def pay_what_is_due(self) -> None:
        self.shop.fake.settle(self.subscription)
        self.is_due = False

    @precondition(lambda self: self.tier is not None)
    @rule()
    def end_at_the_provider(self) -> None:
        self.shop.fake.cancel(self.subscription)
        self.tier, self.is_due = None, False

    @precondition(lambda self: self.tier is None or self.days_left > 4)
    @rule()
    def wait(self) -> None:
        self.run(pass_days(self.shop, self.engines, 4))
        self.days_left -= 4
        self.days_due += 4

    @precondition(lambda self: self.shop.fake.events)
    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        """Any event that is under way; it may come again later."""
        events = self.shop.fake.events
        event = events.pop(data.draw(st.integers(0, len(events) - 1)))
        self.kept.append(event)
        self.run(self.shop.deliver(event))

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def hear_again(self, data: st.DataObject) -> None:
        self.run(self.shop.deliver(data.draw(st.sampled_from(self.kept))))

    @precondition(lambda self: self.shop.fake.events)
    @rule()
    def lose_an_event(self) -> None:
        self.shop.fake.events.pop()

    @rule()
    def look_after_it(self) -> None:
        """The pass that makes up for lost events, when its time has come."""
        self.run(
            sql(self.engines, "update subscriptions set next_read_at = now() where next_read_at is not null")
        )
        self.run(sweep.read_due(self.shop.parts))
        self.run(sweep.end_due(self.shop.parts))
        holds = self.tier is not None and not (self.is_due and self.days_due >= GRACE_DAYS)
        rows = self.runner.run(
            sql(self.engines, "select tier from users where id = %s", self.user_id),
        )
        assert rows == [(self.tier if holds else "free",)]

    def teardown(self) -> None:
        self.look_after_it()
        self.runner.run(self.stack.aclose())
        self.runner.close()


@pytest.fixture
def life(engines: Engines, api_url: str, monkeypatch: pytest.MonkeyPatch) -> type[Life]:
    Life.engines, Life.api_url, Life.monkeypatch = engines, api_url, monkeypatch
    return Life


def test_the_tier_is_what_is_paid_for_whatever_was_heard_of_it(life: type[Life]) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate],
        ),
    )
