"""`ascension operators`: whose account may see and move everybody's jobs."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.http import Unavailable
from ascension.errors.setup import SetupError
from ascension.infra.console import JsonOption, tell

if TYPE_CHECKING:
    from ascension.infra.database.primary import Connection

app = typer.Typer(name="operators", help="Who may see and move everybody's jobs.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The address that the account was made with.")]
T = TypeVar("T")


@app.command()
def add(email: Email) -> None:
    """Make an account an operator: /operator in the client, and its addresses in the API."""
    _set(email, is_operator=True)
    typer.echo(f"{email} is an operator.")


@app.command()
def remove(email: Email) -> None:
    """Take it back, with effect on the next request."""
    _set(email, is_operator=False)
    typer.echo(f"{email} is not an operator.")


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Name the operators."""
    with plain_errors():
        from ascension.accounts import queries

        found = asyncio.run(_ask(queries.list_operators))
        if as_json:
            tell({"operators": [{"id": str(user.id), "email": user.email} for user in found]})
        elif not found:
            typer.echo("There is no operator: `ascension operators add EMAIL`.")
        else:
            table = Table("e-mail", "id", box=None)
            for user in found:
                table.add_row(user.email, str(user.id))
            Console().print(table)


def _set(email: str, *, is_operator: bool) -> None:
    with plain_errors():
        from ascension.accounts import queries

        address = email.strip().lower()
        user_id = asyncio.run(
            _ask(lambda connection: queries.set_operator(connection, address, is_operator=is_operator))
        )
        if user_id is None:
            raise SetupError(f"There is no account with the address {address}: register it first.")


async def _ask(question: "Callable[[Connection], Awaitable[T]]") -> T:
    """One transaction on the platform's database. Raises SetupError where there is none."""
    from ascension.embedded.connections import api_database_url
    from ascension.infra.database.primary import Database

    url = api_database_url(os.environ)
    async with Database(url, pool_size=1, application="ascension-operators") as database:
        try:
            async with database.transaction() as tx:
                return await question(tx.connection)
        except Unavailable as error:
            raise SetupError(error.detail) from None
