"""Valkey or Redis behind one typed door: streams with groups, publish and subscribe, one-time values.

Knows four traps: FLUSHALL during a blocked XREADGROUP answers UNBLOCKED instead of NOGROUP; a call's limit
must exceed BLOCK; a group re-created after a loss starts at id 0, or entries stay unread; the client's own
socket timeout uses wait_for, which in Python 3.11 swallows a cancel now and then, so the limit is ours.
"""

import asyncio
import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError, ResponseError

from ascension.infra.figures import count_failure
from ascension.infra.logging import get_logger

CONNECT_TIMEOUT_S = 2
CALL_TIMEOUT_S = 5
BLOCK_MS = 2000
LISTEN_S = 2
SCAN_COUNT = 500
CLOCK_TOLERANCE_S = 1
T = TypeVar("T")
# A bucket that refills evenly, as the moment it will be full again (ms, the server's clock). A clock that was
# set back costs one full bucket at most.
SPEND = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local refill, room = tonumber(ARGV[1]), tonumber(ARGV[1]) * tonumber(ARGV[2])
local full_at = math.min(math.max(tonumber(redis.call('GET', KEYS[1]) or now), now), now + room)
local taken = math.min(math.floor((now + room - full_at) / refill), tonumber(ARGV[3]))
if taken < 1 then return {0, math.ceil(full_at + refill - now - room), math.ceil(full_at - now)} end
full_at = full_at + taken * refill
redis.call('SET', KEYS[1], full_at, 'PX', math.ceil(full_at - now))
return {taken, 0, math.ceil(full_at - now)}
"""

StreamsUnavailable = (RedisError, OSError, TimeoutError)
"""What any call here may raise when the server does not answer: for `except` clauses."""


@dataclass(frozen=True)
class Entry:
    """One delivery of one message."""

    stream: str
    entry_id: str
    fields: dict[str, str]


@asynccontextmanager
async def _limit(limit_s: float = CALL_TIMEOUT_S) -> AsyncGenerator[None]:
    """TimeoutError after the limit of the whole call, its retries included.

    Raises:
        ConnectionError: also where uvloop calls a connection that broke in the pool a RuntimeError.
    """
    try:
        async with asyncio.timeout(limit_s):
            yield
    except ResponseError:
        raise  # an answer
    except RuntimeError as error:
        count_failure("queue")
        raise ConnectionError(str(error)) from error
    except StreamsUnavailable:
        count_failure("queue")
        raise


async def _limited(call: Awaitable[T]) -> T:
    """The answer, within the limit."""
    async with _limit():
        return await call


class Streams:
    """One server. Gives up after seconds, reconnects by itself on the next call."""

    def __init__(self, url: str) -> None:
        # the library types its answers as unions of sync and async: this class is the typed boundary
        self._client: Any = redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            decode_responses=True,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=None,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries=2),
        )
        self._spend: Any = self._client.register_script(SPEND)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def ping(self) -> None:
        """Raises one of StreamsUnavailable when the server does not answer."""
        await _limited(self._client.ping())

    async def add(
        self,
        stream: str,
        fields: dict[str, str],
        *,
        max_length: int,
        after: tuple[str, str] | None = None,
    ) -> None:
        """Append one message, forgetting the oldest beyond about `max_length`.

        `after`: a channel and what it hears first, on the same way to the server.
        """
        async with self._client.pipeline(transaction=False) as pipe:
            if after is not None:
                pipe.publish(*after)
            pipe.xadd(stream, fields, maxlen=max_length, approximate=True)
            await _limited(pipe.execute())

    async def length(self, stream: str) -> int:
        """How many messages the stream holds."""
        return await _limited(self._client.xlen(stream))

    async def unread_for_s(self, stream: str, group: str) -> float:
        """How long the oldest entry that no consumer of the group has read is there; 0 without any.

        By the server's clock alone. Infinite when the entry is from its future: it was set back.
        """
        seconds, microseconds = await _limited(self._client.time())
        after = "0-0"
        try:
            for found in await _limited(self._client.xinfo_groups(stream)):
                if found["name"] == group:
                    after = found["last-delivered-id"]
        except ResponseError as error:
            if not str(error).lower().startswith(("no such key", "err no such key")):
                raise
        entries = await _limited(self._client.xrange(stream, min=f"({after}", count=1))
        if not entries:
            return 0.0
        age_s = seconds + microseconds / 1e6 - int(entries[0][0].partition("-")[0]) / 1e3
        return math.inf if age_s < -CLOCK_TOLERANCE_S else max(0.0, age_s)

    async def publish(self, channel: str, message: str) -> None:
        """Send to whoever listens now."""
        await _limited(self._client.publish(channel, message))

    async def put(self, key: str, value: str, *, ttl_s: int) -> None:
        """Keep a value for a while."""
        await _limited(self._client.set(key, value, ex=ttl_s))

    async def put_first(self, key: str, value: str, *, ttl_s: int) -> bool:
        """Keep a value for a while unless there is one. True: this call was the first."""
        return bool(await _limited(self._client.set(key, value, ex=ttl_s, nx=True)))

    async def count(self, key: str, *, ttl_s: int, by: int = 1) -> int:
        """Add to a number that is forgotten a while after its last change; what it is now."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.incrby(key, by)
            pipe.expire(key, ttl_s)
            number, _ = await _limited(pipe.execute())
        return int(number)

    async def remaining_s(self, key: str) -> float:
        """How long a value is still kept; 0: there is none."""
        return max(0, int(await _limited(self._client.pttl(key)))) / 1000

    async def drop(self, *keys: str) -> None:
        """Forget these values."""
        await _limited(self._client.delete(*keys))

    async def spend(
        self, key: str, *, refill_ms: float, size: int, wanted: int, within_s: float
    ) -> tuple[int, float, float]:
        """Take up to `wanted` of `size` out of a bucket that gets one back every `refill_ms`.

        How many it were, seconds until there is one (0 unless it were none), seconds until all are there.
        """
        async with _limit(within_s):
            taken, missing_ms, full_ms = await self._spend(keys=[key], args=[refill_ms, size, wanted])
        return taken, missing_ms / 1000, full_ms / 1000

    async def take(self, key: str) -> str | None:
        """Read a value and remove it, in one step: it can be taken once."""
        return await _limited(self._client.getdel(key))

    async def drop_values(self, pattern: str, start: str) -> None:
        """Remove the kept values under these keys that begin so."""
        async with _limit():
            async for key in self._client.scan_iter(match=pattern, count=SCAN_COUNT):
                if str(await self._client.get(key)).startswith(start):
                    await self._client.delete(key)

    async def drop_messages(self, stream: str, field: str, values: Collection[str]) -> None:
        """Remove the messages of which this field has one of these values, read already or not."""
        after = "-"
        async with _limit():
            while page := await self._client.xrange(stream, min=after, count=SCAN_COUNT):
                found = [entry_id for entry_id, fields in page if fields.get(field) in values]
                if found:
                    await self._client.xdel(stream, *found)
                after = f"({page[-1][0]}"

    @asynccontextmanager
    async def subscribe(self, pattern: str) -> AsyncGenerator["Subscription"]:
        """Listen to every channel that fits the pattern."""
        async with self._client.pubsub() as pubsub:
            await _limited(pubsub.psubscribe(pattern))
            subscription = Subscription(pubsub)
            await _limited(subscription.confirmed())
            yield subscription

    def group(self, *, name: str, consumer: str, streams: Sequence[str]) -> "StreamGroup":
        """One consumer's view of a group over several streams."""
        return StreamGroup(self._client, name, consumer, tuple(streams))


