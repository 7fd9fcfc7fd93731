"""What watches a process hears from it, and no longer where it hangs."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascension.infra.alive import Watched
from ascension.infra.settings import WatchSettings, read


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket that systemd lends its services."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "100000")
        yield listening


def _heard(listening: socket.socket) -> list[bytes]:
    heard: list[bytes] = []
    while True:
        try:
            heard.append(listening.recv(100))
        except BlockingIOError:
            return heard


async def test_a_process_is_heard_until_it_hangs(
    manager: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "alive"
    monkeypatch.setenv("ALIVE_FILE", str(file))
    watched = Watched(read(WatchSettings))
    watched.tell("READY=1")
    telling = asyncio.create_task(watched.run())
    await asyncio.sleep(0.3)
    heard, touched = _heard(manager), file.stat().st_mtime
    assert heard[0] == b"READY=1"
    assert len(heard) > 3, "often enough for half of its limit"
    assert set(heard[1:]) == {b"WATCHDOG=1"}
    time.sleep(0.3)  # noqa: ASYNC251 (the loop hangs)
    assert _heard(manager) == []
    assert file.stat().st_mtime == touched
    telling.cancel()


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/there", "@nobody-listens"])
async def test_nobody_who_listens_is_no_failure(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    monkeypatch.setenv("ALIVE_FILE", "/nowhere/there")
    watched = Watched(read(WatchSettings))
    watched.tell("READY=1")
    telling = asyncio.create_task(watched.run())
    await asyncio.sleep(0.01)
    assert not telling.done()
    telling.cancel()
