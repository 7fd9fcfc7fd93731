"""Fixtures that start real API and worker processes on real engines, and a client that walks the contract."""

import asyncio
import base64
import contextlib
import hashlib
import json
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import argon2
import httpx2 as httpx
import pytest
import websockets
from uuid_utils.compat import uuid7

from ascension.accounts.consents.texts import DOCUMENTS, version_of
from ascension.accounts.sessions.cookies import REFRESH_COOKIE
from ascension.infra.security import new_opaque_token, token_hash
from tests.conftest import Engines, unused_port, web_origin
from tests.like_a_clip import like_a_clip
from tests.nursery import ROOT, Grown, Nursery
from tests.rows import sql

EXAMPLE = ROOT / "examples" / "climb.mp4"
PASSWORD = "correct horse battery"
ACCEPTED = {document: version_of(document) for document in DOCUMENTS}
START_S = 90  # a busy machine starts programs slowly


@dataclass
class Process:
    """One of our programs, with its log."""

    popen: subprocess.Popen[bytes] | Grown
    log_path: Path

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def events(self) -> list[dict[str, Any]]:
        """The JSON lines of its log."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def kill(self) -> None:
        """End it as kill -9 does."""
        self.popen.kill()
        self.popen.wait(10)

    def stop(self) -> int:
        """SIGTERM and wait."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(20)


@dataclass
class Programs:
    """Starts our programs on one set of engines; ends them all at the end."""

    engines: Engines
    folder: Path
    nursery: Nursery | None = None
    """Where they come from at a tenth of the cost; None: each is a command of its own."""
    processes: list[Process] = field(default_factory=list[Process])
    python: str = sys.executable
    """Whose packages they run: another release's, where it has an environment of its own."""

    def worker(self, *program: str, **settings: str) -> Process:
        """A worker that has said it is ready; `program`: another module than the product's, and its words."""
        environment = self.engines.environment("worker", **{"WORKER_DRAIN_S": "0", **settings})
        process = self._start(*(program or ("ascension.worker",)), environment=environment)
        _wait(lambda: "worker_ready" in process.log(), process)
        return process

    def api(self, **settings: str) -> tuple[Process, str]:
        """An API process that answers, and its address."""
        return self.api_at(unused_port(), **settings)

    def api_at(self, port: int, **settings: str) -> tuple[Process, str]:
        """The same at a chosen port."""
        # a busy machine is late, and all tests come from one address: they are to be answered
        patient = {"API_LAG_LIMIT_S": "60", "RATE_LIMIT_FACTOR": "10000", "EMAIL_VERIFICATION": "off"}
        at_once = {"ACCOUNT_GRACE_S": "0"}
        environment = {"API_PORT": str(port), "ENVIRONMENT": "test", **patient, **at_once, **settings}
        return self.serving("ascension.api", port, self.engines.environment("api", **environment))

    def serving(self, module: str, port: int, environment: dict[str, str]) -> tuple[Process, str]:
        """A program that answers `/health` at this port, and its address."""
        process = self._start(module, environment=environment)
        url = f"http://127.0.0.1:{port}"
        _wait(lambda: _answers(url), process)
        return process, url

    def _start(self, module: str, *words: str, environment: dict[str, str]) -> Process:
        log_path = self.folder / f"{module}-{len(self.processes)}.log"
        if self.nursery is not None and self.python == sys.executable:
            process = Process(self.nursery.start(module, words, environment, log_path), log_path)
        else:
            with log_path.open("wb") as log:
                popen = subprocess.Popen(
                    [self.python, "-m", module, *words], stdout=log, stderr=log, env=environment, cwd=ROOT
                )
            process = Process(popen, log_path)
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            if process.popen.poll() is None:
                process.popen.terminate()
        for process in self.processes:
            try:
                process.popen.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def plain_http(base_url: str = "") -> httpx.AsyncClient:
    """A client of addresses without TLS: to read whom the world trusts takes 28 ms of processor each time."""
    return httpx.AsyncClient(base_url=base_url, timeout=30, verify=False)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2, verify=False).status_code == 200
    except httpx.TransportError:
        return False