class Subscription:
    """Messages of a pattern. Those sent while the connection was gone are lost: its end is never hidden."""

    def __init__(self, pubsub: Any) -> None:  # noqa: ANN401 (untyped library)
        self._pubsub = pubsub
        self._asked = False

    async def confirmed(self) -> None:
        """From now on nothing is missed."""
        while True:
            message = await self._pubsub.get_message(timeout=LISTEN_S)
            if message is not None and message["type"] == "psubscribe":
                return

    async def next(self) -> tuple[str, str] | None:
        """(channel, message), or None after a short silence, in which the server is asked if it lives.

        Raises:
            ConnectionError: the client has connected anew, and messages between are lost.
            TimeoutError: the server does not answer.
        """
        message = await _limited(self._pubsub.get_message(timeout=LISTEN_S))
        if message is None:
            if self._asked:
                raise TimeoutError("no answer to a ping")
            self._asked = True
            await _limited(self._pubsub.ping())
            return None
        self._asked = False
        if message["type"] == "psubscribe":
            raise ConnectionError("subscribed anew")
        return (message["channel"], message["data"]) if message["type"] == "pmessage" else None


class StreamGroup:
    """One consumer's view of a group over several streams."""

    def __init__(self, client: Any, name: str, consumer: str, streams: tuple[str, ...]) -> None:  # noqa: ANN401
        self._client = client
        self._group = name
        self._consumer = consumer
        self._streams = streams

    async def create(self) -> None:
        """Make the group on every stream, where it is missing. A key of another type is put aside."""
        for stream in self._streams:
            try:
                await self._create(stream)
            except ResponseError as error:
                if not str(error).startswith("WRONGTYPE"):
                    raise
                # nobody could deliver while it lies there; rows know what waits, so nothing of ours is lost
                await _limited(self._client.rename(stream, f"{stream}:put-aside"))
                get_logger().error("foreign_key_put_aside", key=stream)
                await self._create(stream)

    async def _create(self, stream: str) -> None:
        try:
            await _limited(self._client.xgroup_create(stream, self._group, id="0", mkstream=True))
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def read(self, streams: Sequence[str], *, block: bool) -> list[Entry]:
        """At most one new entry per stream; waits up to BLOCK_MS when `block`. Heals a lost group."""
        try:
            answer: Any = await _limited(
                self._client.xreadgroup(
                    self._group,
                    self._consumer,
                    dict.fromkeys(streams, ">"),
                    count=1,
                    block=BLOCK_MS if block else None,
                )
            )
        except ResponseError as error:
            if not str(error).startswith(("NOGROUP", "UNBLOCKED", "WRONGTYPE")):
                raise
            await self.create()
            return []
        pairs: list[tuple[str, Any]] = list(answer.items() if hasattr(answer, "items") else answer or [])
        return [
            Entry(stream, entry_id, fields)
            for stream, messages in pairs
            for entry_id, fields in messages
            if fields
        ]

    async def take_over(self, stream: str, *, idle_ms: int) -> Entry | None:
        """One entry that a consumer took and has not touched for `idle_ms`."""
        try:
            answer: Any = await _limited(
                self._client.xautoclaim(
                    stream, self._group, self._consumer, min_idle_time=idle_ms, start_id="0-0", count=1
                )
            )
        except ResponseError as error:
            if not str(error).startswith(("NOGROUP", "WRONGTYPE")):
                raise
            await self.create()
            return None
        for entry_id, fields in answer[1]:
            if fields:
                return Entry(stream, entry_id, fields)
        return None

    async def keep(self, entry: Entry) -> None:
        """Reset the idle time of an entry at work, so that nobody takes it over."""
        await _limited(
            self._client.xclaim(
                entry.stream, self._group, self._consumer, 0, [entry.entry_id], idle=0, justid=True
            )
        )

    async def done(self, entry: Entry) -> None:
        """Acknowledge and remove. A missing stream or group is fine: then there is nothing to acknowledge."""
        try:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.xack(entry.stream, self._group, entry.entry_id)
                pipe.xdel(entry.stream, entry.entry_id)
                await _limited(pipe.execute())
        except ResponseError as error:
            if not str(error).startswith(("NOGROUP", "ERR no such key")):
                raise

    async def leave(self) -> None:
        """Remove this consumer's name where no entry hangs on it: with the name they would be lost."""
        for stream in self._streams:
            await self._forget(stream, lambda found: found["name"] == self._consumer)

    async def forget_silent(self, *, idle_ms: int) -> None:
        """Remove other consumers that have not been heard of for `idle_ms`, and on which no entry hangs."""
        for stream in self._streams:
            await self._forget(
                stream, lambda found: found["name"] != self._consumer and found["idle"] >= idle_ms
            )

    async def _forget(self, stream: str, which: Callable[[dict[str, Any]], bool]) -> None:
        try:
            for found in await _limited(self._client.xinfo_consumers(stream, self._group)):
                if found["pending"] == 0 and which(found):
                    await _limited(self._client.xgroup_delconsumer(stream, self._group, found["name"]))
        except ResponseError as error:
            if not str(error).lower().startswith(("nogroup", "no such key", "err no such key")):
                raise
