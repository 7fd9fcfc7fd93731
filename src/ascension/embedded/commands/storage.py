"""`ascension storage`: do storage and database say the same, and which rules the bucket needs."""

import asyncio
import difflib
import json
import os
from collections import Counter
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ascension.embedded.commands.platform import plain_errors
from ascension.embedded.layout import Home, Ports
from ascension.embedded.record import Run, is_held
from ascension.errors.http import Unavailable
from ascension.errors.setup import SetupError
from ascension.infra.console import EXIT_UNEXPECTED, JsonOption, plural, tell

if TYPE_CHECKING:
    from ascension.infra.database.primary import Database
    from ascension.infra.storage.objects import Storage
    from ascension.retention.check import Finding

app = typer.Typer(name="storage", help="What lies in storage.", no_args_is_help=True)
TOLD: Final = 50  # lines of each kind
MOST_H: Final = 100_000  # eleven years
WORDS: Final = {
    "object_without_row": ("object without a row", "objects without a row"),
    "row_without_object": ("row without an object", "rows without an object"),
    "unfinished_upload": (
        "unfinished upload that nobody waits for",
        "unfinished uploads that nobody waits for",
    ),
    "overdue": ("removal that is overdue", "removals that are overdue"),
}


@app.command()
def check(
    older_than_h: Annotated[float, typer.Option(min=0, max=MOST_H, help="Younger ones are let be.")] = 24,
    remove: Annotated[bool, typer.Option("--remove", help="Remove what no row knows.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare storage and database: objects without a row, rows without an object, leftovers.

    Looks at DATABASE_URL and S3_* if set, else at the platform running here. Exit code 1 if anything is left.
    """
    with plain_errors():
        found = asyncio.run(_examine(older_than_h * 3600, is_telling=not as_json, is_removing=False))
        removable = found["object_without_row"] + found["unfinished_upload"]
        removed = 0
        if remove and removable:
            if not yes:
                what = plural(removable, "object or upload", "objects and uploads")
                typer.confirm(f"Remove {removable} {what} for good?", abort=True)
            left = asyncio.run(_examine(older_than_h * 3600, is_telling=False, is_removing=True))
            removed = left["removed"]
        if as_json:
            tell({**{kind: found[kind] for kind in WORDS}, "removed": removed})
        else:
            _summarize(found, removed)
        if found.total() - removed > 0:
            raise typer.Exit(EXIT_UNEXPECTED)


def _summarize(found: Counter[str], removed: int) -> None:
    for kind, words in WORDS.items():
        typer.echo(f"{found[kind]:>8} {plural(found[kind], *words)}")
    if removed:
        typer.echo(f"{removed:>8} removed")


async def _examine(older_than_s: float, *, is_telling: bool, is_removing: bool) -> Counter[str]:
    """How many there are of each kind; told as they are found, or removed."""
    from ascension.retention import check as storage_check

    found: Counter[str] = Counter()
    async with AsyncExitStack() as exit_stack:
        try:
            database, storage = await _open(exit_stack)
            async for finding in storage_check.examine(database, storage, older_than_s=older_than_s):
                found[finding.kind] += 1
                if is_removing and await storage_check.remove(storage, finding):
                    found["removed"] += 1
                if is_telling and found[finding.kind] <= TOLD:
                    typer.echo(_line(finding))
        except Unavailable as error:
            raise SetupError(f"{error.detail} Found so far: {found.total()}.") from None
    return found


def _line(finding: "Finding") -> str:
    since = f"  since {finding.since:%Y-%m-%d %H:%M}" if finding.since else ""
    size = f"  {finding.size_bytes / 1e6:.1f} MB" if finding.size_bytes is not None else ""
    return f"{finding.kind:<20} {finding.key}{size}{since}"


async def _open(exit_stack: AsyncExitStack) -> "tuple[Database, Storage]":
    """Of the environment where it names a database, else of the platform running here. Raises SetupError."""
    from ascension.embedded.connections import api_database_url
    from ascension.infra.database.primary import Database
    from ascension.infra.settings import StorageSettings, read
    from ascension.infra.storage.objects import Storage

    storage = Storage.of(read(StorageSettings)) if "DATABASE_URL" in os.environ else _own_storage()
    url = api_database_url(os.environ)
    database = await exit_stack.enter_async_context(
        Database(url, pool_size=1, application="ascension-storage-check")
    )
    return database, await exit_stack.enter_async_context(storage)


def _own_storage() -> "Storage":
    """That of the platform running here. Raises SetupError: none does."""
    from ascension.embedded.engines import seaweedfs
    from ascension.infra.storage.objects import Storage

    home = Home.find(os.environ)
    run = Run.read(home.run_file)
    if run is None or not is_held(home) or not {"postgres", "s3"} <= run.ports.keys():
        raise SetupError("No platform runs here: start it with `make up`, or set DATABASE_URL and S3_*.")
    server = seaweedfs.SeaweedFS(home, home.path, Ports(run.ports["postgres"]), home.secrets(), ())
    key_id, secret = server.keys(seaweedfs.API)
    return Storage(
        endpoint=server.endpoint,
        public_endpoint=server.endpoint,
        region=seaweedfs.REGION,
        bucket=seaweedfs.BUCKET,
        key_id=key_id,
        secret=secret,
    )


@app.command()
def rules(
    deep_archive: Annotated[
        bool,
        typer.Option("--deep-archive", help="Also DEEP_ARCHIVE after 90 days: set DEEP_ARCHIVE=true too."),
    ] = False,
) -> None:
    """Print the lifecycle rules of the bucket, for `aws s3api put-bucket-lifecycle-configuration`."""
    from ascension.infra.storage.lifetimes import bucket_rules

    typer.echo(json.dumps({"Rules": bucket_rules(archive=True, deep_archive=deep_archive)}, indent=2))


@app.command()
def setup(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; exit code 1 if anything differs.")
    ] = False,
    archive: Annotated[
        bool, typer.Option(help="Saved videos go to GLACIER_IR after 30 days; R2 and B2 have no such class.")
    ] = True,
    deep_archive: Annotated[
        bool,
        typer.Option("--deep-archive", help="Also DEEP_ARCHIVE after 90 days: set DEEP_ARCHIVE=true too."),
    ] = False,
    backup: Annotated[
        bool, typer.Option("--backup", help="The bucket of backups, which is set up otherwise.")
    ] = False,
) -> None:
    """Set the bucket up as Ascension needs it, and print what differed. May be run again at any time.

    Looks at S3_ENDPOINT, S3_REGION, S3_BUCKET, WEB_ORIGINS and AWS_*, whose keys may change the bucket: those
    of the API, of workers and of backups must not.
    """
    with plain_errors():
        differing = asyncio.run(
            _set_up(dry_run=dry_run, archive=archive, deep_archive=deep_archive, is_backup=backup)
        )
    if differing and dry_run:
        raise typer.Exit(EXIT_UNEXPECTED)


async def _set_up(*, dry_run: bool, archive: bool, deep_archive: bool, is_backup: bool) -> int:
    """How many parts differed."""
    from ascension.infra.settings import ApiSettings, StorageSettings, read
    from ascension.infra.storage import bucket
    from ascension.infra.storage.objects import Storage

    settings, differing = read(StorageSettings), 0
    has_tls = settings.s3_endpoint.startswith("https://")
    try:
        async with Storage.of(settings) as storage:
            where, region = settings.s3_bucket, settings.s3_region
            wanted = (
                bucket.backup_parts(storage.client, where, region=region, has_tls=has_tls)
                if is_backup
                else bucket.parts(
                    storage.client,
                    where,
                    region=region,
                    web_origins=read(ApiSettings).web_origins,
                    archive=archive,
                    deep_archive=deep_archive,
                    has_tls=has_tls,
                )
            )
            for part in wanted:
                found = await bucket.examine(part)
                after = found.state if dry_run else await bucket.mend(found)
                differing += found.state == "differs"
                typer.echo(f"{part.name:<14} {_told(found.state, after)}")
                if found.state == "differs":
                    _print_difference(found.found, part.wanted)
    except Unavailable as error:
        raise SetupError(f"{error.detail} What stands above is done.") from None
    if not has_tls:
        typer.echo("policy         left out: S3_ENDPOINT is not https")
    return differing


def _told(before: str, after: str) -> str:
    if before == "differs" and after == "as wanted":
        return "changed"
    return {"not known here": "not known to this storage"}.get(after, after)


def _print_difference(found: object, wanted: object) -> None:
    """Line by line, as it was and as it should be."""
    before, after = (
        [] if one is None else json.dumps(one, indent=1, sort_keys=True).splitlines()
        for one in (found, wanted)
    )
    for line in difflib.unified_diff(before, after, lineterm="", n=1):
        if not line.startswith(("---", "+++", "@@")):
            typer.echo(f"    {line}")


@app.command()
def policy(
    process: Annotated[Literal["api", "worker", "backup"], typer.Argument(help="Whose key it is for.")],
    bucket: Annotated[str, typer.Option(help="Of videos and results.")] = "ascension-staging",
    backup_bucket: Annotated[str, typer.Option(help="Of backups.")] = "ascension-staging-backup",
) -> None:
    """Print the least that a key has to be allowed, as IAM and SeaweedFS take it."""
    from ascension.infra.storage import rights

    granted = {
        "api": {bucket: rights.API},
        "worker": {bucket: rights.WORKER},
        "backup": {bucket: rights.BACKUP_SOURCE, backup_bucket: rights.BACKUP_TARGET},
    }
    typer.echo(json.dumps(rights.policy(granted[process]), indent=2))


@app.command()
def copy(
    back: Annotated[
        bool, typer.Option("--back", help="From the second bucket into the first what that has not.")
    ] = False,
    allow_loss: Annotated[
        bool, typer.Option("--allow-loss", help="Also where a tenth or more went from the first bucket.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep a second bucket that holds what is saved: new objects are copied, those that went go there, too.

    Looks at S3_*, AWS_* and the same names with BACKUP_ before them. Exit code 1 if one side has more.
    """
    with plain_errors():
        told = asyncio.run(_copy(is_back=back, allow_loss=allow_loss))
        if as_json:
            tell(told)
        else:
            typer.echo(", ".join(f"{name} {count}" for name, count in told.items()))
        if told["kept"] != told["copied"]:
            raise typer.Exit(EXIT_UNEXPECTED)


async def _copy(*, is_back: bool, allow_loss: bool) -> dict[str, int]:
    """How many objects of what kind. Raises SetupError: a storage does not answer, or much is gone."""
    from ascension.infra.settings import BackupStorageSettings, StorageSettings, read
    from ascension.infra.storage.objects import Storage
    from ascension.retention import mirror

    settings = read(BackupStorageSettings)
    first, second = (
        Storage.of(read(StorageSettings)),
        Storage(
            endpoint=settings.backup_s3_endpoint,
            public_endpoint=settings.backup_s3_endpoint,
            region=settings.backup_s3_region,
            bucket=settings.backup_s3_bucket,
            key_id=settings.backup_aws_access_key_id,
            secret=settings.backup_aws_secret_access_key.get_secret_value(),
        ),
    )
    try:
        async with first, second:
            if is_back:
                done = await mirror.copy(second, first, only_missing=True)
            else:
                done = await mirror.copy(first, second)
                if mirror.is_suspicious(done) and not allow_loss:
                    raise SetupError(
                        f"{len(done.gone)} of {done.copied + len(done.gone)} objects are gone from the first "
                        "bucket: nothing was removed from the second. If that is right, say --allow-loss; if "
                        "not, `ascension storage copy --back` brings them back."
                    )
                await mirror.remove_gone(second, done)
    except Unavailable as error:
        raise SetupError(error.detail) from None
    return {name: int(getattr(done, name)) for name in ("kept", "copied", "added", "removed", "frozen")}
