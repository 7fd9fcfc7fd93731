"""Live events: published by workers and the API, fanned out to sockets by one subscription per process."""

import asyncio
import json
import math
import random
import re
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from prometheus_client import Counter, Gauge

from ascension.errors import message_of
from ascension.errors.http import Overloaded, TooManyAtOnce
from ascension.infra.logging import get_logger
from ascension.infra.streams import Streams, StreamsUnavailable
from ascension.jobs.queries import Job

EventName = Literal["queued", "started", "progress", "completed", "failed", "canceled"]
RECONNECT_S = 0.5
ACCOUNT_GONE = '{"type": "account.gone"}'
SESSIONS_ENDED = '{"type": "sessions.ended"'
MAX_WAITING_EVENTS = 256
MAX_WAITING_CHARS = 256 * 1024
MAX_AGE_S = 3600
"""A socket ends then and comes again: its session is looked at anew, should no message of its end come."""

COMMIT_S = 2.0
"""An end may be committed this long after its time: rows read meanwhile do not have it."""
_END_HEAD = re.compile(r'\{"type": "\w+\.(?:completed|failed|canceled)", "\w+_id": "[^"]+"')
"""How a message of `_text` that tells an end begins: what ended, and how."""

Ending = Literal["left", "slow", "missed", "gone", "old"]
"""Why a socket ends: its client went, or does not read; events may be missing; its account ended; its age."""
SOCKETS = Gauge("ascension_sockets", "Live sockets that are open")
SOCKETS_ENDED = Counter("ascension_sockets_ended_total", "Live sockets that ended", ["reason"])
ENDS_REMINDED = Counter(
    "ascension_ends_reminded_total", "Ends of jobs that rows told, because no message did"
)
SOCKETS_REFUSED = Counter("ascension_sockets_refused_total", "Live sockets beyond a bound", ["bound"])
_STATE_EVENTS: dict[str, EventName] = {
    "queued": "queued",
    "done": "completed",
    "failed": "failed",
    "dead": "failed",
    "canceled": "canceled",
}


async def publish(
    streams: Streams,
    job: Job,
    event: EventName,
    *,
    stage: str | None = None,
    progress_pct: int = 0,
    figures: dict[str, float] | None = None,
) -> None:
    """Tell the job's user. Best effort: the row says the same to whoever asks."""
    text = _text(job, event, stage=stage, progress_pct=progress_pct, figures=figures)
    with suppress(*StreamsUnavailable):
        await streams.publish(_channel(job.user_id), text)


async def publish_state(streams: Streams, job: Job) -> None:
    """Tell the user the state that a row has just reached."""
    if news := news_of(job):
        with suppress(*StreamsUnavailable):
            await streams.publish(*news)


async def publish_change(streams: Streams, user_id: UUID, subject: str, subject_id: UUID) -> None:
    """Tell a user's devices that a row of theirs has changed, or is gone: who shows it asks for it."""
    message = {
        "type": f"{subject}.changed",
        f"{subject}_id": str(subject_id),
        "at": datetime.now(UTC).isoformat(),
    }
    with suppress(*StreamsUnavailable):
        await streams.publish(_channel(user_id), json.dumps(message))


def news_of(job: Job) -> tuple[str, str] | None:
    """Where, and in which words, the state is told that a row has just reached; None: `started` tells it."""
    event = _STATE_EVENTS.get(job.state)
    if event is None:
        return None
    return _channel(job.user_id), _text(job, event, progress_pct=100 if event == "completed" else 0)


def _text(
    job: Job,
    event: EventName,
    *,
    stage: str | None = None,
    progress_pct: int = 0,
    figures: dict[str, float] | None = None,
) -> str:
    failure = None
    if job.failure_code:
        detail = job.failure_detail or message_of(job.failure_code)
        failure = {"error": job.failure_code, "detail": detail}
    message = {
        "type": f"{job.kind}.{event}",
        f"{job.kind}_id": str(job.subject_id),
        "at": datetime.now(UTC).isoformat(),
        "stage": stage,
        "progress_pct": progress_pct,
        "attempt": job.attempt,
        "figures": figures or {},
        "failure": failure,
    }
    return json.dumps(message)


async def end_sockets(streams: Streams, user_id: UUID) -> None:
    """Close every live socket of an account that is gone, in every replica.

    One that this does not reach ends within `MAX_AGE_S`.

    Raises:
        redis.RedisError, OSError, TimeoutError: the streams do not answer.
    """
    await streams.publish(_channel(user_id), ACCOUNT_GONE)


async def end_sessions(streams: Streams, user_id: UUID, session_ids: Collection[UUID]) -> None:
    """Tell every replica that these sessions of a user have ended: their sockets close, others stay.

    Best effort: each replica asks the database, too.
    """
    message = {"type": "sessions.ended", "session_ids": [str(session_id) for session_id in session_ids]}
    with suppress(*StreamsUnavailable):
        await streams.publish(_channel(user_id), json.dumps(message))


def _channel(user_id: UUID | str) -> str:
    return f"events:{user_id}"


