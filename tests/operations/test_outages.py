"""One part is away: the API says which, loses nothing, heals by itself. Each test breaks its own engines."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import psutil
import pytest
import websockets

from tests.analyses.outcomes import complete
from tests.conftest import Engines
from tests.eventually import eventually
from tests.like_a_clip import like_a_clip
from tests.operations.scrape import figures_of, value
from tests.platform import PASSWORD, Climber, Process, Programs, new_climber
from tests.rows import sql
from tests.videos.objects import is_stored

TRY_AGAIN = 1013
OPEN = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": 1000}


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, code, and when to come again."""
    return answer.status_code, answer.json()["error"], answer.headers.get("retry-after", "")


async def parts_of(climber: Climber) -> dict[str, bool]:
    """What readiness says of each part; alive all the while."""
    alive = await climber.get("/health")
    assert (alive.status_code, alive.json()["status"]) == (200, "ok")
    answer = await climber.get("/health/ready")
    parts: dict[str, dict[str, Any]] = answer.json()["parts"]
    found: dict[str, bool] = {name: part["ok"] for name, part in parts.items()}
    assert answer.status_code == (200 if all(found.values()) else 503)
    assert answer.json()["ready"] is all(found.values())
    assert all(part["ok"] or part["detail"] for part in parts.values())
    return found


async def close_code(address: str) -> int | None:
    async with websockets.connect(address) as socket:
        async with asyncio.timeout(20):
            await socket.wait_closed()
    return socket.close_code


def faults(process: Process) -> list[dict[str, Any]]:
    return [event for event in process.events() if event["level"] == "error"]


@pytest.mark.proves("M45", "M37", "M03", "D07")
async def test_the_database_away_and_back(own_stack: Engines, broken_programs: Programs) -> None:
    process, url = broken_programs.api()
    climber = await new_climber(url)
    video = await climber.upload(b"v" * 1000)
    ticket = (await climber.post("/api/v1/ws-tickets")).json()["ticket"]
    own_stack.stack.engine("postgres").kill()
    *refused, parts, code = await asyncio.gather(
        climber.get("/api/v1/users/me"),
        climber.post("/api/v1/videos", OPEN),
        parts_of(climber),
        close_code(f"{url.replace('http', 'ws', 1)}/ws?ticket={ticket}"),
    )
    assert {refusal(answer) for answer in refused} == {(503, "database_unavailable", "5")}
    assert parts == {"database": False, "queue": True, "storage": True}
    assert code == TRY_AGAIN
    figures = await figures_of(climber.http)
    assert value(figures, "ascension_outside_failures_total", part="database") >= 3
    assert "ascension_queue_depth" not in {name for name, _ in figures}, "nobody knows: nothing is told"
    await own_stack.stack.engine("postgres").start()

    async def is_back() -> bool:
        return (await climber.get("/api/v1/users/me")).status_code == 200

    await eventually(is_back, timeout_s=30)
    assert await parts_of(climber) == {"database": True, "queue": True, "storage": True}
    assert (await climber.get(f"/api/v1/videos/{video['id']}")).json()["state"] == "uploaded"
    async with climber.live() as live:
        assert json.loads(await live.recv())["type"] == "snapshot.end"
    assert faults(process) == []
    await climber.http.aclose()


@pytest.mark.proves("M37", "M45", "M41")
@pytest.mark.thorough
async def test_a_part_that_hangs_is_named_holds_up_nothing_else_and_is_forgotten(
    own_stack: Engines, broken_programs: Programs
) -> None:
    process, url = broken_programs.api()
    climber = await new_climber(url)
    video = await climber.upload(b"v" * 1000)
    half = await climber.open_upload(1000)
    for engine, part in (("postgres", "database"), ("valkey", "queue"), ("seaweedfs", "storage")):
        ticket = (await climber.post("/api/v1/ws-tickets")).json()["ticket"]
        live = asyncio.create_task(close_code(f"{url.replace('http', 'ws', 1)}/ws?ticket={ticket}"))
        with frozen(own_stack, engine):
            async with asyncio.timeout(ANSWERED_S):
                naming = asyncio.create_task(parts_of(climber))
                answers = await asyncio.gather(*(ask(climber, video["id"], half["id"]) for ask in EVERYTHING))
                named = await naming
            assert named == {name: name != part for name in ("database", "queue", "storage")}
            for answer in answers:
                assert_orderly(answer, part)
            if part == "storage":
                assert (await climber.get("/api/v1/users/me")).status_code == 200
        live.cancel()

        async def is_well() -> bool:
            answers = await asyncio.gather(*(ask(climber, video["id"], half["id"]) for ask in EVERYTHING))
            return all(answer.status_code < 500 for answer in answers) and all(
                (await parts_of(climber)).values()
            )

        await eventually(is_well, timeout_s=30)
    assert faults(process) == []
    await climber.http.aclose()


