"""SQL of what workers report, and of what operators ask: who works, how many jobs wait."""

from dataclasses import dataclass

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from ascension.infra.database.primary import Connection


async def upsert_worker(
    connection: Connection,
    *,
    worker_id: str,
    version: str,
    slots: int,
    running: int,
    figures: dict[str, float],
) -> None:
    await connection.execute(
        """
        insert into workers (id, version, slots, running, figures) values (%s, %s, %s, %s, %s)
        on conflict (id) do update set
            running = excluded.running, slots = excluded.slots, version = excluded.version,
            figures = excluded.figures, seen_at = now()
        """,
        (worker_id, version, slots, running, Jsonb(figures)),
    )


async def delete_worker(connection: Connection, worker_id: str) -> None:
    await connection.execute("delete from workers where id = %s", (worker_id,))


async def delete_stale_workers(connection: Connection, *, older_than_s: float) -> None:
    await connection.execute(
        "delete from workers where seen_at < now() - make_interval(secs => %s)", (older_than_s,)
    )


@dataclass(frozen=True)
class StateCount:
    tier: str
    state: str
    jobs: int
    oldest_s: float


async def count_by_state(connection: Connection) -> list[StateCount]:
    """Jobs that have not ended, and dead ones, by tier and state."""
    async with connection.cursor(row_factory=class_row(StateCount)) as cursor:
        await cursor.execute(
            """
            select tier, state, count(*) as jobs,
                   extract(epoch from now() - min(created_at))::float as oldest_s
            from jobs where state in ('queued', 'processing', 'dead') group by tier, state
            """
        )
        return await cursor.fetchall()


@dataclass(frozen=True)
class WorkerReport:
    id: str
    version: str
    slots: int
    running: int
    figures: dict[str, float]
    age_s: float


async def list_workers(connection: Connection, *, seen_within_s: float) -> list[WorkerReport]:
    """Workers that have reported lately."""
    async with connection.cursor(row_factory=class_row(WorkerReport)) as cursor:
        await cursor.execute(
            """
            select id, version, slots, running, figures, extract(epoch from now() - seen_at)::float as age_s
            from workers where seen_at > now() - make_interval(secs => %s) order by id
            """,
            (seen_within_s,),
        )
        return await cursor.fetchall()
