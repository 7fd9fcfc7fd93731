"""Two API processes behind nginx: any of them serves any user, and one may go away."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.clips import short_climb
from tests.conftest import unused_port
from tests.platform import Process, Programs, new_climber, until

TEMPLATE = Path(__file__).parent / "nginx.conf"


@dataclass(frozen=True)
class Proxied:
    """Where nginx listens, and the API processes behind it."""

    url: str
    apis: list[tuple[Process, str]]


@pytest.fixture
def proxied(programs: Programs, tmp_path: Path) -> Iterator[Proxied]:
    """A missing nginx fails by name."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if nginx is None:
        pytest.fail("nginx is missing: install it with `apt-get install -y nginx-light`.")
    apis = [programs.api(DATABASE_POOL_SIZE="4") for _ in range(2)]
    port = unused_port()
    text = TEMPLATE.read_text()
    values = {
        "FOLDER": str(tmp_path),
        "API_ONE": apis[0][1].rsplit(":", 1)[1],
        "API_TWO": apis[1][1].rsplit(":", 1)[1],
        "PORT": str(port),
    }
    for name, value in values.items():
        text = text.replace(name, value)
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(text)
    process = subprocess.Popen([nginx, "-c", str(configuration), "-e", str(tmp_path / "error.log")])
    try:
        yield Proxied(f"http://127.0.0.1:{port}", apis)
    finally:
        process.terminate()
        process.wait(10)


def _requests_served(url: str) -> float:
    """Answers of one API process so far, its own figures page left out."""
    lines = httpx.get(f"{url}/metrics", timeout=5).text.splitlines()
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in lines
        if line.startswith("ascension_http_requests_total") and "/metrics" not in line
    )


@pytest.mark.proves("M11")
async def test_any_replica_serves_any_user_and_one_may_go(programs: Programs, proxied: Proxied) -> None:
    await until(lambda: _is_up(proxied.url))
    programs.worker()
    climber = await new_climber(proxied.url)
    async with climber.live() as socket:
        analysis = await climber.analyze(short_climb())
        seen: set[str] = set()
        while "analysis.completed" not in seen:
            async with asyncio.timeout(60):
                seen.add(json.loads(await socket.recv())["type"])
    for _ in range(10):
        assert (await climber.get("/api/v1/users/me")).status_code == 200
    served = [_requests_served(url) for _, url in proxied.apis]
    assert min(served) >= 5, f"one replica did everything: {served}"

    proxied.apis[0][0].kill()
    for _ in range(10):
        assert (await climber.get(f"/api/v1/analyses/{analysis['id']}")).status_code == 200
    async with climber.live() as socket:
        first = json.loads(await socket.recv())
    assert (first["type"], first["analysis"]["state"]) == ("analysis.snapshot", "completed")
    await climber.http.aclose()


@pytest.mark.proves("M46")
async def test_figures_never_pass_the_proxy(proxied: Proxied) -> None:
    await until(lambda: _is_up(proxied.url))
    for path in ("/metrics", "/metrics/", "//metrics", "/api/../metrics", "/health/ready"):
        assert httpx.get(f"{proxied.url}{path}", timeout=5).status_code == 404
    assert httpx.get(f"{proxied.apis[0][1]}/metrics", timeout=5).status_code == 200


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
