"""SQL of erasures: a user who goes with everything, and how far that is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.accounts.departures.queries import Departure
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Erasure:
    id: UUID
    user_id: UUID | None
    """None: nothing of them is left, not even this id; a digest of it finds them in a backup of before."""
    objects_removed: int
    requested_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A job that may stand in its tier's stream."""

    id: UUID
    tier: str


async def insert(connection: Connection, erasure_id: UUID, user_id: UUID) -> None:
    await connection.execute(
        """
        insert into erasures (id, user_id, user_sha256)
        values (%(id)s, %(user_id)s, sha256(%(user_id)s::text::bytea))
        """,
        {"id": erasure_id, "user_id": user_id},
    )


async def get(connection: Connection, erasure_id: UUID) -> Erasure | None:
    async with connection.cursor(row_factory=class_row(Erasure)) as cursor:
        await cursor.execute(
            "select id, user_id, objects_removed, requested_at, finished_at from erasures where id = %s",
            (erasure_id,),
        )
        return await cursor.fetchone()


async def delete_user(connection: Connection, user_id: UUID) -> list[Waiting] | None:
    """Every row of the user goes at once; their jobs that were not done. None: there is no such user.

    Rows are locked in the order in which requests and workers do, or one of them would be refused.
    """
    await connection.execute("select from videos where user_id = %s order by id for update", (user_id,))
    await connection.execute("select from users where id = %s for update", (user_id,))
    async with connection.cursor(row_factory=class_row(Waiting)) as cursor:
        await cursor.execute(
            """
            with gone as (delete from jobs where user_id = %s returning id, tier, state)
            select id, tier from gone where state in ('queued', 'processing')
            """,
            (user_id,),
        )
        waiting = await cursor.fetchall()
    await connection.execute(
        """
        delete from letters where subject_id = %(id)s and (
            recipient = (select u.email from users u where u.id = %(id)s)
            or recipient = (select g.email from guardians g where g.user_id = %(id)s))
        """,
        {"id": user_id},
    )
    await connection.execute("delete from letter_tokens where subject_id = %s", (user_id,))
    await connection.execute(
        "delete from invitations where email = (select u.email from users u where u.id = %s)", (user_id,)
    )
    deleted = await connection.execute("delete from users where id = %s", (user_id,))
    return waiting if deleted.rowcount else None


async def list_active_jobs(connection: Connection, user_id: UUID) -> list[UUID]:
    """Jobs of the user that wait or run."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            "select id from jobs where user_id = %s and state in ('queued', 'processing') order by id",
            (user_id,),
        )
        return await cursor.fetchall()


async def take_departure(
    connection: Connection, *, again_after_s: float, user_id: UUID | None = None
) -> Departure | None:
    """An account whose grace is over, for this caller until then; those not tried yet come first.

    user_id: this one alone.
    """
    async with connection.cursor(row_factory=class_row(Departure)) as cursor:
        await cursor.execute(
            """
            update departures set next_try_at = now() + make_interval(secs => %(again_after_s)s)
            where user_id = (
                select user_id from departures
                where erase_at <= now() and coalesce(next_try_at, erase_at) <= now()
                    and (%(user_id)s::uuid is null or user_id = %(user_id)s)
                order by next_try_at nulls first, erase_at limit 1 for update skip locked)
            returning user_id, asked_at, erase_at, language
            """,
            {"again_after_s": again_after_s, "user_id": user_id},
        )
        return await cursor.fetchone()


async def delete_some_analyses(connection: Connection, user_id: UUID, *, limit: int) -> bool:
    """Of an account whose day has come. False: those were the last."""
    cursor = await connection.execute(
        """
        delete from analyses where user_id = %(user_id)s and id in (
            select id from analyses where user_id = %(user_id)s order by id limit %(limit)s)
        """,
        {"user_id": user_id, "limit": limit},
    )
    return cursor.rowcount == limit


async def take_due(connection: Connection, *, lease_s: float) -> Erasure | None:
    """The erasure whose next pass is due, for this caller as long as the lease."""
    async with connection.cursor(row_factory=class_row(Erasure)) as cursor:
        await cursor.execute(
            """
            update erasures set next_pass_at = now() + make_interval(secs => %s) where id = (
                select id from erasures where finished_at is null and next_pass_at <= now()
                order by next_pass_at limit 1 for update skip locked)
            returning id, user_id, objects_removed, requested_at, finished_at
            """,
            (lease_s,),
        )
        return await cursor.fetchone()


async def delete_deletions(connection: Connection, prefixes: list[str]) -> None:
    """Single removals of objects below these prefixes: all that is there is removed anyway."""
    await connection.execute("delete from object_deletions where object_key ^@ any(%s)", (prefixes,))


async def note_pass(
    connection: Connection, erasure_id: UUID, *, removed: int, settle_s: float, pause_s: float
) -> None:
    """A pass is over. One that found nothing, after everything under way has ended, was the last."""
    await connection.execute(
        """
        update erasures set objects_removed = objects_removed + %(removed)s,
            finished_at = case when last.is_last then now() end,
            user_id = case when not last.is_last then user_id end,
            next_pass_at = now() + make_interval(secs => %(pause_s)s)
        from (
            select %(removed)s = 0 and requested_at + make_interval(secs => %(settle_s)s) <= now() as is_last
            from erasures where id = %(id)s
        ) as last
        where id = %(id)s
        """,
        {"id": erasure_id, "removed": removed, "pause_s": pause_s, "settle_s": settle_s},
    )


async def delete_finished(connection: Connection, *, older_than_days: int) -> None:
    await connection.execute(
        "delete from erasures where finished_at < now() - make_interval(days => %s)", (older_than_days,)
    )
