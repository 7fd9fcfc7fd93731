"""`ascension up` as a person runs it: the real command, in a home of its own, ended with what it started."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from ascension.embedded.engines.postgres import ADMIN, Postgres
from ascension.embedded.layout import Home
from ascension.embedded.record import Run
from tests.conftest import new_home, remove_home, unused_port

ASCENSION = Path(sys.executable).with_name("ascension")
PARTS = {"postgres", "valkey", "seaweedfs", "api", "worker"}
READY_S, STOP_S = 60, 45


@dataclass
class Platform:
    """One home and the commands run in it."""

    home: Home
    port: int
    settings: dict[str, str] = field(default_factory=dict[str, str])
    started: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    def environment(self) -> dict[str, str]:
        here = {"ASCENSION_HOME": str(self.home.path), "API_PORT": str(self.port)}
        return {**os.environ, **here, **self.settings}

    def command(self, *arguments: str, answer: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command of ours to its end."""
        return subprocess.run(
            [ASCENSION, *arguments],
            env=self.environment(),
            input=answer,
            capture_output=True,
            text=True,
            timeout=READY_S,
            check=False,
        )

    def up(self) -> tuple[subprocess.Popen[str], str]:
        """Start, and wait for the address; the process and what it said so far."""
        process = subprocess.Popen(
            [ASCENSION, "up"],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process, self.read_until(process, f"Open http://localhost:{self.port}")

    @staticmethod
    def read_until(process: subprocess.Popen[str], words: str) -> str:
        """What the process prints up to the line that holds `words`."""
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(f"ended without saying {words!r}:\n{said}")

    def run(self) -> Run:
        run = Run.read(self.home.run_file)
        assert run is not None
        return run

    def processes(self) -> dict[str, psutil.Process]:
        """The parts that live now."""
        run = Run.read(self.home.run_file)
        parts = run.parts if run else {}
        return {name: process for name, part in parts.items() if (process := part.find())}

    def forget(self, name: str) -> None:
        """Take a living part out of the record."""
        run = json.loads(self.home.run_file.read_text())
        del run["parts"][name]
        self.home.run_file.write_text(json.dumps(run))

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/health", timeout=2) as response:
                return response.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def database(self) -> psycopg.Connection:
        postgres = Postgres(self.home, Path(), self.run().ports["postgres"], self.home.secrets())
        return psycopg.connect(postgres.url(ADMIN), autocommit=True, connect_timeout=5)


@contextmanager
def installation(home: Home | None = None, /, **settings: str) -> Generator[Platform]:
    """A platform that nothing is left of afterwards. `settings`: of every command run in it."""
    platform = Platform(home or new_home(), unused_port(), settings)
    try:
        yield platform
    finally:
        for process in platform.started:
            process.kill()
            process.communicate(timeout=STOP_S)
        for part in platform.processes().values():
            part.kill()
        remove_home(platform.home)


def listening(process: psutil.Process) -> set[str]:
    """The addresses that a process and its children listen on."""
    family = [process, *process.children(recursive=True)]
    found = [item for member in family for item in member.net_connections("inet")]
    return {item.laddr.ip for item in found if item.status == psutil.CONN_LISTEN and item.laddr}
