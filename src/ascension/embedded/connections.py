"""Where commands find the database and the queue, and whether the database has room for the whole fleet."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import psycopg

from ascension.embedded.engines.postgres import Postgres
from ascension.embedded.engines.programs import in_wheels, pg_binaries
from ascension.embedded.engines.valkey import Valkey
from ascension.embedded.layout import Home
from ascension.embedded.record import Run, is_held
from ascension.errors.base import ApiError
from ascension.errors.setup import SetupError
from ascension.infra.database.pools import Fleet
from ascension.infra.database.primary import Connection, Database
from ascension.infra.database.roles import API, MIGRATE
from ascension.infra.settings import (
    DatabaseSettings,
    FleetSettings,
    PoolSettings,
    QueueSettings,
    WorkerSettings,
    read,
)

CONNECT_TIMEOUT_S = 3
T = TypeVar("T")


def running_postgres(home: Home) -> Postgres | None:
    """The database of the platform that runs in this home; None: none does."""
    run = Run.read(home.run_file)
    if run is None or "postgres" not in run.ports or not is_held(home):
        return None
    return Postgres(home, pg_binaries(), run.ports["postgres"], home.secrets())


def own_database_url(home: Home, role: str) -> str:
    """The URL of one role in the platform that runs in this home. Raises SetupError: none does."""
    running = running_postgres(home)
    if running is None:
        raise SetupError("No platform runs here: start it with `make up`, or set DATABASE_URL.")
    return running.url(role)


def api_database_url(environ: Mapping[str, str]) -> str:
    """DATABASE_URL's, else the API's of the platform running here. Raises SetupError: neither."""
    if "DATABASE_URL" in environ:
        return read(DatabaseSettings).database_url.get_secret_value()
    return own_database_url(Home.find(environ), API)


async def in_transaction(
    environ: Mapping[str, str], application: str, question: Callable[[Connection], Awaitable[T]]
) -> T:
    """What a command asks of the database, or changes. Raises SetupError: there is none, or it fails."""
    async with Database(api_database_url(environ), pool_size=1, application=application) as database:
        try:
            async with database.transaction() as tx:
                return await question(tx.connection)
        except ApiError as error:
            raise SetupError(error.detail) from None


def queue_url(environ: Mapping[str, str]) -> str:
    """The queue beside `api_database_url`. Raises SetupError: one of the two is missing."""
    if "DATABASE_URL" in environ:
        return read(QueueSettings).redis_url.get_secret_value()
    home = Home.find(environ)
    run = Run.read(home.run_file)
    if run is None or "valkey" not in run.ports or not is_held(home):
        raise SetupError("No platform runs here: start it with `make up`, or set DATABASE_URL and REDIS_URL.")
    return Valkey(home, in_wheels().valkey, run.ports["valkey"], home.secrets()).url()


def fleet_of_settings() -> Fleet:
    """What the environment says: FLEET_APIS, FLEET_WORKERS and the sizes of their pools."""
    fleet = read(FleetSettings)
    return Fleet(
        apis=fleet.fleet_apis,
        api_pool_size=read(PoolSettings).database_pool_size,
        workers=fleet.fleet_workers,
        slots=read(WorkerSettings).worker_concurrency,
    )


def room_for_fleet(environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether it fits, and the sum in words. The database is DATABASE_URL's, else the one running here."""
    running = running_postgres(Home.find(environ))
    url = environ.get("DATABASE_URL") or (running and running.url(MIGRATE))
    fleet = fleet_of_settings()
    if not url:
        return True, f"{fleet.describe()}; no database runs here, and DATABASE_URL is not set"
    try:
        room = _room(url)
    except psycopg.Error as error:
        return False, f"{fleet.describe()}; the database does not say its limit: {type(error).__name__}"
    if fleet.connections <= room:
        return True, f"{fleet.describe()}; the database takes {room}"
    return False, (
        f"{fleet.describe()}, but the database takes {room}: raise its max_connections, or lower"
        " DATABASE_POOL_SIZE or WORKER_CONCURRENCY"
    )


def _room(url: str) -> int:
    """Connections that are not kept for superusers."""
    with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        row = connection.execute(
            """
            select current_setting('max_connections')::int
                - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true), '0')::int
            """
        ).fetchone()
    return int(row[0]) if row else 0
