"""What a stream has lost is found by where the stream stands, and what it holds is never delivered twice."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest
import redis.asyncio as redis
from redis.exceptions import RedisError

from ascension.infra.streams import Streams
from ascension.jobs import delivery, sweep_queries
from ascension.jobs.delivery import WeightedReader, stream_of
from ascension.jobs.service import JobQueue
from ascension.jobs.sweep import Sweeper
from tests.conftest import flush_all
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet

FREE = stream_of("free")


def quick(fleet: Fleet) -> Fleet:
    """Deliveries count as old after a moment."""
    return fleet.with_settings(job_redeliver_s=0.3)


async def moved(fleet: Fleet) -> int:
    """What one sweep found."""
    return await Sweeper(fleet.database, fleet.queue).once()


def reader_of(fleet: Fleet, name: str = "reader") -> WeightedReader:
    return WeightedReader(fleet.queue.streams, consumer=name, take_over_idle_s=60)


async def taken_by(reader: WeightedReader, count: int) -> list[UUID]:
    """The ids of the next entries; they are not done with."""
    found: list[UUID] = []
    while len(found) < count:
        entry = await reader.take()
        if entry is not None:
            found.append(UUID(entry.fields["id"]))
    return found


async def test_waiting_jobs_are_not_delivered_again_however_long_they_wait(fleet: Fleet) -> None:
    fleet = quick(fleet)
    users = [fleet.user() for _ in range(50)]
    for user_id in users:
        await fleet.enqueue(2, user_id=user_id)
    await asyncio.sleep(0.5)
    for _ in range(3):
        assert await moved(fleet) == 0
    assert await fleet.queue.streams.length(FREE) == 100


@pytest.mark.proves("M44")
async def test_everything_that_a_flush_took_is_delivered_again_once(fleet: Fleet) -> None:
    fleet = quick(fleet)
    users = [fleet.user() for _ in range(20)]
    for user_id in users:
        await fleet.enqueue(1, user_id=user_id)
    await flush_all(fleet.engines.stack)
    await asyncio.sleep(0.5)
    assert await moved(fleet) == 20
    assert await fleet.queue.streams.length(FREE) == 20
    await asyncio.sleep(0.5)
    assert await moved(fleet) == 0, "the stream holds them now"


async def test_what_was_trimmed_is_found_and_what_stayed_is_left(fleet: Fleet) -> None:
    fleet = quick(fleet)
    early = [(await fleet.enqueue(1, user_id=fleet.user()))[0] for _ in range(3)]
    await asyncio.sleep(0.5)
    late = [(await fleet.enqueue(1, user_id=fleet.user()))[0] for _ in range(3)]
    library: Any = redis  # partly without types
    async with library.Redis.from_url(fleet.engines.redis_admin_url) as client:
        await client.xtrim(FREE, maxlen=3, approximate=False)
    assert await moved(fleet) == 3
    assert await taken_by(reader_of(fleet), 6) == [*late, *early]


async def test_what_a_worker_took_and_never_claimed_is_found_before_its_lease(fleet: Fleet) -> None:
    fleet = quick(fleet)
    (lost,) = await fleet.enqueue(1)
    assert await taken_by(reader_of(fleet, "dead"), 1) == [lost]
    await asyncio.sleep(0.5)
    assert await moved(fleet) == 1
    assert await taken_by(reader_of(fleet), 1) == [lost]


async def test_a_stream_that_does_not_answer_moves_nothing_and_loses_nothing(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue(1)
    await flush_all(fleet.engines.stack)
    away = Streams("redis://127.0.0.1:1")
    nowhere = quick(fleet).with_settings()
    nowhere.queue = JobQueue(away, nowhere.queue.settings)
    await asyncio.sleep(0.5)
    assert await moved(nowhere) == 0
    with pytest.raises((RedisError, OSError)):
        await delivery.waiting_s(away)
    await away.close()
    assert await moved(quick(fleet)) == 1
    assert await taken_by(reader_of(fleet), 1) == [job_id]


async def test_the_clock_is_the_last_resort(fleet: Fleet) -> None:
    await fleet.enqueue(1)
    await asyncio.sleep(0.3)
    assert await moved(fleet.with_settings(job_redeliver_anyway_s=0.1)) == 1


async def test_rest_is_over_when_its_time_comes(fleet: Fleet) -> None:
    (job_id,) = await fleet.enqueue(1)
    await taken_by(reader_of(fleet), 1)
    run_sql(
        fleet.engines,
        "update jobs set delivered_at = null, deliver_after = now() + interval '0.5 s' where id = %s",
        job_id,
    )
    assert await moved(fleet) == 0
    await asyncio.sleep(0.6)
    assert await moved(fleet) == 1
    assert await moved(fleet) == 0


@pytest.mark.thorough
async def test_a_sweep_stays_cheap_with_a_hundred_thousand_jobs(fleet: Fleet) -> None:
    """80,000 ended, 20,000 waiting of 5,000 users, all of whom have what they may have in the streams."""
    run_sql(
        fleet.engines,
        """
        insert into users (id, email, display_name, password_hash)
        select md5(n::text)::uuid, n || '@example.org', '', '' from generate_series(1, 5000) n
        """,
    )
    run_sql(
        fleet.engines,
        """
        insert into jobs (id, kind, subject_id, user_id, tier, state, admitted, delivered_at)
        select gen_random_uuid(), 'test', gen_random_uuid(), md5((mod(n, 5000) + 1)::text)::uuid, 'free',
               case when n <= 80000 then 'done' else 'queued' end, n <= 90000,
               case when n <= 90000 then now() end
        from generate_series(1, 100000) n
        """,
    )
    run_sql(fleet.engines, "analyze jobs")
    sweeper = Sweeper(fleet.database, fleet.with_settings(job_redeliver_s=600).queue)
    began_s = time.monotonic()
    for _ in range(5):
        assert await sweeper.once() == 0
    print(f"a sweep over 100,000 jobs: {(time.monotonic() - began_s) / 5 * 1000:.1f} ms")


async def test_the_sweep_looks_at_every_user_in_turn(fleet: Fleet) -> None:
    users = [fleet.user() for _ in range(7)]
    for user_id in users:
        await fleet.enqueue(3, user_id=user_id)
    run_sql(fleet.engines, "update jobs set state = 'done', finished_at = now() where admitted")
    async with fleet.database.transaction() as tx:
        seen: list[UUID] = []
        after = UUID(int=0)
        while found := await sweep_queries.list_waiting_users(tx.connection, after=after, limit=3):
            seen += found
            after = found[-1]
    assert seen == sorted(users)
    assert await moved(fleet) == 7
    rows = run_sql(fleet.engines, "select admitted from jobs where state = 'queued'")
    assert [row["admitted"] for row in rows] == [True] * 7
