"""HTTP of comparisons: two attempts on one wall beside each other."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from ascension.accounts.access import CurrentUser, TransactionDep
from ascension.audit.entries import Party, account, record
from ascension.comparisons import service
from ascension.comparisons.schemas import (
    ComparisonBrief,
    ComparisonCreate,
    ComparisonList,
    ComparisonRead,
)
from ascension.errors.analyses import (
    AnalysisNotFound,
    ComparisonInTrash,
    ComparisonNotFound,
    ResultNotFound,
    TooManyComparisons,
)
from ascension.infra.http.errors import errors
from ascension.jobs.access import QueueDep

router = APIRouter(prefix="/api/v1", tags=["comparisons"])


@router.post(
    "/comparisons",
    status_code=202,
    summary="Compare two attempts on one wall",
    description="Of yours, or of climbers whom you coach: while they let you. Asking for the same two again"
    " gives the same comparison; one that failed or is stale is made anew. `comparison.*` tells on the live"
    " socket. Costs nothing of the quota; at most 100 are kept.",
    responses=errors(AnalysisNotFound, ResultNotFound, TooManyComparisons),
)
async def compare(
    body: ComparisonCreate, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep, response: Response
) -> ComparisonRead:
    found = await service.request(
        tx,
        queue,
        user_id,
        first=(body.first.analysis_id, body.first.attempt),
        second=(body.second.analysis_id, body.second.attempt),
    )
    response.headers["Location"] = f"/api/v1/comparisons/{found.id}"
    answer = ComparisonRead.of(found)
    if answer.state == "completed" and answer.stale:  # another release's, which only reading it tells
        answer = ComparisonRead.of(await service.again(tx, queue, user_id, found))
    return answer


@router.get("/comparisons", summary="Your comparisons, newest first", responses=errors())
async def list_all(
    user_id: CurrentUser,
    tx: TransactionDep,
    analysis_id: Annotated[UUID | None, Query(description="Only those with this analysis.")] = None,
) -> ComparisonList:
    found = await service.list_all(tx.connection, user_id, analysis_id=analysis_id)
    return ComparisonList(items=[ComparisonBrief.of(row) for row in found])


@router.get(
    "/comparisons/{comparison_id}",
    summary="What differs between two attempts, where, and what it cost",
    responses=errors(ComparisonNotFound, ComparisonInTrash),
)
async def read(comparison_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> ComparisonRead:
    return ComparisonRead.of(await service.get(tx.connection, comparison_id, user_id))


@router.delete(
    "/comparisons/{comparison_id}",
    status_code=204,
    summary="Take a comparison away; the analyses stay",
    responses=errors(ComparisonNotFound),
)
async def delete(comparison_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.delete(tx, comparison_id, user_id)
    about = Party("comparison", str(comparison_id))
    await record(tx.connection, "comparison.deleted", account(user_id), about)
