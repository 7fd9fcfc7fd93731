"""Stops, lost claims and late answers around one running job; the sweep beside it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from uuid_utils.compat import uuid4, uuid7

from ascension.analyses.tasks import analysis_task
from ascension.errors.http import DatabaseUnavailable
from ascension.errors.jobs import ComputeCrashed
from ascension.infra.database.primary import Database
from ascension.infra.settings import JobSettings
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Streams
from ascension.jobs import delivery, queries, sweep
from ascension.jobs.claims import Claims
from ascension.jobs.compute import Child, Limits
from ascension.jobs.queries import Job, NewJob
from ascension.jobs.runner import ChildOf, Runner, Task
from ascension.jobs.service import JobQueue
from tests.clips import short_climb
from tests.conftest import Engines
from tests.jobs.conftest import Query
from tests.jobs.rows import run_sql
from tests.jobs.test_worker import QUICK
from tests.platform import Climber, Programs, until

TIMES = JobSettings(job_heartbeat_s=0.2, job_lease_s=3)
LIMITS = Limits(time_s=1, memory_bytes=1 << 30, threads=1)


@dataclass
class Bench:
    """A queue and a database of their own user, without any program."""

    engines: Engines
    database: Database
    queue: JobQueue
    user_id: UUID

    async def job(self) -> Job:
        async with self.database.transaction() as tx:
            return await queries.insert(
                tx.connection,
                NewJob(uuid7(), "test", uuid7(), self.user_id, "free"),
                admitted_per_user=2,
            )

    async def row(self, job: Job) -> dict[str, Any]:
        return run_sql(self.engines, "select * from jobs where id = %s", job.id)[0]


@pytest.fixture
async def bench(clean_database: Engines) -> AsyncIterator[Bench]:
    user_id = uuid7()
    run_sql(
        clean_database,
        "insert into users (id, email, display_name, password_hash) values (%s, %s, '', '')",
        user_id,
        f"{user_id}@example.org",
    )
    streams = Streams(clean_database.redis_url)
    async with Database(clean_database.api_url, pool_size=4, application="test") as database:
        yield Bench(clean_database, database, JobQueue(streams, TIMES), user_id)
    await streams.close()


async def no_store(_connection: object, _job: Job, _folder: Path, _answer: dict[str, Any]) -> None:
    """Nothing to keep."""


def waiting_task() -> Task:
    """Fetches for ever."""

    async def prepare(_job: Job, _folder: Path) -> dict[str, object]:
        await asyncio.sleep(3600)
        return {}

    return Task("test", "ascension.analyses.pipeline:run", LIMITS, prepare, no_store)


def idle_child(scratch: Path) -> ChildOf:
    """Children that no test here starts."""

    async def child_of(task: Task, _user_id: UUID) -> Child:
        return Child(task.entrypoint, task.limits, scratch)

    return child_of


def runner_of(bench: Bench, scratch: Path, database: Database | None = None) -> Runner:
    """A runner without a worker around it: nobody watches its claims."""
    database = database or bench.database
    return Runner("test", database, bench.queue, scratch, Claims(database, watch_s=1))


async def test_a_stop_at_any_moment_gives_the_job_back_at_once(bench: Bench, tmp_path: Path) -> None:
    runner = runner_of(bench, tmp_path)
    job = await bench.job()
    for step in range(40):
        running = asyncio.create_task(runner.run(job.id, {"test": waiting_task()}, idle_child(tmp_path)))
        await asyncio.sleep(step * 0.0005)
        running.cancel()
        await asyncio.wait([running], timeout=10)
        row = await bench.row(job)
        assert (row["state"], row["crashes"], row["claim_id"]) == ("queued", 0, None), f"step {step}"


async def test_a_job_of_a_newer_release_waits_for_its_worker(bench: Bench, tmp_path: Path) -> None:
    runner = runner_of(bench, tmp_path)
    job = await bench.job()
    assert not await runner.run(job.id, {"older": waiting_task()}, idle_child(tmp_path))
    row = await bench.row(job)
    assert (row["state"], row["attempt"], row["claim_id"]) == ("queued", 0, None)


async def test_a_heartbeat_that_cannot_be_written_ends_the_run(bench: Bench, tmp_path: Path) -> None:
    run_sql(bench.engines, "drop role if exists ascension_test")
    run_sql(bench.engines, "create role ascension_test login password 'test'")
    run_sql(bench.engines, "grant connect on database ascension to ascension_test")
    run_sql(bench.engines, "grant select, update on jobs to ascension_test")
    run_sql(bench.engines, "grant select on schema_migrations to ascension_test")
    url = make_conninfo(bench.engines.api_url, user="ascension_test", password="test")
    job = await bench.job()
    try:
        async with Database(url, pool_size=3, application="test") as database:
            runner = runner_of(bench, tmp_path, database)
            running = asyncio.create_task(runner.run(job.id, {"test": waiting_task()}, idle_child(tmp_path)))
            await asyncio.sleep(0.3)
            run_sql(bench.engines, "revoke update on jobs from ascension_test")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await asyncio.wait_for(running, 3)
    finally:
        run_sql(bench.engines, "drop owned by ascension_test")
        run_sql(bench.engines, "drop role ascension_test")


async def test_the_answer_to_a_commit_may_get_lost(bench: Bench) -> None:
    job = await bench.job()
    claim_id = uuid4()
    async with bench.database.transaction() as tx:
        await queries.claim(
            tx.connection,
            job.id,
            claim_id=claim_id,
            worker_id="test",
            kinds=["test"],
            lease_s=60,
        )
    for _ in range(2):
        async with bench.database.transaction() as tx:
            done = await queries.complete(tx.connection, job.id, claim_id, timings={})
        assert done is not None
        assert done.state == "done"
    async with bench.database.transaction() as tx:
        assert await queries.complete(tx.connection, job.id, uuid4(), timings={}) is None


async def test_what_is_only_delivered_again_is_no_news(bench: Bench) -> None:
    job = await bench.job()
    stream = delivery.stream_of("free")
    async with bench.queue.streams.subscribe("events:*") as subscription:
        before = await bench.queue.streams.length(stream)
        run_sql(bench.engines, "update jobs set delivered_at = null where id = %s", job.id)
        await asyncio.sleep(0.2)
        await sweep.Sweeper(bench.database, bench.queue).once()  # unless another process's sweep was first
        async with asyncio.timeout(10):
            while await bench.queue.streams.length(stream) == before:
                await asyncio.sleep(0.05)
        heard = [await subscription.next() for _ in range(2)]
    assert [json.loads(message[1])["type"] for message in heard if message] == []


async def test_a_job_that_is_run_again_has_the_patience_of_a_new_one(bench: Bench) -> None:
    job = await bench.job()
    run_sql(
        bench.engines,
        "update jobs set state = 'done', created_at = now() - interval '9 days' where id = %s",
        job.id,
    )
    async with bench.database.transaction() as tx:
        again = await queries.requeue(tx.connection, job.id, job.user_id, also=["done"], admitted_per_user=2)
    assert again is not None
    assert again.created_at >= job.created_at


async def test_trying_many_again_lets_in_no_more_than_asking_for_many(bench: Bench) -> None:
    jobs = [await bench.job() for _ in range(4)]
    run_sql(bench.engines, "update jobs set state = 'failed', admitted = true, finished_at = now()")
    for job in jobs:
        async with bench.database.transaction() as tx:
            await queries.requeue(tx.connection, job.id, job.user_id, also=(), admitted_per_user=2)
    rows = run_sql(bench.engines, "select admitted, state from jobs order by id")
    assert [row["admitted"] for row in rows] == [True, True, False, False]
    assert {row["state"] for row in rows} == {"queued"}


async def test_a_child_that_left_no_result_has_crashed(bench: Bench, tmp_path: Path) -> None:
    storage = Storage(
        endpoint=bench.engines.s3_endpoint,
        public_endpoint=bench.engines.s3_endpoint,
        region=bench.engines.s3_region,
        bucket=bench.engines.s3_bucket,
        key_id="",
        secret="",
    )
    task = analysis_task(bench.database, storage, limits=LIMITS, max_bytes=1)
    job = await bench.job()
    with pytest.raises(ComputeCrashed):
        async with bench.database.transaction() as tx:
            await task.store(tx.connection, job, tmp_path, {"summary": {}})


async def test_a_time_limit_of_the_body_is_not_the_database_s(bench: Bench) -> None:
    async def too_long() -> None:
        async with bench.database.transaction(), asyncio.timeout(0.01):
            await asyncio.sleep(1)

    with pytest.raises(TimeoutError):
        await too_long()


async def test_a_database_that_only_reads_is_away(bench: Bench) -> None:
    async def write() -> None:
        async with bench.database.transaction() as tx:
            await tx.connection.execute("set transaction read only")
            await tx.connection.execute("update jobs set stage = null")

    with pytest.raises(DatabaseUnavailable):
        await write()


@pytest.mark.thorough
async def test_a_stop_while_the_result_is_stored_waits_for_it(
    climber: Climber, programs: Programs, query: Query
) -> None:
    worker = programs.worker(**QUICK)
    analysis = await climber.analyze(short_climb(30))
    await climber.wait_for_child(analysis["id"])
    waits = "select pid from pg_locks where not granted"
    with psycopg.connect(programs.engines.admin_url) as holder:
        holder.execute("select from analyses where id = %s for update", (analysis["id"],))
        await until(lambda: bool(query(waits)))
        worker.popen.terminate()
        await asyncio.sleep(1)
        holder.rollback()
    assert worker.stop() == 0
    found = (await climber.get(f"/api/v1/analyses/{analysis['id']}")).json()
    assert (found["state"], found["attempt"]) == ("completed", 1)
