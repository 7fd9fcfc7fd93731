"""What must hold on this machine before a start, each with one sentence that says what to do otherwise."""

import asyncio
import resource
import shutil
import sys
from pathlib import Path

import psutil

from ascension.embedded.lan.doors import Doors
from ascension.embedded.layout import is_free
from ascension.errors.setup import SetupError
from ascension.infra.diagnosis import explain

MIN_FREE_BYTES = 1_000_000_000  # one long clip, its copy for the worker, and the database's room to breathe

# Loaded only when a job comes: a missing system library is to be said before that.
COMPUTE_MODULES = ("av", "cv2", "onnxruntime", "scipy.signal")
IMPORT_TIMEOUT_S = 60
MIN_OPEN_FILES = 1024  # SeaweedFS alone holds 100 open when idle


def require_open_files() -> None:
    """Raise our limit of open files, which the parts inherit. Raises SetupError where it is too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= MIN_OPEN_FILES:
        return
    if hard != resource.RLIM_INFINITY and hard < MIN_OPEN_FILES:
        raise SetupError(
            f"Only {hard} files may be open at once here, {MIN_OPEN_FILES} are needed: "
            "raise `ulimit -n` (/etc/security/limits.conf)."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (MIN_OPEN_FILES, hard))


async def require_compute_modules() -> None:
    """Load in another process what analyses compute with. Raises SetupError where a library is missing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", f"import {', '.join(COMPUTE_MODULES)}"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(IMPORT_TIMEOUT_S):
            _, said = await process.communicate()
    except TimeoutError:
        raise SetupError(f"The libraries did not load within {IMPORT_TIMEOUT_S} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()  # its end must not come when the loop is closed
    if process.returncode:
        raise SetupError(f"Analyses cannot run here: {explain(said.decode(errors='replace'))}.")


def require_disk_space(path: Path) -> None:
    """Raises SetupError where less than 1 GB is free for the platform's state."""
    free_bytes = shutil.disk_usage(path).free
    if free_bytes < MIN_FREE_BYTES:
        raise SetupError(
            f"Only {free_bytes / 1e6:.0f} MB are free at {path}, "
            f"at least {MIN_FREE_BYTES / 1e6:.0f} MB are needed: "
            "free some space, or set ASCENSION_HOME to a larger disk."
        )


def require_api_port(host: str, port: int) -> None:
    """Nobody else listens on the API's port, and the host is this machine's. Raises SetupError.

    Who listens there is named where the system tells.
    """
    if not is_free(0, host):
        raise SetupError(f"API_HOST={host} is not an address of this machine. Its own: API_HOST=127.0.0.1.")
    # "localhost" may mean ::1 to a browser: whoever listens there would answer in our place.
    hosts = [host, "::1"] if host in ("127.0.0.1", "localhost") and has_ipv6() else [host]
    if all(is_free(port, name) for name in hosts):
        return
    raise SetupError(
        f"Port {port} is in use{_by_whom(port)}: stop it, or choose another port: API_PORT={port + 1} make up"
    )


def require_lan_ports(doors: Doors) -> None:
    """Raises SetupError where another program listens on one of the ports that phones come to."""
    if taken := doors.taken():
        raise SetupError(
            f"Port {taken[0]} of {doors.host} is in use{_by_whom(taken[0])}: stop it, or choose others: "
            f"LAN_PORT={doors.port + 10} make up LAN=1"
        )


def has_ipv6() -> bool:
    """Whether this machine has the IPv6 loopback address at all."""
    return any(address.address == "::1" for names in psutil.net_if_addrs().values() for address in names)


def _by_whom(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            address = connection.laddr
            if (
                connection.status == psutil.CONN_LISTEN
                and address
                and address.port == port
                and connection.pid
            ):
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""
