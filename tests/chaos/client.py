"""A good client: repeats with its key, waits as it is told, goes to another replica, logs in again."""

import asyncio
import base64
import contextlib
import hashlib
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
import websockets

from tests.platform import ACCEPTED, PASSWORD

REQUEST_TIMEOUT_S = 25
PATIENCE_S = 240
WAIT_S = (0.3, 2.0)


@dataclass
class Notes:
    """What all clients of a run saw, and what none of them should have."""

    answers: Counter[int] = field(default_factory=Counter[int])
    no_answer: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    slowest_s: float = 0.0

    def saw(self, answer: httpx.Response, took_s: float, what: str) -> None:
        """Count it; an answer that no client can act on is a fault of ours."""
        self.answers[answer.status_code] += 1
        self.slowest_s = max(self.slowest_s, took_s)
        if answer.status_code in (429, 503) and not answer.headers.get("retry-after", "").isdigit():
            self.wrong.append(f"{what}: {answer.status_code} without Retry-After")
        if answer.status_code >= 500 and answer.status_code != 503:
            self.wrong.append(f"{what}: {answer.status_code} {answer.headers.get('x-request-id')}")


class GaveUpError(Exception):
    """No useful answer came for PATIENCE_S."""


class Visitor:
    """One person with an account, on one of the replicas until it fails them."""

    def __init__(self, urls: Sequence[str], storage: httpx.AsyncClient, notes: Notes, seed: int) -> None:
        self.dice = random.Random(seed)
        self.notes = notes
        self.user_id = ""
        self.email = f"{secrets.token_hex(6)}@example.org"
        self._urls = list(urls)
        self._url = self.dice.choice(self._urls)
        self._http = httpx.AsyncClient(timeout=REQUEST_TIMEOUT_S)
        self._storage = storage
        self._token = ""

    async def close(self) -> None:
        await self._http.aclose()

    async def register(self) -> None:
        """An account; where the answer was lost, the same account."""
        body = {"email": self.email, "password": PASSWORD, "accepted": ACCEPTED}
        answer = await self.ask("POST", "/api/v1/auth/register", body, key=secrets.token_hex(8))
        assert answer.status_code == 201, answer.text
        self._token, self.user_id = answer.json()["access_token"], answer.json()["user"]["id"]

    async def _log_in(self) -> None:
        body = {"email": self.email, "password": PASSWORD}
        answer = await self.ask("POST", "/api/v1/auth/login", body)
        assert answer.status_code == 200, answer.text
        self._token = answer.json()["access_token"]

    async def ask(
        self, method: str, path: str, body: object = None, *, key: str | None = None, again: bool = True
    ) -> httpx.Response:
        """The first answer that is neither "later" nor "log in" (with `again`). Raises GaveUpError."""
        deadline = time.monotonic() + PATIENCE_S
        pause_s = WAIT_S[0]
        while time.monotonic() < deadline:
            answer = await self._once(method, path, body, key)
            if answer is None or answer.status_code >= 500 or answer.status_code == 429:
                told = answer.headers.get("retry-after", "") if answer is not None else ""
                await asyncio.sleep(int(told) if told.isdigit() else pause_s * self.dice.uniform(0.5, 1.5))
                pause_s = min(WAIT_S[1], pause_s * 2)
                self._url = self.dice.choice(self._urls)
            elif answer.status_code == 401 and "/auth/" not in path and again:
                await self._log_in()
            else:
                return answer
        self.notes.wrong.append(f"{method} {path}: no useful answer for {PATIENCE_S} s")
        raise GaveUpError(path)

    async def _once(self, method: str, path: str, body: object, key: str | None) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        began = time.monotonic()
        try:
            answer = await self._http.request(method, self._url + path, json=body, headers=headers)
        except httpx.HTTPError as error:
            self.notes.no_answer[type(error).__name__] += 1
            return None
        self.notes.saw(answer, time.monotonic() - began, f"{method} {path}")
        return answer

    async def upload(self, content: bytes, *, resume: bool = False) -> dict[str, Any]:
        """The whole contract: what storage refuses or loses is signed and sent again. `resume`: ask storage
        in between which parts are there, as after a reload, and send the rest.
        """
        body = {"file_name": "climb.mp4", "content_type": "video/mp4", "size_bytes": len(content)}
        opened = await self.ask("POST", "/api/v1/videos", body, key=secrets.token_hex(8))
        assert opened.status_code == 201, opened.text
        video: dict[str, Any] = opened.json()
        path = f"/api/v1/videos/{video['id']}"
        missing = set(range(1, video["part_count"] + 1))
        if resume:
            await self._send(video, content, missing.pop())
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            listed = await self.ask("GET", f"{path}/parts")
            assert listed.status_code == 200, listed.text
            there = {part["part_number"] for part in listed.json()["parts"]}
            for number in set(range(1, video["part_count"] + 1)) - there:
                await self._send(video, content, number)
            done = await self.ask("POST", f"{path}/complete")
            if done.status_code == 200:
                return done.json()
            assert done.json()["error"] == "upload_incomplete", done.text
        self.notes.wrong.append(f"{path}: not uploaded within {PATIENCE_S} s")
        raise GaveUpError(path)

    async def _send(self, video: dict[str, Any], content: bytes, number: int) -> bool:
        """Sign one part and PUT it to storage; False where storage did not take it."""
        step = video["part_size_bytes"]
        part = content[(number - 1) * step : number * step]
        digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
        link = await self.ask(
            "POST", f"/api/v1/videos/{video['id']}/parts", {"part_number": number, "sha256": digest}
        )
        assert link.status_code == 200, link.text
        try:
            answer = await self._storage.put(link.json()["url"], content=part, headers=link.json()["headers"])
        except httpx.HTTPError as error:
            self.notes.no_answer[f"storage {type(error).__name__}"] += 1
        else:
            if answer.status_code == 200:
                return True
            self.notes.no_answer[f"storage {answer.status_code}"] += 1
            # signed by a replica whose clock is wrong, or storage is away: another signs the next
            self._url = self.dice.choice(self._urls)
        await asyncio.sleep(self.dice.uniform(*WAIT_S))
        return False

    async def erase(self) -> bool:
        """Remove the account for good. 401: it is gone already, by a request whose answer was lost."""
        answer = await self.ask("DELETE", "/api/v1/users/me", {"password": PASSWORD}, again=False)
        if answer.status_code == 401 and answer.json()["error"] == "token_expired":
            await self._log_in()
            return await self.erase()
        return answer.status_code in (202, 401)

    async def wait(self, analysis_id: str) -> dict[str, Any]:
        """Ask until it has ended. Raises GaveUpError."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = (await self.ask("GET", f"/api/v1/analyses/{analysis_id}")).json()
            if found.get("state") in ENDED or "error" in found:
                return found
            await asyncio.sleep(self.dice.uniform(0.5, 1.2))
        self.notes.wrong.append(f"analysis {analysis_id} did not end within {PATIENCE_S} s")
        raise GaveUpError(analysis_id)

    async def watch(self, analysis_id: str) -> dict[str, Any]:
        """Hear the end on the live socket: by an event, or by the rows that a new socket begins with.

        A socket that stays open and says nothing of an end that the row knows is a fault of ours.
        """
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                async with self._live() as socket:
                    if await self._hears_end(socket, analysis_id):
                        return await self.wait(analysis_id)
            self._url = self.dice.choice(self._urls)
            await asyncio.sleep(self.dice.uniform(*WAIT_S))
        self.notes.wrong.append(f"analysis {analysis_id}: no socket told of an end for {PATIENCE_S} s")
        raise GaveUpError(analysis_id)

    @contextlib.asynccontextmanager
    async def _live(self) -> AsyncGenerator[websockets.ClientConnection]:
        ticket = (await self.ask("POST", "/api/v1/ws-tickets")).json()["ticket"]
        address = f"{self._url.replace('http', 'ws', 1)}/ws?ticket={ticket}"
        async with websockets.connect(address, open_timeout=10, ping_timeout=10, close_timeout=2) as socket:
            yield socket

    async def _hears_end(self, socket: websockets.ClientConnection, analysis_id: str) -> bool:
        """True: it was told. False: the socket closed, or went deaf."""
        ended_s: float | None = None
        while True:
            try:
                async with asyncio.timeout(5):
                    message = json.loads(await socket.recv())
            except TimeoutError:
                if ended_s is not None and time.monotonic() - ended_s > DEAF_S:
                    self.notes.wrong.append(f"a socket did not tell of the end of {analysis_id}")
                    return False
                found = (await self.ask("GET", f"/api/v1/analyses/{analysis_id}")).json()
                if ended_s is None and (found.get("state") in ENDED or "error" in found):
                    ended_s = time.monotonic()
                continue
            row = message.get("analysis", {})
            if row.get("id") == analysis_id and row["state"] in ENDED:
                return True
            told = str(message.get("type", "")).removeprefix("analysis.")
            if message.get("analysis_id") == analysis_id and told in ENDED:
                return True


DEAF_S = 15
ENDED: Collection[str] = ("completed", "failed", "canceled")
