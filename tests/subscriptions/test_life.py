"""The life of a paid plan: bought, renewed, changed, ended, not paid, kept. Who goes away pays no more."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ascension.errors.accounts import SessionRevoked
from ascension.errors.subscriptions import (
    PaymentDue,
    PaymentRefused,
    PaymentsUnavailable,
    SubscriptionMissing,
    SubscriptionPresent,
    TooYoungToPay,
)
from ascension.plans.tiers import PaidTier
from ascension.retention import queries as retention_queries
from ascension.subscriptions import service, sweep
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import Climber
from tests.rows import sql
from tests.subscriptions.conftest import Shop


def id_of(climber: Climber) -> UUID:
    return UUID(climber.user["id"])


async def buy(shop: Shop, user_id: UUID, tier: PaidTier = "premium") -> str:
    """Through the checkout, and every event of it. The subscription's id."""
    url = await service.open_checkout(shop.parts, user_id, tier, "en")
    subscription = shop.fake.pay(url.rpartition("/")[2])
    await shop.deliver_all()
    return subscription


async def tier_of(climber: Climber) -> str:
    return (await climber.get("/api/v1/users/me")).json()["tier"]


async def standing(engines: Engines, climber: Climber) -> tuple[str, str | None, str | None]:
    """State, tier and next tier, as stored."""
    rows = await sql(
        engines, "select state, tier, next_tier from subscriptions where user_id = %s", climber.user["id"]
    )
    return rows[0]


async def pass_days(shop: Shop, engines: Engines, days: float) -> None:
    """Everything lies that much further back, here and at the provider."""
    shop.fake.pass_days(days)
    await sql(
        engines,
        """
        update subscriptions set period_end = period_end - gone, grace_until = grace_until - gone,
            checkout_at = checkout_at - gone, next_read_at = next_read_at - gone
        from (select %s * interval '1 day' as gone) as time
        """,
        days,
    )


async def letters_to(engines: Engines, climber: Climber) -> list[str]:
    rows = await sql(engines, "select kind from letters where recipient = %s order by id", climber.email)
    return [kind for (kind,) in rows]


