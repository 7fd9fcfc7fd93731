"""`ascension jobs`: what waits, runs and is dead; try again, cancel. The same as the operator's page does.

On DATABASE_URL and REDIS_URL where they are set, else on the platform that runs here. What they work with is
imported in them, as in `commands`.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.live import Live

from ascension.embedded.commands.platform import plain_errors
from ascension.errors import catalogue
from ascension.errors.base import ApiError
from ascension.errors.jobs import JobFailure
from ascension.infra.console import EXIT_UNEXPECTED, JsonOption, fail, plural, tell
from ascension.jobs.choices import State
from ascension.plans.tiers import Tier

if TYPE_CHECKING:
    from ascension.infra.database.primary import Transaction
    from ascension.jobs.listing_queries import JobRow, Which
    from ascension.jobs.service import JobQueue

app = typer.Typer(name="jobs", help="What waits, runs and is dead; try again, cancel.", no_args_is_help=True)
T = TypeVar("T")
MAX_PAUSES: Final = 20
PAUSE_S: Final = 0.1
"""Pauses while somebody else has the last ones in hand."""


def _kinds() -> list[str]:
    """For completion only: a newer release's kinds may be asked for, too."""
    from ascension.analyses import service
    from ascension.analyses.corrections import service as correction_service
    from ascension.comparisons.service import KIND
    from ascension.routes.recognition import service as recognition_service

    return [service.KIND, correction_service.KIND, KIND, recognition_service.KIND]


def _reasons() -> list[str]:
    return [code for code, error in catalogue().items() if issubclass(error, JobFailure)]


JobId = Annotated[UUID, typer.Argument(metavar="JOB", help="The id that `ascension jobs list` shows.")]
KindOption = Annotated[
    str | None,
    typer.Option(
        autocompletion=_kinds, help="Only of this kind: analysis, derivation, comparison, recognition, copy."
    ),
]
TierOption = Annotated[Tier | None, typer.Option(help="Only of this tier.")]
UserOption = Annotated[UUID | None, typer.Option(help="Only of the user with this id.")]
ReasonOption = Annotated[
    str | None,
    typer.Option(metavar="CODE", autocompletion=_reasons, help="Only with this reason, such as worker_lost."),
]


