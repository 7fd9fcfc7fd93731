"""Reads from a copy, on a real streaming replica: old for nobody who changed something, and not for long."""

from collections.abc import Iterator

import psycopg
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from ascension.accounts import access
from ascension.analyses import endpoints as analyses
from ascension.coaching import endpoints as coaching
from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Database
from ascension.infra.database.replica import COOKIE, UNKNOWN, Replica, position_of
from tests.clips import short_climb
from tests.conftest import Engines
from tests.eventually import eventually
from tests.infra.replica_server import replica_of
from tests.platform import Climber, Programs, new_climber

pytestmark = pytest.mark.proves("M18")
OLDER = "/api/v1/analyses?cursor=ffffffff-ffff-ffff-ffff-ffffffffffff"
"""A page that may be old, with everything on it."""


async def _reads(climber: Climber, by: str, reason: str) -> int:
    """How often the API has read so since it started."""
    lines = (await climber.http.get("/metrics")).text.splitlines()
    label = f'ascension_replica_reads_total{{by="{by}",reason="{reason}"}} '
    return sum(int(float(line.removeprefix(label))) for line in lines if line.startswith(label))


async def _route(climber: Climber) -> str | None:
    answer = await climber.get(OLDER)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"][0]["route"]


@pytest.mark.thorough
async def test_a_copy_that_stands_still_hides_no_own_change_and_is_passed_over(
    programs: Programs,
) -> None:
    async with replica_of(programs.engines) as replica:
        _, url = programs.api(DATABASE_REPLICA_URL=replica.url, DATABASE_REPLICA_MAX_LAG_S="4")
        climber = await new_climber(url)
        analysis = await climber.analyze(short_climb())
        route = f"/api/v1/analyses/{analysis['id']}/route"

        async def copy_answers() -> bool:
            await climber.get(OLDER)
            return await _reads(climber, "replica", "fresh") > 0

        await eventually(copy_answers)
        other_device = climber.http.cookies[COOKIE]
        await replica.run("select pg_wal_replay_pause()")
        assert (await climber.put(route, {"route": "Blue 7"})).status_code == 200
        assert await _route(climber) == "Blue 7"
        assert await _reads(climber, "primary", "behind_own_write") == 1

        climber.http.cookies.clear()  # who tells nothing is asked for nothing
        assert await _route(climber) == "Blue 7"
        assert await _reads(climber, "primary", "unmarked") == 1

        climber.http.cookies.set(COOKIE, other_device)  # another device has not changed anything
        assert await _route(climber) is None

        async def passed_over() -> bool:
            return await _route(climber) == "Blue 7"

        await eventually(passed_over)
        assert await _reads(climber, "primary", "behind") > 0

        before = await _reads(climber, "replica", "fresh")
        await replica.run("select pg_wal_replay_resume()")

        async def copy_answers_again() -> bool:
            assert await _route(climber) == "Blue 7"
            return await _reads(climber, "replica", "fresh") > before

        await eventually(copy_answers_again)
        await replica.run("select pg_promote()")  # by mistake: from here on it has a past of its own
        await replica.run("update analyses set route = 'never'")
        await replica.run("select pg_switch_wal()")
        assert await _route(climber) == "Blue 7"
        await replica.follow_again()  # and is further than its primary, whatever that does
        looked = await _reads(climber, "primary", "away")

        async def looked_again() -> bool:
            assert await _route(climber) == "Blue 7"
            return await _reads(climber, "primary", "away") > looked + 20

        await eventually(looked_again)
        replica.engine.kill()
        assert await _route(climber) == "Blue 7"
        assert "read-only transaction" not in replica.log
        await climber.http.aclose()


async def test_nothing_can_be_written_through_the_copy_even_where_it_is_none(engines: Engines) -> None:
    async with (
        Database(engines.api_url, pool_size=1, application="test") as primary,
        Database(engines.api_url, pool_size=1, application="test", read_only=True) as copy,
    ):
        with pytest.raises(DatabaseUnavailable) as refused:
            async with copy.transaction() as tx:
                await tx.connection.execute("delete from users")
        assert isinstance(refused.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)
        # a second address of the primary is no copy: it tells no position that it has replayed
        replica = Replica(primary, engines.api_url, pool_size=1, max_lag_s=5)
        written = await replica.written()
        async with replica.transaction(written) as tx:
            cursor = await tx.connection.execute("show transaction_read_only")
            assert await cursor.fetchone() == {"transaction_read_only": "off"}  # the primary's


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("0/0", 0),
        ("16/B374D848", 0x16B374D848),
        (UNKNOWN, 2**64 - 1),
        (None, None),
        ("1/2; drop", None),
        ("", None),
    ],
)
def test_positions_are_numbers(text: str | None, position: int | None) -> None:
    assert position_of(text) == position


def test_which_reads_may_be_old() -> None:
    found = {
        (method, route.path)
        for noun in (analyses, coaching)
        for route in noun.router.routes
        if isinstance(route, APIRoute) and access.stale_reads in set(_calls(route.dependant))
        for method in route.methods or ()
    }
    assert found == {
        ("GET", "/api/v1/analyses"),  # with a cursor
        ("GET", "/api/v1/progress"),
    }


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _calls(below)
