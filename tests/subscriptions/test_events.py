"""Events of the payment service: only its own are taken, each once, and those that fail come again."""

import asyncio
import json
import time
from typing import Any

import pytest

from ascension.errors.setup import SetupError
from ascension.errors.subscriptions import PaymentEventRefused, PaymentsUnavailable
from ascension.infra.settings import PaymentSettings
from ascension.subscriptions import service
from ascension.subscriptions.wiring import check, make_provider
from tests.conftest import Engines
from tests.platform import PASSWORD, Climber, Programs, plain_http
from tests.rows import sql
from tests.subscriptions.conftest import SETTINGS, Shop
from tests.subscriptions.fake_stripe import (
    EVENT_SECRET,
    FORMER_SECRET,
    Fault,
    fake_stripe,
    signature,
)
from tests.subscriptions.test_life import id_of, tier_of

NOT_NEEDED = {"PAYMENTS", "STRIPE_EVENT_SECRET_PREVIOUS", "STRIPE_TIMEOUT_S", "STRIPE_EVENT_SECRET"}
EVENTS = "/api/v1/payments/stripe/events"


async def bought(shop: Shop, climber: Climber) -> bytes:
    """A plan is paid for, and nothing is known of it here. The event that tells."""
    url = await service.open_checkout(shop.parts, id_of(climber), "premium", "en")
    shop.fake.pay(url.rpartition("/")[2])
    event, _ = shop.fake.events
    shop.fake.events.clear()
    return event


async def test_only_what_the_payment_service_signed_lately_is_taken(shop: Shop, climber: Climber) -> None:
    event = await bought(shop, climber)
    now = int(time.time())
    good = signature(event)
    stamp, sign = good.split(",")[:2]
    forged = {
        "none": None,
        "empty": "",
        "garbage": "t=x,v1=y",
        "no time": sign,
        "no signature": stamp,
        "another secret": signature(event, "whsec_other"),
        "no secret": signature(event, ""),
        "old": signature(event, at=now - 301),
        "of another time": f"t={now + 1},{sign}",
        "of another scheme": good.replace("v1=", "v2="),
        "of other bytes": signature(event + b" "),
    }
    for name, header in forged.items():
        with pytest.raises(PaymentEventRefused):
            await service.receive(shop.parts, event, header)
        assert await tier_of(climber) == "free", name
    for body in (b"", b"[]", b"\xff", b'{"object": "event"}', event.replace(b'"event"', b'"account"')):
        with pytest.raises(PaymentEventRefused):
            await service.receive(shop.parts, body, signature(body))
    live = event.replace(b'"livemode": false,\n  "pending', b'"livemode": true,\n  "pending')
    with pytest.raises(PaymentEventRefused, match="other mode"):
        await service.receive(shop.parts, live, signature(live))
    assert await tier_of(climber) == "free"
    several = f"{signature(event, 'whsec_other')},{signature(event, EVENT_SECRET).split(',')[1]}"
    await service.receive(shop.parts, event, several)
    assert await tier_of(climber) == "premium"


async def test_events_of_the_former_secret_are_taken_around_a_rotation(shop: Shop, climber: Climber) -> None:
    event = await bought(shop, climber)
    await service.receive(shop.parts, event, signature(event, FORMER_SECRET))
    assert await tier_of(climber) == "premium"


async def test_each_event_is_worked_in_once_however_often_it_comes(
    shop: Shop, climber: Climber, engines: Engines
) -> None:
    event = await bought(shop, climber)
    await asyncio.gather(*(shop.deliver(event) for _ in range(5)))
    asked = len(shop.fake.requests)
    await shop.deliver(event)
    assert len(shop.fake.requests) == asked, "a known one asks nobody"
    rows = await sql(
        engines,
        "select count(*) from audit_log where action = 'account.tier_changed'"
        " and subject = audit_name('account', %s)",
        climber.user["id"],
    )
    assert rows == [(1,)]


async def test_what_is_nothing_to_us_is_answered_and_left(shop: Shop, climber: Climber) -> None:
    event: dict[str, Any] = json.loads(await bought(shop, climber))
    asked = len(shop.fake.requests)
    for kind, customer in (
        ("customer.created", event["data"]["object"]["customer"]),
        ("invoice.paid", "cus_of_another_shop"),
        ("something.new", None),
    ):
        event["type"], event["data"]["object"]["customer"] = kind, customer
        await shop.deliver(json.dumps(event).encode())
    assert shop.fake.requests[asked:] == ["GET /v1/customers/cus_of_another_shop"]
    assert await tier_of(climber) == "free"


