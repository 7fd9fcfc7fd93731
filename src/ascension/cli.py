"""ENTRY: the `ascension` command. Each group of commands lives with its noun and is only listed here."""

from typing import Annotated

import typer

from ascension import __version__
from ascension.capacity.command import plan
from ascension.embedded.commands.admins import app as admins
from ascension.embedded.commands.audit import app as audit
from ascension.embedded.commands.backups import backup, restore, upgrade, verify_backup
from ascension.embedded.commands.database import app as database
from ascension.embedded.commands.erasures import app as erasures
from ascension.embedded.commands.invitations import app as invitations
from ascension.embedded.commands.jobs import app as jobs
from ascension.embedded.commands.platform import plain_errors
from ascension.embedded.commands.platform import register as register_platform
from ascension.embedded.commands.secrets import app as secrets
from ascension.embedded.commands.storage import app as storage
from ascension.embedded.commands.users import app as users
from ascension.infra import credentials
from ascension.reports.analyze_command import analyze
from ascension.reports.command import export, import_keypoints, report
from ascension.reports.compare_command import compare

app = typer.Typer(
    name="ascension",
    help="Film a climb with a phone, see the skeleton on the wall and what the body did.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
for command in (analyze, report, compare, export, import_keypoints, plan):
    app.command()(plain_errors()(command))
register_platform(app)
for group in (admins, audit, database, erasures, invitations, jobs, secrets, storage, users):
    app.add_typer(group)
for command in (backup, verify_backup, restore, upgrade):
    app.command()(plain_errors()(command))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ascension {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Film a climb with a phone, see the skeleton on the wall and what the body did."""
    with plain_errors():
        credentials.take()
