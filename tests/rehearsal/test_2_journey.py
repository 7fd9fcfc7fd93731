"""A climber on the Internet: a clip straight into storage, progress by either replica, a result."""

import asyncio
import json
import time
from contextlib import AsyncExitStack

import pytest

from tests.platform import EXAMPLE, Climber
from tests.rehearsal import report
from tests.rehearsal.hosts import API, STORAGE_NAME

SOCKETS = 6
REPLICAS = (8080, 8081)


def live_sockets() -> list[int]:
    """Of each replica that is asked, by its own figures."""
    counts: list[int] = []
    for port in (*REPLICAS, *(port + 10 for port in REPLICAS)):
        told = API.execute("python3", "-c", ASK.format(port=port), check=False)
        lines = [line for line in told.splitlines() if line.startswith("ascension_sockets ")]
        counts += [int(float(line.rsplit(" ", 1)[1])) for line in lines]
    return counts


ASK = (
    "import urllib.request as r;"
    "print(r.urlopen('http://127.0.0.1:{port}/metrics', timeout=5).read().decode())"
)


@pytest.mark.rehearsal
async def test_a_climb_goes_in_and_a_skeleton_comes_out(climber: Climber) -> None:
    clip = EXAMPLE.read_bytes()
    video = await climber.open_upload(len(clip))
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(climber.live()) for _ in range(SOCKETS)]
        spread = live_sockets()
        analysis = await climber.analyze(clip)

        async def events(number: int) -> set[str]:
            seen: set[str] = set()
            while "analysis.completed" not in seen:
                async with asyncio.timeout(300):
                    message = json.loads(await sockets[number].recv())
                seen.add(message["type"])
            return seen

        heard = await asyncio.gather(*(events(number) for number in range(SOCKETS)))
    report.note("upload to result, s", round(time.monotonic() - began, 1))
    report.note("live sockets of each replica", spread)
    assert len([count for count in spread if count]) == len(REPLICAS)
    assert sum(spread) == SOCKETS
    assert all("analysis.progress" in one for one in heard)
    link = await climber.post(f"/api/v1/videos/{video['id']}/parts", {"part_number": 1, "sha256": DIGEST})
    assert link.json()["url"].startswith(f"https://{STORAGE_NAME}/")
    result = await climber.get(f"/api/v1/analyses/{analysis['id']}/result")
    assert (result.status_code, result.content[:4]) == (200, b"ASCN")


DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
