"""Live events: published by workers and the API, fanned out to sockets by one subscription per process."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from ascension.errors import message_of
from ascension.infra.logging import get_logger
from ascension.infra.streams import Streams, StreamsUnavailable
from ascension.jobs.queries import Job

EventName = Literal["queued", "started", "progress", "completed", "failed", "canceled"]
MAX_WAITING_EVENTS = 256
RECONNECT_S = 0.5
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
    with suppress(*StreamsUnavailable):
        await streams.publish(_channel(job.user_id), json.dumps(message))


async def publish_state(streams: Streams, job: Job) -> None:
    """Tell the user the state that a row has just reached."""
    event = _STATE_EVENTS.get(job.state)
    if event:
        await publish(streams, job, event, progress_pct=100 if event == "completed" else 0)


def _channel(user_id: UUID | str) -> str:
    return f"events:{user_id}"


Listener = asyncio.Queue[str | None]


def _put(queue: Listener, message: str | None) -> None:
    if queue.full():
        queue.get_nowait()  # a slow reader loses the oldest progress, never the process
    queue.put_nowait(message)


class EventHub:
    """One pattern subscription per process; each socket gets a bounded queue of its user's messages."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._queues: dict[str, set[Listener]] = defaultdict(set)
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
        """Say to every listener that events may be missing: only the rows know."""
        for queues in self._queues.values():
            for queue in queues:
                _put(queue, None)

    def _fan_out(self, channel: str, message: str) -> None:
        for queue in self._queues.get(channel, ()):
            _put(queue, message)

    @asynccontextmanager
    async def listen(self, user_id: UUID) -> AsyncGenerator[Listener]:
        """A queue of this user's messages from now on; None in it: some may be missing, read the rows."""
        channel = _channel(user_id)
        queue: Listener = asyncio.Queue(MAX_WAITING_EVENTS)
        self._queues[channel].add(queue)
        try:
            yield queue
        finally:
            self._queues[channel].discard(queue)
            if not self._queues[channel]:
                del self._queues[channel]
