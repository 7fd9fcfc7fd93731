"""Accounts whose day has come: each gets its turn, whatever keeps another from going."""

from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.infra.database.primary import Connection, Database
from ascension.retention import queries
from tests.conftest import Engines


async def leave(connection: Connection, *, due_s: int) -> UUID:
    """An account whose day came so long ago."""
    user_id = uuid7()
    await connection.execute(
        "insert into users (id, email, display_name, password_hash) values (%s, %s, 'Mina', 'x')",
        (user_id, f"{user_id}@example.org"),
    )
    await connection.execute(
        """
        insert into departures (user_id, erase_at, language)
        values (%s, now() - make_interval(secs => %s), 'en')
        """,
        (user_id, due_s),
    )
    return user_id


async def test_one_that_cannot_be_erased_comes_again_later_and_holds_up_no_other(
    clean_database: Engines,
) -> None:
    async with Database(clean_database.api_url, pool_size=1, application="tests") as database:
        async with database.transaction() as tx:
            stuck, next_one = await leave(tx.connection, due_s=60), await leave(tx.connection, due_s=30)
            await leave(tx.connection, due_s=-60)
        taken: list[UUID | None] = []
        for again_after_s in (0, 600, 600, 600):
            async with database.transaction() as tx:
                found = await queries.take_departure(tx.connection, again_after_s=again_after_s)
                taken.append(found and found.user_id)
        assert taken == [stuck, next_one, stuck, None]
