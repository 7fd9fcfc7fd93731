"""nginx with the product's own configuration, at ports and in a folder of a test; small servers behind it."""

import asyncio
import shutil
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2 as httpx
import trustme

from tests.conftest import unused_port
from tests.journey.proxy import nginx_of
from tests.platform import ROOT

NAME = "staging.ascension.app"
NGINX = ROOT / "infrastructure/nginx"
BALANCER = ROOT / "infrastructure/host/balancer.py"


@dataclass
class Replica:
    """Answers every request with what it was sent; ready or not as the test says."""

    port: int = 0
    is_ready: bool = True
    served: int = 0
    pause_s: float = 0
    lacks: str = "-"
    """It has no file of this name."""
    seen: list[str] = field(default_factory=list[str])
    _server: asyncio.Server | None = None
    _lines: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def start(self) -> "Replica":
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        while self._lines:
            for line in self._lines:
                line.close()
            await asyncio.sleep(0.01)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        with suppress(ConnectionError):
            while head := await _head(reader):
                await self._answer_one(head, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self._lines.remove(writer)

    async def _answer_one(self, head: str, writer: asyncio.StreamWriter) -> None:
        if "/health/ready" in head:
            status = "200 OK" if self.is_ready else "503 Service Unavailable"
        else:
            await asyncio.sleep(self.pause_s)
            self.served += 1
            self.seen.append(head)
            status = "404 Not Found" if f"/{self.lacks} " in head else "200 OK"
        body = f"{self.port}".encode()
        headers = f"Content-Length: {len(body)}\r\nStrict-Transport-Security: max-age=1\r\n"
        writer.write(f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body)
        await writer.drain()


async def _head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode()
    except (asyncio.IncompleteReadError, ConnectionError):
        return ""


@dataclass(frozen=True)
class Edge:
    """Where nginx listens, and what is its."""

    folder: Path
    http_port: int
    https_port: int
    status_port: int

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https_port}"

    @property
    def authority(self) -> Path:
        """Who certifies its name: to be trusted by those who ask it."""
        return self.folder / "ca.pem"

    @property
    def pid_file(self) -> Path:
        return self.folder / "nginx.pid"


def lay_out(folder: Path, *, site: str) -> Edge:
    """The configuration as it stands on a host, with this folder's paths and ports."""
    edge = Edge(folder, unused_port(), unused_port(), unused_port())
    (folder / "balancer").mkdir()
    (folder / "balancer/servers.conf").write_text("server 127.0.0.1:9 down;\n")
    (folder / "name.conf").write_text(f"server_name {NAME};\n")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(edge.authority)
    certificate = authority.issue_cert(NAME, not_after=datetime.now(UTC) + timedelta(days=1))
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "fullchain.pem")
    shutil.copyfile("/etc/nginx/mime.types", folder / "mime.types")
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    changes = {
        "/etc/nginx/mime.types": f"{folder}/mime.types",
        "/etc/ascension/nginx/": f"{folder}/",
        "/etc/ascension/tls/": f"{folder}/",
        "/var/lib/ascension/balancer/": f"{folder}/balancer/",
        "/var/log/nginx/": f"{folder}/",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "listen 80 ": f"listen 127.0.0.1:{edge.http_port} ",
        "listen 443 ": f"listen 127.0.0.1:{edge.https_port} ",
        "listen 127.0.0.1:8079;": f"listen 127.0.0.1:{edge.status_port};",
        "worker_rlimit_nofile 16384;\n": "",
        "http {\n": "http {\n" + temporary,
    }
    for source, target in (("nginx.conf", "nginx.conf"), (site, "site.conf")):
        text = (NGINX / source).read_text()
        for before, after in changes.items():
            text = text.replace(before, after)
        lines = [line for line in text.splitlines() if "listen [::]" not in line]
        (folder / target).write_text("\n".join(lines) + "\n")
    return edge


@contextmanager
def running(edge: Edge) -> Generator[None]:
    """nginx, from its first answer to its end."""
    with nginx_of(edge.folder, edge.pid_file.exists):
        yield


@contextmanager
def balancing(edge: Edge, *options: object, log: Path) -> Generator[None]:
    """A balancer that tells this nginx, until its orderly end. `log`: what it says."""
    command = [sys.executable, BALANCER, "run", "--directory", edge.folder / "balancer", *options]
    with log.open("w") as written:
        process = subprocess.Popen([*map(str, command), "--pid-file", str(edge.pid_file)], stdout=written)
        try:
            yield
        finally:
            process.terminate()
            assert process.wait(10) == 0


class Loopback(httpx.AsyncHTTPTransport):
    """Every name is this machine; certificates are looked at as usual."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = request.url.host
        request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


def client(edge: Edge) -> httpx.AsyncClient:
    trusted = ssl.create_default_context(cafile=str(edge.authority))
    return httpx.AsyncClient(base_url=edge.url, transport=Loopback(verify=trusted), timeout=10)


@asynccontextmanager
async def load(edge: Edge) -> AsyncGenerator[Counter[int]]:
    """Requests without a pause from four callers, as many as one address may; the statuses seen.

    A line that nginx ends while it reads its list anew, in the moment in which a request leaves, is asked
    again on another one, as browsers do.
    """
    seen: Counter[int] = Counter()

    async def ask() -> None:
        async with client(edge) as http:
            while True:
                try:
                    answer = await http.get("/api/v1/analyses")
                except httpx.RemoteProtocolError:
                    answer = await http.get("/api/v1/analyses")
                seen[answer.status_code] += 1
                await asyncio.sleep(0.08)  # under the limit of one address

    asking = [asyncio.create_task(ask()) for _ in range(4)]
    try:
        await asyncio.sleep(0.3)
        yield seen
        await asyncio.sleep(0.3)
    finally:
        for one in asking:
            one.cancel()
        ends = await asyncio.gather(*asking, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
