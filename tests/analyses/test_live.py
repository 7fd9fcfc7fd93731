"""The live socket: rows first, then events, for its owner alone, through any process."""

import asyncio
import hashlib
import json
import socket as sockets
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psutil
import pytest
import redis.asyncio as redis
import websockets

from ascension.infra.http.server import CLOSE_NO_TEXT
from ascension.infra.streams import Streams
from ascension.jobs.events import end_sockets
from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.eventually import eventually
from tests.operations.scrape import figures_of, value
from tests.platform import Climber, Programs, new_climber
from tests.rows import sql

MESSAGE_TOO_BIG = 1009
TRY_AGAIN = 1013
CLOSE_TICKET_INVALID, ACCOUNT_GONE, TOO_MANY = 4403, 4410, 4429


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


async def figure(climber: Climber, name: str, **labels: str) -> float:
    return value(await figures_of(climber.http), name, **labels)


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
    async with asyncio.timeout(60):
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


@pytest.mark.proves("M20", "M21")
async def test_the_other_device_hears_that_a_video_was_saved_given_up_and_deleted(climber: Climber) -> None:
    analysis = await climber.analyze(b"v" * 1000)
    video = f"/api/v1/videos/{analysis['video']['id']}"
    async with climber.live() as socket:
        await read_until(socket, "snapshot.end")
        for change in (
            lambda: climber.put(f"{video}/saved", None),
            lambda: climber.delete(f"{video}/saved"),
            lambda: climber.delete(f"/api/v1/analyses/{analysis['id']}"),
            lambda: climber.delete(video),
        ):
            assert (await change()).is_success
            heard = await read_until(socket, "video.changed")
            told = [message["video_id"] for message in heard if message["type"] == "video.changed"]
            assert told == [analysis["video"]["id"]]


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
        for message in ("hello", b"\x00\xff", "{}", "not json " * 400):
            await socket.send(message)
        analysis = await talker.analyze(b"v" * 1000)
        assert (await read_until(socket, "analysis.queued"))[-1]["analysis_id"] == analysis["id"]
        await socket.send(b"x" * 5_000)
        async with asyncio.timeout(10):
            await socket.wait_closed()
        assert socket.close_code == MESSAGE_TOO_BIG
    async with talker.live() as socket:
        await socket.send(b"no \xff text", text=True)
        async with asyncio.timeout(10):
            await socket.wait_closed()
        assert socket.close_code == CLOSE_NO_TEXT
    await talker.http.aclose()
    assert [event for event in process.events() if event["level"] in ("error", "warning")] == []


async def test_who_does_not_read_is_dropped_comes_again_for_the_rows_and_holds_up_nobody(
    programs: Programs, valkey: Any
) -> None:
    process, url = programs.api()
    idle, active = await new_climber(url), await new_climber(url)
    api = psutil.Process(process.popen.pid)
    analysis = await idle.analyze(b"v" * 1000)
    with open_and_never_read(url, await ticket_of(idle)):
        async with active.live() as socket:
            await read_until(socket, "snapshot.end")
            assert await figure(active, "ascension_sockets") == 2
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
            heard = await read_until(socket, "last")
            assert [message["n"] for message in heard[:-1]] == list(range(0, 2000, 100))
            grown_bytes = api.memory_info().rss - before_bytes

            async def is_dropped() -> bool:
                return await figure(active, "ascension_sockets") == 1

            await eventually(is_dropped)
            assert await figure(active, "ascension_sockets_ended_total", reason="slow") == 1
    async with idle.live() as again:
        rows = await read_until(again, "snapshot.end")
        assert [row["analysis"]["id"] for row in rows[:-1]] == [analysis["id"]]
    assert grown_bytes < 60_000_000, f"{grown_bytes / 1e6:.0f} MB kept for a client that does not read"
    for climber in (idle, active):
        await climber.http.aclose()


async def test_sockets_are_bounded_by_user_and_by_process(programs: Programs) -> None:
    _, url = programs.api(API_MAX_SOCKETS="3", API_MAX_SOCKETS_PER_USER="2")
    several, one = await new_climber(url), await new_climber(url)
    async with several.live() as first, several.live() as second, one.live() as third:
        for socket in (first, second, third):
            await read_until(socket, "snapshot.end")
        assert await close_code(url, f"?ticket={await ticket_of(one)}") == TRY_AGAIN
        await third.close()
        assert await close_code(url, f"?ticket={await ticket_of(several)}") == TOO_MANY
        assert (await several.post("/api/v1/ws-tickets")).status_code == 201
        await second.close()
        async with several.live() as again:
            await read_until(again, "snapshot.end")
        assert await figure(one, "ascension_sockets_refused_total", bound="user") == 1
        assert await figure(one, "ascension_sockets_refused_total", bound="process") == 1
    for climber in (several, one):
        await climber.http.aclose()


async def test_all_sockets_of_a_user_end_in_every_process(
    programs: Programs, climber: Climber, stranger: Climber, engines: Engines
) -> None:
    _, other_url = programs.api()
    streams = Streams(engines.redis_url)
    async with climber.live() as here, climber.live(other_url) as there, stranger.live() as others:
        for socket in (here, there, others):
            await read_until(socket, "snapshot.end")
        await end_sockets(streams, UUID(climber.user["id"]))
        async with asyncio.timeout(10):
            await here.wait_closed()
            await there.wait_closed()
        assert (here.close_code, there.close_code) == (ACCOUNT_GONE, ACCOUNT_GONE)
        analysis = await stranger.analyze(b"v" * 1000)
        assert (await read_until(others, "analysis.queued"))[-1]["analysis_id"] == analysis["id"]
    await streams.close()


async def test_an_account_that_is_gone_opens_no_socket(
    climber: Climber, api_url: str, engines: Engines
) -> None:
    ticket = await ticket_of(climber)
    await sql(engines, "delete from users where id = %s", climber.user["id"])
    assert await close_code(api_url, f"?ticket={ticket}") == ACCOUNT_GONE


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
