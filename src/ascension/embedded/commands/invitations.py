"""`ascension invitations`: who may make an account where SIGN_UP is `invitation`."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.setup import SetupError
from ascension.infra.console import JsonOption, tell

if TYPE_CHECKING:
    from ascension.accounts.invitations.queries import Invitation
    from ascension.infra.database.primary import Connection

app = typer.Typer(
    name="invitations", help="Who may make an account where that takes an invitation.", no_args_is_help=True
)
Email = Annotated[str, typer.Argument(help="The only address that the account can be made with.")]
T = TypeVar("T")
MAX_LISTED = 100


@app.command()
def add(
    email: Email,
    language: Annotated[Literal["en", "fr"], typer.Option(help="Of the letter.")] = "en",
) -> None:
    """Send a link that makes one account, within 14 days. An earlier one of this address ends."""
    with plain_errors():
        from ascension.accounts.invitations import service

        address = email.strip().lower()
        if "@" not in address:
            raise SetupError(f"{address} is no e-mail address.")
        asyncio.run(_ask(lambda connection: service.invite(connection, address, language)))
        typer.echo(f"A letter to {address} leaves as soon as the API reaches its mail server.")


@app.command()
def remove(email: Email) -> None:
    """Take it back: the link makes no account any more."""
    with plain_errors():
        from ascension.accounts.invitations import queries

        address = email.strip().lower()
        count = asyncio.run(_ask(lambda connection: queries.revoke_open(connection, address)))
        if not count:
            raise SetupError(f"{address} has no invitation that could still be used.")
        typer.echo(f"The invitation of {address} makes no account any more.")


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """Name the latest hundred, and what became of them."""
    with plain_errors():
        from ascension.accounts.invitations import queries

        found = asyncio.run(_ask(lambda connection: queries.list_latest(connection, limit=MAX_LISTED)))
        if as_json:
            tell({"invitations": [{"email": one.email, "state": _state(one)} for one in found]})
        elif not found:
            typer.echo("Nobody was invited: `ascension invitations add EMAIL`.")
        else:
            table = Table("e-mail", "state", "until (UTC)", box=None)
            for one in found:
                until = one.expires_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
                table.add_row(one.email, _state(one), until)
            Console().print(table)


def _state(invitation: "Invitation") -> str:
    if invitation.used_at is not None:
        return "used"
    if invitation.revoked_at is not None:
        return "taken back"
    return "open" if invitation.expires_at > datetime.now(UTC) else "expired"


async def _ask(question: "Callable[[Connection], Awaitable[T]]") -> T:
    from ascension.embedded.connections import in_transaction

    return await in_transaction(os.environ, "ascension-invitations", question)
