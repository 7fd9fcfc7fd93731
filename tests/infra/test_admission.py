"""Requests are refused early, by kind and by session, and nothing else waits for them."""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from starlette.types import Message, Receive, Scope, Send

from ascension.errors.http import Overloaded
from ascension.infra.http.admission import Admission, SessionBound
from ascension.infra.http.habits import HttpHabits
from ascension.infra.http.lag import LoopLag
from ascension.infra.security import TokenIssuer
from ascension.infra.settings import OverloadSettings
from ascension.infra.slots import Slots
from ascension.operations.lanes import lanes

READ, WRITE, COSTLY = (
    ("GET", "/api/v1/videos/1"),
    ("POST", "/api/v1/comparisons"),
    ("GET", "/api/v1/progress"),
)
LOGIN, HEALTH = ("POST", "/api/v1/auth/login"), ("GET", "/health")
TOKENS = TokenIssuer("a secret of thirty-two characters", 900)


class Application:
    """Answers when it is let go, in two steps: the beginning, the rest."""

    def __init__(self) -> None:
        self.may_begin, self.may_end = asyncio.Event(), asyncio.Event()
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/health":
            if scope["method"] != "GET":
                assert (await receive())["more_body"] is False
            self.under_way += 1
            await self.may_begin.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] != "/health":
            await self.may_end.wait()
        await send({"type": "http.response.body", "body": b"{}"})


@dataclass
class Bench:
    """The middlewares of the API around an application that is under control."""

    application: Application
    lag: LoopLag
    app: Callable[[Scope, Receive, Send], Awaitable[None]]

    async def ask(
        self, request: tuple[str, str], token: str | None = None, receive: Receive | None = None
    ) -> tuple[int, str, str]:
        """Status, code and Retry-After of the answer."""
        headers = [(b"authorization", token.encode())] if token else []
        scope: dict[str, Any] = {
            "type": "http", "method": request[0], "path": request[1], "headers": headers,
            "query_string": b"", "scheme": "http", "server": ("a", 1),
        }  # fmt: skip
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive or _no_body, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        body = json.loads(sent[1]["body"])
        return sent[0]["status"], body.get("error", ""), found.get("retry-after", "")

    def begin(
        self, request: tuple[str, str], token: str | None = None
    ) -> "asyncio.Task[tuple[int, str, str]]":
        return asyncio.create_task(self.ask(request, token))

    async def until_under_way(self, requests: int) -> None:
        async with asyncio.timeout(5):
            while self.application.under_way < requests:
                await asyncio.sleep(0)

    def finish(self) -> None:
        self.application.may_begin.set()
        self.application.may_end.set()


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def bench(*, body_timeout_s: float = 10, **settings: float) -> Bench:
    chosen = OverloadSettings.model_validate({"api_wait_s": 0.05} | settings)
    application, lag = Application(), LoopLag()
    admission = Admission(
        application,
        lane_of=lanes(chosen),
        session_bound=SessionBound(
            TOKENS.user_of, chosen.api_max_per_session, waiting=2, wait_s=chosen.api_wait_s
        ),
        lag=lag,
        request_limit_s=chosen.api_request_limit_s,
    )
    return Bench(application, lag, HttpHabits(admission, safe_headers={}, body_timeout_s=body_timeout_s))


async def test_a_full_kind_refuses_and_the_others_go_on() -> None:
    built = bench(api_max_reads=2)
    first, second = built.begin(READ), built.begin(READ)
    await built.until_under_way(2)
    assert await built.ask(READ) == (503, "overloaded", "2")
    assert (await built.ask(HEALTH))[0] == 200
    writing = built.begin(WRITE)
    await built.until_under_way(3)
    built.finish()
    assert [(await one)[0] for one in (first, second, writing)] == [200] * 3
    assert (await built.ask(READ))[0] == 200


async def test_a_request_waits_a_little_for_its_turn() -> None:
    built = bench(api_max_reads=1, api_wait_s=5)
    first = built.begin(READ)
    await built.until_under_way(1)
    second = built.begin(READ)
    await asyncio.sleep(0.01)
    assert built.application.under_way == 1
    built.finish()
    assert [(await one)[0] for one in (first, second)] == [200, 200]


