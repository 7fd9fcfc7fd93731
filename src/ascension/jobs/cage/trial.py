"""ENTRY of a compute child that tries to get out of its cage, harmlessly: only trying shows what holds."""

import os
import resource
import socket
from collections.abc import Callable
from pathlib import Path

from ascension.jobs.cage.entering import MAX_FILE_BYTES

LANDLOCK, SECCOMP, LIMITS = "Landlock", "seccomp", "limits"


def run(request: dict[str, object], _report: object) -> dict[str, list[str]]:
    """Try each thing. `outside_path`: a file beside the child's folder that its parent can read and write.

    Returns {"allowed": [what was not refused, ...]}.
    """
    outside = Path(str(request["outside_path"]))
    attempts: dict[str, Callable[[], object]] = {
        "read files of others": outside.read_bytes,
        "change files of others": lambda: outside.write_bytes(b""),
        "cut files of others": lambda: os.close(os.open(outside, os.O_RDONLY | os.O_TRUNC)),
        "read its parent's environment": _read_environment_of_parent,
        "open a socket": _open_socket,
        "start a process": _start_process,
        "become another program": _become_program,
        "signal its parent": lambda: os.kill(os.getppid(), 0),
        "change a file's mode": lambda: Path.cwd().chmod(0o700),
        "set its limits anew": lambda: resource.prlimit(0, resource.RLIMIT_CORE, (0, 0)),
        "write files of any size": _is_without_limit,
    }
    return {"allowed": [name for name, attempt in attempts.items() if not _is_refused(attempt)]}


KEPT_BY = {
    "read files of others": LANDLOCK,
    "change files of others": LANDLOCK,
    "cut files of others": LANDLOCK,
    "read its parent's environment": LANDLOCK,
    "open a socket": SECCOMP,
    "start a process": SECCOMP,
    "become another program": SECCOMP,
    "signal its parent": SECCOMP,
    "change a file's mode": SECCOMP,
    "set its limits anew": SECCOMP,
    "write files of any size": LIMITS,
}
"""Which part of the kernel refuses what."""


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _read_environment_of_parent() -> None:
    try:
        Path(f"/proc/{os.getppid()}/environ").read_bytes()
    except FileNotFoundError:  # it is there: a /proc that hides processes (hidepid) is refusal, too
        raise PermissionError from None


def _open_socket() -> None:
    socket.socket().close()


def _start_process() -> None:
    started = os.fork()
    if started == 0:
        os._exit(0)
    os.waitpid(started, 0)


def _become_program() -> None:
    os.execv("no such program", ["none"])  # noqa: S606, S607 (refused before it is looked for)


def _is_without_limit() -> None:
    if resource.getrlimit(resource.RLIMIT_FSIZE)[1] == MAX_FILE_BYTES:
        raise PermissionError
