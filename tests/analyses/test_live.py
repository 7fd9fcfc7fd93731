"""The live socket: rows first, then events, for its owner alone, through any process."""

import asyncio
import hashlib
import json
import socket as sockets
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import redis.asyncio as redis
import websockets

from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.platform import Climber, Programs, new_climber

CLOSE_TICKET_INVALID = 4403


@pytest.fixture
async def valkey(engines: Engines) -> AsyncIterator[Any]:
    """The events' channel, seen from outside."""
    client: Any = redis.Redis.from_url(engines.redis_admin_url)  # pyright: ignore[reportUnknownMemberType]
    yield client
    await client.aclose()


async def ticket_of(climber: Climber) -> str:
    answer = await climber.post("/api/v1/ws-tickets")
    assert (answer.status_code, answer.json()["expires_in_s"]) == (201, 30)
    found: str = answer.json()["ticket"]
    return found


async def close_code(url: str, query: str) -> int:
    """With which code the socket is closed."""
    async with websockets.connect(f"{url.replace('http', 'ws', 1)}/ws{query}") as socket:
        async with asyncio.timeout(10):
            await socket.wait_closed()
        assert socket.close_code is not None
        return socket.close_code


async def read_until(socket: websockets.ClientConnection, kind: str) -> list[dict[str, Any]]:
    """Messages up to the first of this type."""
    messages: list[dict[str, Any]] = []
    async with asyncio.timeout(15):
        while not messages or messages[-1]["type"] != kind:
            messages.append(json.loads(await socket.recv()))
    return messages


async def test_a_ticket_opens_one_socket_once_and_in_time(
    climber: Climber, api_url: str, valkey: Any
) -> None:
    ticket = await ticket_of(climber)
    async with websockets.connect(f"{api_url.replace('http', 'ws', 1)}/ws?ticket={ticket}") as socket:
        assert (await read_until(socket, "snapshot.end"))[-1]["at"]
        assert await close_code(api_url, f"?ticket={ticket}") == CLOSE_TICKET_INVALID
    late = await ticket_of(climber)
    key = f"ticket:{hashlib.sha256(late.encode()).hexdigest()}"
    assert 0 < await valkey.ttl(key) <= 30
    await valkey.pexpire(key, 1)
    await asyncio.sleep(0.05)
    for query in (f"?ticket={late}", "?ticket=made-up", "?ticket=", "", f"?ticket={climber.token[:100]}"):
        assert await close_code(api_url, query) == CLOSE_TICKET_INVALID


@pytest.mark.proves("D17")
async def test_a_token_opens_no_socket(climber: Climber, api_url: str) -> None:
    address = f"{api_url.replace('http', 'ws', 1)}/ws"
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(f"{address}?ticket={climber.token}"):
            pass
    assert refused.value.response.status_code == 403
    async with websockets.connect(address, additional_headers=climber.headers) as socket:
        async with asyncio.timeout(10):
            await socket.wait_closed()
    assert socket.close_code == CLOSE_TICKET_INVALID


async def test_the_latest_rows_come_first_then_what_happens(climber: Climber, engines: Engines) -> None:
    done = await climber.analyze(b"v" * 1000)
    await complete(engines, done)
    waiting = await climber.analyze(b"v" * 1000)
    async with climber.live() as socket:
        first = await read_until(socket, "snapshot.end")
        assert [message["type"] for message in first] == ["analysis.snapshot"] * 2 + ["snapshot.end"]
        rows = [message["analysis"] for message in first[:2]]
        assert [row["id"] for row in rows] == [waiting["id"], done["id"]]
        for row in rows:
            assert row == (await climber.get(f"/api/v1/analyses/{row['id']}")).json()
        await climber.post(f"/api/v1/analyses/{waiting['id']}/cancel")
        event = (await read_until(socket, "analysis.canceled"))[-1]
        assert event["analysis_id"] == waiting["id"]
        await climber.post(f"/api/v1/analyses/{waiting['id']}/retry")
        assert (await read_until(socket, "analysis.queued"))[-1]["analysis_id"] == waiting["id"]


async def test_nobody_hears_of_others(climber: Climber, stranger: Climber) -> None:
    async with stranger.live() as socket:
        await read_until(socket, "snapshot.end")
        await climber.analyze(b"v" * 1000)
        mine = await stranger.analyze(b"v" * 1000)
        heard = await read_until(socket, "analysis.queued")
        assert [message["analysis_id"] for message in heard] == [mine["id"]]


@pytest.mark.proves("M11")
async def test_an_event_finds_the_socket_through_another_process(
    climber: Climber, programs: Programs
) -> None:
    _, other_url = programs.api()
    async with climber.live(other_url) as socket:
        await read_until(socket, "snapshot.end")
        analysis = await climber.analyze(b"v" * 1000)
        assert (await read_until(socket, "analysis.queued"))[-1]["analysis_id"] == analysis["id"]


async def test_what_a_client_says_harms_nobody(programs: Programs) -> None:
    process, url = programs.api()
    talker = await new_climber(url)
    async with talker.live() as socket:
        await read_until(socket, "snapshot.end")
        for message in ("hello", b"\x00\xff", "{}", b"x" * 100_000, "not json " * 1000):
            await socket.send(message)
        analysis = await talker.analyze(b"v" * 1000)
        assert (await read_until(socket, "analysis.queued"))[-1]["analysis_id"] == analysis["id"]
    await talker.http.aclose()
    assert [event for event in process.events() if event["level"] in ("error", "warning")] == []


async def test_a_socket_that_never_reads_holds_up_nobody_and_little_memory(
    programs: Programs, valkey: Any
) -> None:
    process, url = programs.api()
    idle, active = await new_climber(url), await new_climber(url)
    api = psutil.Process(process.popen.pid)
    with open_and_never_read(url, await ticket_of(idle)) as stuck:
        async with active.live() as socket:
            await read_until(socket, "snapshot.end")
            before_bytes = api.memory_info().rss
            padding = "x" * 50_000
            for number in range(2000):  # 100 MB for somebody who takes none of it
                await valkey.publish(
                    f"events:{idle.user['id']}", json.dumps({"type": "analysis.progress", "pad": padding})
                )
                if number % 100 == 0:
                    await valkey.publish(
                        f"events:{active.user['id']}", json.dumps({"type": "analysis.progress", "n": number})
                    )
            await valkey.publish(f"events:{active.user['id']}", json.dumps({"type": "last"}))
            sent_s = time.monotonic()
            heard = await read_until(socket, "last")
            assert time.monotonic() - sent_s < 10
            assert [message["n"] for message in heard[:-1]] == list(range(0, 2000, 100))
            grown_bytes = api.memory_info().rss - before_bytes
        assert stuck.fileno() >= 0
    assert grown_bytes < 60_000_000, f"{grown_bytes / 1e6:.0f} MB kept for a client that does not read"
    for climber in (idle, active):
        await climber.http.aclose()


def open_and_never_read(url: str, ticket: str) -> sockets.socket:
    """A socket opened by hand, whose window stays full."""
    address = urlsplit(url)
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.settimeout(10)
    raw.connect((address.hostname, address.port))
    raw.sendall(
        f"GET /ws?ticket={ticket} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert raw.recv(12) == b"HTTP/1.1 101"
    return raw
