"""The listening side of the API process: its socket, its limits, uvicorn."""

import asyncio
import resource
import socket
import sys
from collections.abc import Sequence

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ascension.errors.setup import SetupError

BACKLOG = 1024  # connections that the kernel holds while the event loop is busy
# a peer that takes nothing of what was sent for this long is gone, or does not read on purpose
UNSENT_LIMIT_MS = 30_000
KEEP_ALIVE_S = 65  # longer than a balancer's 60, so that it and not we end an idle connection
CLOSE_NO_TEXT = 1007  # RFC 6455
MAX_SOCKET_MESSAGE_BYTES = 4096  # clients have nothing to say on a live socket
PING_S = 20
GRACE_S = 10
HEAD_LIMIT_S = 10  # the time a body has, too
MAX_HEAD_BYTES = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """HTTP whose requests begin in time and in size: uvicorn waits for a head forever and keeps all of it.

    Else a stranger who sends heads that never end fills the memory, or all connections, `/health` included.
    A pipelined head has the time of the answer before it in addition.
    """

    head_limit_s: float = HEAD_LIMIT_S
    _waiting: asyncio.TimerHandle | None = None
    _is_in_head = True
    _is_answering = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None and not self._is_answering:
            self._wait()
        if self._is_in_head:
            self._head_bytes += len(data)  # forgotten where it holds the head's end: the rest is body
        super().data_received(data)
        if self._head_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The request's head is too long.")

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._is_in_head, self._is_answering, self._head_bytes = False, True, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_head = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._is_answering = bool(self.pipeline)
        super().on_response_complete()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(self.head_limit_s, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class TextThatIsText(WebSocketsSansIOProtocol):
    """Live sockets that end where text is none; uvicorn ends them too, with a trace in the log."""

    def send_receive_event_to_app(self) -> None:
        try:
            if self.curr_msg_data_type == "text":
                b"".join(self.frames).decode()
        except UnicodeDecodeError:
            self.frames = []
            self.conn.send_close(CLOSE_NO_TEXT)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()


def serve(
    factory: str, *, host: str, port: int, max_connections: int, trusted_proxies: Sequence[str]
) -> None:
    """Serve `package.module:function` until a signal.

    A request's client is whoever connects; where that is one of `trusted_proxies` (networks), the last
    address of X-Forwarded-For that is not. Beyond `max_connections` uvicorn answers 503 itself: the last
    wall, before file handles run out.

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
            http=BoundedHeads,
            ws=TextThatIsText,
            ws_per_message_deflate=False,
            ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
            ws_ping_interval=PING_S,
            ws_ping_timeout=PING_S,
            limit_concurrency=max_connections,
            backlog=BACKLOG,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),  # else uvicorn believes loopback, and an own variable
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
