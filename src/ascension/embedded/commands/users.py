"""`ascension users`: what whoever runs the platform does for one account, where no admin can."""

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import typer

from ascension.embedded.commands.platform import plain_errors

if TYPE_CHECKING:
    from ascension.infra.database.primary import Connection

app = typer.Typer(
    name="users", help="What is done for one account, where no admin can.", no_args_is_help=True
)
_SURE = "Did {email} ask you for it, by another way than e-mail?"


@app.command()
def codes_off(
    email: Annotated[str, typer.Argument(help="The address that the account was made with.")],
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Let the password alone log in again, for somebody who lost their phone and their recovery codes.

    Passkeys stay. A letter tells them, and the audit log keeps it.
    """
    with plain_errors():
        from ascension.embedded.connections import in_transaction

        address = email.strip().lower()
        if not is_sure:
            typer.confirm(_SURE.format(email=address), abort=True)
        asyncio.run(
            in_transaction(os.environ, "ascension-users", lambda connection: _codes_off(connection, address))
        )
        typer.echo(f"Logging in as {address} asks for no codes any more; a letter tells them.")


async def _codes_off(connection: "Connection", email: str) -> None:
    from ascension.accounts.mail import service as mail
    from ascension.audit.entries import COMMAND
    from ascension.operations.users import service

    account = await service.find(connection, email)
    await service.turn_codes_off(connection, COMMAND, account.id)
    await mail.put(connection, "codes_off", recipient=account.email, language="en")
