"""What users do to a finished analysis that is not right: correct it, look at it, take it back."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as account_queries
from ascension.accounts.idempotency import create_once
from ascension.analyses import service
from ascension.analyses.corrections import queries
from ascension.analyses.corrections.edits import Edits
from ascension.analyses.corrections.queries import Correction, Derivation
from ascension.analyses.queries import Analysis, StoredResult
from ascension.errors.accounts import SessionRevoked
from ascension.errors.analyses import (
    AnalysisActive,
    AnalysisEnded,
    AnalysisNotRetryable,
    CorrectionNotFound,
    OriginalNotFound,
    ResultNotFound,
    TooManyCorrections,
)
from ascension.errors.http import Malformed
from ascension.infra.database.primary import Connection, Transaction
from ascension.jobs import service as jobs
from ascension.jobs.service import JobQueue
from ascension.videos import service as videos

KIND: Final = "derivation"
MAX_CORRECTIONS: Final = 100
MAX_PLACED: Final = 1000
"""Contacts and holds of all of them: each is looked for among the others, so work grows with the square."""


@dataclass(frozen=True)
class Corrections:
    """All of one analysis, oldest first, and how far the job is that works them in."""

    items: list[Correction]
    derivation: Derivation


async def of(connection: Connection, analysis_id: UUID, user_id: UUID) -> Corrections:
    """Raises AnalysisNotFound."""
    await service.get(connection, analysis_id, user_id)
    return await _read(connection, analysis_id, user_id)


async def original(connection: Connection, analysis_id: UUID, user_id: UUID) -> StoredResult:
    """The result as it was before any correction.

    Raises AnalysisNotFound, ResultNotFound; OriginalNotFound where no correction is worked in.
    """
    stored = await queries.get_original(connection, analysis_id, user_id)
    if stored is None:
        await service.result(connection, analysis_id, user_id)
        raise OriginalNotFound
    return stored


async def add(
    tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID, *, edits: Edits, key: str | None
) -> Corrections:
    """Write a correction down and have everything derived anew.

    Raises:
        AnalysisNotFound, ResultNotFound, AnalysisActive, Malformed for an entry that names what is not there,
        TooManyCorrections, IdempotencyKeyReused.
    """
    analysis = await _correctable(tx, analysis_id, user_id)
    wanted = edits.model_dump(mode="json")

    async def create(correction_id: UUID) -> None:
        frames = (analysis.summary or {}).get("frame_count", 0)
        if edits.last_frame() >= frames:
            raise Malformed(f"body: the clip has {frames} frames, from 0.")
        if await queries.count_of(tx.connection, analysis_id, user_id) >= MAX_CORRECTIONS:
            raise TooManyCorrections
        placed = await queries.count_placed(tx.connection, analysis_id, user_id)
        if placed + len(edits.contacts) + len(edits.holds) > MAX_PLACED:
            raise TooManyCorrections
        await _check(tx.connection, analysis, edits)
        await queries.insert(
            tx.connection,
            correction_id=correction_id,
            analysis_id=analysis_id,
            user_id=user_id,
            edits=wanted,
        )
        await _derive(tx, queue, analysis)

    await create_once(
        tx.connection,
        user_id=user_id,
        key=key,
        request={"correct": analysis_id, "edits": wanted},
        new_id=uuid7(),
        create=create,
    )
    return await _read(tx.connection, analysis_id, user_id)


async def _check(connection: Connection, analysis: Analysis, edits: Edits) -> None:
    """Raises Malformed, naming the entry; while earlier ones are not worked in, the derivation tells."""
    derivation = await queries.get_derivation(connection, analysis.id, analysis.user_id)
    if derivation.job_state not in (None, "done"):
        return
    stored = await service.result(connection, analysis.id, analysis.user_id)
    reason = await asyncio.to_thread(_misplaced, stored.result, edits)
    if reason:
        raise Malformed(f"body.{reason}.")


def _misplaced(data: bytes, edits: Edits) -> str:
    """Which entry names what is not there, and why; "" for none."""
    from ascension.analyses.corrections import placing
    from ascension.analyses.result import decode

    result = decode(data)
    try:
        placing.check(result, edits)
    except placing.MisplacedError as error:
        return str(error)
    return ""


async def remove(
    tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID, correction_id: UUID | None
) -> Corrections:
    """Take one correction back, or all: without any, the original result stands again.

    Raises AnalysisNotFound, ResultNotFound, AnalysisActive; CorrectionNotFound for one that is not there.
    """
    analysis = await _correctable(tx, analysis_id, user_id)
    removed = await queries.delete(tx.connection, analysis_id, user_id, correction_id)
    if removed:
        await _derive(tx, queue, analysis)
    elif correction_id is not None:
        raise CorrectionNotFound
    return await _read(tx.connection, analysis_id, user_id)


async def retry(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> Corrections:
    """Work them in again after that failed or was canceled. Raises as `remove`, and AnalysisNotRetryable."""
    await _correctable(tx, analysis_id, user_id)
    derivation = await queries.get_derivation(tx.connection, analysis_id, user_id)
    if derivation.job_id is None:
        raise AnalysisNotRetryable
    await jobs.retry(tx, queue, derivation.job_id, user_id, also_done=False)
    return await _read(tx.connection, analysis_id, user_id)


async def cancel(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> Corrections:
    """Stop working them in; the result stays as it is. Raises AnalysisNotFound, AnalysisEnded."""
    await service.get(tx.connection, analysis_id, user_id)
    derivation = await queries.get_derivation(tx.connection, analysis_id, user_id)
    if derivation.job_id is None:
        raise AnalysisEnded
    await jobs.cancel(tx, queue, derivation.job_id, user_id)
    return await _read(tx.connection, analysis_id, user_id)


async def _read(connection: Connection, analysis_id: UUID, user_id: UUID) -> Corrections:
    items = await queries.list_of(connection, analysis_id, user_id)
    return Corrections(items, await queries.get_derivation(connection, analysis_id, user_id))


async def _correctable(tx: Transaction, analysis_id: UUID, user_id: UUID) -> Analysis:
    """The analysis, its video locked, so that it is not made anew meanwhile."""
    analysis = await service.get(tx.connection, analysis_id, user_id)
    await videos.get(tx.connection, analysis.video_id, user_id, lock=True)
    analysis = await service.get(tx.connection, analysis_id, user_id)
    if analysis.summary is None:
        raise ResultNotFound
    if analysis.job_state in ("queued", "processing"):
        raise AnalysisActive
    return analysis


async def _derive(tx: Transaction, queue: JobQueue, analysis: Analysis) -> None:
    derivation = await queries.get_derivation(tx.connection, analysis.id, analysis.user_id)
    if derivation.job_id is not None:
        await jobs.restart(tx, queue, derivation.job_id, analysis.user_id)
        return
    user = await account_queries.get_user(tx.connection, analysis.user_id)
    if user is None:
        raise SessionRevoked
    job_id = await jobs.enqueue(
        tx, queue, kind=KIND, subject_id=analysis.id, user_id=analysis.user_id, tier=user.tier
    )
    await queries.set_job(tx.connection, analysis.id, analysis.user_id, job_id)
