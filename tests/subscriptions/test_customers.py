"""Customers at the payment service that are not as our rows have them, and departures that hold up nobody."""

from uuid import UUID

import pytest
import stripe

from ascension.accounts.choices import Language
from ascension.errors.subscriptions import PaymentsUnavailable, SubscriptionMissing
from ascension.infra.settings import PaymentSettings
from ascension.subscriptions import service, sweep
from ascension.subscriptions.wiring import check
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql
from tests.subscriptions.conftest import SETTINGS, Shop
from tests.subscriptions.test_life import buy, id_of, standing, tier_of


def forget_all(shop: Shop) -> None:
    """As with the key of another account, or of the other mode."""
    shop.fake.customers.clear()
    shop.fake.subscriptions.clear()


async def test_a_customer_that_is_gone_is_followed_by_another(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    await buy(shop, id_of(climber))
    forget_all(shop)
    with pytest.raises(SubscriptionMissing):
        await service.open_portal(shop.parts, id_of(climber), "en")
    assert await standing(engines, climber) == ("ended", None, None)
    assert await tier_of(climber) == "free"
    await buy(shop, id_of(climber), "infinity")
    assert await tier_of(climber) == "infinity"
    [customer] = shop.fake.customers
    rows = await sql(engines, "select customer_id from subscriptions where user_id = %s", climber.user["id"])
    assert rows == [(customer,)]


async def test_who_was_kept_from_buying_by_the_end_of_a_process_buys_in_another_language(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    async def checkout(language: Language) -> None:
        await service.open_checkout(shop.parts, id_of(climber), "premium", language)

    shop.fake.faults.extend(["500", "500", "500"])
    with pytest.raises(PaymentsUnavailable):
        await checkout("en")
    await checkout("en")
    await sql(engines, "delete from subscriptions where user_id = %s", climber.user["id"])  # never written
    await checkout("fr")
    [customer] = shop.fake.customers.values()
    assert customer["preferred_locales"] == ["fr"]


async def test_a_payment_of_a_customer_whom_no_row_knows_counts(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    url = await service.open_checkout(shop.parts, id_of(climber), "premium", "fr")
    await sql(engines, "delete from subscriptions where user_id = %s", climber.user["id"])
    shop.fake.pay(url.rpartition("/")[2])
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"
    rows = await sql(engines, "select language from subscriptions where user_id = %s", climber.user["id"])
    assert rows == [("fr",)]


@pytest.mark.parametrize("is_ours", [True, False])
async def test_who_is_gone_and_of_whom_no_row_was_left_pays_nothing(
    shop: Shop, climber: Climber, engines: Engines, is_ours: bool
) -> None:
    subscription = await buy(shop, id_of(climber))
    await sql(engines, "delete from subscriptions where user_id = %s", climber.user["id"])
    [customer] = shop.fake.customers.values()
    customer["metadata"]["user_id"] = str(UUID(int=7))
    if not is_ours:
        customer["metadata"]["back_to"] = "https://another.example/account"
    shop.fake.renew(subscription)
    await shop.deliver_all()
    assert (shop.fake.subscriptions[subscription]["status"] == "canceled") is is_ours
    assert (shop.fake.customers == {}) is is_ours


async def test_one_departure_that_fails_keeps_no_other_paying(
    shop: Shop, climber: Climber, stranger: Climber, engines: Engines
) -> None:
    ended = [await buy(shop, id_of(one)) for one in (climber, stranger)]
    for one in (climber, stranger):
        await sql(
            engines,
            "insert into departures (user_id, erase_at, language) values (%s, now() + interval '9 h', 'en')",
            one.user["id"],
        )
    item = shop.fake.subscriptions[ended[0]]["items"]["data"][0]
    item["price"]["id"] = "price_of_no_plan"  # it can be ended, and not be read afterwards
    for _ in range(3):
        await sweep.stop_departing(shop.parts)
    for subscription in ended:
        assert shop.fake.subscriptions[subscription]["cancel_at_period_end"] is True
    for one in (climber, stranger):
        rows = await sql(
            engines,
            "select count(*) from audit_log where action = 'plan.wanted'"
            " and subject = audit_name('account', %s)",
            one.user["id"],
        )
        assert rows == [(1,)], "told once"


@pytest.mark.parametrize("second", ["premium", "infinity"])
async def test_of_two_that_were_paid_in_one_moment_one_is_left(
    shop: Shop, climber: Climber, second: str
) -> None:
    pages = [
        (await service.open_checkout(shop.parts, id_of(climber), tier, "en")).rpartition("/")[2]
        for tier in ("premium", "infinity")
    ]
    for page in pages:
        shop.fake.sessions[page]["status"] = "open"  # the first was closed when it was already being paid
    shop.fake.sessions[pages[1]]["line"] = f"price_{second}"
    first_paid, second_paid = (shop.fake.pay(page) for page in pages)
    shop.fake.subscriptions[second_paid]["created"] += 1
    await shop.deliver_all()
    kept = second_paid if second == "infinity" else first_paid
    live = [name for name, found in shop.fake.subscriptions.items() if found["status"] != "canceled"]
    assert live == [kept]
    assert await tier_of(climber) == second


def test_what_is_set_is_looked_at_without_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a client that nobody closes")

    monkeypatch.setattr(stripe, "StripeClient", refuse)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    check(PaymentSettings(), "test")
