"""A TCP relay that counts what really went through an address, and loses answers where a test wants it."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Relay:
    """Where to connect, bytes seen so far, and which answers are lost."""

    url: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0
    loses_answers_to: re.Pattern[bytes] | None = None
    """Requests like this reach the server; then the connection is cut where its answer should come."""
    lost: int = 0


@contextlib.asynccontextmanager
async def relay(target_url: str) -> AsyncGenerator[Relay]:
    """Stand in front of a server."""
    target = urlsplit(target_url)
    found = Relay()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(target.hostname, target.port)
        is_cut = asyncio.Event()

        async def send() -> None:
            with contextlib.suppress(ConnectionError):
                while chunk := await reader.read(65_536):
                    found.sent_bytes += len(chunk)
                    if found.loses_answers_to is not None and found.loses_answers_to.search(chunk):
                        is_cut.set()
                    there_writer.write(chunk)
                    await there_writer.drain()
                there_writer.close()
                await there_writer.wait_closed()

        async def receive() -> None:
            with contextlib.suppress(ConnectionError):
                while chunk := await there_reader.read(65_536):
                    if is_cut.is_set():
                        found.lost += 1
                        break
                    found.received_bytes += len(chunk)
                    writer.write(chunk)
                    await writer.drain()
                writer.close()
                await writer.wait_closed()

        for work in (send(), receive()):
            task = asyncio.create_task(work)
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found
        async with asyncio.timeout(10):
            await asyncio.gather(*tasks)  # each ends when its side hangs up
