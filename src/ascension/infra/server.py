"""The listening side of the API process: its socket, its limits, uvicorn."""

import resource
import socket
import sys

import uvicorn

from ascension.errors import SetupError

BACKLOG = 1024  # connections that the kernel holds while the event loop is busy
# a peer that takes nothing of what was sent for this long is gone, or does not read on purpose
UNSENT_LIMIT_MS = 30_000
KEEP_ALIVE_S = 65  # longer than a balancer's 60, so that it and not we end an idle connection
MAX_SOCKET_MESSAGE_BYTES = 4096  # clients have nothing to say on a live socket
PING_S = 20
GRACE_S = 10


def serve(factory: str, *, host: str, port: int, max_connections: int) -> None:
    """Serve `package.module:function` until a signal.

    Beyond `max_connections` uvicorn answers 503 itself: the last wall, before file handles run out.

    Raises:
        SetupError: the address is taken, or not ours.
    """
    listening = _listen(host, port)
    _allow_files(max_connections)
    server = uvicorn.Server(
        uvicorn.Config(
            factory,
            factory=True,
            host=host,
            port=port,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
            ws_ping_interval=PING_S,
            ws_ping_timeout=PING_S,
            limit_concurrency=max_connections,
            backlog=BACKLOG,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
    )
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(3)


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":  # connections inherit it
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNSENT_LIMIT_MS)
    try:
        listening.bind((host, port))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SetupError(
            f"The API cannot listen on {host}:{port}: {reason}. Set API_HOST and API_PORT."
        ) from None
    return listening


def _allow_files(max_connections: int) -> None:
    """Many systems allow a process 1024 open files unless it asks for more."""
    wanted = max_connections + 256
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
