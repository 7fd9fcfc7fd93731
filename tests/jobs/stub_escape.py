"""Runs in compute children of these tests: tries to get out, or to use up the machine, as it is told."""

import ctypes
import errno
import mmap
import os
import resource
import socket
import stat
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from ascension.jobs.cage import calls
from ascension.jobs.child import Report

_ATTACH, _ALL_ONES = 16, -1
_USER_NAMESPACE = 0x10000000
_CHILD_ENDED = 17
_NEWER_CALL, _X32 = 1000, 0x40000000


def call(number: int, *arguments: int) -> None:
    """A system call by its number. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _number(name: str) -> int:
    numbers = calls.REFUSED[name]
    number = numbers[0] if os.uname().machine == "x86_64" else numbers[1]
    assert number is not None
    return number


def _connect(address: Any, family: int = socket.AF_INET, kind: int = socket.SOCK_STREAM) -> None:
    with socket.socket(family, kind) as one:
        one.settimeout(1)
        one.connect(address)


ATTEMPTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "read the users of the system": lambda _: Path("/etc/passwd").read_bytes(),
    "list the root folder": lambda _: os.listdir("/"),  # noqa: PTH208
    "read another job's file": lambda told: Path(told["secret"]).read_bytes(),
    "read it through /proc": lambda told: Path(f"/proc/self/root{told['secret']}").read_bytes(),
    "write over another job's file": lambda told: Path(told["secret"]).write_bytes(b"mine"),
    "cut another job's file": lambda told: os.truncate(told["secret"], 0),
    "cut it by opening it": lambda told: os.close(os.open(told["secret"], os.O_RDONLY | os.O_TRUNC)),
    "remove another job's file": lambda told: Path(told["secret"]).unlink(),
    "write beside its folder": lambda told: Path(told["secret"] + ".new").write_bytes(b"mine"),
    "move a file out": lambda told: _made("out").rename(told["secret"] + ".moved"),
    "link to another's file": lambda told: Path("link").symlink_to(told["secret"]),
    "link another's file hard": lambda told: Path("hard").hardlink_to(told["secret"]),
    "make a pipe that its parent reads": lambda _: os.mkfifo("result"),
    "open a file to everybody": lambda _: _made("open").chmod(0o777),
    "change a file's times": lambda told: os.utime(told["secret"], (0, 0)),
    "read its parent's environment": lambda told: Path(f"/proc/{told['parent']}/environ").read_bytes(),
    "read its parent's memory": lambda told: Path(f"/proc/{told['parent']}/mem").open("rb").close(),
    "trace its parent": lambda told: call(_number("ptrace"), _ATTACH, told["parent"], 0, 0),
    "copy its parent's memory": lambda told: call(_number("process_vm_readv"), told["parent"], 0, 0, 0, 0, 0),
    "signal its parent": lambda told: os.kill(told["parent"], 0),
    "hold its parent": lambda told: os.pidfd_open(told["parent"]),
    "speak to the queue": lambda told: _connect(("127.0.0.1", told["port"])),
    "speak to the cloud's metadata": lambda _: _connect(("169.254.169.254", 80)),
    "ask for a name": lambda _: _connect(("127.0.0.53", 53), kind=socket.SOCK_DGRAM),
    "use a socket file": lambda _: _connect("/run/any", socket.AF_UNIX),
    "run a shell": lambda _: subprocess.run(["/bin/sh", "-c", "true"], check=True, timeout=10),
    "become a shell": lambda _: os.execv("/bin/sh", ["sh", "-c", "true"]),
    "be two": lambda _: _fork(),
    "be two by clone": lambda _: call(
        56 if os.uname().machine == "x86_64" else 220, _CHILD_ENDED, 0, 0, 0, 0
    ),
    "have users of its own": lambda _: call(_number("unshare"), _USER_NAMESPACE),
    "raise its limits": lambda _: resource.prlimit(0, resource.RLIMIT_NOFILE, (64, 64)),
}


def entrypoint(request: dict[str, Any], report: Report) -> dict[str, object]:
    """Do what `then` says."""
    report("trying", 0, {})
    return ACTIONS[request["then"]](request)


def _try_all(request: dict[str, Any]) -> dict[str, object]:
    return {name: said_of(partial(attempt, request)) for name, attempt in ATTEMPTS.items()}


def said_of(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except PermissionError:
        return "refused"
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


def _made(name: str) -> Path:
    path = Path(name)
    path.write_bytes(b"mine")
    return path


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def _refusals(_: object) -> dict[str, object]:
    """What each refused call answers, with arguments that would do nothing."""
    if said_of(socket.socket) != "refused":
        return {"socket": "done"}  # no filter: the rest must not be tried
    column = 0 if os.uname().machine == "x86_64" else 1
    numbers = {name: both[column] for name, both in calls.REFUSED.items()}
    found: dict[str, object] = {
        name: said_of(partial(call, number, *[_ALL_ONES] * 6))
        for name, number in numbers.items()
        if number is not None
    }
    own = numbers["socket"] or 0
    newer = {"newer": _NEWER_CALL, "clone3": 435, "x32": _X32 | own}
    return found | {name: said_of(partial(call, number, *[0] * 6)) for name, number in newer.items()}


def _computing(_: object) -> dict[str, object]:
    """What must go on: own files, threads, signals to itself, questions about limits."""
    ran: list[int] = []
    thread = threading.Thread(target=ran.append, args=(1,))
    thread.start()
    thread.join()
    _made("own").unlink()
    os.kill(os.getpid(), 0)
    return {"ran": len(ran), "limit": resource.getrlimit(resource.RLIMIT_CORE)[0], "rights": _rights()}


def _rights() -> int:
    (line,) = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("CapEff")]
    return int(line.split()[1], 16)


def _speak_32_bits(_: object) -> dict[str, object]:
    """Another set of call numbers, of old programs: getpid."""
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    return {}


def _write_large(_: object) -> dict[str, object]:
    block = bytes(8 << 20)
    with Path("large").open("wb") as file:
        while True:
            file.write(block)


def _write_many(_: object) -> dict[str, object]:
    for number in count():
        Path(f"file-{number}").write_bytes(b"")
    return {}


def _write_much(_: object) -> dict[str, object]:
    for number in count():
        Path(f"file-{number % 50}").write_bytes(bytes(32 << 20))
    return {}


def _take_memory(_: object) -> dict[str, object]:
    held = [bytearray(b"x" * (32 << 20)) for _ in range(1000)]
    return {"held": len(held)}


def _start_threads(_: object) -> dict[str, object]:
    for _ in range(100_000):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    return {}


def _report_for_ever(_: object) -> dict[str, object]:
    pipes = [number for number in range(3, 20) if _is_pipe(number)]
    while True:
        for number in pipes:
            os.write(number, b'{"stage": "poses", "progress_pct": 1, "figures": {}}\n')


def _is_pipe(number: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False


ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, object]]] = {
    "try": _try_all,
    "call": _refusals,
    "compute": _computing,
    "speak 32 bits": _speak_32_bits,
    "write a large file": _write_large,
    "write many files": _write_many,
    "write much": _write_much,
    "take memory": _take_memory,
    "start threads": _start_threads,
    "report": _report_for_ever,
}
