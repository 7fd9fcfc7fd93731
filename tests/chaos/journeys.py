"""What people do during a run, and what each is owed at its end."""

import asyncio
import random
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2 as httpx
import psycopg

from tests.chaos import compute
from tests.chaos.client import GaveUpError, Notes, Visitor
from tests.clips import CLIMB, short_climb
from tests.conftest import Engines
from tests.like_a_clip import like_a_clip
from tests.rows import sql

Clip = Literal["cheap", "real", "nobody", "crashes", "no video"]
TIERS = ("infinity", "premium", "free")
OURS = ("compute_crashed", "worker_lost")
"""Reasons that chaos itself may give an innocent clip: a good client asks again."""
LARGE_BYTES = 5 * 1024 * 1024 + 1000  # a second part
ANALYSES_OF_A_CLIP = 4
MAX_RETRIES = 6


@dataclass
class Owed:
    """One analysis that the API has said it took, and what became of it in its user's eyes."""

    analysis_id: str
    user_id: str
    video_id: str
    clip: Clip
    nonce: int = 0
    state: str = "asked"
    reason: str | None = None
    retries: int = 0
    cancel_asked: bool = False
    delete_asked: bool = False
    etag: str | None = None


@dataclass
class Crowd:
    """All visitors of a run, and how many analyses they are to ask for by when."""

    engines: Engines
    urls: list[str]
    jobs: int
    seconds: float
    compute_s: tuple[float, float]
    seed: int
    notes: Notes = field(default_factory=Notes)
    owed: list[Owed] = field(default_factory=list[Owed])
    visitors: list[Visitor] = field(default_factory=list[Visitor])
    journeys: Counter[str] = field(default_factory=Counter[str])
    deleted_videos: list[str] = field(default_factory=list[str])
    erased: list[str] = field(default_factory=list[str])
    _asked: int = 0
    _began_s: float = 0.0
    _clips: list[Clip] = field(default_factory=list[Clip])

    async def run(self, people: int) -> None:
        """Everybody at once, until enough was asked for and every end was seen."""
        self._began_s = time.monotonic()
        self._clips = mix(self.jobs, self.seed)
        async with httpx.AsyncClient(timeout=30) as storage, asyncio.TaskGroup() as group:
            for number in range(people):
                group.create_task(self._person(number, storage))
        for visitor in self.visitors:
            await visitor.close()

    async def _person(self, number: int, storage: httpx.AsyncClient) -> None:
        """One after the other accounts, because quotas end."""
        account = 0
        while self._asked < self.jobs:
            visitor = Visitor(self.urls, storage, self.notes, hash((self.seed, number, account)))
            self.visitors.append(visitor)
            await self._live_one(visitor, TIERS[(number + account) % len(TIERS)])
            account += 1

    async def _live_one(self, visitor: Visitor, tier: str) -> None:
        try:
            await visitor.register()
            self.journeys["registered"] += 1
            await self._set_tier(visitor, tier)
            while self._asked < self.jobs and await self._climb(visitor):
                pass
            if visitor.dice.random() < 0.4:
                await self._erase(visitor)
        except GaveUpError:
            return  # it stands in the notes

    async def _erase(self, visitor: Visitor) -> None:
        for owed in self.owed:
            if owed.user_id == visitor.user_id:
                owed.delete_asked = True
        self.erased.append(visitor.user_id)
        self._expect(await visitor.erase(), f"not erased: {visitor.user_id}")
        self.journeys["account erased"] += 1

    async def _set_tier(self, visitor: Visitor, tier: str) -> None:
        while True:
            try:
                await sql(self.engines, "update users set tier = %s where id = %s", tier, visitor.user_id)
            except psycopg.OperationalError:
                await asyncio.sleep(0.5)
            else:
                return

    async def _turn(self) -> bool:
        """Wait for this analysis' place in time. False: enough were asked for."""
        if self._asked >= self.jobs:
            return False
        place, self._asked = self._asked, self._asked + 1
        due_s = self._began_s + self.seconds * place / self.jobs
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        return True

    async def _climb(self, visitor: Visitor) -> bool:
        """One clip: uploaded, analyzed a few times, now and then taken away. False: the quota is used up."""
        dice = visitor.dice
        clip = self._clips.pop() if self._clips else "cheap"
        nonce = dice.randrange(1, 2**31)
        content, resume = _content(clip, dice, nonce, self.compute_s)
        if dice.random() < 0.05:
            body = {"file_name": "left.mp4", "content_type": "video/mp4", "size_bytes": 1000}
            await visitor.ask("POST", "/api/v1/videos", body)
            self.journeys["upload left alone"] += 1
        video = await visitor.upload(content, resume=resume)
        self.journeys["uploaded, resumed" if resume else "uploaded"] += 1
        if dice.random() < 0.1:
            path = f"/api/v1/videos/{video['id']}/complete"
            twice = await asyncio.gather(visitor.ask("POST", path), visitor.ask("POST", path))
            self._expect(all(answer.status_code == 200 for answer in twice), f"confirmed twice: {path}")
            self.journeys["confirmed again"] += 1
        saved = dice.random() < 0.12 and await self._save(visitor, video["id"], "PUT")
        for _ in range(ANALYSES_OF_A_CLIP if clip == "cheap" else 1):
            if not await self._turn():
                break
            if not await self._analyze(visitor, video["id"], clip, nonce):
                return False
        if saved and dice.random() < 0.5:
            await self._save(visitor, video["id"], "DELETE")
        if dice.random() < 0.1:
            await self._delete_video(visitor, video["id"])
        return True

    async def _save(self, visitor: Visitor, video_id: str, method: str) -> bool:
        """Keep the video, or give it up; again while a move that died holds it."""
        answer = await visitor.ask(method, f"/api/v1/videos/{video_id}/saved")
        while answer.status_code == 409 and answer.json()["error"] == "video_moving":
            await asyncio.sleep(2)
            answer = await visitor.ask(method, f"/api/v1/videos/{video_id}/saved")
        self._expect(answer.status_code == 200, f"{method} saved: {answer.text}")
        self.journeys["saved" if method == "PUT" else "given up"] += 1
        return True

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.notes.wrong.append(what)

    async def _analyze(self, visitor: Visitor, video_id: str, clip: Clip, nonce: int) -> bool:
        """Ask with a key, sometimes twice at once; follow it to its end. False: the quota is used up."""
        key, body = secrets.token_hex(8), {"video_id": video_id}
        times = 2 if visitor.dice.random() < 0.05 else 1
        answers = await asyncio.gather(
            *(visitor.ask("POST", "/api/v1/analyses", body, key=key) for _ in range(times))
        )
        if answers[0].status_code == 403:
            self._asked -= 1
            self._expect(answers[0].json()["error"] == "quota_exceeded", answers[0].text)
            await self._check_quota(visitor)
            return False
        for answer in answers:
            self._expect(answer.status_code == 201, f"analysis refused: {answer.text}")
        if answers[0].status_code != 201:
            return True
        ids = {answer.json()["id"] for answer in answers if answer.status_code == 201}
        self._expect(len(ids) == 1, f"one key, two analyses: {ids}")
        owed = Owed(answers[0].json()["id"], visitor.user_id, video_id, clip, nonce)
        self.owed.append(owed)
        await self._follow(visitor, owed)
        return True

    async def _check_quota(self, visitor: Visitor) -> None:
        """Refused exactly at the limit: what completed, and perhaps what was deleted before its end."""
        quota = (await visitor.ask("GET", "/api/v1/users/me")).json()["quota"]
        own = Counter(one.state for one in self.owed if one.user_id == visitor.user_id)
        completed, gone = own["completed"], own["gone"]
        self._expect(
            quota["used"] == quota["limit"] and completed <= quota["used"] <= completed + gone,
            f"refused at {quota}, {dict(own)}, user {visitor.user_id}",
        )
        self.journeys["quota used up"] += 1

    async def _follow(self, visitor: Visitor, owed: Owed) -> None:
        luck = visitor.dice.random()
        if owed.clip == "cheap" and luck < 0.06:
            await self._cancel(visitor, owed)
        elif owed.clip == "cheap" and luck < 0.1:
            await self._delete(visitor, owed)
            return
        end = await self._see_end(visitor, owed)
        while end.get("state") != "completed" and owed.retries < MAX_RETRIES and self._asks_again(owed):
            owed.retries += 1
            self.journeys["asked again after our failure or a cancel"] += 1
            again = await visitor.ask("POST", f"/api/v1/analyses/{owed.analysis_id}/retry")
            # 409: an answer was lost and it is waiting already. 403: what was given back has been used since
            if again.status_code == 403:
                break
            end = await self._see_end(visitor, owed)
        if owed.state == "completed":
            answer = await visitor.ask("GET", f"/api/v1/analyses/{owed.analysis_id}/result")
            owed.etag = answer.headers.get("etag", "").strip('"')

    def _asks_again(self, owed: Owed) -> bool:
        if owed.state == "canceled":
            return owed.nonce % 2 == 0
        return owed.clip != "crashes" and owed.reason in OURS

    async def _see_end(self, visitor: Visitor, owed: Owed) -> dict[str, Any]:
        socket = visitor.dice.random() < 0.3
        self.journeys["followed on a socket" if socket else "followed by asking"] += 1
        see: Callable[[str], Awaitable[dict[str, Any]]] = visitor.watch if socket else visitor.wait
        end = await see(owed.analysis_id)
        owed.state = end.get("state", "gone")
        failure: dict[str, str] | None = end.get("failure")
        owed.reason = failure["error"] if failure else None
        return end

    async def _cancel(self, visitor: Visitor, owed: Owed) -> None:
        await asyncio.sleep(visitor.dice.uniform(0, 1))
        answer = await visitor.ask("POST", f"/api/v1/analyses/{owed.analysis_id}/cancel")
        # 409: it has ended, or an answer was lost and it is canceled already
        self._expect(answer.status_code in (202, 409), f"cancel: {answer.text}")
        owed.cancel_asked = True
        self.journeys["canceled"] += 1

    async def _delete(self, visitor: Visitor, owed: Owed) -> None:
        await asyncio.sleep(visitor.dice.uniform(0, 1))
        owed.delete_asked = True
        answer = await visitor.ask("DELETE", f"/api/v1/analyses/{owed.analysis_id}?for_good=true")
        self._expect(answer.status_code in (204, 404), f"delete: {answer.text}")
        gone = await visitor.ask("GET", f"/api/v1/analyses/{owed.analysis_id}")
        self._expect(gone.status_code == 404, f"deleted and still there: {owed.analysis_id}")
        owed.state = "gone"
        self.journeys["deleted while waiting or running"] += 1

    async def _delete_video(self, visitor: Visitor, video_id: str) -> None:
        for owed in self.owed:
            if owed.video_id == video_id:
                owed.delete_asked = True
        answer = await visitor.ask("DELETE", f"/api/v1/videos/{video_id}?for_good=true")
        self._expect(answer.status_code in (204, 404), f"delete video: {answer.text}")
        self.deleted_videos.append(video_id)
        self.journeys["video deleted"] += 1


