"""Stripe as far as we use it, over real HTTP: the shapes of its public documentation, API 2026-10-28.endive.

It answers only to its key and version, carries out a POST once for each Idempotency-Key, and fails when told
to. Time passes when a test says so (`pass_days`): everything then lies that much further back.
"""

import asyncio
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

API_KEY = "sk_test_of_the_fake_1234567890"
EVENT_SECRET, FORMER_SECRET = "whsec_present", "whsec_former"
VERSION = "2026-10-28.endive"
PRICES = {"price_premium": 2000, "price_premium_old": 1500, "price_infinity": 3000, "price_of_no_plan": 1}
MONTH_S = 30 * 86_400
Fault = Literal["500", "429", "malformed", "cut", "cut after", "slow"]
Object = dict[str, Any]


@dataclass
class FakeStripe:
    """What the provider knows, and the events that it would send."""

    url: str = ""
    customers: dict[str, Object] = field(default_factory=dict[str, Object])
    deleted: set[str] = field(default_factory=set[str])
    sessions: dict[str, Object] = field(default_factory=dict[str, Object])
    subscriptions: dict[str, Object] = field(default_factory=dict[str, Object])
    events: list[bytes] = field(default_factory=list[bytes])
    faults: list[Fault] = field(default_factory=list[Fault])
    requests: list[str] = field(default_factory=list[str])
    replays: int = 0
    refuses_cards: bool = False
    _done: dict[str, tuple[str, int, Object]] = field(default_factory=dict[str, tuple[str, int, Object]])

    # --- what happens at the provider without us ---

    def pay(self, session_id: str) -> str:
        """Somebody buys on the page. The id of the subscription."""
        session = self.sessions[session_id]
        assert session["status"] == "open", "this page is closed"
        session["status"] = "complete"
        now = int(time.time())
        found = self._subscription(session["customer"], session["line"], now)
        self.subscriptions[found["id"]] = found
        self._tell("customer.subscription.created", found)
        self._tell("checkout.session.completed", _public(session))
        return found["id"]

    def renew(self, subscription_id: str, *, is_paid: bool = True) -> None:
        """The next period begins; what was to end with the last one ends."""
        found = self.subscriptions[subscription_id]
        if found["cancel_at_period_end"]:
            self.cancel(subscription_id)
            return
        item = found["items"]["data"][0]
        item["current_period_start"] = int(time.time())
        item["current_period_end"] = item["current_period_start"] + MONTH_S
        found["status"] = "active" if is_paid else "past_due"
        invoice = {"id": self._id("in"), "object": "invoice", "customer": found["customer"]}
        self._tell("invoice.paid" if is_paid else "invoice.payment_failed", invoice)
        self._tell("customer.subscription.updated", found)

    def give_up(self, subscription_id: str) -> None:
        """No attempt to be paid is left."""
        self.subscriptions[subscription_id]["status"] = "unpaid"
        self._tell("customer.subscription.updated", self.subscriptions[subscription_id])

    def settle(self, subscription_id: str) -> None:
        """What was due is paid."""
        self.subscriptions[subscription_id]["status"] = "active"
        self._tell("customer.subscription.updated", self.subscriptions[subscription_id])

    def cancel(self, subscription_id: str) -> None:
        """It ends at once, as from the dashboard, or when nobody paid for long."""
        found = self.subscriptions[subscription_id]
        found["status"], found["ended_at"] = "canceled", int(time.time())
        self._tell("customer.subscription.deleted", found)

    def pass_days(self, days: float) -> None:
        for found in self.subscriptions.values():
            shift = int(days * 86_400)
            for part in (found, found["items"]["data"][0], found["metadata"]):
                for name in ("created", "current_period_start", "current_period_end", "held_until"):
                    if name in part:
                        part[name] = type(part[name])(int(part[name]) - shift)

    # --- events ---

    def _tell(self, kind: str, about: Object) -> None:
        event = {
            "id": self._id("evt"),
            "object": "event",
            "api_version": VERSION,
            "created": int(time.time()),
            "type": kind,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "data": {"object": about},
        }
        self.events.append(json.dumps(event, indent=2).encode())

    # --- objects ---

    @staticmethod
    def _id(kind: str) -> str:
        return f"{kind}_{secrets.token_hex(8)}"

    def _subscription(self, customer: str, price: str, now: int) -> Object:
        return {
            "id": self._id("sub"),
            "object": "subscription",
            "billing_mode": {"type": "flexible"},
            "cancel_at": None,
            "cancel_at_period_end": False,
            "canceled_at": None,
            "collection_method": "charge_automatically",
            "created": now,
            "currency": "eur",
            "customer": customer,
            "ended_at": None,
            "items": {
                "object": "list",
                "data": [
                    {
                        "id": self._id("si"),
                        "object": "subscription_item",
                        "created": now,
                        "current_period_start": now,
                        "current_period_end": now + MONTH_S,
                        "price": _price(price),
                        "quantity": 1,
                    }
                ],
                "has_more": False,
                "url": "/v1/subscription_items",
            },
            "latest_invoice": None,
            "livemode": False,
            "metadata": {},
            "status": "active",
        }

    # --- HTTP ---

    async def answer(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(f"{request.method} {request.path}")
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and fault != "cut after":
            return await _fail(request, fault)
        status, body = self._once(request, form)
        if fault == "cut after":
            return await _fail(request, "cut")
        return web.json_response(body, status=status)

    def _once(self, request: web.Request, form: dict[str, str]) -> tuple[int, Object]:
        if request.headers.get("Authorization") != f"Bearer {API_KEY}":
            return _error(401, "invalid_request_error", None, "Invalid API Key provided")
        assert request.headers["Stripe-Version"] == VERSION
        if request.method != "POST":
            return self._carry_out(request, dict(request.query))
        key, asked = request.headers["Idempotency-Key"], json.dumps([request.path, form], sort_keys=True)
        if key in self._done:
            before, status, body = self._done[key]
            if before != asked:
                return _error(400, "idempotency_error", None, "Keys may not be used with other parameters")
            self.replays += 1
            return status, body
        status, body = self._carry_out(request, form)
        if status < 500:
            self._done[key] = asked, status, json.loads(json.dumps(body))
        return status, body

    def _carry_out(self, request: web.Request, form: dict[str, str]) -> tuple[int, Object]:
        routes: dict[str, Callable[[str, dict[str, str]], tuple[int, Object]]] = {
            r"POST /v1/customers": self._customer,
            r"POST /v1/customers/(\w+)": self._name_customer,
            r"GET /v1/customers/(\w+)": self._show_customer,
            r"DELETE /v1/customers/(\w+)": self._delete_customer,
            r"POST /v1/checkout/sessions": self._session,
            r"POST /v1/checkout/sessions/(\w+)/expire": self._expire,
            r"POST /v1/billing_portal/sessions": self._portal,
            r"GET /v1/subscriptions": self._list,
            r"POST /v1/subscriptions/(\w+)": self._change,
            r"DELETE /v1/subscriptions/(\w+)": self._cancel,
            r"GET /v1/prices/(\w+)": self._show_price,
        }
        for pattern, route in routes.items():
            if found := re.fullmatch(pattern, f"{request.method} {request.path}"):
                return route(found[1] if found.groups() else "", form)
        return _error(404, "invalid_request_error", None, f"Unrecognized request URL ({request.path})")

    def _customer(self, _: str, form: dict[str, str]) -> tuple[int, Object]:
        made: Object = {
            "id": self._id("cus"),
            "object": "customer",
            "email": form.get("email"),
            "livemode": False,
            "metadata": {key[9:-1]: value for key, value in form.items() if key.startswith("metadata[")},
            "preferred_locales": [],
        }
        self.customers[made["id"]] = made
        return 200, made

    def _name_customer(self, customer: str, form: dict[str, str]) -> tuple[int, Object]:
        found = self.customers.get(customer)
        if found is None:
            return _error(404, "invalid_request_error", "id", f"No such customer: '{customer}'")
        found |= {"email": form["email"], "preferred_locales": [form["preferred_locales[0]"]]}
        return 200, found

    def _show_customer(self, customer: str, _: dict[str, str]) -> tuple[int, Object]:
        if customer in self.deleted:
            return 200, {"id": customer, "object": "customer", "deleted": True}
        found = self.customers.get(customer)
        if found is None:
            return _error(404, "invalid_request_error", "id", f"No such customer: '{customer}'")
        return 200, found

    def _delete_customer(self, customer: str, _: dict[str, str]) -> tuple[int, Object]:
        if self.customers.pop(customer, None) is None:
            return _error(404, "invalid_request_error", "id", f"No such customer: '{customer}'")
        self.deleted.add(customer)
        for found in self.subscriptions.values():
            if found["customer"] == customer and found["status"] != "canceled":
                self.cancel(found["id"])
        return 200, {"id": customer, "object": "customer", "deleted": True}

    def _session(self, _: str, form: dict[str, str]) -> tuple[int, Object]:
        if form["customer"] not in self.customers:
            return _error(400, "invalid_request_error", "customer", "No such customer", "resource_missing")
        assert form["mode"] == "subscription"
        assert form["line_items[0][quantity]"] == "1"
        name = self._id("cs_test")
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "customer": form["customer"],
            "livemode": False,
            "mode": "subscription",
            "status": "open",
            "url": f"{self.url}/pay/{name}",
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "locale": form["locale"],
            "line": form["line_items[0][price]"],
        }
        return 200, _public(self.sessions[name])

    def _expire(self, name: str, _: dict[str, str]) -> tuple[int, Object]:
        session = self.sessions[name]
        if session["status"] != "open":
            return _error(400, "invalid_request_error", None, "Only open Checkout Sessions expire")
        session["status"] = "expired"
        return 200, _public(session)

    def _portal(self, _: str, form: dict[str, str]) -> tuple[int, Object]:
        if form["customer"] not in self.customers:
            return _error(400, "invalid_request_error", "customer", "No such customer", "resource_missing")
        return 200, {
            "id": self._id("bps"),
            "object": "billing_portal.session",
            "customer": form["customer"],
            "return_url": form["return_url"],
            "url": f"{self.url}/portal/{form['customer']}",
        }

    def _list(self, _: str, form: dict[str, str]) -> tuple[int, Object]:
        assert (form["status"], form["limit"]) == ("all", "100")
        if form["customer"] not in self.customers:
            return _error(400, "invalid_request_error", "customer", "No such customer", "resource_missing")
        found = [one for one in self.subscriptions.values() if one["customer"] == form["customer"]]
        return 200, {"object": "list", "data": found[::-1], "has_more": False, "url": "/v1/subscriptions"}

    def _show_price(self, price: str, _: dict[str, str]) -> tuple[int, Object]:
        return 200, _price(price)

    def _cancel(self, name: str, _: dict[str, str]) -> tuple[int, Object]:
        if self.subscriptions[name]["status"] == "canceled":
            return _error(404, "invalid_request_error", "id", f"No such subscription: '{name}'")
        self.cancel(name)
        return 200, self.subscriptions[name]

    def _change(self, name: str, form: dict[str, str]) -> tuple[int, Object]:
        found = self.subscriptions[name]
        item = found["items"]["data"][0]
        price = form.get("items[0][price]") or str(item["price"]["id"])
        if form.get("proration_behavior") == "always_invoice" and price != item["price"]["id"]:
            assert form["payment_behavior"] == "error_if_incomplete"
            if self.refuses_cards:
                return _error(402, "card_error", None, "Your card was declined.", "card_declined")
        if "items[0][id]" in form:
            assert form["items[0][id]"] == item["id"]
        item["price"] = _price(price)
        if "cancel_at_period_end" in form:
            found["cancel_at_period_end"] = form["cancel_at_period_end"] == "true"
        for key, value in form.items():
            if meant := re.fullmatch(r"metadata\[(\w+)\]", key):
                found["metadata"].pop(meant[1], None)
                if value:
                    found["metadata"][meant[1]] = value
        self._tell("customer.subscription.updated", found)
        return 200, found


