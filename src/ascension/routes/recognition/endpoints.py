"""HTTP of recognition: which earlier wall a climb is on, and what its climber says to that."""

from uuid import UUID

from fastapi import APIRouter

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.errors.analyses import AnalysisNotFound, ResultNotFound
from ascension.errors.routes import SuggestionNotFound
from ascension.infra.http.errors import errors
from ascension.jobs.access import QueueDep
from ascension.routes.recognition import service
from ascension.routes.recognition.schemas import RecognitionAnswer, RecognitionRead

router = APIRouter(prefix="/api/v1/analyses/{analysis_id}/recognition", tags=["routes"])


@router.post(
    "",
    status_code=202,
    summary="Is this one of your earlier walls?",
    description="Worked out once, against the newest climb of each of the 12 routes that you climbed last;"
    " asking again gives the same. `recognition.*` tells on the live socket. Costs nothing of the quota.",
    responses=errors(AnalysisNotFound, ResultNotFound),
)
async def ask(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep
) -> RecognitionRead:
    return RecognitionRead.of(await service.ask(tx, queue, analysis_id, user_id))


@router.get(
    "",
    summary="What was found of the wall of a climb",
    responses=errors(AnalysisNotFound, ResultNotFound),
)
async def read(analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> RecognitionRead:
    return RecognitionRead.of(await service.find(tx.connection, analysis_id, user_id))


@router.put(
    "/answer",
    summary="Same route, another one on this wall, or no",
    responses=errors(AnalysisNotFound, ResultNotFound, SuggestionNotFound),
)
async def answer(
    analysis_id: UUID, body: RecognitionAnswer, user_id: CurrentUser, tx: TransactionDep
) -> RecognitionRead:
    return RecognitionRead.of(await service.answer(tx.connection, analysis_id, user_id, body.answer))
