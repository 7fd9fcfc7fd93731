"""How often a caller may ask: buckets that refill evenly, shared by every replica through Valkey.

While Valkey is away each process counts by itself: its outage locks nobody out, and lets nobody in unbounded.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal, TypeVar

from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ascension.errors.http import RateLimited
from ascension.infra.http.caller import UserOf, caller_of, customer_of
from ascension.infra.http.errors import answer
from ascension.infra.streams import Streams, StreamsUnavailable

T = TypeVar("T")
SPEND_LIMIT_S = 0.25  # a request waits no longer to be counted
HELD_S = 5.0  # what a process took and nobody used is given up after that
AWAY_S = 5.0  # so long Valkey is not asked again
MAX_REMEMBERED = 50_000
REFUSED = Counter("ascension_http_rate_limited_total", "Requests refused by a rate", ["rate"])
UNSHARED = Counter(
    "ascension_http_rates_unshared_total", "Requests counted by this process alone: Valkey is away"
)


@dataclass(frozen=True)
class Rate:
    """`requests` at once, and as many again in each `per_s`."""

    name: str
    requests: int
    per_s: float
    by: Literal["address", "user"]
    """`user`: of a request without a good token the address counts."""

    @property
    def refill_s(self) -> float:
        return self.per_s / self.requests

    @property
    def batch(self) -> int:
        """So many are taken from the shared bucket together, and most requests ask nobody."""
        return max(1, self.requests // 100)

    @property
    def policy(self) -> str:
        """As the RateLimit-Policy header tells it."""
        return f'"{self.name}";q={self.requests};w={ceil(self.per_s)}'


@dataclass(frozen=True)
class Spent:
    """What became of one request, and of its caller's bucket."""

    missing_s: float
    """Until there is room again; 0: there was."""
    full_s: float
    """Until the bucket is full."""


@dataclass(frozen=True)
class _Held:
    """What this process took for a caller and was not asked for yet."""

    left: int
    until_s: float
    full_at_s: float


class Meter:
    """Counts requests, in Valkey or, while it does not answer, here."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._away_until_s = 0.0
        self._held: dict[str, _Held] = {}
        self._own: dict[str, float] = {}

    async def spend(self, rate: Rate, caller: str) -> Spent:
        """One request of this caller."""
        key = f"rate:{rate.name}:{caller}"
        now_s = time.monotonic()
        held = self._held.pop(key, None)
        if held is None or held.until_s <= now_s:
            if now_s < self._away_until_s:
                return self._spend_here(rate, key)
            try:
                taken, missing_s, full_s = await self._streams.spend(
                    key,
                    refill_ms=rate.refill_s * 1000,
                    size=rate.requests,
                    wanted=rate.batch,
                    within_s=SPEND_LIMIT_S,
                )
            except StreamsUnavailable:
                self._away_until_s = time.monotonic() + AWAY_S
                return self._spend_here(rate, key)
            if not taken:
                return Spent(missing_s, full_s)
            beside = self._held.pop(key, None)  # taken by another request meanwhile
            held = _Held(taken + (beside.left if beside else 0), now_s + HELD_S, now_s + full_s)
        if held.left > 1:
            _keep(self._held, key, replace(held, left=held.left - 1))
        return Spent(0, max(0.0, held.full_at_s - now_s - (held.left - 1) * rate.refill_s))

    def _spend_here(self, rate: Rate, key: str) -> Spent:
        """As `Streams.spend`, by the process's own clock. The oldest go where there are too many."""
        now_s = time.monotonic()
        full_s = max(self._own.pop(key, now_s), now_s)
        missing_s = full_s + rate.refill_s - now_s - rate.per_s
        if missing_s <= 0:
            full_s += rate.refill_s
        _keep(self._own, key, full_s)
        UNSHARED.inc()
        return Spent(max(0.0, missing_s), full_s - now_s)


def _keep(known: dict[str, T], key: str, value: T) -> None:
    known[key] = value
    if len(known) > MAX_REMEMBERED:
        del known[next(iter(known))]


class RateLimits:
    """ASGI middleware, before anything is read or waited for: a request over its rate is answered 429."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        rate_of: Callable[[str, str], Rate | None],
        user_of: UserOf,
        meter: Callable[[], Meter],
    ) -> None:
        self._app = app
        self._rate_of = rate_of
        self._user_of = user_of
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_counted = scope["type"] in ("http", "websocket")
        rate = self._rate_of(scope.get("method", "GET"), scope["path"]) if is_counted else None
        if rate is None:
            await self._app(scope, receive, send)
            return
        caller = caller_of(scope, self._user_of) if rate.by == "user" else customer_of(scope)
        spent = await self._meter().spend(rate, str(caller))
        if spent.missing_s > 0:
            REFUSED.labels(rate.name).inc()
            refusal = RateLimited()
            refusal.retry_after_s = ceil(spent.missing_s)
            await answer(refusal, _told(rate, spent))(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return

        async def send_and_tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = ((name.lower().encode(), value.encode()) for name, value in _told(rate, spent).items())
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await self._app(scope, receive, send_and_tell)


def _told(rate: Rate, spent: Spent) -> dict[str, str]:
    """draft-ietf-httpapi-ratelimit-headers: how many are left, and when all are there again."""
    left = 0 if spent.missing_s > 0 else int((rate.per_s - spent.full_s) / rate.refill_s + 1e-6)
    return {
        "RateLimit-Policy": rate.policy,
        "RateLimit": f'"{rate.name}";r={max(0, left)};t={ceil(spent.full_s)}',
    }
