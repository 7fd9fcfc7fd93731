"""`ascension database`: what a PostgreSQL server needs before the first migration."""

import asyncio
from typing import Annotated

import psycopg
import typer

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.setup import SetupError

app = typer.Typer(name="database", help="Roles and database on a server of one's own.", no_args_is_help=True)
CONNECT_TIMEOUT_S = 10


@app.command()
def setup(
    name: Annotated[str, typer.Option(help="What the database is called.")] = "ascension",
) -> None:
    """Make the three roles and the database, and print what differed. May be run again at any time.

    Looks at DATABASE_URL, a superuser's, and at MIGRATE_PASSWORD, API_PASSWORD and WORKER_PASSWORD.
    """
    with plain_errors():
        asyncio.run(_set_up(name))


async def _set_up(name: str) -> None:
    from ascension.infra.database.roles import API, MIGRATE, WORKER, set_up
    from ascension.infra.settings import DatabaseSettings, RoleSettings, read

    roles = read(RoleSettings)
    passwords = {MIGRATE: roles.migrate_password, API: roles.api_password, WORKER: roles.worker_password}
    told = {role: password.get_secret_value() for role, password in passwords.items()}
    url = read(DatabaseSettings).database_url.get_secret_value()
    try:
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S
        ) as admin:
            async for what, state in set_up(admin, told, name):
                typer.echo(f"{what:<20} {state}")
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise SetupError(f"The database was not set up: {reason}. What stands above is done.") from None