@app.command("list")
def list_jobs(
    state: Annotated[State, typer.Option(help="In this state.")] = "dead",
    kind: KindOption = None,
    tier: TierOption = None,
    user: UserOption = None,
    reason: ReasonOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Go on where the last list ended.")] = None,
    oldest: Annotated[bool, typer.Option("--oldest", help="Oldest first, not newest.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List jobs, newest first: the dead ones, or those in another state."""
    with plain_errors():
        from ascension.embedded.commands.job_tables import jobs_table
        from ascension.jobs.listing_queries import Which
        from ascension.operations.jobs import service as job_service
        from ascension.operations.jobs.schemas import JobPage, JobRead

        which = Which(state, kind, tier, user, reason)
        page, next_cursor = _run(
            lambda tx, _: job_service.list_page(
                tx.connection, which, cursor=cursor, is_newest_first=not oldest, limit=limit
            ),
            as_json=as_json,
        )
        items = [JobRead.of(row) for row in page]
        if as_json:
            tell(JobPage(items=items, next_cursor=next_cursor).model_dump(mode="json"))
            return
        if items:
            Console().print(jobs_table(items))
        else:
            typer.echo(f"No such job is {state}.")
        if next_cursor:
            typer.echo(f"More: --cursor {next_cursor}")


@app.command()
def show(job: JobId, as_json: JsonOption = False) -> None:
    """Say everything about a job: why it ended, what it cost, who ran it, how long each stage took."""
    with plain_errors():
        from ascension.operations.jobs import service as job_service

        _tell(_run(lambda tx, _: job_service.get(tx.connection, job), as_json=as_json), as_json=as_json)


@app.command()
def retry(job: JobId, as_json: JsonOption = False) -> None:
    """Run a job again that is dead or has failed, from the beginning."""
    with plain_errors():
        from ascension.audit.entries import COMMAND, Party, record
        from ascension.operations.jobs import service as job_service

        async def again(tx: "Transaction", queue: "JobQueue") -> "JobRow":
            row = await job_service.retry(tx, queue, job)
            await record(tx.connection, "job.retried", COMMAND, Party("job", str(job)))
            return row

        _tell(_run(again, as_json=as_json), as_json=as_json)


@app.command()
def cancel(job: JobId, as_json: JsonOption = False) -> None:
    """Cancel a job: at once while it waits, within 2 s while it runs."""
    with plain_errors():
        from ascension.audit.entries import COMMAND, Party, record
        from ascension.operations.jobs import service as job_service

        async def end(tx: "Transaction", queue: "JobQueue") -> "JobRow":
            row = await job_service.cancel(tx, queue, job)
            await record(tx.connection, "job.canceled", COMMAND, Party("job", str(job)))
            return row

        _tell(_run(end, as_json=as_json), as_json=as_json)


@app.command()
def retry_dead(
    kind: KindOption = None,
    tier: TierOption = None,
    user: UserOption = None,
    reason: ReasonOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run all dead jobs again, or those that are told. Exit code 1 if some are left."""
    with plain_errors():
        from ascension.jobs.listing_queries import Which
        from ascension.operations.jobs import service as job_service
        from ascension.operations.jobs.schemas import RetriedRead

        which = Which(None, kind, tier, user, reason)
        dead = _run(lambda tx, _: job_service.count_dead(tx.connection, which), as_json=as_json)
        if dead and not yes:
            typer.confirm(f"Run {dead} dead {plural(dead, 'job')} again?", abort=True, err=True)
        retried, left = _retry_all(which, dead, as_json=as_json)
        if as_json:
            tell(RetriedRead(retried=retried, left=left).model_dump())
        else:
            typer.echo(
                f"{retried} {plural(retried, 'waits', 'wait')} again"
                + (f", {left} {plural(left, 'is', 'are')} still dead." if left else ".")
            )
        if left:
            raise typer.Exit(EXIT_UNEXPECTED)


def _retry_all(which: "Which", left: int, *, as_json: bool) -> tuple[int, int]:
    """Batch after batch: how many wait again, how many are left."""
    from ascension.audit.entries import COMMAND, PLATFORM, record
    from ascension.operations.jobs import service as job_service

    async def batch(tx: "Transaction", queue: "JobQueue") -> tuple[int, int]:
        more, left = await job_service.retry_dead(tx, queue, which)
        await record(tx.connection, "jobs.retried", COMMAND, PLATFORM, retried=more, left=left)
        return more, left

    retried = pauses = 0
    while left and pauses < MAX_PAUSES:
        more, left = _run(batch, as_json=as_json)
        retried += more
        if left and not more:
            pauses += 1
            time.sleep(PAUSE_S)
    return retried, left


@app.command()
def watch(
    every_s: Annotated[float, typer.Option("--every", min=0.2, help="Seconds between looks.")] = 2,
    times: Annotated[int | None, typer.Option(min=1, help="How often; without it until Ctrl-C.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a look.")] = False,
) -> None:
    """Show tiers, workers and how long jobs take, anew every two seconds."""
    with plain_errors():
        from ascension.embedded.commands.job_tables import queue_tables
        from ascension.operations.jobs import service as job_service

        with _screen(is_drawn=not as_json) as screen:
            looks = 0
            while True:
                seen = _run(lambda tx, _: job_service.look(tx.connection), as_json=as_json)
                if screen is None:
                    tell(seen.model_dump(mode="json"))
                else:
                    screen.update(queue_tables(seen), refresh=True)
                looks += 1
                if looks == times:
                    return
                time.sleep(every_s)


@contextmanager
def _screen(*, is_drawn: bool) -> Generator[Live | None]:
    """What is drawn anew in its place; Ctrl-C is how one leaves it."""
    try:
        if is_drawn:
            console = Console()
            with Live(console=console, auto_refresh=False) as live:
                yield live
            if not console.is_terminal:
                console.line()  # what is drawn into a file ends without one
        else:
            yield None
    except KeyboardInterrupt:
        raise typer.Exit from None


def _tell(row: "JobRow", *, as_json: bool) -> None:
    from ascension.embedded.commands.job_tables import job_table
    from ascension.operations.jobs.schemas import JobRead

    job = JobRead.of(row)
    if as_json:
        tell(job.model_dump(mode="json"))
    else:
        Console().print(job_table(job))


def _run(work: "Callable[[Transaction, JobQueue], Awaitable[T]]", *, as_json: bool) -> T:
    """One transaction. What is refused, and parts that do not answer, end the command with code 1."""
    try:
        return asyncio.run(_carry_out(work))
    except ApiError as error:
        fail(error.code, error.detail, EXIT_UNEXPECTED, as_json=as_json)


async def _carry_out(work: "Callable[[Transaction, JobQueue], Awaitable[T]]") -> T:
    from ascension.embedded.connections import api_database_url, queue_url
    from ascension.infra import logging
    from ascension.infra.database.primary import Database
    from ascension.infra.settings import JobSettings, read
    from ascension.infra.streams import Streams
    from ascension.jobs.service import JobQueue

    logging.configure("jobs", "error")  # without the queue the sweep delivers: nothing to warn of here
    database_url = api_database_url(os.environ)
    queue = JobQueue(Streams(queue_url(os.environ)), read(JobSettings))
    try:
        async with (
            Database(database_url, pool_size=1, application="ascension-jobs") as database,
            database.transaction() as tx,
        ):
            return await work(tx, queue)
    finally:
        await queue.streams.close()
