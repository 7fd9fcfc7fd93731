"""A letter when an analysis has ended: to whoever wants one, once, and of nothing that was thrown away."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from ascension.accounts.composing import compose
from ascension.accounts.mail.letters import Letter
from ascension.accounts.mail.queries import QueuedLetter
from ascension.accounts.mail.service import Post
from ascension.analyses.letters import service as letters
from ascension.infra.database.primary import Database
from tests.analyses.outcomes import complete, fail
from tests.conftest import Engines
from tests.platform import Climber
from tests.rows import sql

POST = Post(is_on=True)


@pytest.fixture
async def database(engines: Engines) -> AsyncIterator[Database]:
    async with Database(engines.api_url, pool_size=1, application="test") as database:
        yield database


@pytest.fixture
async def wanting(engines: Engines, climber: Climber) -> Climber:
    """As with a mail server: where there is none, the choice is refused."""
    refused = await climber.put("/api/v1/users/me/letters", {"about_results": True})
    assert (refused.status_code, refused.json()["error"]) == (409, "letters_off")
    await sql(engines, "update users set wants_result_letters = true where id = %s", climber.user["id"])
    assert (await climber.get("/api/v1/users/me")).json()["wants_result_letters"] is True
    return climber


async def put_for(engines: Engines, climber: Climber) -> list[tuple[str, UUID]]:
    return await sql(
        engines,
        "select kind, subject_id from letters where recipient = %s and outcome is null order by id",
        climber.email,
    )


async def written(database: Database, climber: Climber, kind: str, analysis_id: str) -> Letter | None:
    async with database.transaction() as tx:
        cursor = await tx.connection.execute(
            """
            select id, kind, recipient, language, subject_id, created_at, attempts, is_own
            from letters where recipient = %s and kind = %s and subject_id = %s
            """,
            (climber.email, kind, analysis_id),
        )
        row = await cursor.fetchone()
        assert row is not None
        return await compose(tx, QueuedLetter(**row), "https://ascension.example")


async def test_each_analysis_is_told_once_however_it_ended(
    engines: Engines, wanting: Climber, database: Database
) -> None:
    done, failed, canceled, thrown = [await wanting.analyze(b"v" * 1000) for _ in range(4)]
    running = await wanting.analyze(b"v" * 1000)
    await complete(engines, done)
    await fail(engines, failed)
    assert (await wanting.post(f"/api/v1/analyses/{canceled['id']}/cancel")).status_code == 202
    await complete(engines, thrown)
    assert (await wanting.delete(f"/api/v1/analyses/{thrown['id']}")).status_code == 204
    for _ in range(2):
        await letters.sweep(database, POST)
    told = [("result_ready", UUID(done["id"])), ("result_failed", UUID(failed["id"]))]
    assert sorted(await put_for(engines, wanting)) == sorted(told)
    due = "select id from analyses where letter_due and user_id = %s"
    assert await sql(engines, due, wanting.user["id"]) == [(UUID(running["id"]),)]

    await sql(engines, "update users set language = 'fr' where id = %s", wanting.user["id"])
    letter = await written(database, wanting, "result_ready", done["id"])
    assert letter is not None
    for said in (letter.text, letter.html):
        assert f"https://ascension.example/climbs/{done['id']}" in said
        assert "https://ascension.example/account" in said
        assert "analysé" in said
        assert done["video"]["file_name"] not in said
    assert (await wanting.delete(f"/api/v1/analyses/{failed['id']}")).status_code == 204
    assert await put_for(engines, wanting) == told[:1], "what is thrown away is not told of"
    assert (await wanting.put("/api/v1/users/me/letters", {"about_results": False})).status_code == 204
    assert await written(database, wanting, "result_ready", done["id"]) is None


async def test_who_asked_for_none_gets_none(engines: Engines, climber: Climber, database: Database) -> None:
    await complete(engines, await climber.analyze(b"v" * 1000))
    await letters.sweep(database, POST)
    assert await put_for(engines, climber) == []
