"""What is left behind: scratch folders of killed workers, subscriptions that have gone deaf."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis.asyncio as redis

from ascension.infra.streams import Streams, StreamsUnavailable
from ascension.jobs.events import EventHub
from ascension.jobs.scratch import own_scratch
from tests.conftest import Engines
from tests.eventually import eventually


def test_folders_of_the_dead_are_removed_and_those_of_the_living_stay(tmp_path: Path) -> None:
    # in a container every worker has the same process id, also the one that was killed here before
    dead = tmp_path / f"ascension-worker-{os.getpid()}"
    (dead / "job-1").mkdir(parents=True)
    strange = tmp_path / "somebody's"
    strange.mkdir()
    with own_scratch(tmp_path) as first:
        assert not dead.exists()
        with own_scratch(tmp_path) as second:
            assert first != second
            assert first.is_dir()
            assert second.is_dir()
        assert not second.exists()
    assert [path.name for path in tmp_path.iterdir()] == [strange.name]


async def test_a_subscription_that_was_cut_says_so(engines: Engines) -> None:
    streams = Streams(engines.redis_url)
    library: Any = redis  # partly without types
    admin = library.Redis.from_url(engines.redis_admin_url)
    channel = f"test-{uuid4()}"

    async def listen() -> None:
        async with streams.subscribe(f"{channel}*") as subscription:
            await streams.publish(channel, "one")
            assert await subscription.next() == (channel, "one")
            await admin.client_kill_filter(_type="pubsub")
            for _ in range(5):
                await subscription.next()

    with pytest.raises(StreamsUnavailable):
        await listen()
    await streams.close()
    await admin.aclose()


async def test_a_queue_that_is_frozen_is_noticed(own_stack: Engines) -> None:
    streams = Streams(own_stack.redis_url)
    hub = EventHub(streams, max_sockets=10, max_per_user=10, hear_ended=lambda _: None)
    task = asyncio.create_task(hub.run())

    async def connected() -> bool:
        return hub.connected

    async def lost() -> bool:
        return not hub.connected

    await eventually(connected)
    pid = own_stack.stack.engine("valkey").pid
    assert pid is not None
    os.killpg(pid, signal.SIGSTOP)
    try:
        await eventually(lost, 10)
        began = asyncio.get_running_loop().time()
        with pytest.raises(StreamsUnavailable):
            await streams.publish("test", "nobody hears")
        assert asyncio.get_running_loop().time() - began < 7
    finally:
        os.killpg(pid, signal.SIGCONT)
    await eventually(connected)
    task.cancel()
    await asyncio.wait([task])
    await streams.close()