Ask = Callable[[Climber, str, str], Awaitable[httpx.Response]]
# one of each kind of request: rows, rows written, storage, the queue, passwords, figures, the client's files
EVERYTHING: tuple[Ask, ...] = (
    lambda climber, video, half: climber.get("/api/v1/users/me"),
    lambda climber, video, half: climber.get("/api/v1/analyses"),
    lambda climber, video, half: climber.get("/api/v1/progress"),
    lambda climber, video, half: climber.put("/api/v1/users/me/climber", {}),
    lambda climber, video, half: climber.post("/api/v1/videos", OPEN),
    lambda climber, video, half: climber.get(f"/api/v1/videos/{half}/parts"),
    lambda climber, video, half: climber.post(f"/api/v1/videos/{half}/complete"),
    lambda climber, video, half: climber.post("/api/v1/analyses", {"video_id": video}),
    lambda climber, video, half: climber.post("/api/v1/ws-tickets"),
    lambda climber, video, half: climber.post(
        "/api/v1/auth/login", {"email": climber.email, "password": PASSWORD}
    ),
    lambda climber, video, half: climber.get("/metrics"),
    lambda climber, video, half: climber.get("/no/such/page"),
)
ANSWERED_S = 35  # the bound of docs/decisions/0015-overload.md


def assert_orderly(answer: httpx.Response, part: str) -> None:
    """It was carried out, or the part that hangs is named and said when to come again."""
    if answer.status_code < 500:
        assert answer.status_code != 429
        return
    status, code, retry_after = refusal(answer)
    assert (status, code) == (503, f"{part}_unavailable"), answer.text
    assert int(retry_after) > 0


@contextmanager
def frozen(engines: Engines, name: str) -> Generator[None]:
    """The engine neither answers nor hangs up, as behind a network that swallows everything."""
    pid = engines.stack.engine(name).pid
    assert pid is not None
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


@pytest.mark.proves("M45", "M04")
@pytest.mark.thorough
async def test_the_queue_away_and_back(own_stack: Engines, broken_programs: Programs) -> None:
    process, url = broken_programs.api()
    climber = await new_climber(url)
    video = await climber.upload(b"v" * 1000)
    own_stack.stack.engine("valkey").kill()
    tickets = await climber.post("/api/v1/ws-tickets")
    assert refusal(tickets) == (503, "queue_unavailable", "5")
    asked = await climber.post("/api/v1/analyses", {"video_id": video["id"]})
    assert asked.status_code == 201, "the row is the job: it is delivered later"
    assert await parts_of(climber) == {"database": True, "queue": False, "storage": True}
    await own_stack.stack.engine("valkey").start()

    async def is_back() -> bool:
        return (await climber.post("/api/v1/ws-tickets")).status_code == 201

    await eventually(is_back)

    async def hears() -> bool:
        try:
            async with climber.live() as socket, asyncio.timeout(3):
                while json.loads(await socket.recv())["type"] != "snapshot.end":
                    pass
                await climber.post(f"/api/v1/analyses/{asked.json()['id']}/cancel")
                await climber.post(f"/api/v1/analyses/{asked.json()['id']}/retry")
                return "analysis." in str(await socket.recv())
        except (TimeoutError, websockets.ConnectionClosed):
            return False

    await eventually(hears)
    assert faults(process) == []
    await climber.http.aclose()