def signature(body: bytes, secret: str = EVENT_SECRET, *, at: int | None = None) -> str:
    """As Stripe signs: the time and the bytes, and signatures of a scheme that is not in use beside it."""
    at = int(time.time()) if at is None else at
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made},v0={'0' * 64}"


@asynccontextmanager
async def fake_stripe() -> AsyncGenerator[FakeStripe]:
    """A server on loopback for as long as the body runs."""
    fake = FakeStripe()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()


async def _fail(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault == "500":
        return web.json_response(_error(500, "api_error", None, "An error occurred")[1], status=500)
    if fault == "429":
        limited = _error(429, "invalid_request_error", None, "Too many requests", "rate_limit")[1]
        return web.json_response(limited, status=429)
    if fault == "malformed":
        return web.Response(text="<html>gateway</html>", content_type="text/html")
    if fault == "slow":
        await asyncio.sleep(3600)
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _error(
    status: int, kind: str, param: str | None, message: str, code: str | None = None
) -> tuple[int, Object]:
    code = code or ("resource_missing" if status == 404 else None)
    return status, {"error": {"type": kind, "message": message, "param": param, "code": code}}


def _price(price: str) -> Object:
    return {
        "id": price,
        "object": "price",
        "active": True,
        "currency": "eur",
        "livemode": False,
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
        "tax_behavior": "inclusive",
        "type": "recurring",
        "unit_amount": PRICES[price],
    }


def _public(session: Object) -> Object:
    return {name: value for name, value in session.items() if name != "line"}