async def test_a_plan_is_bought_and_there_with_the_first_event(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    await buy(shop, id_of(climber))
    assert await tier_of(climber) == "premium"
    assert (await climber.get("/api/v1/users/me")).json()["quota"]["limit"] == 30
    assert await standing(engines, climber) == ("active", "premium", "premium")
    [customer] = shop.fake.customers.values()
    assert (customer["email"], customer["preferred_locales"]) == (climber.email, ["en"])
    assert customer["metadata"] == {"user_id": climber.user["id"], "back_to": "http://localhost/account"}
    [session] = shop.fake.sessions.values()
    assert session["success_url"] == "http://localhost/account?bought=1"
    assert await letters_to(engines, climber) == []


async def test_nobody_buys_twice(shop: Shop, climber: Climber) -> None:
    first = await service.open_checkout(shop.parts, id_of(climber), "premium", "fr")
    second = await service.open_checkout(shop.parts, id_of(climber), "infinity", "fr")
    states = {name: session["status"] for name, session in shop.fake.sessions.items()}
    assert states == {first.rpartition("/")[2]: "expired", second.rpartition("/")[2]: "open"}
    shop.fake.pay(second.rpartition("/")[2])
    with pytest.raises(SubscriptionPresent):  # although no event has come yet
        await service.open_checkout(shop.parts, id_of(climber), "premium", "fr")
    assert await tier_of(climber) == "infinity"
    assert len(shop.fake.customers) == 1


async def test_more_is_there_at_once_and_less_when_the_period_is_over(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    subscription = await buy(shop, id_of(climber))
    await service.change(shop.parts, id_of(climber), "infinity")
    assert await tier_of(climber) == "infinity"
    await service.change(shop.parts, id_of(climber), "premium")
    assert await tier_of(climber) == "infinity", "it is paid for until the end of the period"
    assert await standing(engines, climber) == ("active", "infinity", "premium")
    await service.change(shop.parts, id_of(climber), "infinity")  # after all
    assert await standing(engines, climber) == ("active", "infinity", "infinity")
    await service.change(shop.parts, id_of(climber), "premium")
    await pass_days(shop, engines, 30)
    shop.fake.renew(subscription)
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"
    assert await standing(engines, climber) == ("active", "premium", "premium")


async def test_a_plan_that_ends_holds_until_the_period_is_over(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    subscription = await buy(shop, id_of(climber))
    await service.change(shop.parts, id_of(climber), "free")
    assert await standing(engines, climber) == ("active", "premium", "free")
    await service.change(shop.parts, id_of(climber), "premium")  # after all
    assert await standing(engines, climber) == ("active", "premium", "premium")
    await service.change(shop.parts, id_of(climber), "free")
    assert await tier_of(climber) == "premium"
    await pass_days(shop, engines, 30)
    shop.fake.renew(subscription)
    await shop.deliver_all()
    assert await tier_of(climber) == "free"
    assert await letters_to(engines, climber) == ["plan_ended"]
    with pytest.raises(SubscriptionMissing):
        await service.change(shop.parts, id_of(climber), "premium")
    await buy(shop, id_of(climber), "infinity")  # and it can be bought anew
    assert await tier_of(climber) == "infinity"


async def test_what_is_not_paid_holds_for_a_week(shop: Shop, climber: Climber, engines: Engines) -> None:
    subscription = await buy(shop, id_of(climber))
    await pass_days(shop, engines, 30)
    shop.fake.renew(subscription, is_paid=False)
    await shop.deliver_all()
    assert (await standing(engines, climber))[0] == "past_due"
    with pytest.raises(PaymentDue):
        await service.change(shop.parts, id_of(climber), "infinity")
    await pass_days(shop, engines, 6.9)
    await sweep.end_due(shop.parts)
    assert await tier_of(climber) == "premium"
    await pass_days(shop, engines, 0.2)
    await sweep.end_due(shop.parts)  # nobody is asked for this

    async def is_free() -> bool:
        return await tier_of(climber) == "free"

    await eventually(is_free)  # the sweep of an API beside may have been first, and not be through
    await sweep.end_due(shop.parts)
    assert await letters_to(engines, climber) == ["payment_failed", "plan_ended"]
    shop.fake.settle(subscription)
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"
    shop.fake.cancel(subscription)
    await shop.deliver_all()
    assert await letters_to(engines, climber) == ["payment_failed", "plan_ended", "plan_ended"]


async def test_who_never_pays_has_one_week_and_not_one_of_every_month(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    subscription = await buy(shop, id_of(climber))
    for month in range(3):
        await pass_days(shop, engines, 22.9)
        shop.fake.renew(subscription, is_paid=False)
        await shop.deliver_all()
        assert await tier_of(climber) == ("premium" if month == 0 else "free"), month
        await pass_days(shop, engines, 7.1)
        await sweep.end_due(shop.parts)
        assert await tier_of(climber) == "free", month
    assert await letters_to(engines, climber) == ["payment_failed", "plan_ended"]
    shop.fake.settle(subscription)
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"
    await pass_days(shop, engines, 30)
    shop.fake.renew(subscription, is_paid=False)  # of who has paid meanwhile, it is another failure
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"


async def test_what_the_provider_has_given_up_holds_no_longer(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    subscription = await buy(shop, id_of(climber))
    await pass_days(shop, engines, 30)
    shop.fake.renew(subscription, is_paid=False)
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"
    shop.fake.give_up(subscription)
    await shop.deliver_all()
    assert await tier_of(climber) == "free"
    await sweep.end_due(shop.parts)
    assert await letters_to(engines, climber) == ["payment_failed", "plan_ended"]


async def test_who_is_too_young_buys_nothing_and_can_end_what_was_bought(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    subscription = await buy(shop, id_of(climber))
    await sql(
        engines,
        "insert into guardians (user_id, email, minor_until, language)"
        " values (%s, 'g@example.org', current_date + 9, 'en')",
        climber.user["id"],
    )
    assert (await climber.get("/api/v1/users/me/plan")).json()["is_too_young"] is True
    with pytest.raises(TooYoungToPay):
        await service.is_charged(shop.parts, id_of(climber), "infinity")
    assert await service.is_charged(shop.parts, id_of(climber), "free") is False
    await service.change(shop.parts, id_of(climber), "free")
    shop.fake.cancel(subscription)
    await shop.deliver_all()
    with pytest.raises(TooYoungToPay):
        await service.open_checkout(shop.parts, id_of(climber), "premium", "en")


async def test_a_refused_card_changes_nothing(shop: Shop, climber: Climber, engines: Engines) -> None:
    await buy(shop, id_of(climber))
    shop.fake.refuses_cards = True
    with pytest.raises(PaymentRefused):
        await service.change(shop.parts, id_of(climber), "infinity")
    assert await standing(engines, climber) == ("active", "premium", "premium")


async def test_what_no_event_told_is_found_out(shop: Shop, climber: Climber, engines: Engines) -> None:
    url = await service.open_checkout(shop.parts, id_of(climber), "premium", "en")
    subscription = shop.fake.pay(url.rpartition("/")[2])
    shop.fake.events.clear()
    await sweep.read_due(shop.parts)
    assert await tier_of(climber) == "free", "it is not asked yet"
    await pass_days(shop, engines, service.LOOK_IN_S / 86_400)
    await sweep.read_due(shop.parts)
    assert await tier_of(climber) == "premium"
    shop.fake.cancel(subscription)
    shop.fake.events.clear()
    await pass_days(shop, engines, 1)
    await sweep.read_due(shop.parts)
    assert await tier_of(climber) == "free"


async def test_who_leaves_pays_no_further_month_and_who_is_gone_nothing(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    subscription = await buy(shop, id_of(climber))
    await sql(
        engines,
        "insert into departures (user_id, erase_at, language) values (%s, now() + interval '1 day', 'en')",
        climber.user["id"],
    )
    await sweep.stop_departing(shop.parts)
    assert shop.fake.subscriptions[subscription]["cancel_at_period_end"] is True
    asked = len(shop.fake.requests)
    await sweep.stop_departing(shop.parts)
    assert len(shop.fake.requests) == asked, "once is enough"
    async with shop.parts.database.transaction() as tx:  # with the rights of an API
        assert await retention_queries.delete_user(tx.connection, id_of(climber)) == []
    shop.fake.faults.extend(["500", "500", "500"])
    with pytest.raises(PaymentsUnavailable):
        await sweep.close_gone(shop.parts)
    assert shop.fake.subscriptions[subscription]["status"] == "active"
    await sql(engines, "update payment_closures set next_try_at = now()")
    await sweep.close_gone(shop.parts)
    assert shop.fake.subscriptions[subscription]["status"] == "canceled"
    assert shop.fake.customers == {}
    assert await sql(engines, "select count(*) from payment_closures") == [(0,)]
    with pytest.raises(SessionRevoked):
        await service.open_checkout(shop.parts, id_of(climber), "premium", "en")


async def test_what_ended_unheard_is_found_when_it_is_to_be_changed(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    shop.fake.cancel(await buy(shop, id_of(climber)))
    shop.fake.events.clear()
    with pytest.raises(SubscriptionMissing):
        await service.change(shop.parts, id_of(climber), "infinity")
    assert await standing(engines, climber) == ("ended", None, None)
    assert await tier_of(climber) == "free"


async def test_whether_more_is_asked_for_is_judged_by_what_the_provider_says_now(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    await buy(shop, id_of(climber))
    await sql(
        engines, "update subscriptions set tier = 'infinity' where user_id = %s", climber.user["id"]
    )  # what an event said before one that was lost
    assert await service.is_charged(shop.parts, id_of(climber), "infinity") is True
    assert await service.is_charged(shop.parts, id_of(climber), "premium") is False


async def test_every_change_stands_in_the_audit_log(shop: Shop, climber: Climber, engines: Engines) -> None:
    await buy(shop, id_of(climber))
    await service.change(shop.parts, id_of(climber), "free")
    rows = await sql(
        engines,
        "select action, details::text from audit_log where subject = audit_name('account', %s)"
        " and action ~ '^(plan|account.tier)' order by position",
        climber.user["id"],
    )
    assert rows == [
        ("plan.checkout_opened", '{"plan":"premium"}'),
        ("account.tier_changed", '{"cause":"payment","tier":"premium"}'),
        ("plan.wanted", '{"plan":"free"}'),
    ]


async def test_what_was_given_and_what_is_paid_for_do_not_take_from_each_other(
    shop: Shop, climber: Climber, stranger: Climber, engines: Engines
) -> None:
    await sql(engines, "update users set role = 'admin' where id = %s", stranger.user["id"])
    at = f"/api/v1/operator/users/{climber.user['id']}"
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    given = await stranger.patch(at, {"tier": "premium", "reason": "won a contest", "until": until})
    assert given.json()["given"]["reason"] == "won a contest"
    await buy(shop, id_of(climber), "infinity")
    assert await tier_of(climber) == "infinity"
    told = (await stranger.patch(at, {"tier": "free"})).json()
    assert (told["tier"], told["given"], told["is_paid"]) == ("infinity", None, True)
    await stranger.patch(at, {"tier": "premium", "until": until})
    shop.fake.cancel(next(iter(shop.fake.subscriptions)))
    await shop.deliver_all()
    assert await tier_of(climber) == "premium"
    await sql(engines, "update plan_grants set ends_at = now() where user_id = %s", climber.user["id"])
    await sweep.end_due(shop.parts)
    assert await tier_of(climber) == "free"
    for mistake in ({"tier": "premium", "until": "2020-01-01T00:00:00Z"}, {"tier": "x"}, {"reason": "x\x00"}):
        assert (await stranger.patch(at, mistake)).status_code == 422, mistake
