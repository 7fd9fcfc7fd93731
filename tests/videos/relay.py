"""A TCP relay that counts: what really went through an address."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Counted:
    """Bytes seen so far, and where to connect."""

    url: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0


@contextlib.asynccontextmanager
async def relay(target_url: str) -> AsyncGenerator[Counted]:
    """Stand in front of a server and count both directions."""
    target = urlsplit(target_url)
    counted = Counted()
    tasks: set[asyncio.Task[None]] = set()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                setattr(counted, direction, getattr(counted, direction) + len(chunk))
                writer.write(chunk)
                await writer.drain()
            writer.close()
            await writer.wait_closed()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(target.hostname, target.port)
        for task in (
            asyncio.create_task(copy(reader, there_writer, "sent_bytes")),
            asyncio.create_task(copy(there_reader, writer, "received_bytes")),
        ):
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        counted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield counted
        async with asyncio.timeout(10):
            await asyncio.gather(*tasks)  # each ends when its side hangs up
