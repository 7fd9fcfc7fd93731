"""What a request costs: `make bench-api`. The hot paths beside a bare ASGI floor, in turns, on real engines.

Processor time is the kernel's count of the server process, so others on the machine disturb it little; the
rate is what one such process answered on this machine, at that time.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import secrets
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uuid_utils.compat import uuid7

from benches import page
from benches.engines import own_programs
from benches.load.processor import machine_load
from scripts.prepare import ROOT
from tests.conftest import unused_port
from tests.jobs.rows import run_sql
from tests.platform import Climber, Process, Programs, new_climber

TARGET = 1.5
RESULT_BYTES = 18_500
LIST_ROWS = 20
CONNECTIONS = 8
IDLE_S = 5
PER_USER = 100
"""Analyses a month of the largest plan: requests of one round of creating them."""


@dataclass(frozen=True)
class Request:
    """What is sent, and what must come back."""

    name: str
    status: int
    bytes_of: Sequence[bytes]
    """Sent one after the other, from the beginning again where they do not suffice."""
    limit: int | None = None
    """No more than this many can be sent in a round."""


@dataclass
class Cost:
    """Per request, one figure a round."""

    cpu_us: list[float] = field(default_factory=list[float])
    per_s: list[float] = field(default_factory=list[float])


def http(method: str, path: str, token: str = "", body: object = None, **headers: str) -> bytes:
    """One request of HTTP/1.1."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def drive(port: int, request: Request, start: int, times: int) -> float:
    """Send them over a few connections that stay open; seconds it took."""
    waiting = iter(range(start, start + times))
    expected = f"HTTP/1.1 {request.status} ".encode()

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in waiting:
            writer.write(request.bytes_of[number % len(request.bytes_of)])
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(expected), (request.name, head)
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            if request.status != 304:
                await reader.readexactly(int(length))
        writer.close()

    began_s = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return time.perf_counter() - began_s


def used_ns(pid: int) -> int:
    """Processor time of all threads that live."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


async def idle_share(process: Process) -> float:
    """Processor seconds by second that its loops take while nobody asks: no request's cost."""
    before_ns = used_ns(process.popen.pid)
    await asyncio.sleep(IDLE_S)
    return (used_ns(process.popen.pid) - before_ns) / 1e9 / IDLE_S


async def prepare(programs: Programs, climber: Climber, rounds: int) -> list[Request]:
    """An account with analyses that are done, and every request of the bench."""
    engines = programs.engines
    result = secrets.token_bytes(RESULT_BYTES)  # nothing on the way may look into it
    ids = [_completed(programs, climber.user["id"], result) for _ in range(LIST_ROWS)]
    video = await climber.open_upload(1_000)
    digest = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    part = {"part_number": 1, "sha256": digest}
    etag = f'"{hashlib.sha256(result).hexdigest()}"'
    token, path = climber.token, f"/api/v1/analyses/{ids[0]}"
    creating: list[bytes] = []
    for _ in range(rounds + 1):
        other = await new_climber(str(climber.http.base_url))
        run_sql(engines, "update users set tier = 'infinity' where id = %s", other.user["id"])
        videos = [_video(programs, other.user["id"]) for _ in range(PER_USER)]
        creating += [
            http("POST", "/api/v1/analyses", other.token, {"video_id": one}, Idempotency_Key=one)
            for one in videos
        ]
        await other.http.aclose()
    return [
        Request("/health", 200, [http("GET", "/health")]),
        Request("result", 200, [http("GET", f"{path}/result", token)]),
        Request("result, known", 304, [http("GET", f"{path}/result", token, If_None_Match=etag)]),
        Request("analysis", 200, [http("GET", path, token)]),
        Request("list of 20", 200, [http("GET", "/api/v1/analyses", token)]),
        Request("sign a part", 200, [http("POST", f"/api/v1/videos/{video['id']}/parts", token, part)]),
        Request("ask for an analysis", 201, creating, PER_USER),
        Request("floor /health", 200, [http("GET", "/health")]),
        Request("floor result", 200, [http("GET", f"/{ids[0]}", token)]),
    ]


