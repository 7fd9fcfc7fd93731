"""`ascension erasures`: who was erased stays erased where a database is taken back to a moment before."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, TypeVar

import psycopg
import typer

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.setup import SetupError
from ascension.infra.console import JsonOption, plural, tell

app = typer.Typer(name="erasures", help="Erased accounts, around a restore.", no_args_is_help=True)
ErasuresFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="Digests of ids, and when.", dir_okay=False)
]
T = TypeVar("T")


@app.command("list")
def list_all(file: ErasuresFile, as_json: JsonOption = False) -> None:
    """Write the erasures that the database of DATABASE_URL knows of: open ones, and those of 30 days."""
    from ascension.embedded.backups import erasures
    from ascension.infra.settings import DatabaseSettings, read

    with plain_errors():
        url = read(DatabaseSettings).database_url.get_secret_value()
        found = _ask(erasures.listed(url))
        file.write_bytes(erasures.FILE.dump_json(found))
        if as_json:
            tell({"erasures": len(found)})
        else:
            typer.echo(f"{len(found)} {plural(len(found), 'erasure')} in {file}.")


@app.command()
def apply(file: ErasuresFile, as_json: JsonOption = False) -> None:
    """Erase again, in the database of DATABASE_URL, whom a restore brought back. Their objects follow.

    May be run again at any time.
    """
    from pydantic import ValidationError

    from ascension.embedded.backups import erasures
    from ascension.infra.settings import DatabaseSettings, read

    with plain_errors():
        url = read(DatabaseSettings).database_url.get_secret_value()
        try:
            known = erasures.FILE.validate_json(file.read_bytes())
        except OSError as error:
            raise SetupError(f"{file} cannot be read: {error.strerror}.") from None
        except ValidationError:
            raise SetupError(f"{file} is not what `ascension erasures list` writes.") from None
        again = _ask(erasures.apply(url, known))
        if as_json:
            tell({"erased_again": again})
        else:
            typer.echo(f"{again} {plural(again, 'account')} of {len(known)} erased again.")


def _ask(work: Coroutine[object, object, T]) -> T:
    """Raises SetupError: what the database said."""
    try:
        return asyncio.run(work)
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise SetupError(f"The database does not do that: {reason}") from None
