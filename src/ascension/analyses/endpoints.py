"""HTTP of analyses: request, list, read, result, cancel, retry, delete; deleting a video with them."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AwareDatetime

from ascension.accounts.access import (
    AccountPartsDep,
    CurrentUser,
    IdempotencyKey,
    StaleReadsDep,
    TransactionDep,
    current_user,
)
from ascension.accounts.parts import AccountParts
from ascension.analyses import queries, service
from ascension.analyses.access import AnalysisPartsDep
from ascension.analyses.choices import Choices
from ascension.analyses.corrections import service as correction_service
from ascension.analyses.queries import Filters
from ascension.analyses.schemas import (
    AnalysisCreate,
    AnalysisPage,
    AnalysisRead,
    ClipPlaybackRead,
    Found,
    LabelsRead,
    RouteChange,
    RouteName,
    SearchedText,
    TagName,
    TagsChange,
    WallPictureRead,
)
from ascension.analyses.trash import service as trash_service
from ascension.audit.entries import Action, Party, account, record
from ascension.errors.analyses import (
    AnalysisActive,
    AnalysisEnded,
    AnalysisNotFound,
    AnalysisNotRetryable,
    AnalyzedTooOften,
    OriginalNotFound,
    QuotaExceeded,
    ResultNotFound,
    WallPictureNotFound,
)
from ascension.errors.http import IdempotencyKeyReused
from ascension.errors.videos import (
    UploadExpired,
    VideoArchived,
    VideoNotFound,
    VideoNotUploaded,
    VideoRestoring,
)
from ascension.infra.http.errors import errors
from ascension.infra.http.hot import HotEndpoint, Ready
from ascension.jobs.access import QueueDep
from ascension.videos.access import VideoPartsDep
from ascension.videos.endpoints import NOT_PLAYABLE
from ascension.videos.service import PLAYBACK_TTL_S

MAX_LABELS: Final = 200
RESULT_MEDIA_TYPE = "application/vnd.ascension.result"
_ETAG = re.compile(r'(?:W/)?"([0-9a-f]{64})"')
_NOT_SHARED = ((b"cache-control", b"private, no-cache"), (b"vary", b"Authorization"))
_AS_STORED = ((b"content-encoding", b"gzip"), (b"content-type", RESULT_MEDIA_TYPE.encode()))

router = APIRouter(prefix="/api/v1", tags=["analyses"])


@router.post(
    "/analyses",
    status_code=201,
    summary="Analyze an uploaded video",
    responses=errors(
        VideoNotFound,
        VideoNotUploaded,
        UploadExpired,
        VideoArchived,
        VideoRestoring,
        AnalysisActive,
        AnalyzedTooOften,
        IdempotencyKeyReused,
        QuotaExceeded,
    ),
)
async def create(
    body: AnalysisCreate,
    user_id: CurrentUser,
    tx: TransactionDep,
    own: AnalysisPartsDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> AnalysisRead:
    analysis = await service.request(
        tx,
        own.queue,
        own.plans,
        user_id=user_id,
        wish=service.Wish(body.video_id, body.choices, body.with_profile, body.route),
        key=idempotency_key,
    )
    response.headers["Location"] = f"/api/v1/analyses/{analysis.id}"
    return AnalysisRead.of(analysis, own.links)


def _filters(
    text: Annotated[
        SearchedText | None, Query(description="In the name of the file, the route or a tag.")
    ] = None,
    tag: TagName | None = None,
    route: RouteName | None = None,
    state: Annotated[
        Found | None, Query(description="With a result, under way, or ended without a result.")
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="Asked for then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Asked for earlier.")] = None,
) -> Filters | None:
    filters = Filters(text=text, tag=tag, route=route, state=state, since=since, until=until)
    return None if set(asdict(filters).values()) == {None} else filters


@router.get(
    "/analyses",
    summary="Your analyses, newest first",
    description="With filters: those that all of them fit. What is in the trash is not in it.",
    responses=errors(),
)
async def list_page(
    user_id: CurrentUser,
    parts: AccountPartsDep,
    stale_reads: StaleReadsDep,
    own: AnalysisPartsDep,
    filters: Annotated[Filters | None, Depends(_filters)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> AnalysisPage:
    # the first page shows what workers are doing now; what has moved off it hardly changes
    transaction = parts.database.transaction if cursor is None else stale_reads
    hits = None
    async with transaction() as tx:
        page, next_cursor = await service.list_page(
            tx.connection, user_id, filters=filters, cursor=cursor, limit=limit
        )
        if filters is not None and cursor is None:
            hits = await queries.count_found(tx.connection, user_id, filters)
    items = [AnalysisRead.of(row, own.links) for row in page]
    return AnalysisPage(items=items, next_cursor=next_cursor, hits=hits)


@router.get("/analyses/{analysis_id}", summary="One analysis", responses=errors(AnalysisNotFound))
async def read(
    analysis_id: UUID, user_id: CurrentUser, parts: AccountPartsDep, own: AnalysisPartsDep
) -> AnalysisRead:
    async with parts.database.reading() as connection:
        return AnalysisRead.of(await service.get(connection, analysis_id, user_id), own.links)


async def _hot_read(request: Request) -> Response:
    found = await read(*_asked_by(request), request.app.state.analyses)
    return Response(found.model_dump_json(), media_type="application/json")


@router.get(
    "/analyses/{analysis_id}/result",
    summary="The result, compressed as stored",
    description="Bytes as in docs/guides/result-format.md, gzip by Content-Encoding.",
    response_class=Response,
    responses={
        200: {"content": {RESULT_MEDIA_TYPE: {}}, "description": "The result."},
        304: {"description": "You have this result already (If-None-Match)."},
        **errors(AnalysisNotFound, ResultNotFound, OriginalNotFound),
    },
)
async def result(
    analysis_id: UUID,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    original: Annotated[bool, Query(description="As it was read, before your corrections.")] = False,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    find = correction_service.original if original else service.result
    known = None if original else _ETAG.fullmatch(if_none_match or "")
    async with parts.database.reading() as connection:
        # told by its hash alone: its bytes would be fetched for nothing
        if known and await service.has_result(
            connection, analysis_id, user_id, result_sha256=bytes.fromhex(known[1])
        ):
            return Ready(304, _headers(known[1]))
        stored = await find(connection, analysis_id, user_id)
    sha256 = stored.result_sha256.hex()
    if if_none_match is not None and f'"{sha256}"' in if_none_match:
        return Ready(304, _headers(sha256))
    return Ready(200, [*_headers(sha256), *_AS_STORED], stored.result)


def _headers(sha256: str) -> list[tuple[bytes, bytes]]:
    return [(b"etag", f'"{sha256}"'.encode()), *_NOT_SHARED]


async def _hot_result(request: Request) -> Response:
    return await result(*_asked_by(request), if_none_match=request.headers.get("if-none-match"))


def _asked_by(request: Request) -> tuple[UUID, UUID, AccountParts]:
    parts: AccountParts = request.app.state.accounts
    return UUID(request.path_params["analysis_id"]), current_user(request, parts), parts


HOT_PATHS: Final[Mapping[str, HotEndpoint]] = {
    "/api/v1/analyses/{analysis_id}": _hot_read,
    "/api/v1/analyses/{analysis_id}/result": _hot_result,
}


@router.get(
    "/analyses/{analysis_id}/wall",
    summary="A link to the picture of the wall without the climber",
    responses=errors(AnalysisNotFound, WallPictureNotFound),
)
async def wall_picture(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, parts: VideoPartsDep
) -> WallPictureRead:
    url = await service.sign_wall_picture(tx, parts.storage, analysis_id, user_id)
    return WallPictureRead(url=url, expires_in_s=service.WALL_PICTURE_TTL_S)


@router.get(
    "/analyses/{analysis_id}/playback",
    summary="A link to play its video",
    description="For a page that knows the analysis alone: it need not read its row first.",
    responses=errors(AnalysisNotFound, *NOT_PLAYABLE),
)
async def playback(analysis_id: UUID, user_id: CurrentUser, parts: VideoPartsDep) -> ClipPlaybackRead:
    video_id, url = await service.sign_playback(parts, analysis_id, user_id)
    return ClipPlaybackRead(video_id=video_id, url=url, expires_in_s=PLAYBACK_TTL_S)


@router.post(
    "/analyses/{analysis_id}/cancel",
    status_code=202,
    summary="Stop an analysis",
    responses=errors(AnalysisNotFound, AnalysisEnded),
)
async def cancel(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, own: AnalysisPartsDep
) -> AnalysisRead:
    return AnalysisRead.of(await service.cancel(tx, own.queue, analysis_id, user_id), own.links)


@router.post(
    "/analyses/{analysis_id}/retry",
    status_code=202,
    summary="Analyze again: what failed or was canceled, or anything with new choices",
    description="Without a body it is tried again as it was. With choices (another person, a known length) a"
    " finished analysis is made anew too; its result stays until the new one is there, and it is not"
    " counted twice. What choices leave out of the body comes from your profile, unless it was asked for"
    " without it.",
    responses=errors(
        AnalysisNotFound,
        AnalysisNotRetryable,
        AnalysisActive,
        UploadExpired,
        VideoArchived,
        VideoRestoring,
        AnalyzedTooOften,
        QuotaExceeded,
    ),
)
async def retry(
    analysis_id: UUID,
    user_id: CurrentUser,
    tx: TransactionDep,
    own: AnalysisPartsDep,
    choices: Choices | None = None,
) -> AnalysisRead:
    analysis = await service.retry(tx, own.queue, own.plans, analysis_id, user_id, choices)
    return AnalysisRead.of(analysis, own.links)


@router.put(
    "/analyses/{analysis_id}/route",
    summary="Name the route: raw numbers are compared on one route only",
    responses=errors(AnalysisNotFound),
)
async def set_route(
    analysis_id: UUID, body: RouteChange, user_id: CurrentUser, tx: TransactionDep, own: AnalysisPartsDep
) -> AnalysisRead:
    return AnalysisRead.of(await service.set_route(tx, analysis_id, user_id, body.route), own.links)


@router.put(
    "/analyses/{analysis_id}/tags",
    summary="Tag a climb: what you call it beside its route",
    responses=errors(AnalysisNotFound),
)
async def set_tags(
    analysis_id: UUID, body: TagsChange, user_id: CurrentUser, tx: TransactionDep, own: AnalysisPartsDep
) -> AnalysisRead:
    return AnalysisRead.of(await service.set_tags(tx, analysis_id, user_id, body.tags), own.links)


@router.get("/labels", summary="Your tags and the names of your routes", responses=errors())
async def labels(user_id: CurrentUser, tx: TransactionDep) -> LabelsRead:
    return LabelsRead(
        tags=await queries.list_tags(tx.connection, user_id, limit=MAX_LABELS),
        routes=await queries.list_routes(tx.connection, user_id, limit=MAX_LABELS),
    )


_ForGood = Annotated[
    bool, Query(description="Remove it at once and for good, instead of putting it in the trash.")
]


@router.delete(
    "/analyses/{analysis_id}",
    status_code=204,
    summary="Put an analysis in the trash; the video stays",
    responses=errors(AnalysisNotFound),
)
async def delete(
    analysis_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep, for_good: _ForGood = False
) -> None:
    if for_good:
        await trash_service.delete(tx, queue, analysis_id, user_id)
    else:
        await trash_service.put(tx, queue, analysis_id, user_id)
    done: Action = "analysis.deleted" if for_good else "analysis.trashed"
    await record(tx.connection, done, account(user_id), Party("analysis", str(analysis_id)))


@router.delete(
    "/videos/{video_id}",
    status_code=204,
    tags=["videos"],
    summary="Put a video with its analyses in the trash; one without is removed",
    responses=errors(VideoNotFound),
)
async def delete_video(
    video_id: UUID, user_id: CurrentUser, tx: TransactionDep, queue: QueueDep, for_good: _ForGood = False
) -> None:
    is_kept = not for_good and await trash_service.put_video(tx, queue, video_id, user_id)
    if not is_kept:
        await trash_service.delete_video(tx, queue, video_id, user_id)
    done: Action = "video.trashed" if is_kept else "video.deleted"
    await record(tx.connection, done, account(user_id), Party("video", str(video_id)))
