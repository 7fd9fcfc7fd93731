"""What a user does, by an account of our own: log in, upload, wait, read; then it is removed again."""

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from ascension.staging import web
from ascension.staging.findings import Finding, Probe, Target, judge, manual

ANALYZED_WITHIN_S: Final = 600
ASK_EVERY_S: Final = 2
HOW = "name a file with the address and password of a probe account: --probe FILE"


class _RefusedError(Exception):
    """A step, and what it was answered."""


async def travel(target: Target) -> list[Finding]:
    """Every step of the documented journey, and CORS of the bucket as the page needs it."""
    if target.probe is None:
        return manual(f"film a climb and look at its skeleton; or {HOW}")
    began = time.monotonic()
    async with web.session(target) as http:
        visit = _Visit(target, http)
        try:
            await visit.log_in(target.probe)
            video = await visit.upload(target.clip.read_bytes())
            analysis = await visit.analyze(video)
            size_bytes = await visit.read(analysis)
        except _RefusedError as refusal:
            return [*visit.found, judge(str(refusal), holds=False)]
        finally:
            await visit.clear()
    took_s = time.monotonic() - began
    told = f"uploaded, analyzed, read in {took_s:.0f} s: {size_bytes / 1000:.0f} kB; removed again"
    return [*visit.found, judge(told, holds=size_bytes > 0)]


class _Visit:
    """One session of the probe account."""

    def __init__(self, target: Target, http: aiohttp.ClientSession) -> None:
        self._target, self._http = target, http
        self._headers: dict[str, str] = {}
        self._made: list[str] = []
        self.found: list[Finding] = []

    async def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Raises _RefusedError, which tells the answer's code and no more: addresses and tokens stay out."""
        headers = self._headers | ({"Idempotency-Key": uuid4().hex} if method == "POST" else {})
        url = f"{self._target.url}/api/v1{path}"
        async with self._http.request(method, url, json=body, headers=headers) as answer:
            if answer.status >= 400:
                raise _RefusedError(f"{method} {path.split('/')[1]} answers {answer.status}")
            return await answer.json() if answer.content_type == "application/json" else {}

    async def log_in(self, probe: Probe) -> None:
        told = await self.call("POST", "/auth/login", {"email": probe.email, "password": probe.password})
        if "access_token" not in told:
            raise _RefusedError("the probe account has a second factor: use one without")
        self._headers = {"Authorization": f"Bearer {told['access_token']}"}

    async def upload(self, clip: bytes) -> str:
        """The whole upload contract; the id of the video."""
        video = await self.call(
            "POST",
            "/videos",
            {"file_name": self._target.clip.name, "content_type": "video/mp4", "size_bytes": len(clip)},
        )
        self._made.append(f"/videos/{video['id']}")
        step = video["part_size_bytes"]
        for number in range(1, video["part_count"] + 1):
            part = clip[(number - 1) * step : number * step]
            digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
            link = await self.call(
                "POST", f"/videos/{video['id']}/parts", {"part_number": number, "sha256": digest}
            )
            if number == 1:
                await self._preflight(link["url"])
            async with self._http.put(link["url"], data=part, headers=link["headers"]) as answer:
                if answer.status != 200:
                    raise _RefusedError(f"storage answers {answer.status} to a part")
        await self.call("POST", f"/videos/{video['id']}/complete")
        return str(video["id"])

    async def _preflight(self, link: str) -> None:
        """The bucket lets pages of this origin in, and of no other."""
        for origin, is_ours in ((f"https://{self._target.name}", True), ("https://elsewhere.example", False)):
            asked = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
            async with self._http.options(link, headers=asked) as answer:
                allowed = answer.headers.get("Access-Control-Allow-Origin", "")
            is_in = answer.status < 300 and allowed in (origin, "*")
            what = "lets in" if is_in else "refuses"
            self.found.append(
                judge(f"{urlsplit(link).hostname} {what} pages of {origin}", holds=is_in == is_ours)
            )

    async def analyze(self, video: str) -> str:
        """Until the result is there; the id of the analysis."""
        made = await self.call("POST", "/analyses", {"video_id": video})
        self._made.insert(0, f"/analyses/{made['id']}")
        deadline = time.monotonic() + ANALYZED_WITHIN_S
        while time.monotonic() < deadline:
            state = (await self.call("GET", f"/analyses/{made['id']}"))["state"]
            if state == "completed":
                return str(made["id"])
            if state in ("failed", "canceled"):
                raise _RefusedError(f"the analysis is {state}")
            await asyncio.sleep(ASK_EVERY_S)
        raise _RefusedError(f"the analysis has no end after {ANALYZED_WITHIN_S} s: is a worker there?")

    async def read(self, analysis: str) -> int:
        """Bytes of its result."""
        url = f"{self._target.url}/api/v1/analyses/{analysis}/result"
        async with self._http.get(url, headers=self._headers) as answer:
            if answer.status != 200:
                raise _RefusedError(f"the result answers {answer.status}")
            return len(await answer.read())

    async def clear(self) -> None:
        """What was made goes; what cannot be removed is told."""
        for path in self._made:
            try:
                await self.call("DELETE", path)
            except (_RefusedError, *web.UNREACHED):
                self.found.append(judge(f"{path} of the probe account could not be removed", holds=False))
