"""`ascension secrets`: new keys and passwords, with grace for what was made with the former ones."""

import asyncio
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.setup import SetupError

if TYPE_CHECKING:
    from ascension.embedded.resealing import Resealed
    from ascension.embedded.rotation import Part

app = typer.Typer(
    name="secrets", help="New keys and passwords, and what was made with the former.", no_args_is_help=True
)
PARTS: "tuple[Part, ...]" = ("tokens", "accounts", "engines")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


@app.command()
def rotate(
    part: Annotated[
        list[str] | None,
        typer.Argument(help="tokens (JWT_SECRET), accounts (ACCOUNT_SECRET), engines. Default: all."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """New secrets for the platform that lives here; it must be stopped.

    Nobody is logged out, and nobody has to set up codes anew: the former secrets are kept beside the new.
    """
    with plain_errors():
        from ascension.embedded import rotation
        from ascension.embedded.layout import Home

        if unknown := sorted(set(part or ()) - set(PARTS)):
            raise SetupError(f"{unknown[0][:40]!r} is no part: {', '.join(PARTS)}.")
        wanted: list[Part] = [one for one in PARTS if not part or one in part]
        home = Home.find(os.environ)
        rotation.require_stopped(home)
        is_unfinished = "accounts" in wanted and home.former_secrets().account_unsealed
        if is_unfinished:
            typer.echo(
                "The last rotation of accounts was interrupted: it is finished, no newer secret is made."
            )
            wanted.remove("accounts")
        if dry_run:
            for one in wanted:
                typer.echo(f"{one}: {', '.join(rotation.SECRETS_OF[one])} would be made anew.")
            if "accounts" in wanted and home.former_secrets().account:
                typer.echo("Recovery codes made before the last rotation would stop working.")
            return
        resealed = asyncio.run(rotation.rotate(home, wanted, datetime.now(UTC)))
        typer.echo(f"Made anew: {', '.join(wanted) or 'nothing'}. Start the platform with `make up`.")
        if "accounts" in wanted or is_unfinished:
            _tell(resealed)


@app.command()
def reseal(dry_run: DryRun = False) -> None:
    """Seal anew what ACCOUNT_SECRET_PREVIOUS sealed: where secrets come from the environment.

    Every API must know both secrets by then. `rotate` does it by itself.
    """
    with plain_errors():
        resealed = asyncio.run(_reseal(dry_run))
        if dry_run:
            typer.echo("Nothing was changed. It would be:")
        _tell(resealed)


async def _reseal(dry_run: bool) -> "Resealed":
    from ascension.accounts.sealing import AccountKeys
    from ascension.embedded import resealing
    from ascension.embedded.connections import api_database_url
    from ascension.errors.base import ApiError
    from ascension.infra.database.primary import Database
    from ascension.infra.settings import AccountSecretSettings, read

    settings = read(AccountSecretSettings)
    keys = AccountKeys(
        settings.account_secret.get_secret_value(), settings.account_secret_previous.get_secret_value()
    )
    url = api_database_url(os.environ)
    async with Database(url, pool_size=1, application="ascension-secrets") as database:
        try:
            return await resealing.reseal(database, keys, dry_run=dry_run)
        except ApiError as error:
            raise SetupError(error.detail) from None


@app.command()
def forget() -> None:
    """Drop the former secrets of the platform that lives here; it must be stopped.

    Recovery codes that were made before the rotation stop working.
    """
    with plain_errors():
        from ascension.embedded import rotation
        from ascension.embedded.layout import Home

        rotation.forget(Home.find(os.environ))
        typer.echo("The former secrets are gone. Start the platform with `make up`.")


def _tell(resealed: "Resealed") -> None:
    typer.echo(f"Sealed anew: {resealed.count}.")
    if resealed.lost:
        typer.echo(f"Sealed with a secret that is not known here, left as they are: {resealed.lost}.")
    if resealed.on_recovery_codes:
        typer.echo(
            f"Accounts whose recovery codes are of before: {resealed.on_recovery_codes}. They work as long as"
            " the former secret is kept, or until their owners make new ones."
        )