@pytest.mark.parametrize("fault", ["500", "429", "malformed", "cut", "slow"])
async def test_an_event_that_could_not_be_worked_in_is_worked_in_when_it_comes_again(
    shop: Shop, climber: Climber, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await bought(shop, climber)
    _hurry(monkeypatch)
    for _ in range(9):  # more than it tries
        shop.fake.faults.append(fault)
    with pytest.raises(PaymentsUnavailable):
        await shop.deliver(event)
    assert await tier_of(climber) == "free"
    shop.fake.faults.clear()
    await shop.deliver(event)
    assert await tier_of(climber) == "premium"


async def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_happens_twice(
    shop: Shop, climber: Climber, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hurry(monkeypatch)
    shop.fake.faults.append("cut after")
    url = await service.open_checkout(shop.parts, id_of(climber), "premium", "en")
    assert (len(shop.fake.customers), shop.fake.replays) == (1, 1)
    shop.fake.pay(url.rpartition("/")[2])
    await shop.deliver_all()
    shop.fake.faults.extend(["500", "cut after"])  # of the reading before; then of the change itself
    await service.change(shop.parts, id_of(climber), "infinity")
    assert await tier_of(climber) == "infinity"


async def test_an_answer_that_was_overtaken_changes_nothing(
    shop: Shop, climber: Climber, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await bought(shop, climber)
    provider = service.provider_of(shop.parts)
    read, is_asked, may_go_on = provider.read, asyncio.Event(), asyncio.Event()

    async def read_slowly(customer_id: str) -> object:
        found = await read(customer_id)
        is_asked.set()
        await may_go_on.wait()
        return found

    monkeypatch.setattr(provider, "read", read_slowly)
    slow = asyncio.create_task(shop.deliver(event))
    await is_asked.wait()
    monkeypatch.setattr(provider, "read", read)
    shop.fake.cancel(next(iter(shop.fake.subscriptions)))
    await shop.deliver_all()
    may_go_on.set()
    await slow
    assert await tier_of(climber) == "free"


async def test_over_http_an_event_is_taken_and_a_forged_one_refused(
    programs: Programs, climber: Climber
) -> None:
    async with fake_stripe() as fake:
        _, url = programs.api(**SETTINGS, STRIPE_URL=fake.url)
        async with plain_http(url) as http:
            buyer = Climber(http, climber.email, climber.token, climber.user)
            page = await buyer.post("/api/v1/users/me/plan/checkout", {"plan": "premium"})
            assert page.status_code == 201, page.text
            fake.pay(page.json()["url"].rpartition("/")[2])
            [event, *_] = fake.events
            forged = await http.post(EVENTS, content=event, headers={"Stripe-Signature": "t=1,v1=0"})
            assert (forged.status_code, forged.json()["error"]) == (403, "payment_event_refused")
            taken = await http.post(EVENTS, content=event, headers={"Stripe-Signature": signature(event)})
            assert taken.status_code == 204, taken.text
            plan = (await buyer.get("/api/v1/users/me/plan")).json()
            assert (plan["tier"], plan["paid"]["next_tier"], plan["can_pay"]) == ("premium", "premium", True)
            assert [offer["price"] for offer in plan["plans"]] == [
                None,
                {"amount": 2000, "currency": "eur", "tax": "inclusive"},
                {"amount": 3000, "currency": "eur", "tax": "inclusive"},
            ]
            for refused in (
                await buyer.post("/api/v1/users/me/plan/portal", {}),
                await buyer.put("/api/v1/users/me/plan", {"plan": "infinity"}),
            ):
                assert (refused.status_code, refused.json()["error"]) == (403, "presence_needed")
            wrong = await buyer.put("/api/v1/users/me/plan", {"plan": "infinity", "password": "a wrong one"})
            assert wrong.json()["error"] == "password_wrong"
            [subscription] = fake.subscriptions.values()
            assert subscription["items"]["data"][0]["price"]["id"] == "price_premium", "nothing was charged"
            more = await buyer.put("/api/v1/users/me/plan", {"plan": "infinity", "password": PASSWORD})
            assert more.json()["tier"] == "infinity"
            portal = await buyer.post("/api/v1/users/me/plan/portal", {"password": PASSWORD})
            assert portal.json()["url"].startswith(f"{fake.url}/portal/")
            less = await buyer.put("/api/v1/users/me/plan", {"plan": "free"})
            assert less.json()["paid"]["next_tier"] == "free"
            for language in ("en", "fr"):
                documents = (await http.get(f"/api/v1/documents?language={language}")).text
                assert "Stripe" in documents, "the notice says who learns what"
            large = await http.post(EVENTS, content=b"x" * 70_000)
            assert large.status_code == 413


async def test_where_plans_are_not_sold_nothing_is(climber: Climber) -> None:
    assert "Stripe" not in (await climber.get("/api/v1/documents")).text
    plan = (await climber.get("/api/v1/users/me/plan")).json()
    assert (plan["tier"], plan["can_pay"], plan["paid"], plan["given"]) == ("free", False, None, None)
    assert [offer["price"] for offer in plan["plans"]] == [None, None, None]
    for answer in (
        await climber.post("/api/v1/users/me/plan/checkout", {"plan": "premium"}),
        await climber.post("/api/v1/users/me/plan/portal", {}),
        await climber.put("/api/v1/users/me/plan", {"plan": "infinity"}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (409, "payments_off")
    assert (await climber.post(EVENTS, {})).status_code == 404
    for body in ({"tier": "premium"}, {"plan": "gold"}, {"plan": "premium", "tier": "infinity"}):
        assert (await climber.put("/api/v1/users/me/plan", body)).status_code == 422


@pytest.mark.parametrize("missing", sorted(SETTINGS.keys() - NOT_NEEDED))
def test_what_is_needed_to_sell_is_told_at_the_start(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, "" if name == missing else value)
    with pytest.raises(SetupError, match=missing):
        check(PaymentSettings(), "test")


async def test_money_goes_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (SETTINGS | {"STRIPE_URL": "http://127.0.0.1:1"}).items():
        monkeypatch.setenv(name, value)
    for environment in ("staging", "production"):
        with pytest.raises(SetupError, match="https"):
            check(PaymentSettings(), environment)
    monkeypatch.delenv("STRIPE_URL")
    provider = make_provider(PaymentSettings(), "production")
    assert provider is not None
    await provider.aclose()


def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow at once."""
    monkeypatch.setattr("stripe.HTTPClient.INITIAL_DELAY", 0.001)
    monkeypatch.setattr("stripe.HTTPClient.MAX_DELAY", 0.001)
