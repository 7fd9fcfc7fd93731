"""A request's head comes in time and within its size, or the connection ends: strangers hold nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from ascension.infra.http.server import MAX_HEAD_BYTES, BoundedHeads

WHOLE = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
ANSWER_S = 20


class Hasty(BoundedHeads):
    head_limit_s = 0.3


@pytest.fixture
async def port(free_port: Callable[[], int]) -> AsyncIterator[int]:
    """Where a server with these heads listens."""
    app: ASGIApp = PlainTextResponse("here")
    listening = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=listening, http=Hasty, timeout_keep_alive=60, log_config=None, lifespan="off"
        )
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield listening
    server.should_exit = True
    await serving


async def _sent(port: int, *pieces: bytes) -> bytes:
    """What comes until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.05)
    try:
        async with asyncio.timeout(ANSWER_S):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", WHOLE[:-2], WHOLE + WHOLE[:-2], WHOLE + b"\r\n"],
    ids=["silent", "line", "headers", "second request", "blank line"],
)
async def test_a_head_that_does_not_come_to_its_end_ends_the_connection(port: int, begun: bytes) -> None:
    answered = await _sent(port, *(begun[at : at + len(WHOLE)] for at in range(0, len(begun), len(WHOLE))))
    assert answered.count(b"200 OK") == begun.count(WHOLE)


@pytest.mark.parametrize("piece", [b"a" * 1000, b"X-More: of them\r\n" * 50], ids=["address", "headers"])
async def test_a_head_may_hold_so_much(port: int, piece: bytes) -> None:
    start = b"GET /" if piece.startswith(b"a") else WHOLE[:-2]
    answered = await _sent(port, (start + piece * MAX_HEAD_BYTES)[: MAX_HEAD_BYTES + 1])
    assert answered.startswith(b"HTTP/1.1 400")


async def test_requests_that_come_whole_share_a_connection_as_long_as_they_like(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(WHOLE)
        assert b"200 OK" in await reader.readuntil(b"here")
        await asyncio.sleep(2 * Hasty.head_limit_s)
    writer.close()


async def test_a_body_is_no_part_of_the_head_that_it_comes_with(port: int) -> None:
    body = b"x" * (MAX_HEAD_BYTES + 1)
    head = b"POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    for _ in range(10):  # the kernel may deliver it in pieces
        assert (await _sent(port, head + body)).startswith(b"HTTP/1.1 200")
