"""A TCP door between one process and one engine, which can be shut in five ways for that process alone."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Literal

Mode = Literal["pass", "refuse", "swallow", "reset", "slow", "half-open"]
CUTS: tuple[Mode, ...] = ("refuse", "swallow", "reset", "slow", "half-open")
"""refuse: nobody listens. swallow: taken and never answered, as a network that drops packets. reset: every
connection breaks at its first bytes. slow: 0.1 s and 64 KB/s. half-open: the engine hears and acts, its
answers never come back.
"""

CHUNK_BYTES = 65_536
SLOW_DELAY_S = 0.1
SLOW_BYTES_PER_S = 64_000
LISTEN_ATTEMPTS = 100
CONNECT_TIMEOUT_S = 5
CLOSE_TIMEOUT_S = 1
LAST_CALLERS_S = 0.05


class Door:
    """Listens on a loopback port of its own and passes bytes on to `target_port`, as its mode says."""

    def __init__(self, target_port: int) -> None:
        self.mode: Mode = "pass"
        self.port = 0
        self.passed_bytes = 0
        self.dropped_bytes = 0
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tainted: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen: at the same port as before, which another program may hold for a moment."""
        for attempt in range(LISTEN_ATTEMPTS):
            try:
                self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
                break
            except OSError:
                if attempt == LISTEN_ATTEMPTS - 1:
                    raise
                await asyncio.sleep(0.05)
        assert self._server is not None
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def switch(self, mode: Mode) -> None:
        """Shut or open it. What a cut has eaten from a connection never comes: such connections break."""
        before, self.mode = self.mode, mode
        if mode in ("refuse", "reset"):
            self._abort(self._open)
        self._abort(self._tainted)
        if mode == "refuse":
            self._stop_listening()
        elif before == "refuse":
            await self.open()

    async def close(self) -> None:
        """Stop listening and break what is open."""
        self._stop_listening()
        self._abort(self._open)
        await asyncio.sleep(LAST_CALLERS_S)  # those who were let in a moment ago
        self._abort(self._open)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(LAST_CALLERS_S)

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _abort(self, writers: set[asyncio.StreamWriter]) -> None:
        for writer in list(writers):
            _reset(writer)
            self._open.discard(writer)
            self._tainted.discard(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            await self._relay(reader, writer)
        self._open.discard(writer)
        self._tainted.discard(writer)
        await _close(writer)
        self._tasks.discard(task)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "swallow":
            self._tainted.add(writer)
            while chunk := await reader.read(CHUNK_BYTES):
                self.dropped_bytes += len(chunk)
            return
        if self.mode == "reset":
            await reader.read(1)
            _reset(writer)
            return
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            there_reader, there = await asyncio.open_connection("127.0.0.1", self._target_port)
        ways = [
            asyncio.create_task(self._pump(reader, there, writer, answers=False)),
            asyncio.create_task(self._pump(there_reader, writer, writer, answers=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await _close(there)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
        *,
        answers: bool,
    ) -> None:
        """One direction, until it ends. `client`: the connection that is tainted where bytes are dropped."""
        while chunk := await reader.read(CHUNK_BYTES):
            if self.mode == "slow":
                await asyncio.sleep(SLOW_DELAY_S + len(chunk) / SLOW_BYTES_PER_S)
            if self.mode == "swallow" or (self.mode == "half-open" and answers):
                self._tainted.add(client)
                self.dropped_bytes += len(chunk)
                continue
            self.passed_bytes += len(chunk)
            writer.write(chunk)
            await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    """Send what is left, and wait a moment for the end."""
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await writer.wait_closed()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection as a crashed peer does: RST, nothing flushed."""
    handle = writer.get_extra_info("socket")
    if handle is not None:
        with suppress(OSError):
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
