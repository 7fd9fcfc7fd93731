"""HTTP of coaches: the climber lets them in and out, the coach accepts, looks and leaves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ascension.accounts.access import AccountPartsDep, CurrentUser, TransactionDep
from ascension.errors.sharing import (
    CoachedClimberNotFound,
    CoachesInvitedTooOften,
    CoachInvitationInvalid,
    CoachIsYou,
    CoachNeedsAdult,
    CoachNotFound,
    CoachPresent,
    TooManyCoaches,
)
from ascension.infra.http.errors import errors
from ascension.sharing.coaches import news_queries, queries, service
from ascension.sharing.coaches.schemas import (
    CoachedClimberList,
    CoachedClimberRead,
    CoachedClimbPage,
    CoachedClimbRead,
    CoachInvite,
    CoachList,
    CoachRead,
    InvitationAccept,
    InvitationRead,
    InvitedRead,
    OpenCommentPage,
    OpenCommentRead,
)

router = APIRouter(prefix="/api/v1", tags=["sharing"])


@router.post(
    "/coaches",
    status_code=201,
    summary="Invite somebody to coach you: they see all your climbs once they accept",
    description="The answer is the same whether or not the address has an account."
    " Asking again makes a new link.",
    responses=errors(CoachNeedsAdult, CoachIsYou, CoachPresent, TooManyCoaches, CoachesInvitedTooOften),
)
async def invite(
    body: CoachInvite, user_id: CurrentUser, tx: TransactionDep, parts: AccountPartsDep
) -> InvitedRead:
    coach, token = await service.invite(tx, parts.post, user_id, body.as_wish())
    return InvitedRead.model_validate({**vars(coach), "token": token, "is_sent": parts.post.is_on})


@router.get("/coaches", summary="Your coaches, and whom you invited", responses=errors())
async def list_all(user_id: CurrentUser, tx: TransactionDep) -> CoachList:
    return CoachList(items=[CoachRead.of(coach) for coach in await queries.list_of(tx.connection, user_id)])


@router.delete(
    "/coaches/{coach_id}",
    status_code=204,
    summary="Withdraw a coach's access, or an invitation: at once",
    responses=errors(CoachNotFound),
)
async def end(coach_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.end(tx, coach_id, user_id)


@router.post(
    "/coach-invitations/read",
    summary="Who asks to be coached, by the link of the invitation",
    responses=errors(CoachInvitationInvalid),
)
async def read_invitation(body: InvitationAccept, tx: TransactionDep) -> InvitationRead:
    return InvitationRead.model_validate(await service.read_invitation(tx.connection, body.token))


@router.post(
    "/climbers",
    status_code=201,
    summary="Accept an invitation to coach, with the address that it was sent to",
    responses=errors(CoachInvitationInvalid),
)
async def accept(body: InvitationAccept, user_id: CurrentUser, tx: TransactionDep) -> CoachedClimberRead:
    grant_id = await service.accept(tx, user_id, body.token)
    found = await queries.list_of_coach(tx.connection, user_id)
    return next(CoachedClimberRead.of(climber, None) for climber in found if climber.id == grant_id)


@router.get("/climbers", summary="Whom you coach", responses=errors())
async def list_climbers(user_id: CurrentUser, tx: TransactionDep) -> CoachedClimberList:
    found = await queries.list_of_coach(tx.connection, user_id)
    news = {one.id: one for one in await news_queries.news_of(tx.connection, user_id)}
    return CoachedClimberList(
        items=[CoachedClimberRead.of(climber, news.get(climber.id)) for climber in found]
    )


@router.get(
    "/coached-comments",
    summary="What others said about climbs that you coach, and you have not answered: the latest first",
    description="Answered is what you said something after, on the same climb.",
    responses=errors(),
)
async def list_open_comments(
    user_id: CurrentUser,
    tx: TransactionDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: UUID | None = None,
) -> OpenCommentPage:
    found = await news_queries.list_open(tx.connection, user_id, before_id=cursor, limit=limit + 1)
    page = found[:limit]
    return OpenCommentPage(
        items=[OpenCommentRead.model_validate(comment) for comment in page],
        next_cursor=page[-1].id if len(found) > limit else None,
    )


@router.delete(
    "/climbers/{coached_id}",
    status_code=204,
    summary="Coach a climber no more",
    responses=errors(CoachedClimberNotFound),
)
async def leave(coached_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> None:
    await service.leave(tx, coached_id, user_id)


@router.get(
    "/climbers/{coached_id}/climbs",
    summary="The climbs of somebody whom you coach, newest first",
    responses=errors(CoachedClimberNotFound),
)
async def list_climbs(
    coached_id: UUID,
    user_id: CurrentUser,
    tx: TransactionDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> CoachedClimbPage:
    page, next_cursor = await service.list_climbs(tx, coached_id, user_id, cursor=cursor, limit=limit)
    return CoachedClimbPage(items=[CoachedClimbRead.of(climb) for climb in page], next_cursor=next_cursor)