async def test_a_slot_is_free_again_when_the_answer_begins() -> None:
    built = bench(api_max_reads=1)
    slow = built.begin(READ)
    await built.until_under_way(1)
    built.application.may_begin.set()
    second = built.begin(READ)
    await built.until_under_way(2)
    assert not slow.done()
    built.finish()
    assert [(await one)[0] for one in (slow, second)] == [200, 200]


async def test_one_session_cannot_take_all() -> None:
    built = bench(api_max_per_session=2)
    one, other = uuid4(), uuid4()
    greedy = [built.begin(READ, session_of(one)), built.begin(WRITE, session_of(one))]
    await built.until_under_way(2)
    assert await built.ask(READ, session_of(one)) == (429, "too_many_at_once", "1")
    elsewhere = built.begin(READ, session_of(other))
    await built.until_under_way(3)
    built.finish()
    assert [(await one)[0] for one in (*greedy, elsewhere)] == [200] * 3
    assert (await built.ask(READ, session_of(one)))[0] == 200


def session_of(user_id: UUID) -> str:
    """A token of its own, as after a refresh."""
    with time_machine.travel(time.time() - secrets.randbelow(800), tick=False):
        return f"Bearer {TOKENS.issue(user_id)}"


async def test_tokens_of_nobody_share_what_their_address_has() -> None:
    built = bench(api_max_per_session=2)
    forged = [built.begin(READ, f"Bearer {number}") for number in range(2)]
    await built.until_under_way(2)
    assert (await built.ask(READ, "Bearer 3"))[0] == 429
    with_token = built.begin(READ, session_of(uuid4()))
    await built.until_under_way(3)
    built.finish()
    assert [(await one)[0] for one in (*forged, with_token)] == [200] * 3


async def test_a_late_loop_refuses_what_costs_most_first() -> None:
    built = bench(api_lag_limit_s=0.5)
    built.finish()
    refused: list[list[int]] = []
    for lag_s in (0.4, 0.6, 1.1, 2.1):
        built.lag.seconds = lag_s
        refused.append([(await built.ask(one))[0] for one in (COSTLY, LOGIN, WRITE, READ, HEALTH)])
    assert refused == [
        [200, 200, 200, 200, 200],
        [503, 503, 200, 200, 200],
        [503, 503, 503, 200, 200],
        [503, 503, 503, 503, 200],
    ]


async def test_the_lag_is_seen_and_forgotten() -> None:
    lag = LoopLag()
    looking = asyncio.create_task(lag.run())
    await asyncio.sleep(0)
    for _ in range(3):
        _block_the_loop(0.3)
        await asyncio.sleep(0.01)
    seen_s = lag.seconds
    assert seen_s > 0.05
    async with asyncio.timeout(20):
        while lag.seconds > seen_s / 2:
            await asyncio.sleep(0.1)
    looking.cancel()


def _block_the_loop(seconds: float) -> None:
    time.sleep(seconds)


async def test_an_answer_that_does_not_begin_is_given_up() -> None:
    built = bench(api_request_limit_s=0.1, api_max_reads=1)
    for _ in range(2):  # and its slot is free again
        assert await built.ask(READ) == (503, "overloaded", "2")


async def test_a_body_that_trickles_in_holds_no_slot() -> None:
    built = bench(api_max_writes=1)
    arrives = asyncio.Event()

    async def trickle() -> Message:
        await arrives.wait()
        return await _no_body()

    slow = asyncio.create_task(built.ask(WRITE, receive=trickle))
    await asyncio.sleep(0)
    other = built.begin(WRITE)
    await built.until_under_way(1)
    built.finish()
    assert (await other)[0] == 200
    arrives.set()
    assert (await slow)[0] == 200


async def test_a_body_that_never_ends_is_given_up() -> None:
    built = bench(body_timeout_s=0.1)

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    assert await built.ask(WRITE, receive=never) == (408, "too_slow", "1")


async def test_slots_are_given_back_however_a_wait_ends() -> None:
    slots = Slots(1, waiting=2, wait_s=60)
    await slots.enter()
    waiting = [asyncio.create_task(slots.enter()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await slots.enter()
    waiting[0].cancel()
    slots.leave()
    await waiting[1]
    assert (slots.taken, slots.waiting) == (1, 0)
    slots.leave()
    assert slots.idle
    async with slots:
        assert slots.taken == 1
