#!/usr/bin/env python3
"""Which replicas nginx asks: out after three misses, back after two answers.

    balancer.py run                 until a signal: ask every replica, write nginx's list, have it read anew
    balancer.py run 8080 8081       the same; while nobody said who is wanted, those of these that answer
    balancer.py put 8090 8091       these replicas and no others; one that is not ready is refused
    balancer.py in 8090             this one, too, once it is ready
    balancer.py out 8080            no longer this one: it finishes what it has
    balancer.py show                who is in, who is asked

nginx itself takes a server out for the requests that failed there; those were somebody's. It is never left
without any: where all are ill, all stay in, and what they say is the best that there is.

Standard library only: this runs while the release that is rolled out may not.
"""

import argparse
import asyncio
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

DIRECTORY = Path("/var/lib/ascension/balancer")
MISSES_UNTIL_OUT = 3
ANSWERS_UNTIL_IN = 2
INTERVAL_S = 5.0
TIMEOUT_S = 5.0
LOOK_S = 0.2
APPLIED_WITHIN_S = 10.0
SETTLE_S = 0.5
"""nginx has begun new processes by then; requests in those of before go on."""
READY = "/health/ready"


class RefusedError(Exception):
    """One sentence that says what to do."""


@dataclass
class Health:
    """Of one replica, as far as it was asked. A new one is well: who put it in had asked it."""

    is_well: bool = True
    misses: int = 0
    answers: int = 0

    def saw(self, *, answered: bool) -> bool:
        """Count one more; whether that changed something."""
        before = self.is_well
        self.misses, self.answers = (0, self.answers + 1) if answered else (self.misses + 1, 0)
        if self.misses >= MISSES_UNTIL_OUT:
            self.is_well = False
        elif self.answers >= ANSWERS_UNTIL_IN:
            self.is_well = True
        return self.is_well != before


@dataclass(frozen=True)
class Wanted:
    """Who is to be asked. `turn` counts the changes, so that who made one sees when it holds."""

    turn: int = 0
    ports: tuple[int, ...] = ()


@dataclass(frozen=True)
class Files:
    """What the balancer and its commands share."""

    directory: Path

    @property
    def servers(self) -> Path:
        """What nginx includes."""
        return self.directory / "servers.conf"

    @property
    def targets(self) -> Path:
        """What Prometheus asks for figures."""
        return self.directory / "targets.json"

    def wanted(self) -> Wanted:
        try:
            told = json.loads((self.directory / "wanted.json").read_text())
            return Wanted(int(told["turn"]), tuple(int(port) for port in told["ports"]))
        except FileNotFoundError:
            return Wanted()
        except (ValueError, KeyError, TypeError) as error:
            raise RefusedError(f"{self.directory}/wanted.json is damaged ({error}): remove it.") from None

    @contextmanager
    def changing(self) -> Generator[Callable[[Wanted], None]]:
        """One change at a time."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield lambda wanted: replace(
                self.directory / "wanted.json", json.dumps({"turn": wanted.turn, "ports": wanted.ports})
            )

    def applied(self) -> int:
        """The turn that nginx's list was written for; -1: none yet."""
        with suppress(OSError, ValueError, IndexError):
            return int(self.servers.read_text().split("turn ", 1)[1].split()[0])
        return -1


def replace(file: Path, content: str) -> None:
    """The file is whole at every moment, also for who reads it just now."""
    partial = file.with_name(f".{file.name}.new")
    with partial.open("w") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    partial.chmod(0o644)
    partial.replace(file)


def chosen(ports: Sequence[int], healths: Mapping[int, Health]) -> list[int]:
    """Those that are well; where none is, all."""
    well = [port for port in ports if healths[port].is_well]
    return well or list(ports)


def listing(turn: int, host: str, ports: Sequence[int]) -> str:
    """What nginx includes in its `upstream`, which must not be empty: with nobody wanted it answers 502."""
    servers = [f"server {host}:{port} max_fails=1 fail_timeout=5s;" for port in ports]
    return "\n".join(
        [f"# written by balancer.py, turn {turn}", *(servers or ["server 127.0.0.1:9 down;"]), ""]
    )


def figures(ports: Sequence[int], inside: Sequence[int]) -> str:
    """For the node exporter's textfile collector."""
    return "".join(
        [
            "# HELP ascension_replica_in Whether nginx asks this replica.\n",
            "# TYPE ascension_replica_in gauge\n",
            *(f'ascension_replica_in{{port="{port}"}} {int(port in inside)}\n' for port in ports),
        ]
    )


def targets(host: str, ports: Sequence[int]) -> str:
    """For Prometheus: those that are wanted, ill or not; the idle color is nobody's loss."""
    return json.dumps([{"targets": [f"{host}:{port}" for port in ports]}]) + "\n"


async def answers(host: str, port: int, timeout_s: float) -> bool:
    """Whether this replica says that it is ready."""
    writer: asyncio.StreamWriter | None = None
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), timeout_s)
        writer.write(f"GET {READY} HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n".encode())
        line = await asyncio.wait_for(reader.readline(), timeout_s)
        return line.split()[1:2] == [b"200"]
    except (OSError, asyncio.TimeoutError, ValueError):  # noqa: UP041 (Python 3.10 has two)
        return False
    finally:
        if writer is not None:
            writer.close()