def _wait(ready: Callable[[], bool], process: Process) -> None:
    deadline = time.monotonic() + START_S
    while not ready():
        if process.popen.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"did not start: {process.log()}")
        time.sleep(0.05)


@dataclass
class Climber:
    """A registered user with an HTTP client: walks the API as the web client does."""

    http: httpx.AsyncClient
    email: str
    token: str
    user: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.http.get(path, headers=self.headers | options.pop("headers", {}), **options)

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post(path, json=body, headers=self.headers | more)

    async def put(self, path: str, body: object) -> httpx.Response:
        return await self.http.put(path, json=body, headers=self.headers)

    async def patch(self, path: str, body: object) -> httpx.Response:
        return await self.http.patch(path, json=body, headers=self.headers)

    async def delete(self, path: str) -> httpx.Response:
        return await self.http.delete(path, headers=self.headers)

    async def open_upload(self, size_bytes: int, **fields: str) -> dict[str, Any]:
        body = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": size_bytes, **fields}
        answer = await self.post("/api/v1/videos", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def send_part(self, video: dict[str, Any], part_number: int, content: bytes) -> httpx.Response:
        """Sign one part and PUT it to storage."""
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        link = await self.post(
            f"/api/v1/videos/{video['id']}/parts", {"part_number": part_number, "sha256": digest}
        )
        assert link.status_code == 200, link.text
        async with plain_http() as storage:
            return await storage.put(link.json()["url"], content=content, headers=link.json()["headers"])

    async def upload(self, content: bytes) -> dict[str, Any]:
        """The whole upload contract. What is no video is sent as if it were one."""
        content = like_a_clip(content)
        video = await self.open_upload(len(content))
        step = video["part_size_bytes"]
        for number in range(1, video["part_count"] + 1):
            stored = await self.send_part(video, number, content[(number - 1) * step : number * step])
            assert stored.status_code == 200, stored.text
        answer = await self.post(f"/api/v1/videos/{video['id']}/complete")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def analyze(self, content: bytes) -> dict[str, Any]:
        """Upload and ask for an analysis."""
        video = await self.upload(content)
        answer = await self.post("/api/v1/analyses", {"video_id": video["id"]})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def wait(self, analysis_id: str, *states: str, timeout_s: float = 180) -> dict[str, Any]:
        """Poll until the analysis is in one of the states (default: it has ended)."""
        wanted = states or ("completed", "failed", "canceled")
        deadline = time.monotonic() + timeout_s
        while True:
            found = (await self.get(f"/api/v1/analyses/{analysis_id}")).json()
            if found["state"] in wanted:
                return found
            assert time.monotonic() < deadline, f"still {found}"
            await asyncio.sleep(0.1)

    async def wait_for_child(self, analysis_id: str) -> None:
        """Until a child computes it."""
        while True:
            found = await self.wait(analysis_id, "processing", "completed", "failed")
            assert found["state"] == "processing", found
            if found["stage"] not in (None, "starting", "fetching"):
                return
            await asyncio.sleep(0.1)

    @contextlib.asynccontextmanager
    async def live(self, url: str | None = None) -> AsyncGenerator[websockets.ClientConnection]:
        """The live socket, opened with a fresh ticket, through this or another API process."""
        ticket = (await self.post("/api/v1/ws-tickets")).json()["ticket"]
        base = (url or str(self.http.base_url)).replace("http", "ws", 1).rstrip("/")
        async with websockets.connect(f"{base}/ws?ticket={ticket}") as socket:
            yield socket


_clients: list[tuple[asyncio.AbstractEventLoop, httpx.AsyncClient]] = []


def client_of_climber(url: str) -> httpx.AsyncClient:
    """A client that `close_clients` knows."""
    _clients.append((asyncio.get_running_loop(), plain_http(url)))
    return _clients[-1][1]


async def close_clients() -> None:
    """Those of this event loop. What a failed test leaves open, the next one would be blamed for."""
    loop = asyncio.get_running_loop()
    ours = [client for of, client in _clients if of is loop]
    _clients[:] = [(of, client) for of, client in _clients if of is not loop]
    for client in ours:
        await client.aclose()


async def new_climber(url: str) -> Climber:
    """Register a fresh account."""
    http = client_of_climber(url)
    email = f"{secrets.token_hex(6)}@example.org"
    # the release before asks for nothing to be accepted, and takes no field that it does not know
    accepted = {"accepted": ACCEPTED} if "accept" in (await http.get("/api/v1/auth/sign-up")).json() else {}
    body = {"email": email, "password": PASSWORD, **accepted}
    answer = await http.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 201, answer.text
    return Climber(http, email, answer.json()["access_token"], answer.json()["user"])


@cache
def _password_hash() -> str:
    return argon2.PasswordHasher().hash(PASSWORD)


async def seeded_climber(engines: Engines, url: str) -> Climber:
    """A fresh account with a session, as `new_climber`; to hash a password takes 0.2 s of processor."""
    name, token = secrets.token_hex(6), new_opaque_token()
    await sql(
        engines,
        """
        with made as (
            insert into users (id, email, display_name, password_hash) values (%s, %s, %s, %s) returning id
        ), agreed as (
            insert into consents (user_id, document, version, how)
            select id, document, version, 'registration'
            from made, unnest(%s::text[], %s::text[]) as said (document, version)
        )
        insert into refresh_tokens (token_hash, family_id, user_id, expires_at)
        select %s, %s, id, now() + interval '1 day' from made
        """,
        *(uuid7(), f"{name}@example.org", name, _password_hash()),
        *(list(ACCEPTED), list(ACCEPTED.values()), token_hash(token), uuid7()),
    )
    http = client_of_climber(url)
    answer = await http.post("/api/v1/auth/refresh", headers={"Cookie": f"{REFRESH_COOKIE}={token}"})
    assert answer.status_code == 200, answer.text
    return Climber(http, f"{name}@example.org", answer.json()["access_token"], answer.json()["user"])


async def until(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
def api_url(engines: Engines, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One API process for all tests of this pytest process; tests are apart by their own accounts."""
    programs = Programs(engines, tmp_path_factory.mktemp("api"), nursery)
    try:
        yield programs.api()[1]
    finally:
        programs.end()


@pytest.fixture(scope="session")
def web_url(engines: Engines, nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API process that serves the built client, at the origin that storage lets in."""
    programs = Programs(engines, tmp_path_factory.mktemp("web"), nursery)
    port = int(web_origin().rsplit(":", 1)[1])
    try:
        programs.api_at(port, WEB_ROOT=str(ROOT / "web" / "dist"), EXAMPLES_ROOT=str(ROOT / "examples"))
        yield web_origin()
    finally:
        programs.end()


@pytest.fixture
async def idle_engines(engines: Engines) -> Engines:
    """What earlier tests left waiting is canceled: a worker of this test would do it first."""
    await sql(
        engines,
        "update jobs set state = 'canceled', finished_at = now() where state in ('queued', 'processing')",
    )
    return engines


@pytest.fixture
async def programs(idle_engines: Engines, nursery: Nursery, tmp_path: Path) -> AsyncIterator[Programs]:
    """Programs of one test alone."""
    found = Programs(idle_engines, tmp_path, nursery)
    try:
        yield found
    finally:
        await close_clients()
        found.end()


@pytest.fixture
async def broken_programs(own_stack: Engines, nursery: Nursery, tmp_path: Path) -> AsyncIterator[Programs]:
    """Programs on engines that may be broken."""
    found = Programs(own_stack, tmp_path, nursery)
    try:
        yield found
    finally:
        await close_clients()
        found.end()


@pytest.fixture
async def climber(engines: Engines, api_url: str) -> AsyncIterator[Climber]:
    found = await seeded_climber(engines, api_url)
    yield found
    await found.http.aclose()


@pytest.fixture
async def stranger(engines: Engines, api_url: str) -> AsyncIterator[Climber]:
    """Somebody else."""
    found = await seeded_climber(engines, api_url)
    yield found
    await found.http.aclose()
