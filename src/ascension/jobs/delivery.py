"""Delivery of job ids: one stream per tier, read by weight: paying tiers go first and none starves."""

import time
from collections.abc import Iterable
from uuid import UUID

from ascension.infra.streams import Entry, Streams, StreamsUnavailable
from ascension.jobs.turns import WEIGHTS, Turns

GROUP = "workers"
MAX_STREAM_LENGTH = 100_000
TAKE_OVER_EVERY_S = 1.0
"""How often a reader looks for what others took and left: they left it for a whole lease."""


def stream_of(tier: str) -> str:
    """The stream that delivers this tier's jobs."""
    return f"jobs:{tier if tier in WEIGHTS else 'free'}"


async def push(streams: Streams, tier: str, job_id: UUID, *, news: tuple[str, str] | None = None) -> bool:
    """Deliver a job id. False when the streams do not answer: the sweep delivers it again later.

    `news`: a channel and what it hears before anybody can take the job.
    """
    fields = {"id": str(job_id)}
    try:
        await streams.add(stream_of(tier), fields, max_length=MAX_STREAM_LENGTH, after=news)
    except StreamsUnavailable:
        return False
    return True


async def waiting_s(streams: Streams) -> dict[str, float]:
    """How long the oldest entry of each tier has waited for a worker; 0 where none waits.

    Streams are read in order. So what was delivered before that entry, and still waits as a row, is lost
    from its stream: forgotten, trimmed, or taken by a worker that died before it claimed the row.

    Raises:
        redis.RedisError, OSError, TimeoutError: the streams do not answer.
    """
    return {tier: await streams.unread_for_s(stream_of(tier), GROUP) for tier in WEIGHTS}


async def withdraw(streams: Streams, jobs: Iterable[tuple[str, UUID]]) -> None:
    """Take the deliveries of these jobs (tier and id) out of their streams, whoever holds them."""
    by_stream: dict[str, set[str]] = {}
    for tier, job_id in jobs:
        by_stream.setdefault(stream_of(tier), set()).add(str(job_id))
    for stream, ids in by_stream.items():
        await streams.drop_messages(stream, "id", ids)


class WeightedReader:
    """One worker's consumer. The tier that has waited longest for its weight is asked first."""

    def __init__(self, streams: Streams, *, consumer: str, take_over_idle_s: float) -> None:
        self._streams = streams
        self._group = streams.group(
            name=GROUP, consumer=consumer, streams=[stream_of(tier) for tier in WEIGHTS]
        )
        self._turns = Turns()
        self._take_over_idle_ms = int(take_over_idle_s * 1000)
        self._looked_s = float("-inf")

    async def take(self) -> Entry | None:
        """The next entry, or None after a short wait without any.

        Raises:
            redis.RedisError, OSError: the streams do not answer.
        """
        order = self._turns.order()
        began_s = time.monotonic()
        looks = began_s - self._looked_s >= TAKE_OVER_EVERY_S
        for tier in order:
            stream, entry = stream_of(tier), None
            if looks:
                entry = await self._group.take_over(stream, idle_ms=self._take_over_idle_ms)
            if entry is None:
                entry = next(iter(await self._group.read([stream], block=False)), None)
            if entry is not None:
                self._turns.charge(tier)
                return entry
        if looks:  # at every tier
            self._looked_s = began_s
        waiting = await self._group.read([stream_of(tier) for tier in order], block=True)
        for extra in waiting[1:]:  # two tiers woke us at once: others may be idle, so pass the rest on
            await self._streams.add(extra.stream, extra.fields, max_length=MAX_STREAM_LENGTH)
            await self._group.done(extra)
        return waiting[0] if waiting else None

    async def keep(self, entry: Entry) -> None:
        """Say that the entry is being worked on."""
        await self._group.keep(entry)

    async def done(self, entry: Entry) -> None:
        """The row knows the outcome: remove the entry."""
        await self._group.done(entry)

    async def leave(self) -> None:
        """Take this consumer's name out of the group, unless entries hang on it."""
        await self._group.leave()

    async def forget_silent(self, *, idle_s: float) -> None:
        """Take out the names of consumers that were silent for long, and on which nothing hangs."""
        await self._group.forget_silent(idle_ms=int(idle_s * 1000))