@dataclass
class Balancer:
    """The loop, and what it knows."""

    files: Files
    host: str
    interval_s: float
    timeout_s: float
    pid_file: Path | None = None
    textfile: Path | None = None
    until_told: tuple[int, ...] = ()
    """Ports that are asked, as far as they answer, while nobody said who is wanted."""
    healths: dict[int, Health] = field(default_factory=dict[int, Health])
    wanted: Wanted = field(default_factory=Wanted)
    _told: tuple[int, list[int]] | None = None

    async def run(self) -> None:
        """Until canceled."""
        asking = asyncio.create_task(self._ask())
        try:
            while not asking.done():
                self.look()
                await asyncio.sleep(LOOK_S)
            asking.result()
        finally:
            asking.cancel()

    def look(self) -> None:
        """Take up what a command changed, and write what follows from it."""
        try:
            told = self.files.wanted()
            self.wanted = told if told.turn else Wanted(0, self.until_told)
        except RefusedError as error:
            say("wanted_unreadable", reason=str(error))  # the list of before stays
        for port in self.wanted.ports:
            self.healths.setdefault(port, Health(is_well=self.wanted.turn > 0))
        for port in [port for port in self.healths if port not in self.wanted.ports]:
            del self.healths[port]
        self._tell()

    async def _ask(self) -> None:
        while True:
            began = time.monotonic()
            ports = self.wanted.ports
            heard = await asyncio.gather(*(answers(self.host, port, self.timeout_s) for port in ports))
            for port, answered in zip(ports, heard, strict=True):
                health = self.healths.get(port)
                if health is not None and health.saw(answered=answered):
                    say("replica_in" if health.is_well else "replica_out", port=port)
            self._tell()
            await asyncio.sleep(max(0.0, self.interval_s - (time.monotonic() - began)))

    def _tell(self) -> None:
        """Write the list where it is another one than before, and have nginx read it."""
        inside = chosen(self.wanted.ports, self.healths)
        if (self.wanted.turn, inside) == self._told:
            return
        try:
            replace(self.files.servers, listing(self.wanted.turn, self.host, inside))
            replace(self.files.targets, targets(self.host, self.wanted.ports))
            if self.textfile is not None:
                replace(self.textfile, figures(self.wanted.ports, inside))
        except OSError as error:
            say("list_not_written", reason=str(error))
            return
        self._told = (self.wanted.turn, inside)
        say("list_written", turn=self.wanted.turn, ports=inside)
        if self.pid_file is not None:
            try:
                os.kill(int(self.pid_file.read_text()), signal.SIGHUP)
            except (OSError, ValueError) as error:  # not started yet: it reads the list when it is
                say("nginx_not_told", reason=str(error))


def say(event: str, **details: object) -> None:
    """One line of JSON, as all parts log."""
    print(json.dumps({"event": event, "process": "balancer", **details}), flush=True)


def change(files: Files, host: str, command: str, ports: Sequence[int]) -> None:
    """Write down who is wanted, and wait until nginx's list says so.

    Raises:
        RefusedError: a replica that was to come in is not ready, none would be left, or nobody balances.
    """
    for port in ports if command in ("put", "in") else ():
        if not asyncio.run(answers(host, port, TIMEOUT_S)):
            raise RefusedError(f"The replica on {port} is not ready: nothing was changed.")
    with files.changing() as write:
        before = files.wanted()
        kept = () if command == "put" else tuple(port for port in before.ports if port not in ports)
        after = Wanted(before.turn + 1, kept if command == "out" else (*kept, *ports))
        if not after.ports:
            raise RefusedError("Nobody would be left to ask: nothing was changed.")
        write(after)
    deadline = time.monotonic() + APPLIED_WITHIN_S
    while files.applied() < after.turn:
        if time.monotonic() > deadline:
            raise RefusedError("It is written down, but nobody writes nginx's list: is the balancer running?")
        time.sleep(LOOK_S / 4)
    time.sleep(SETTLE_S)


def show(files: Files) -> None:
    wanted, written = files.wanted(), files.servers.read_text() if files.servers.exists() else ""
    for port in wanted.ports:
        print(port, "in" if f":{port} " in written else "out: does not answer")


async def serve(balancer: Balancer) -> None:
    running = asyncio.create_task(balancer.run())
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("run", "put", "in", "out", "show"))
    parser.add_argument("ports", nargs="*", type=int)
    parser.add_argument("--directory", type=Path, default=DIRECTORY)
    parser.add_argument("--host", default="127.0.0.1", help="where the replicas listen")
    parser.add_argument("--pid-file", type=Path, help="nginx's, which is told by SIGHUP")
    parser.add_argument("--textfile", type=Path, help="where figures go, for the node exporter")
    parser.add_argument("--interval-s", type=float, default=INTERVAL_S)
    told = parser.parse_args(arguments)
    files = Files(told.directory)
    try:
        if told.command == "run":
            paths = told.pid_file, told.textfile
            balancer = Balancer(files, told.host, told.interval_s, TIMEOUT_S, *paths, tuple(told.ports))
            asyncio.run(serve(balancer))
        elif told.command == "show":
            show(files)
        elif told.ports:
            change(files, told.host, told.command, told.ports)
        else:
            parser.error("which replicas? Their ports, for example 8080 8081.")
    except (RefusedError, OSError) as error:
        print(f"balancer: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