class Listener:
    """What one socket has still to be told. Bounded: who falls behind is ended, comes again for the rows."""

    def __init__(self, session_id: UUID | None) -> None:
        self.session_id = session_id
        self.ending: Ending | None = None
        self.began_s = asyncio.get_running_loop().time()
        self._messages: deque[str] = deque()
        self._chars = 0
        self._news = asyncio.Event()

    def put(self, message: str) -> None:
        """One more message; the one too many ends the socket."""
        self._messages.append(message)
        self._chars += len(message)
        self._news.set()
        if len(self._messages) > MAX_WAITING_EVENTS or self._chars > MAX_WAITING_CHARS:
            self.end("slow")

    def end(self, ending: Ending) -> None:
        """What waits is dropped: the rows say it all. The first reason stands."""
        self.ending = self.ending or ending
        self._messages.clear()
        self._chars = 0
        self._news.set()

    async def next(self) -> str | None:
        """The next message; None: see `ending`."""
        while self.ending is None:
            if self._messages:
                message = self._messages.popleft()
                self._chars -= len(message)
                return message
            self._news.clear()
            await self._news.wait()
        return None


class EventHub:
    """One pattern subscription per process; each socket gets its user's messages, up to a bound."""

    def __init__(
        self,
        streams: Streams,
        *,
        max_sockets: int,
        max_per_user: int,
        hear_ended: Callable[[Collection[UUID]], None],
    ) -> None:
        """`hear_ended`: is told of sessions that ended, here or in another replica."""
        self._streams = streams
        self._hear_ended = hear_ended
        self._max_sockets = max_sockets
        self._max_per_user = max_per_user
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._heard_s: dict[str, float] = {}
        self._count = 0
        self.connected = False

    async def run(self) -> None:
        """Listen until canceled, reconnecting when the streams come back."""
        while True:
            try:
                async with self._streams.subscribe(_channel("*")) as subscription:
                    self._interrupt()  # who began to listen before this may have missed something
                    self.connected = True
                    while True:
                        message = await subscription.next()
                        if message is not None:
                            self._fan_out(*message)
            except StreamsUnavailable as error:
                if self.connected:
                    get_logger().warning("live_channel_lost", reason=type(error).__name__)
                    self._interrupt()
                self.connected = False
                await asyncio.sleep(RECONNECT_S)

    def _interrupt(self) -> None:
        """Events may be missing: only the rows know, so every socket comes again for them."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end("missed")

    def users(self) -> Collection[UUID]:
        """Whose sockets are open here."""
        return [UUID(channel.removeprefix(_channel(""))) for channel in self._listeners]

    def remind(self, job: Job, age_s: float) -> None:
        """Tell an end that no message told, to whoever listened when it came: later rows have it.

        age_s: how long ago it came. Told twice where its message is still under way.
        """
        if (news := news_of(job)) is None or (head := _END_HEAD.match(news[1])) is None:
            return
        came_s = asyncio.get_running_loop().time() - age_s
        if self._heard_s.get(head[0], -math.inf) >= came_s:
            return
        ENDS_REMINDED.inc()
        self._fan_out(*news, began_by_s=came_s + COMMIT_S)

    def forget(self, before_s: float) -> None:
        """Which ends were heard before: nobody is reminded of those any more."""
        self._heard_s = {head: at_s for head, at_s in self._heard_s.items() if at_s >= before_s}

    def _fan_out(self, channel: str, message: str, *, began_by_s: float = math.inf) -> None:
        listeners = [each for each in self._listeners.get(channel, ()) if each.began_s <= began_by_s]
        if listeners and (head := _END_HEAD.match(message)):
            self._heard_s[head[0]] = asyncio.get_running_loop().time()
        if message.startswith(SESSIONS_ENDED):
            session_ids = {UUID(told) for told in json.loads(message)["session_ids"]}
            self._hear_ended(session_ids)
            self.end_sockets(session_ids)
            return
        for listener in listeners:
            if message == ACCOUNT_GONE:
                listener.end("gone")
            elif listener.ending is None:
                listener.put(message)

    def end_sockets(self, session_ids: Collection[UUID]) -> None:
        """Close what these sessions have open here."""
        for listeners in self._listeners.values():
            for listener in listeners:
                if listener.session_id in session_ids:
                    listener.end("gone")

    @asynccontextmanager
    async def listen(self, user_id: UUID, session_id: UUID | None = None) -> AsyncGenerator[Listener]:
        """This user's messages from now on, until this session ends.

        Raises:
            TooManyAtOnce: the user has as many sockets here as one may have.
            Overloaded: the process has.
        """
        channel = _channel(user_id)
        if self._count >= self._max_sockets:
            SOCKETS_REFUSED.labels("process").inc()
            raise Overloaded
        if len(self._listeners.get(channel, ())) >= self._max_per_user:
            SOCKETS_REFUSED.labels("user").inc()
            raise TooManyAtOnce
        listener = Listener(session_id)
        age_s = MAX_AGE_S * random.uniform(0.9, 1)  # noqa: S311 (so that not all come again at once)
        aging = asyncio.get_running_loop().call_later(age_s, listener.end, "old")
        self._listeners[channel].add(listener)
        self._count += 1
        SOCKETS.inc()
        try:
            yield listener
        finally:
            aging.cancel()
            SOCKETS.dec()
            self._count -= 1
            self._listeners[channel].discard(listener)
            if not self._listeners[channel]:
                del self._listeners[channel]
            SOCKETS_ENDED.labels(listener.ending or "left").inc()