def mix(jobs: int, seed: int) -> list[Clip]:
    """The clips of a run, in an order of the seed's; cheap ones are asked for several times each."""
    special = Counter[Clip](
        {
            "real": max(2, jobs // 40),
            "crashes": max(2, jobs // 200),
            "nobody": max(2, jobs // 100),
            "no video": max(1, jobs // 100),
        }
    )
    special["cheap"] = (jobs - special.total()) // ANALYSES_OF_A_CLIP
    found = list(special.elements())
    random.Random(seed).shuffle(found)
    return found


def _content(
    clip: Clip, dice: random.Random, nonce: int, compute_s: tuple[float, float]
) -> tuple[bytes, bool]:
    """The file, and whether its upload is interrupted and resumed."""
    if clip == "real":
        return (CLIMB.read_bytes() if dice.random() < 0.1 else short_climb(12)), False
    if clip == "no video":
        return like_a_clip(b"not a video, " * 50), False
    does = {"cheap": "computes", "nobody": "nobody", "crashes": "crashes"}[clip]
    large = dice.random() < 0.06
    seconds = dice.uniform(*compute_s)
    content = compute.cheap_clip(
        does, seconds=seconds, nonce=nonce, padding_bytes=LARGE_BYTES if large else 0
    )
    return content, large


def outcomes(owed: Sequence[Owed]) -> Counter[str]:
    """How analyses ended in their users' eyes."""
    return Counter(f"{one.state}{f' ({one.reason})' if one.reason else ''}" for one in owed)
