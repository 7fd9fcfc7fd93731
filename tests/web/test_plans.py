"""A plan in a browser: bought, changed, ended, kept and not paid for, at the payment service of the tests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Page

from tests.conftest import Engines, unused_port
from tests.platform import PASSWORD, ROOT, Climber, Programs, new_climber
from tests.rows import sql
from tests.subscriptions.conftest import SETTINGS
from tests.subscriptions.fake_stripe import FakeStripe, fake_stripe, signature
from tests.web.seeds import logged_in

EVENTS = "/api/v1/payments/stripe/events"


@dataclass
class Sold:
    """An installation that sells plans, and somebody who is logged in there."""

    url: str
    fake: FakeStripe
    buyer: Climber

    async def tell(self) -> None:
        """Every event that is under way arrives."""
        while self.fake.events:
            event = self.fake.events.pop(0)
            taken = await self.buyer.http.post(
                EVENTS, content=event, headers={"Stripe-Signature": signature(event)}
            )
            assert taken.status_code == 204, taken.text


@pytest_asyncio.fixture(loop_scope="session")
async def sold(page: Page, programs: Programs) -> AsyncIterator[Sold]:
    port = unused_port()
    url = f"http://localhost:{port}"
    async with fake_stripe() as fake:
        programs.api_at(
            port,
            **SETTINGS,
            STRIPE_URL=fake.url,
            WEB_ROOT=str(ROOT / "web" / "dist"),
            WEB_ORIGINS=f'["{url}"]',
        )
        async with logged_in(page, await new_climber(url)) as buyer:
            yield Sold(url, fake, buyer)


async def show_presence(page: Page) -> None:
    """What costs money asks for the password again."""
    await page.get_by_test_id("gate-password").fill(PASSWORD)
    await page.get_by_test_id("gate-submit").tap()


async def test_a_plan_is_bought_changed_ended_and_kept(page: Page, sold: Sold) -> None:
    await page.goto(f"{sold.url}/account")
    now = page.get_by_test_id("plan-now")
    await now.get_by_text("0 of 10 analyses this month").wait_for()
    assert "€20.00 a month, taxes included" in await page.get_by_test_id("offer-premium").inner_text()
    await page.get_by_test_id("choose-premium").tap()
    await page.wait_for_url(f"{sold.fake.url}/pay/*")
    session_id = page.url.rpartition("/")[2]
    sold.fake.pay(session_id)
    await page.goto(sold.fake.sessions[session_id]["success_url"])
    await page.get_by_text("You are back from the payment").wait_for()
    await sold.tell()
    await page.get_by_text("Thank you: you have Premium now.").wait_for()
    assert page.url == f"{sold.url}/account"
    await now.get_by_text("0 of 30 analyses this month").wait_for()

    await page.get_by_test_id("choose-infinity").tap()
    await page.get_by_text("What is left of this month is charged now").wait_for()
    await page.get_by_test_id("confirm").tap()
    await show_presence(page)
    await page.get_by_text("You have Infinity now.").wait_for()
    await page.get_by_test_id("choose-free").tap()
    await page.get_by_text("Nothing of yours is deleted").wait_for()
    await page.get_by_test_id("confirm").tap()
    await now.get_by_text("and nothing more is paid").wait_for()
    await page.get_by_test_id("keep-plan").tap()
    await now.get_by_text("then month by month").wait_for()
    await page.get_by_test_id("portal").tap()
    await show_presence(page)
    await page.wait_for_url(f"{sold.fake.url}/portal/*")


async def test_who_has_used_up_the_month_is_led_to_plans_and_who_has_not_paid_to_paying(
    page: Page, sold: Sold, engines: Engines
) -> None:
    used = "insert into quota_uses (subject_id, user_id) values (gen_random_uuid(), %s)"
    for _ in range(10):
        await sql(engines, used, sold.buyer.user["id"])
    await page.goto(sold.url)
    await page.get_by_test_id("see-plans").tap()
    await page.get_by_test_id("offers").wait_for()
    await page.get_by_text("10 of 10 analyses this month").wait_for()

    answer = await sold.buyer.post("/api/v1/users/me/plan/checkout", {"plan": "premium", "language": "fr"})
    subscription = sold.fake.pay(answer.json()["url"].rpartition("/")[2])
    sold.fake.pass_days(30)
    sold.fake.renew(subscription, is_paid=False)
    await sold.tell()
    await page.reload()
    await page.get_by_test_id("payment-due").wait_for()
    assert "The plan goes on until" in await page.get_by_test_id("payment-due").inner_text()
    assert await page.get_by_test_id("choose-infinity").count() == 0
    assert await page.get_by_test_id("choose-free").count() == 1
    await page.get_by_role("button", name="Pay, or change the card").wait_for()


async def test_who_is_too_young_is_told_so_and_offered_nothing(
    page: Page, sold: Sold, engines: Engines
) -> None:
    await sql(
        engines,
        "insert into guardians (user_id, email, minor_until, language)"
        " values (%s, 'g@example.org', current_date + 9, 'en')",
        sold.buyer.user["id"],
    )
    await page.goto(f"{sold.url}/account")
    await page.get_by_test_id("too-young").wait_for()
    assert await page.get_by_test_id("offers").count() == 0


async def test_where_plans_are_not_sold_no_price_is_shown(page: Page, owner: Climber, web_url: str) -> None:
    await page.goto(f"{web_url}/account")
    await page.get_by_test_id("plan-now").wait_for()
    assert "€" not in await page.get_by_test_id("plan").inner_text()
    assert await page.get_by_test_id("offers").count() == 0
    assert owner.user["tier"] == "free"
