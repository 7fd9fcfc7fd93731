"""Habits of every request: its id, its place in the log, limits of its body, safe headers, figures."""

import asyncio
import re
import time
from collections.abc import Mapping
from functools import cache
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from ascension.errors.http import TooLarge, TooSlow
from ascension.infra.http.errors import answer
from ascension.infra.logging import get_logger

MAX_BODY_BYTES = 64 * 1024
BODY_TIMEOUT_S = 10  # 64 KB in this time is 52 kbit/s
REQUESTS = Counter("ascension_http_requests_total", "Requests answered", ["method", "route", "status"])
LATENCY = Histogram("ascension_http_request_seconds", "Time to answer", ["method", "route"])
# asked every few seconds by machines: one line in this many, and every one that is not well
QUIET_ROUTES = frozenset({"/health", "/health/ready", "/metrics"})
QUIET_EVERY = 100
NOT_KEPT = {"Cache-Control": "no-store"}
"""Of an answer that says nothing else: what is somebody's stays in no cache."""
NOT_KEPT_RAW = [(name.lower().encode(), value.encode()) for name, value in NOT_KEPT.items()]
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLIENTS_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TOO_LARGE = "A request to the API may hold 64 KB; videos go to storage."


class HttpHabits:
    """ASGI middleware: request id, body limits, safe headers, access log, figures. One pass, no buffering.

    The id is always ours, so that it is unique; one that the client sends stands beside it in the log.
    """

    def __init__(
        self, app: ASGIApp, *, safe_headers: Mapping[str, str], body_timeout_s: float = BODY_TIMEOUT_S
    ) -> None:
        self._app = app
        self._body_timeout_s = body_timeout_s
        self._safe = dict(safe_headers)
        self._safe_raw = [(name.lower().encode(), value.encode()) for name, value in self._safe.items()]
        self._quiet = 0
        self._log = get_logger().bind()  # made once: to make one costs as much as a line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_s = time.perf_counter()
        status = 500
        declared, said = b"0", b""
        for name, value in scope["headers"]:
            if name == b"content-length":
                declared = value
            elif name == b"x-request-id":
                said = value
        request_id = str(uuid7())
        scope.setdefault("state", {})["habits"] = {"X-Request-ID": request_id, **NOT_KEPT, **self._safe}
        bound = structlog.contextvars.bind_contextvars(request_id=request_id, **_clients_id(said))

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # nothing below sets one of them, but for who says what may be kept
                own = message.get("headers", ())
                kept = () if any(name == b"cache-control" for name, _ in own) else NOT_KEPT_RAW
                added = ((b"x-request-id", request_id.encode()), *kept, *self._safe_raw)
                message["headers"] = [*own, *added]
            await send(message)

        try:
            if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
                await answer(TooLarge(_TOO_LARGE))(scope, receive, send_with_headers)
            else:
                await self._app(scope, _limited(receive, self._body_timeout_s), send_with_headers)
        finally:
            self._note(scope, status, time.perf_counter() - started_s)
            structlog.contextvars.reset_contextvars(**bound)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """One figure, one line of log. Never the path or the query: strangers write what they like there."""
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        count, latency = _figures(method, route, status)
        count.inc()
        latency.observe(seconds)
        if route in QUIET_ROUTES and status == 200:
            self._quiet += 1
            if self._quiet % QUIET_EVERY != 1:
                return
        user_id: UUID | None = scope["state"].get("user_id")
        self._log.info(
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            user_id=str(user_id) if user_id else None,
        )


@cache  # to look a figure up costs more than to count
def _figures(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, status), LATENCY.labels(method, route)


def _clients_id(said: bytes) -> dict[str, str]:
    """The id that the client gave its request, if it is one and nothing else."""
    return {"client_request_id": said.decode()} if _CLIENTS_ID.fullmatch(said) else {}


def _limited(receive: Receive, timeout_s: float) -> Receive:
    """A body without a length is cut off at the same limit, and one that trickles in after a while."""
    received_bytes = 0
    is_whole = False
    deadline_s: float | None = None

    async def limited() -> Message:
        nonlocal received_bytes, is_whole, deadline_s
        if is_whole:
            return await receive()  # waits for the client to leave
        if deadline_s is None:
            deadline_s = asyncio.get_running_loop().time() + timeout_s
        try:
            async with asyncio.timeout_at(deadline_s):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        received_bytes += len(message.get("body", b""))
        if received_bytes > MAX_BODY_BYTES:
            raise TooLarge(_TOO_LARGE)
        is_whole = not message.get("more_body", False)
        return message

    return limited