@pytest.mark.thorough
async def test_a_socket_that_may_have_missed_something_is_closed(
    own_stack: Engines, broken_programs: Programs
) -> None:
    _, url = broken_programs.api()
    climber = await new_climber(url)
    analysis = await climber.analyze(b"v" * 1000)
    async with climber.live() as socket:
        while json.loads(await socket.recv())["type"] != "snapshot.end":
            pass
        own_stack.stack.engine("valkey").kill()
        await complete(own_stack, analysis)  # nobody can be told
        await own_stack.stack.engine("valkey").start()
        async with asyncio.timeout(20):
            await socket.wait_closed()
    assert socket.close_code == TRY_AGAIN
    await climber.http.aclose()


@pytest.mark.proves("M45", "M05")
@pytest.mark.thorough
async def test_the_storage_away_and_back(own_stack: Engines, broken_programs: Programs) -> None:
    process, url = broken_programs.api(HOUSEKEEPING_S="0.5")
    climber = await new_climber(url)
    content = like_a_clip(b"h" * 1000)
    removed, half = await climber.upload(b"v" * 1000), await climber.open_upload(len(content))
    key = f"uploads/{climber.user['id']}/{removed['id']}"
    await climber.send_part(half, 1, content)
    own_stack.stack.engine("seaweedfs").kill()
    away = (503, "storage_unavailable", "5")
    assert refusal(await climber.post("/api/v1/videos", OPEN)) == away
    assert refusal(await climber.get(f"/api/v1/videos/{half['id']}/parts")) == away
    assert refusal(await climber.post(f"/api/v1/videos/{half['id']}/complete")) == away
    assert await parts_of(climber) == {"database": True, "queue": True, "storage": False}
    assert (await climber.delete(f"/api/v1/videos/{removed['id']}")).status_code == 204
    assert (await climber.get("/api/v1/analyses")).status_code == 200
    await eventually(lambda: said(process, "object_not_removed"))
    assert (key,) in await sql(own_stack, "select object_key from object_deletions")
    await own_stack.stack.engine("seaweedfs").start()

    async def is_done() -> bool:
        return not await sql(own_stack, "select 1 from object_deletions")

    await eventually(is_done)
    assert not await is_stored(own_stack, key)
    done = await climber.post(f"/api/v1/videos/{half['id']}/complete")
    assert done.json()["state"] == "uploaded", "what was sent before the outage is still there"

    async def are_all_well() -> bool:
        return await parts_of(climber) == {"database": True, "queue": True, "storage": True}

    await eventually(are_all_well)
    assert faults(process) == []
    await climber.http.aclose()


async def said(process: Process, event: str) -> bool:
    return event in process.log()


@pytest.mark.proves("M45")
@pytest.mark.thorough
async def test_an_api_starts_without_its_parts_and_finds_them_later(
    own_stack: Engines, broken_programs: Programs
) -> None:
    names = ("postgres", "valkey", "seaweedfs")
    for name in names:
        own_stack.stack.engine(name).kill()
    _, url = broken_programs.api()
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        ready = await http.get("/health/ready")
        assert (ready.status_code, ready.headers["retry-after"]) == (503, "5")
        assert [part["ok"] for part in ready.json()["parts"].values()] == [False] * 3
        for name in names:
            await own_stack.stack.engine(name).start()

        async def is_ready() -> bool:
            return (await http.get("/health/ready")).status_code == 200

        await eventually(is_ready, timeout_s=30)


@pytest.mark.proves("M47")
async def test_a_fault_of_ours_is_logged_whole_and_answered_without_a_word_of_it(
    own_stack: Engines, broken_programs: Programs
) -> None:
    process, url = broken_programs.api()
    climber = await new_climber(url)
    await sql(own_stack, "alter table videos rename to videos_that_a_mistake_took_away")
    answer = await climber.post("/api/v1/videos", OPEN)
    assert (answer.status_code, answer.json().keys()) == (500, {"error", "detail"})
    assert answer.json()["error"] == "internal_error"
    for inside in ("videos", "psycopg", "Traceback", "relation", "/src/"):
        assert inside not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    [logged] = [event for event in process.events() if event["event"] == "unexpected_error"]
    assert logged["request_id"] == answer.headers["x-request-id"]
    assert logged["exception"][0]["exc_type"] == "UndefinedTable"
    await climber.http.aclose()
