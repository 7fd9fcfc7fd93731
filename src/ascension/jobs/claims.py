"""The jobs a worker runs now, and one light question a moment that tells whether they are still wanted."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID

from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Database
from ascension.jobs import queries


class ClaimLostError(Exception):
    """Another worker owns the job now, or it is gone: whatever this run made is dropped."""


class CancelRequestedError(Exception):
    """The user asked to stop."""


class Claims:
    """The claims of one worker. A run waits on its own; the watch ends that wait with the reason."""

    def __init__(self, database: Database, *, watch_s: float) -> None:
        self._database = database
        self._watch_s = watch_s
        self._held: dict[UUID, tuple[UUID, asyncio.Future[None]]] = {}

    @contextmanager
    def hold(self, job_id: UUID, claim_id: UUID) -> Generator[asyncio.Future[None]]:
        """Have this claim watched. The future fails with ClaimLostError or CancelRequestedError."""
        unwanted = asyncio.get_running_loop().create_future()
        self._held[claim_id] = (job_id, unwanted)
        try:
            yield unwanted
        finally:
            del self._held[claim_id]
            if not unwanted.cancel() and not unwanted.cancelled():
                unwanted.exception()  # the run ended by itself in the same moment

    async def watch(self) -> None:
        """Ask until canceled. A database that is away tells nothing: the runs go on, their end is fenced."""
        while True:
            await asyncio.sleep(self._watch_s)
            if self._held:
                try:
                    await self._ask()
                except DatabaseUnavailable:
                    continue

    async def _ask(self) -> None:
        asked = dict(self._held)  # claims that are taken meanwhile are asked for next time
        async with self._database.transaction() as tx:
            found = await queries.list_claims(tx.connection, [job_id for job_id, _ in asked.values()])
        wanted = {claim.claim_id: not claim.cancel_requested for claim in found}
        for claim_id, (_, unwanted) in asked.items():
            if not wanted.get(claim_id) and not unwanted.done():
                unwanted.set_exception(CancelRequestedError() if claim_id in wanted else ClaimLostError())
