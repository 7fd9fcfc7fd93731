"""Logins, renewals and endings of sessions that meet: whatever ends them ends what is on its way, too."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ascension.accounts import queries as accounts
from ascension.accounts.sessions import service
from ascension.errors.accounts import InvalidCredentials
from ascension.infra.database.primary import Database
from tests.accounts.factors.test_totp import set_up, show_code, show_password
from tests.conftest import Engines
from tests.eventually import eventually
from tests.platform import Climber, seeded_climber
from tests.rows import sql


@pytest.fixture
async def owner(engines: Engines, api_url: str) -> AsyncIterator[Climber]:
    found = await seeded_climber(engines, api_url)
    yield found
    await found.http.aclose()


@pytest.fixture
async def database(engines: Engines) -> AsyncIterator[Database]:
    async with Database(engines.api_url, pool_size=3, application="tests") as opened:
        yield opened


async def change_password(engines: Engines, owner: Climber) -> None:
    await sql(
        engines,
        "update users set password_hash = password_hash || 'x' where id = %s",
        owner.user["id"],
    )


async def test_a_login_with_the_password_of_before_its_change_opens_no_session(
    engines: Engines, database: Database, owner: Climber
) -> None:
    async with database.transaction() as tx:
        shown = await accounts.get_credentials(tx.connection, owner.email)
    assert shown is not None
    async with database.transaction() as tx:
        await service.open_session(tx, shown.id, device=None, ttl_s=60, password=shown.digest)
    await change_password(engines, owner)
    with pytest.raises(InvalidCredentials):
        async with database.transaction() as tx:
            await service.open_session(tx, shown.id, device=None, ttl_s=60, password=shown.digest)


async def test_a_code_does_not_finish_a_login_whose_password_was_changed(
    engines: Engines, owner: Climber
) -> None:
    _, recovery = await set_up(owner)
    challenge = await show_password(owner.http, owner.email)
    await change_password(engines, owner)
    assert await show_code(owner.http, challenge, recovery[0]) == (401, "invalid_credentials")


async def test_a_renewal_under_way_leaves_nothing_alive_when_all_sessions_end(
    engines: Engines, database: Database, owner: Climber
) -> None:
    async with database.transaction() as tx:
        shown = await accounts.get_credentials(tx.connection, owner.email)
        assert shown is not None
        session = await service.open_session(tx, shown.id, device=None, ttl_s=60)

    async def end_all() -> None:
        async with database.transaction() as tx:
            await service.revoke_sessions(tx, shown.id)

    async def ends(_: object) -> None:
        return None

    async def is_waiting() -> bool:
        return await sql(engines, "select count(*) > 0 from pg_locks where not granted") == [(True,)]

    async with database.transaction() as tx:
        renewed = await service.refresh_session(
            tx, session.refresh_token, device=None, ttl_s=60, tell_theft=ends
        )
        ending = asyncio.create_task(end_all())
        await eventually(is_waiting)
    await ending
    assert renewed is not None
    alive = await sql(
        engines,
        "select count(*) from refresh_tokens where user_id = %s and revoked_at is null",
        shown.id,
    )
    assert alive == [(0,)]
