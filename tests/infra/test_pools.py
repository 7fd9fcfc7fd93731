"""Connections: what a fleet may open at most, counted on a real server; what happens when all are busy."""

import asyncio
from collections import Counter

import httpx2 as httpx
import psycopg
import pytest

from ascension.embedded.connections import fleet_of_settings, room_for_fleet
from ascension.infra.database.pools import OF_READINESS, Fleet, worker_pool_size
from ascension.infra.settings import PoolSettings
from tests.conftest import Engines
from tests.platform import Programs, new_climber

MAX_CONNECTIONS = 200  # of the documented database (M40)
POOL_SIZE, SLOTS = 3, 4


@pytest.mark.proves("M40")
def test_the_documented_fleet_fits_into_the_documented_database() -> None:
    pool_size = PoolSettings.model_fields["database_pool_size"].default
    fleet = Fleet(apis=10, api_pool_size=pool_size, workers=10, slots=4)
    assert fleet.connections == 175
    assert fleet.connections <= MAX_CONNECTIONS - 3  # three are kept for superusers


@pytest.mark.proves("M40")
def test_doctor_says_when_the_database_cannot_hold_the_fleet(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"DATABASE_URL": engines.api_url}
    assert fleet_of_settings() == Fleet(apis=1, api_pool_size=10, workers=1, slots=1)
    fits, text = room_for_fleet(environ)
    assert fits, text
    for name, value in (("FLEET_APIS", "10"), ("FLEET_WORKERS", "10"), ("WORKER_CONCURRENCY", "4")):
        monkeypatch.setenv(name, value)
    fits, text = room_for_fleet(environ)  # the tests' server takes 100
    assert not fits
    assert "10 API x 11 + 10 workers x 6 + 5 for operators = 175, but the database takes 97" in text


@pytest.mark.proves("M40")
async def test_no_process_opens_more_than_its_pool_and_busy_pools_answer_503(
    broken_programs: Programs,  # engines of its own: no other API has connections there
) -> None:
    programs = broken_programs
    urls = [programs.api(DATABASE_POOL_SIZE=str(POOL_SIZE), API_MAX_PER_SESSION="64")[1] for _ in range(2)]
    programs.worker(WORKER_CONCURRENCY=str(SLOTS))
    climber = await new_climber(urls[0])
    async with (
        await psycopg.AsyncConnection.connect(programs.engines.admin_url) as admin,
        httpx.AsyncClient(timeout=30) as http,
    ):
        await admin.execute("lock table videos in access exclusive mode")  # each list waits for it
        paths = [f"{url}/api/v1/analyses" for url in urls for _ in range(2 * POOL_SIZE)]
        asking = [asyncio.create_task(http.get(path, headers=climber.headers)) for path in paths]
        most: Counter[str] = Counter()
        while not all(request.done() for request in asking):
            found = await admin.execute(
                "select application_name, count(*) from pg_stat_activity"
                " where application_name like 'ascension-%' group by 1"
            )
            most |= Counter(dict(await found.fetchall()))
            assert (await http.get(f"{urls[0]}/health")).status_code == 200
            ready = await http.get(f"{urls[0]}/health/ready")
            assert ready.status_code == 200, "busy, and well: the others would only get more"
            await asyncio.sleep(0.1)
        answers = [request.result() for request in asking]
        await admin.rollback()
        assert {(answer.status_code, answer.json()["error"]) for answer in answers} == {
            (503, "database_unavailable")
        }
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
        assert (await climber.get("/api/v1/analyses")).status_code == 200
    assert (most["ascension-api"], most["ascension-api-ready"]) == (2 * POOL_SIZE, 2 * OF_READINESS)
    assert 0 < most["ascension-worker"] <= worker_pool_size(SLOTS)
    await climber.http.aclose()
