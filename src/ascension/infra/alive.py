"""Says that this process is ready, alive, ending: to systemd by its socket, to container checks by a file.

systemd: sd_notify(3). Where nobody asked (neither is set), nothing is said.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Literal

from ascension.infra.settings import WatchSettings

PERIOD_S = 5.0
"""A file that is older than three of them is of a process that hangs."""

State = Literal["READY=1", "WATCHDOG=1", "STOPPING=1"]


class Watched:
    """This process, as its manager sees it."""

    def __init__(self, settings: WatchSettings) -> None:
        self._file = settings.alive_file
        self._manager = settings.notify_socket.replace("@", "\0", 1)
        limit_s = settings.watchdog_usec / 1e6
        self._every_s = min(PERIOD_S, limit_s / 2) if limit_s else PERIOD_S

    def tell(self, state: State) -> None:
        """To systemd. A manager that does not listen is no reason to fail."""
        if not self._manager:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(state.encode(), self._manager)

    async def run(self) -> None:
        """Until canceled. Where the event loop hangs this falls silent, and who watches starts it anew."""
        while True:
            self.tell("WATCHDOG=1")
            if self._file is not None:
                with suppress(OSError):  # a full disk: then the check says it
                    self._file.touch()
            await asyncio.sleep(self._every_s)