def _video(programs: Programs, user_id: str) -> str:
    video_id = str(uuid7())
    run_sql(
        programs.engines,
        "insert into videos (id, user_id, state, file_name, content_type, size_bytes, part_size_bytes,"
        " object_key, s3_upload_id, uploaded_at, expires_at) values (%s, %s, 'uploaded', 'a.mp4',"
        " 'video/mp4', 1000, 5242880, 'uploads/' || %s, '', now(), now() + interval '1 day')",
        video_id,
        user_id,
        video_id,
    )
    return video_id


def _completed(programs: Programs, user_id: str, result: bytes) -> str:
    job_id, analysis_id = str(uuid7()), str(uuid7())
    run_sql(
        programs.engines,
        "insert into jobs (id, kind, subject_id, user_id, tier, state, attempt, progress_pct, finished_at)"
        " values (%s, 'analysis', %s, %s, 'free', 'done', 1, 100, now())",
        job_id,
        analysis_id,
        user_id,
    )
    run_sql(
        programs.engines,
        "insert into analyses (id, user_id, video_id, job_id, result, result_sha256, summary, completed_at)"
        """ values (%s, %s, %s, %s, %s, %s, '{"frame_count": 24, "duration_s": 0.8}', now())""",
        analysis_id,
        user_id,
        _video(programs, user_id),
        job_id,
        result,
        hashlib.sha256(result).digest(),
    )
    return analysis_id


async def compare(rounds: int, times: int) -> dict[str, Cost]:
    """All requests in turn, round after round; the first round of each only warms up."""
    async with own_programs() as programs:
        api, url = programs.api()
        climber = await new_climber(url)
        requests = await prepare(programs, climber, rounds)
        port = unused_port()
        environment = programs.engines.environment("api", PORT=str(port), PYTHONPATH=str(ROOT))
        servers = {False: (api, url), True: programs.serving("benches.api_floor", port, environment)}
        costs = {request.name: Cost() for request in requests}
        idle = {is_floor: await idle_share(process) for is_floor, (process, _) in servers.items()}
        for number in range(rounds + 1):
            for request in requests:
                is_floor = request.name.startswith("floor")
                process, address = servers[is_floor]
                count = min(times, request.limit or times)
                before_ns = used_ns(process.popen.pid)
                took_s = await drive(int(address.rpartition(":")[2]), request, number * count, count)
                if number:
                    cost = costs[request.name]
                    used_s = (used_ns(process.popen.pid) - before_ns) / 1e9 - idle[is_floor] * took_s
                    cost.cpu_us.append(1e6 * used_s / count)
                    cost.per_s.append(count / took_s)
        await climber.http.aclose()
    return costs


def ratio(costs: dict[str, Cost], name: str, floor: str) -> float:
    """The median of the rounds' ratios: a machine that slows down slows both sides."""
    pairs = zip(costs[name].cpu_us, costs[f"floor {floor}"].cpu_us, strict=True)
    return statistics.median(ours / least for ours, least in pairs)


def render(costs: dict[str, Cost]) -> str:
    """The table as Markdown."""
    rows = [("request", "CPU us", "x floor", "requests/s"), ("---",) * 4]
    for name, cost in costs.items():
        against = "/health" if name.endswith("/health") else "result"
        rows.append(
            (
                name,
                f"{statistics.median(cost.cpu_us):.0f}",
                f"{ratio(costs, name, against):.2f}",
                f"{statistics.median(cost.per_s):.0f}",
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    """Measure; 1 where the result read costs more than the target."""
    parser = argparse.ArgumentParser(prog="benches.api", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=400, help="requests of a kind in a round")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    told = parser.parse_args()
    before = machine_load()
    costs = asyncio.run(compare(told.rounds, told.times))
    text = f"{page.provenance(told.rounds)} Others on the machine: {before} at the start.\n\n{render(costs)}"
    sys.stdout.write(f"{text}\n")
    if told.write:
        page.put(text, "api table")
    sys.exit(0 if ratio(costs, "result", "result") <= TARGET else 1)


if __name__ == "__main__":
    main()
