"""HTTP of what readers see of an analysis: these addresses and the comments below them, and no others.

Who may read is asked in `access.py`; nothing of an answer may be kept, and no search engine may show it.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ascension.accounts.access import AccountPartsDep, TransactionDep
from ascension.accounts.choices import Language, Units
from ascension.analyses.endpoints import RESULT_MEDIA_TYPE
from ascension.analyses.schemas import WallPictureRead
from ascension.coaching.schemas import CoachingRead
from ascension.errors.analyses import AnalysisNotFound, ResultNotFound, ResultUnreadable, WallPictureNotFound
from ascension.errors.sharing import VideoNotShared
from ascension.errors.videos import CopiedTooOften
from ascension.infra.http.errors import errors
from ascension.jobs.access import QueueDep
from ascension.sharing import service
from ascension.sharing.access import ReadingDep
from ascension.sharing.schemas import SharedRead
from ascension.videos.access import VideoPartsDep
from ascension.videos.copies.schemas import PreviewRead
from ascension.videos.schemas import PlaybackRead

router = APIRouter(prefix="/api/v1/shared/analyses/{analysis_id}", tags=["sharing"])
_UNSEARCHED = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


@router.get("", summary="A climb that you may see", responses=errors(AnalysisNotFound))
async def look(
    reading: ReadingDep, parts: AccountPartsDep, queue: QueueDep, response: Response
) -> SharedRead:
    response.headers.update(_UNSEARCHED)
    return SharedRead.of(await service.look(parts.database, queue, reading), reading)


@router.get(
    "/result",
    summary="Its result, without what the climber told of their body",
    description="Bytes as in docs/guides/result-format.md, gzip by Content-Encoding.",
    response_class=Response,
    responses={
        200: {"content": {RESULT_MEDIA_TYPE: {}}, "description": "The result."},
        **errors(AnalysisNotFound, ResultNotFound, ResultUnreadable),
    },
)
async def result(reading: ReadingDep, parts: AccountPartsDep) -> Response:
    found = await service.result(parts.database, reading)
    return Response(found, media_type=RESULT_MEDIA_TYPE, headers={"Content-Encoding": "gzip", **_UNSEARCHED})


@router.get(
    "/coaching",
    summary="Score, advice, measures and moves of it",
    responses=errors(AnalysisNotFound, ResultNotFound, ResultUnreadable),
)
async def coaching(
    reading: ReadingDep,
    parts: AccountPartsDep,
    response: Response,
    language: Annotated[Language, Query(description="Of the texts.")] = "en",
    units: Annotated[Units, Query(description="Of lengths in the texts; numbers stay in meters.")] = "metric",
) -> CoachingRead:
    response.headers.update(_UNSEARCHED)
    return await service.advice(parts.database, reading, language, units)


@router.get(
    "/wall",
    summary="A link to the picture of the wall without the climber",
    responses=errors(AnalysisNotFound, WallPictureNotFound),
)
async def wall_picture(reading: ReadingDep, tx: TransactionDep, videos: VideoPartsDep) -> WallPictureRead:
    url = await service.sign_wall_picture(tx, videos.storage, reading)
    return WallPictureRead(url=url, expires_in_s=service.LINK_TTL_S)


@router.get(
    "/playback",
    summary="A link to play its clip, without sound and place",
    responses=errors(AnalysisNotFound, VideoNotShared),
)
async def playback(reading: ReadingDep, tx: TransactionDep, videos: VideoPartsDep) -> PlaybackRead:
    url = await service.sign_video(tx, videos.storage, reading)
    return PlaybackRead(url=url, expires_in_s=service.LINK_TTL_S)


@router.put(
    "/preview",
    status_code=202,
    summary="Have a small copy of its clip made, for a browser that cannot play the other",
    responses=errors(AnalysisNotFound, VideoNotShared, CopiedTooOften),
)
async def ask_preview(
    reading: ReadingDep, tx: TransactionDep, videos: VideoPartsDep, queue: QueueDep
) -> PreviewRead:
    return await service.ask_preview(tx, queue, videos.storage, reading)


@router.get(
    "/preview",
    summary="How far the small copy is, and a link to play it",
    responses=errors(AnalysisNotFound, VideoNotShared),
)
async def read_preview(reading: ReadingDep, tx: TransactionDep, videos: VideoPartsDep) -> PreviewRead:
    return await service.read_preview(tx, videos.storage, reading)
