"""Two API processes behind nginx: any of them serves any user, and one may go away."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.clips import short_climb
from tests.journey.proxy import nginx_before
from tests.platform import Process, Programs, new_climber


@dataclass(frozen=True)
class Proxied:
    """Where nginx listens, and the API processes behind it."""

    url: str
    apis: list[tuple[Process, str]]


@pytest.fixture
def proxied(programs: Programs, tmp_path: Path) -> Iterator[Proxied]:
    """Two API processes, and nginx in front of them."""
    apis = [programs.api(DATABASE_POOL_SIZE="4") for _ in range(2)]
    with nginx_before([url for _, url in apis], tmp_path) as url:
        yield Proxied(url, apis)


def _requests_served(url: str) -> float:
    """Answers of one API process so far, its own figures page left out."""
    lines = httpx.get(f"{url}/metrics", timeout=5).text.splitlines()
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in lines
        if line.startswith("ascension_http_requests_total") and "/metrics" not in line
    )


@pytest.mark.proves("M11")
@pytest.mark.thorough
async def test_any_replica_serves_any_user_and_one_may_go(programs: Programs, proxied: Proxied) -> None:
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
    for path in ("/metrics", "/metrics/", "//metrics", "/api/../metrics", "/health/ready"):
        assert httpx.get(f"{proxied.url}{path}", timeout=5).status_code == 404
    assert httpx.get(f"{proxied.apis[0][1]}/metrics", timeout=5).status_code == 200
