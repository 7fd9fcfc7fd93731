"""An erasure that is killed at any of its steps is finished by the next sweep, and nothing is left."""

from collections.abc import AsyncGenerator, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import argon2
import pytest
from uuid_utils.compat import uuid7

from ascension.accounts.mail.service import Post
from ascension.errors.accounts import SessionRevoked
from ascension.infra.database.primary import Database, Transaction
from ascension.infra.settings import JobSettings, read
from ascension.infra.streams import Streams
from ascension.jobs import delivery, events
from ascension.jobs.service import JobQueue
from ascension.retention import departing, service
from ascension.retention.parts import ErasureParts
from tests.conftest import Engines
from tests.platform import PASSWORD
from tests.retention.traces import keys_with, rows_with, versions
from tests.rows import sql
from tests.videos.test_archive import storage_at

CALLS = ("ListObjectVersions", "DeleteObjects", "ListMultipartUploads", "AbortMultipartUpload")
CHEAP_HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class KilledError(BaseException):
    """Nobody catches it, as nobody does what kill -9 ends."""


@dataclass
class Steps:
    """Counts what is done, and ends the process before the one that is named; 0: it lives."""

    fatal: int = 0
    done: int = 0
    last: str = ""

    def enter(self, name: str) -> None:
        self.done += 1
        self.last = name
        if self.done == self.fatal:
            raise KilledError(name)

    def begin(self, *, fatal: int) -> None:
        self.fatal, self.done = fatal, 0


class DyingDatabase(Database):
    """Steps around every transaction: before it, before its commit, right after it."""

    steps: Steps

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        self.steps.enter("a transaction begins")
        async with super().transaction() as tx:

            async def committed() -> None:
                self.steps.enter("committed; what follows it is to come")

            tx.after_commit(committed)
            yield tx
            self.steps.enter("a transaction commits")


@asynccontextmanager
async def process(engines: Engines, steps: Steps) -> AsyncGenerator[ErasureParts]:
    """What an API process has. Nothing of it is remembered from one call to the next."""
    async with AsyncExitStack() as stack:
        database = DyingDatabase(engines.api_url, pool_size=2, application="test")
        database.steps = steps
        await stack.enter_async_context(database)
        storage = await stack.enter_async_context(storage_at(engines, engines.s3_endpoint, "api"))

        def before_call(event_name: str, **_: object) -> None:
            steps.enter(event_name)

        storage.client.meta.events.register_first("before-call.s3", before_call)
        streams = Streams(engines.redis_url)
        stack.push_async_callback(streams.close)
        queue = JobQueue(streams, read(JobSettings))
        tell = partial(events.end_sockets, streams)

        async def no_sessions(_user_id: UUID, _session_ids: Collection[UUID]) -> None:
            return None

        yield ErasureParts(
            database=database,
            storage=storage,
            streams=streams,
            queue=queue,
            post=Post(is_on=False),
            close_sockets=tell,
            end_sessions=no_sessions,
            settle_s=0,
            grace_s=0,
        )


async def life_of(engines: Engines, streams: Streams) -> UUID:
    """A user with rows, a job in its stream, objects below every prefix and an unfinished upload."""
    user_id, job_id, video_id = uuid7(), uuid7(), uuid7()
    await sql(
        engines,
        "insert into users (id, email, display_name, password_hash) values (%s, %s, 'Somebody', %s)",
        user_id,
        f"{user_id}@example.org",
        CHEAP_HASH,
    )
    await sql(
        engines,
        """
        insert into videos (id, user_id, state, file_name, content_type, size_bytes, part_size_bytes,
                            object_key, s3_upload_id, uploaded_at, expires_at)
        values (%s, %s, 'uploaded', 'a.mp4', 'video/mp4', 1, 8388608, %s, '', now(), now() + interval '1 day')
        """,
        video_id,
        user_id,
        f"uploads/{user_id}/{video_id}",
    )
    await sql(
        engines,
        """
        with job as (
            insert into jobs (id, kind, subject_id, user_id, tier, admitted)
            values (%s, 'analysis', %s, %s, 'free', true)
        )
        insert into allowance_uses (user_id, video_id, kind) values (%s, %s, 'move')
        """,
        job_id,
        job_id,
        user_id,
        user_id,
        video_id,
    )
    await sql(
        engines,
        """
        with done as (
            insert into jobs (id, kind, subject_id, user_id, tier, state)
            select gen_random_uuid(), 'analysis', gen_random_uuid(), %s, 'free', 'done'
            from generate_series(1, 5) returning id, subject_id, user_id
        )
        insert into analyses (id, user_id, video_id, job_id) select subject_id, user_id, %s, id from done
        """,
        user_id,
        video_id,
    )
    assert await delivery.push(streams, "free", job_id)
    async with engines.stack.seaweedfs.client() as s3:
        for key in (f"uploads/{user_id}/{video_id}", f"saved/{user_id}/x", f"results/{user_id}/x/wall.webp"):
            await s3.put_object(Bucket=engines.s3_bucket, Key=key, Body=b"1")
        await s3.create_multipart_upload(Bucket=engines.s3_bucket, Key=f"uploads/{user_id}/half")
    return user_id


async def erase_whole(engines: Engines, parts: ErasureParts, user_id: UUID) -> None:
    """Ask for it if it was not, and pass until it is over, each pass when its turn has come."""
    with suppress(SessionRevoked):  # it was asked for before the kill
        await departing.ask(parts, user_id, "en")
    for _ in range(6):
        await sql(engines, "update departures set next_try_at = now() where user_id = %s", user_id)
        await departing.erase_due(parts)
        await sql(engines, "update erasures set next_pass_at = now() where user_id = %s", user_id)
        await service.carry_on(parts)
        asked = await sql(engines, "select 1 from departures where user_id = %s", user_id)
        if not asked and not await sql(engines, "select 1 from erasures where user_id = %s", user_id):
            return
    raise AssertionError("it does not come to an end")


@pytest.mark.proves("M23")
@pytest.mark.thorough
async def test_whatever_step_it_is_killed_at_nothing_is_left(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departing, "BATCH", 2)
    await sql(engines, "update erasures set finished_at = now(), user_id = null where finished_at is null")
    killed_at: list[str] = []
    analyses_left: set[int] = set()
    users: list[UUID] = []
    steps = Steps()
    async with process(engines, steps) as parts:
        while len(killed_at) == len(users):
            users.append(user_id := await life_of(engines, parts.streams))
            steps.begin(fatal=len(users))
            try:
                await erase_whole(engines, parts, user_id)  # until every step has been the fatal one
            except KilledError:
                killed_at.append(steps.last)
                [(left,)] = await sql(engines, "select count(*) from analyses where user_id = %s", user_id)
                analyses_left.add(left)
                steps.begin(fatal=0)
                await erase_whole(engines, parts, user_id)
    assert killed_at.count("a transaction commits") >= 4
    assert analyses_left == {5, 3, 1, 0}, "a few at a time, so that no transaction grows with an account"
    assert {f"before-call.s3.{call}" for call in CALLS} < set(killed_at)
    ids = [str(user_id) for user_id in users]
    assert [found for user_id in ids for found in await versions(engines, user_id)] == []
    assert await rows_with(engines, *ids) == []
    assert await keys_with(engines, *ids) == []
