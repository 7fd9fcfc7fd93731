"""One climber, two API processes, every request at either: all is well, and no log tells a secret."""

import asyncio
import dataclasses
import json
import random
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2 as httpx
import pytest

from tests.clips import short_climb
from tests.platform import ACCEPTED, PASSWORD, Climber, Programs


class EitherReplica(httpx.AsyncBaseTransport):
    """Sends each request to a replica by chance, as a balancer would."""

    def __init__(self, urls: list[str]) -> None:
        self._ports = [urlsplit(url).port for url in urls]
        self._chance = random.Random(7)
        self._transport = httpx.AsyncHTTPTransport()
        self.asked: list[int | None] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        port = self._chance.choice(self._ports)
        self.asked.append(port)
        request.url = request.url.copy_with(port=port)
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


@pytest.mark.usefixtures("clean_database")  # the worker finds no jobs of other tests
@pytest.mark.proves("M11", "M07", "M47", "M55", "D09")
async def test_a_whole_climb_through_any_replica_and_no_log_tells_a_secret(programs: Programs) -> None:
    replicas = [programs.api(LOG_LEVEL="debug") for _ in range(2)]
    worker = programs.worker(LOG_LEVEL="debug")
    urls = [url for _, url in replicas]
    balancer = EitherReplica(urls)
    said: list[str] = []  # everything that was secret on the way
    async with httpx.AsyncClient(transport=balancer, base_url=urls[0], timeout=30) as http:
        climber = await enter(http, said)
        async with climber.live(urls[1]) as socket:
            analysis = await climber.analyze(short_climb(60))
            heard = await listen(socket, analysis["id"])
        assert heard[-1] == "analysis.completed"
        assert heard.count("analysis.progress") >= 2
        said.append((await climber.get(f"/api/v1/videos/{analysis['video']['id']}/playback")).json()["url"])
        result = await climber.get(f"/api/v1/analyses/{analysis['id']}/result")
        assert result.content[:4] == b"ASCN"
        failed = await climber.analyze(b"no video at all")
        assert (await climber.wait(failed["id"]))["state"] == "failed"
        await http.post("/api/v1/auth/login", json={"email": climber.email, "password": "wrong " + PASSWORD})
        await http.get("/api/v1/users/me", headers={"Authorization": "Bearer wrong.wrong.wrong"})
        await http.get(f"/api/v1/users/me?access_token={climber.token}")
        await http.get(f"/ws?ticket={climber.token}")
        wish = {"email": climber.email, "password": PASSWORD, "accepted": ACCEPTED}
        await http.post("/api/v1/auth/register", json=wish)
        await http.post("/api/v1/storage-events", json={}, headers={"Authorization": f"Bearer {PASSWORD}"})
    assert set(balancer.asked) == {urlsplit(url).port for url in urls}
    asked = [event for process, _ in replicas for event in process.events() if event["event"] == "request"]
    wanted = "/api/v1/analyses/{analysis_id}/result"
    [line] = [event for event in asked if event["route"] == wanted]
    assert (line["method"], line["status"], line["user_id"]) == ("GET", 200, climber.user["id"])
    assert line["request_id"] == result.headers["x-request-id"]
    logs = [replicas[0][0].log(), replicas[1][0].log(), worker.log(), *engine_logs(programs)]
    started = [event for event in worker.events() if event["event"] == "job_started"]
    assert {event["subject_id"] for event in started} == {analysis["id"], failed["id"]}
    asked_by = {
        event["request_id"]
        for event in asked
        if (event["method"], event["route"], event["status"]) == ("POST", "/api/v1/analyses", 201)
    }
    assert {event["request_id"] for event in started} == asked_by, "one id from the request to the worker"
    said += [*known_secrets(programs), climber.email]
    for secret in said:
        for text in (secret, quote(secret, safe="")):
            assert not [log for log in logs if text in log], "a log holds a secret"
    assert not [log for log in logs if "X-Amz-Signature=" in log or "$argon2id$" in log]
    assert not [event for process, _ in replicas for event in process.events() if event["level"] == "error"]


async def enter(http: httpx.AsyncClient, said: list[str]) -> Climber:
    """Register, log in, refresh: every token on the way is noted."""
    email = f"{secrets.token_hex(6)}@example.org"
    body = {"email": email, "password": PASSWORD}
    said.append(PASSWORD)
    answers = [
        await http.post("/api/v1/auth/register", json={**body, "accepted": ACCEPTED}),
        await http.post("/api/v1/auth/login", json=body),
        await http.post("/api/v1/auth/refresh"),
    ]
    for answer in answers:
        assert answer.status_code in (200, 201)
        said += [answer.json()["access_token"], answer.cookies["ascension_refresh"]]
    climber = Climber(http, email, answers[-1].json()["access_token"], answers[-1].json()["user"])
    said.append((await climber.post("/api/v1/ws-tickets")).json()["ticket"])
    return climber


async def listen(socket: Any, analysis_id: str) -> list[str]:
    """What is heard of one analysis until it ends."""
    heard: list[str] = []
    async with asyncio.timeout(90):
        while not heard or heard[-1] not in ("analysis.completed", "analysis.failed"):
            message = json.loads(await socket.recv())
            if message.get("analysis_id") == analysis_id:
                heard.append(message["type"])
    return heard


def known_secrets(programs: Programs) -> list[str]:
    """Every password and key of the platform, and in what other words the processes were given them."""
    stack = programs.engines.stack
    given = {**programs.engines.environment("api"), **programs.engines.environment("worker")}
    in_addresses = [urlsplit(given[name]).password for name in ("DATABASE_URL", "REDIS_URL")]
    made = dataclasses.asdict(stack.home.secrets())
    found = [*made.values(), stack.seaweedfs.event_secret, *(one for one in in_addresses if one)]
    assert given["JWT_SECRET"] in found
    assert {programs.engines.environment(role)["AWS_SECRET_ACCESS_KEY"] for role in ("api", "worker")} <= set(
        found
    )
    assert all(len(secret) >= 32 for secret in found)
    return found


def engine_logs(programs: Programs) -> list[str]:
    """What PostgreSQL, Valkey and SeaweedFS wrote themselves."""
    found = {
        log.name: log.read_text(errors="replace") for log in programs.engines.stack.home.logs.glob("*.log")
    }
    assert {"postgres.log", "valkey.log", "seaweedfs.log"} <= found.keys()
    return list(found.values())
