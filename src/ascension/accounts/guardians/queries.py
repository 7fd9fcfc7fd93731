"""SQL of guardians. A minor is known by this row, which goes when they reach the age, and by nothing else."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import class_row

from ascension.accounts.choices import Language
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Guardian:
    """Who answers for a minor. `withdrawn_at`: since when they no longer agree."""

    user_id: UUID
    email: str
    minor_until: date
    language: Language
    asked_at: datetime
    confirmed_at: datetime | None
    withdrawn_at: datetime | None


async def get(connection: Connection, user_id: UUID) -> Guardian | None:
    """None: nobody has to be asked, or not any more."""
    async with connection.cursor(row_factory=class_row(Guardian)) as cursor:
        await cursor.execute(
            """
            select user_id, email, minor_until, language, asked_at, confirmed_at, withdrawn_at from guardians
            where user_id = %s and minor_until > current_date
            """,
            (user_id,),
        )
        return await cursor.fetchone()


async def insert(
    connection: Connection, user_id: UUID, *, email: str, until: date, language: Language
) -> None:
    await connection.execute(
        "insert into guardians (user_id, email, minor_until, language) values (%s, %s, %s, %s)",
        (user_id, email, until, language),
    )


async def note_asked(connection: Connection, user_id: UUID) -> None:
    await connection.execute("update guardians set asked_at = now() where user_id = %s", (user_id,))


async def note_confirmed(connection: Connection, user_id: UUID) -> None:
    await connection.execute(
        "update guardians set confirmed_at = now(), withdrawn_at = null where user_id = %s", (user_id,)
    )


async def note_withdrawn(connection: Connection, user_id: UUID) -> None:
    await connection.execute(
        "update guardians set confirmed_at = null, withdrawn_at = now() where user_id = %s", (user_id,)
    )


async def give_up_unanswered(connection: Connection, *, after_days: int) -> Guardian | None:
    """One who has said nothing for so long: taken as a no from now on, which they can still change."""
    async with connection.cursor(row_factory=class_row(Guardian)) as cursor:
        await cursor.execute(
            """
            update guardians set withdrawn_at = now() where user_id = (
                select user_id from guardians
                where confirmed_at is null and withdrawn_at is null
                    and asked_at < now() - make_interval(days => %s)
                order by asked_at limit 1 for update skip locked)
            returning user_id, email, minor_until, language, asked_at, confirmed_at, withdrawn_at
            """,
            (after_days,),
        )
        return await cursor.fetchone()


async def forget_grown(connection: Connection) -> None:
    """Nobody needs to know any more how old these are."""
    await connection.execute("delete from guardians where minor_until <= current_date")
