"""An empty server of its own that a backup is restored into, to look at, and that leaves nothing behind."""

import json
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from programs import FailedError
from repository import ROWS, Repository, Server

STARTED_WITHIN_S = 3600
SETTINGS = """
# none of the real server's settings: it listens in its own folder alone, and carries no log away
hba_file = '{folder}/hba.conf'
listen_addresses = ''
unix_socket_directories = '{folder}'
port = {port}
archive_mode = off
# nobody looks before it is whole; so it needs no room for as many connections as the real one
hot_standby = off
max_connections = 40
shared_buffers = 64MB
fsync = off
# compiled queries would be memory that is written and run, which the unit forbids
jit = off
logging_collector = off
"""


@contextmanager
def restored(server: Server, name: str, *options: str) -> Generator[Server]:
    """A server of what was in the repository, running; only this account comes to its sockets.

    Raises:
        FailedError: it cannot be restored, or does not start.
    """
    folder = server.state / name
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed: its server ended with it
    for made in (folder, folder / "data"):
        made.mkdir(mode=0o700)
        server.own(made)
    scratch = replace(server, data=folder / "data", sockets=folder)
    program = (
        *(str(server.programs / "postgres"), "-D", str(scratch.data)),
        *("-c", f"config_file={folder}/server.conf"),
    )
    try:
        Repository(server).restore(scratch.data, *options)
        _configure(scratch, folder)
        with scratch.running(*program, log=folder / "log") as process:
            wait_for(scratch, process)
            yield scratch
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(scratch: Server, folder: Path) -> None:
    for name, content in {
        "hba.conf": "local all all trust\n",
        "server.conf": SETTINGS.format(folder=folder, port=scratch.port),
    }.items():
        (folder / name).write_text(content)
        scratch.own(folder / name)


def wait_for(server: Server, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Until it has read the log to where it was told and takes writes. Raises FailedError."""
    deadline = time.monotonic() + STARTED_WITHIN_S
    while True:
        try:
            if server.sql("select pg_is_in_recovery()") == "f":
                return
            reason = "it is still reading the log"
        except FailedError as error:
            reason = str(error)
        if process is not None and process.poll() is not None:
            log = (server.sockets / "log").read_text(errors="replace").strip().splitlines()
            fatal = [line for line in log if "FATAL" in line or "HINT" in line] or log
            raise FailedError(f"The restored server does not start: {' '.join(fatal[-2:])}")
        if time.monotonic() > deadline:
            raise FailedError(f"The restored server is not ready: {reason}")
        time.sleep(0.2)


def compare_rows(scratch: Server, counted: str) -> int:
    """How many rows there are in all. Raises FailedError: some table has others than were counted."""
    expected = json.loads(counted)
    found = json.loads(scratch.sql(ROWS))
    differing = [
        f"{table}: {found.get(table)} instead of {expected.get(table)}"
        for table in sorted({*expected, *found})
        if expected.get(table) != found.get(table)
    ]
    if differing:
        raise FailedError(f"The restored tables have other rows than were counted: {'; '.join(differing)}.")
    return sum(expected.values())
