"""Refuse early: a bound on what is under way, by kind of request and by session, before the process is late.

A request waits a second at most for its turn, then it is told when to come again. What costs most is refused
first when the event loop is late. `None` as a lane lets a request pass, whatever else goes on.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from prometheus_client import Counter, Gauge
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ascension.errors.base import ApiError
from ascension.errors.http import Overloaded, TooManyAtOnce
from ascension.infra.http.caller import UserOf, caller_of
from ascension.infra.http.errors import answer
from ascension.infra.http.lag import LoopLag
from ascension.infra.slots import Slots

Reason = Literal["full", "session", "late", "limit"]
REFUSED = Counter("ascension_http_refused_total", "Requests refused for lack of room", ["lane", "reason"])
UNDER_WAY = Gauge("ascension_http_requests_under_way", "Requests that have no answer yet", ["lane"])


@dataclass(frozen=True)
class Lane:
    """One kind of request, apart from the others: what it may take cannot be taken by them."""

    name: str
    slots: Slots
    lag_limit_s: float
    """Refused while the event loop is later than this: the more costly a kind, the sooner."""

    def __post_init__(self) -> None:
        UNDER_WAY.labels(self.name).set_function(lambda: self.slots.taken)


@dataclass(frozen=True)
class SessionBound:
    """What the sessions of one user may have under way together, waiting included.

    A token that is nobody's counts for its address.
    """

    user_of: UserOf
    at_once: int
    waiting: int
    wait_s: float


class Admission:
    """ASGI middleware: takes a slot of the request's lane until its answer begins, or refuses.

    A slot is given back with the first byte of the answer, so a client that reads slowly holds up nobody.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        lane_of: Callable[[str, str], Lane | None],
        session_bound: SessionBound,
        lag: LoopLag,
        request_limit_s: float,
    ) -> None:
        self._app = app
        self._lane_of = lane_of
        self._session_bound = session_bound
        self._sessions: dict[UUID | str, Slots] = {}
        self._lag = lag
        self._request_limit_s = request_limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._lane_of(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if lane is None:
            await self._app(scope, receive, send)
        elif self._lag.seconds > lane.lag_limit_s:
            await _refuse(Overloaded(), lane, "late", (scope, receive, send))
        else:
            try:
                whole = await _whole(scope["method"], receive)
            except ApiError as error:
                await answer(error)(scope, receive, send)
                return
            await self._in_session(lane, scope, whole, send)

    async def _in_session(self, lane: Lane, scope: Scope, receive: Receive, send: Send) -> None:
        if not any(name == b"authorization" for name, _ in scope["headers"]):
            await self._in_lane(lane, scope, receive, send)
            return
        bound = self._session_bound
        session = caller_of(scope, bound.user_of)
        slots = self._sessions.get(session)
        if slots is None:
            slots = Slots(bound.at_once, waiting=bound.waiting, wait_s=bound.wait_s)
            self._sessions[session] = slots
        try:
            try:
                await slots.enter()
            except Overloaded:
                await _refuse(TooManyAtOnce(), lane, "session", (scope, receive, send))
                return
            try:
                await self._in_lane(lane, scope, receive, send)
            finally:
                slots.leave()
        finally:
            if slots.idle:
                self._sessions.pop(session, None)

    async def _in_lane(self, lane: Lane, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await lane.slots.enter()
        except Overloaded as refusal:
            await _refuse(refusal, lane, "full", (scope, receive, send))
            return
        limit = asyncio.timeout(self._request_limit_s)
        has_begun = False

        def leave() -> None:
            nonlocal has_begun
            if not has_begun:
                has_begun = True
                lane.slots.leave()

        async def send_and_leave(message: Message) -> None:
            if not has_begun:
                limit.reschedule(None)
                leave()
            await send(message)

        try:
            async with limit:
                await self._app(scope, receive, send_and_leave)
        except TimeoutError:
            if not limit.expired() or has_begun:
                raise
            await _refuse(Overloaded(), lane, "limit", (scope, receive, send))
        finally:
            leave()


async def _whole(method: str, receive: Receive) -> Receive:
    """The body first, then the slot: one that trickles in holds up nobody. `HttpHabits` bounds its size.

    Raises:
        TooLarge, TooSlow: it is not what a body may be.
    """
    if method in {"GET", "HEAD", "OPTIONS"}:
        return receive
    message = await receive()
    parts = [message.get("body", b"")]
    while message.get("more_body", False):
        message = await receive()
        parts.append(message.get("body", b""))
    if message["type"] == "http.request":
        message = {"type": "http.request", "body": b"".join(parts), "more_body": False}
    first: Message | None = message

    async def replay() -> Message:
        nonlocal first
        message, first = first, None
        return message or await receive()

    return replay


async def _refuse(
    error: ApiError, lane: Lane, reason: Reason, connection: tuple[Scope, Receive, Send]
) -> None:
    REFUSED.labels(lane.name, reason).inc()
    await answer(error)(*connection)
