"""HTTP of corrections: put right what an analysis got wrong, take it back."""

from uuid import UUID

from fastapi import APIRouter

from ascension.accounts.access import CurrentUser, IdempotencyKey, TransactionDep
from ascension.analyses.corrections import service
from ascension.analyses.corrections.edits import Edits
from ascension.analyses.corrections.schemas import CorrectionsRead
from ascension.errors.analyses import (
    AnalysisActive,
    AnalysisEnded,
    AnalysisNotFound,
    AnalysisNotRetryable,
    CorrectionNotFound,
    ResultNotFound,
    TooManyCorrections,
)
from ascension.errors.http import IdempotencyKeyReused
from ascension.infra.http.errors import errors
from ascension.jobs.access import QueueDep

router = APIRouter(prefix="/api/v1/analyses/{analysis_id}", tags=["corrections"])


@router.get("/corrections", summary="What was put right in an analysis", responses=errors(AnalysisNotFound))
async def read_corrections(analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> CorrectionsRead:
    return CorrectionsRead.of(await service.of(tx.connection, analysis_id, user_id))


@router.post(
    "/corrections",
    status_code=202,
    summary="Put contacts, holds or keypoints right",
    description="Everything is derived anew from the stored skeleton, in a job; the original is kept. The"
    " result changes when `state` is completed; `derivation.*` tells on the live socket.",
    responses=errors(
        AnalysisNotFound, ResultNotFound, AnalysisActive, TooManyCorrections, IdempotencyKeyReused
    ),
)
async def correct(
    analysis_id: UUID,
    body: Edits,
    user_id: CurrentUser,
    tx: TransactionDep,
    queue: QueueDep,
    idempotency_key: IdempotencyKey = None,
) -> CorrectionsRead:
    found = await service.add(tx, queue, analysis_id, user_id, edits=body, key=idempotency_key)
    return CorrectionsRead.of(found)


@router.delete(
    "/corrections",
    status_code=202,
    summary="Take every correction back: the original result stands again",
    responses=errors(AnalysisNotFound, ResultNotFound, AnalysisActive),
)
async def remove_corrections(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep
) -> CorrectionsRead:
    return CorrectionsRead.of(await service.remove(tx, queue, analysis_id, user_id, None))


@router.delete(
    "/corrections/{correction_id}",
    status_code=202,
    summary="Take one correction back",
    responses=errors(AnalysisNotFound, ResultNotFound, CorrectionNotFound, AnalysisActive),
)
async def remove_correction(
    analysis_id: UUID, correction_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep
) -> CorrectionsRead:
    return CorrectionsRead.of(await service.remove(tx, queue, analysis_id, user_id, correction_id))


@router.post(
    "/derivation/retry",
    status_code=202,
    summary="Work the corrections in again after that failed or was canceled",
    responses=errors(AnalysisNotFound, ResultNotFound, AnalysisActive, AnalysisNotRetryable),
)
async def retry_derivation(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep
) -> CorrectionsRead:
    return CorrectionsRead.of(await service.retry(tx, queue, analysis_id, user_id))


@router.post(
    "/derivation/cancel",
    status_code=202,
    summary="Stop working the corrections in; the result stays as it is",
    responses=errors(AnalysisNotFound, AnalysisEnded),
)
async def cancel_derivation(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep
) -> CorrectionsRead:
    return CorrectionsRead.of(await service.cancel(tx, queue, analysis_id, user_id))
