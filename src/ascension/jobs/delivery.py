"""Delivery of job ids: one stream per tier, read by weight: paying tiers go first and none starves."""

from collections.abc import Iterable
from uuid import UUID

from ascension.infra.streams import Entry, Streams, StreamsUnavailable
from ascension.jobs.turns import WEIGHTS, Turns

GROUP = "workers"
MAX_STREAM_LENGTH = 100_000


def stream_of(tier: str) -> str:
    """The stream that delivers this tier's jobs."""
    return f"jobs:{tier if tier in WEIGHTS else 'free'}"


async def push(streams: Streams, tier: str, job_id: UUID) -> bool:
    """Deliver a job id. False when the streams do not answer: the sweep delivers it again later."""
    try:
        await streams.add(stream_of(tier), {"id": str(job_id)}, max_length=MAX_STREAM_LENGTH)
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

    async def take(self) -> Entry | None:
        """The next entry, or None after a short wait without any.

        Raises:
            redis.RedisError, OSError: the streams do not answer.
        """
        order = self._turns.order()
        for tier in order:
            stream = stream_of(tier)
            entry = await self._group.take_over(stream, idle_ms=self._take_over_idle_ms)
            if entry is None:
                entry = next(iter(await self._group.read([stream], block=False)), None)
            if entry is not None:
                self._turns.charge(tier)
                return entry
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
