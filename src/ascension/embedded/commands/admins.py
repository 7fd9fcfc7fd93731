"""`ascension admins`: whose account may see and move everybody's jobs, and set roles and plans."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from ascension.embedded.commands.platform import plain_errors
from ascension.infra.console import JsonOption, tell

if TYPE_CHECKING:
    from ascension.accounts.choices import Role
    from ascension.infra.database.primary import Connection

app = typer.Typer(
    name="admins",
    help="Who may see and move everybody's jobs, and set roles and plans.",
    no_args_is_help=True,
)
Email = Annotated[str, typer.Argument(help="The address that the account was made with.")]
T = TypeVar("T")


@app.command()
def add(email: Email) -> None:
    """Make an account an admin: /operator in the client, and its addresses in the API."""
    _set(email, "admin")
    typer.echo(f"{email} is an admin.")


@app.command()
def remove(email: Email) -> None:
    """Take it back, with effect on the next request. One admin has to stay."""
    _set(email, "climber")
    typer.echo(f"{email} is not an admin.")


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Name the admins."""
    with plain_errors():
        from ascension.operations.users import queries

        found = asyncio.run(_ask(queries.list_admins))
        if as_json:
            tell({"admins": [{"id": str(account.id), "email": account.email} for account in found]})
        elif not found:
            typer.echo("There is no admin: `ascension admins add EMAIL`.")
        else:
            table = Table("e-mail", "id", box=None)
            for account in found:
                table.add_row(account.email, str(account.id))
            Console().print(table)


def _set(email: str, role: "Role") -> None:
    with plain_errors():
        from ascension.audit.entries import COMMAND
        from ascension.operations.users import service

        address = email.strip().lower()
        asyncio.run(_ask(lambda connection: service.set_role(connection, COMMAND, address, role)))


async def _ask(question: "Callable[[Connection], Awaitable[T]]") -> T:
    from ascension.embedded.connections import in_transaction

    return await in_transaction(os.environ, "ascension-admins", question)
