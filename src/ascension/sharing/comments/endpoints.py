"""HTTP of comments: below the analysis that they are about, for whoever may read that."""

from uuid import UUID

from fastapi import APIRouter

from ascension.accounts.access import AccountPartsDep, TransactionDep
from ascension.errors.analyses import AnalysisNotFound
from ascension.errors.sharing import CommentNotFound, GuestsOnlyRead, TooManyComments
from ascension.infra.http.errors import errors
from ascension.sharing.access import ReadingDep
from ascension.sharing.comments import service
from ascension.sharing.comments.schemas import CommentChange, CommentCreate, CommentList, CommentRead

router = APIRouter(prefix="/api/v1/shared/analyses/{analysis_id}/comments", tags=["sharing"])


@router.get(
    "",
    summary="What was said about the climb, by moment",
    description="`comments.changed` tells climber and coaches on the live socket that there is news.",
    responses=errors(AnalysisNotFound),
)
async def list_all(reading: ReadingDep, tx: TransactionDep) -> CommentList:
    found = await service.list_of(tx.connection, reading)
    return CommentList(items=[CommentRead.of(comment, reading) for comment in found])


@router.post(
    "",
    status_code=201,
    summary="Say something about a moment of the clip",
    responses=errors(AnalysisNotFound, GuestsOnlyRead, TooManyComments),
)
async def write(
    body: CommentCreate, reading: ReadingDep, tx: TransactionDep, accounts: AccountPartsDep
) -> CommentRead:
    comment = await service.write(tx, accounts.streams, reading, at_s=body.at_s, text=body.text)
    return CommentRead.of(comment, reading)


@router.put(
    "/{comment_id}",
    summary="Say it differently: your own comment",
    responses=errors(AnalysisNotFound, GuestsOnlyRead, CommentNotFound),
)
async def edit(
    comment_id: UUID, body: CommentChange, reading: ReadingDep, tx: TransactionDep, accounts: AccountPartsDep
) -> CommentRead:
    return CommentRead.of(await service.edit(tx, accounts.streams, reading, comment_id, body.text), reading)


@router.delete(
    "/{comment_id}",
    status_code=204,
    summary="Delete your comment; the climber, any",
    responses=errors(AnalysisNotFound, GuestsOnlyRead, CommentNotFound),
)
async def delete(
    comment_id: UUID, reading: ReadingDep, tx: TransactionDep, accounts: AccountPartsDep
) -> None:
    await service.delete(tx, accounts.streams, reading, comment_id)


@router.post(
    "/{comment_id}/restore",
    summary="Take the deletion back, within an hour",
    responses=errors(AnalysisNotFound, GuestsOnlyRead, CommentNotFound, TooManyComments),
)
async def restore(
    comment_id: UUID, reading: ReadingDep, tx: TransactionDep, accounts: AccountPartsDep
) -> CommentRead:
    return CommentRead.of(await service.restore(tx, accounts.streams, reading, comment_id), reading)
