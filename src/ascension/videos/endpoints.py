"""HTTP of videos: the upload contract (create, sign parts, list parts, complete), playback."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from ascension.accounts.access import AccountPartsDep, CurrentUser, IdempotencyKey, TransactionDep
from ascension.accounts.consents.access import MayUpload
from ascension.errors.http import IdempotencyKeyReused, StorageFull, StorageUnavailable, TooLarge
from ascension.errors.privacy import ConsentNeeded, GuardianNeeded
from ascension.errors.videos import (
    CopiedTooOften,
    MovedTooOften,
    SavedRoomFull,
    UploadExpired,
    UploadFinished,
    UploadIncomplete,
    UploadMismatch,
    UploadNotVideo,
    UploadsFull,
    VideoArchived,
    VideoLost,
    VideoMoving,
    VideoNotFound,
    VideoNotUploaded,
    VideoRestoring,
)
from ascension.infra.http.errors import errors
from ascension.jobs import events
from ascension.jobs.access import QueueDep
from ascension.videos import service
from ascension.videos.access import VideoPartsDep
from ascension.videos.archive import service as archive_service
from ascension.videos.copies import service as copies
from ascension.videos.copies.schemas import PreviewRead
from ascension.videos.saves import service as saving_service
from ascension.videos.schemas import (
    PartLink,
    PartList,
    PartRead,
    PartSign,
    PlaybackRead,
    VideoCreate,
    VideoRead,
)
from ascension.videos.uploads import service as upload_service

NOT_PLAYABLE: Final = (
    VideoNotUploaded,
    UploadExpired,
    VideoArchived,
    VideoRestoring,
    VideoLost,
    StorageUnavailable,
)
"""Why there may be no link to play a video."""

router = APIRouter(prefix="/api/v1/videos", tags=["videos"])


@router.post(
    "",
    status_code=201,
    summary="Open an upload",
    description="404: the upload that this Idempotency-Key opened was removed. A new key opens a new one.",
    responses=errors(
        VideoNotFound,
        TooLarge,
        StorageFull,
        UploadsFull,
        ConsentNeeded,
        GuardianNeeded,
        IdempotencyKeyReused,
        StorageUnavailable,
    ),
    dependencies=[MayUpload],
)
async def create(
    body: VideoCreate,
    user_id: CurrentUser,
    parts: VideoPartsDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> VideoRead:
    video = await upload_service.create(
        parts, user_id=user_id, key=idempotency_key, request=body.model_dump()
    )
    response.headers["Location"] = f"/api/v1/videos/{video.id}"
    return VideoRead.model_validate(video)


@router.get("/{video_id}", summary="One video", responses=errors(VideoNotFound))
async def read(video_id: UUID, user_id: CurrentUser, tx: TransactionDep) -> VideoRead:
    return VideoRead.model_validate(await service.get(tx.connection, video_id, user_id))


@router.get(
    "/{video_id}/parts",
    summary="Which parts are stored",
    responses=errors(VideoNotFound, UploadExpired, StorageUnavailable),
)
async def list_parts(video_id: UUID, user_id: CurrentUser, parts: VideoPartsDep) -> PartList:
    video, stored = await upload_service.list_parts(parts, video_id, user_id)
    return PartList(
        part_size_bytes=video.part_size_bytes,
        part_count=video.part_count,
        parts=[
            PartRead(part_number=part.part_number, size_bytes=part.size_bytes, sha256=part.sha256)
            for part in stored
        ],
    )


@router.post(
    "/{video_id}/parts",
    summary="Sign one part",
    responses=errors(VideoNotFound, UploadFinished, UploadExpired, UploadMismatch),
)
async def sign_part(
    video_id: UUID, body: PartSign, user_id: CurrentUser, tx: TransactionDep, parts: VideoPartsDep
) -> PartLink:
    url, headers = await upload_service.sign_part(
        tx,
        parts,
        video_id=video_id,
        user_id=user_id,
        part_number=body.part_number,
        sha256=body.sha256,
    )
    return PartLink(url=url, headers=headers, expires_in_s=upload_service.PART_LINK_TTL_S)


@router.post(
    "/{video_id}/complete",
    summary="Close the upload: what is stored is compared with what was announced",
    responses=errors(
        VideoNotFound, UploadIncomplete, UploadMismatch, UploadNotVideo, UploadExpired, StorageUnavailable
    ),
)
async def complete(video_id: UUID, user_id: CurrentUser, parts: VideoPartsDep) -> VideoRead:
    return VideoRead.model_validate(await upload_service.complete(parts, video_id, user_id))


@router.get(
    "/{video_id}/playback",
    summary="A link to play the video",
    responses=errors(VideoNotFound, *NOT_PLAYABLE),
)
async def playback(video_id: UUID, user_id: CurrentUser, parts: VideoPartsDep) -> PlaybackRead:
    url = await service.sign_playback(parts, video_id, user_id)
    return PlaybackRead(url=url, expires_in_s=service.PLAYBACK_TTL_S)


@router.put(
    "/{video_id}/preview",
    status_code=202,
    summary="Have a small copy made, for a browser that cannot play the video",
    description="Made once, and kept as long as the video. Asking again says how far it is, or tries again"
    " what failed.",
    responses=errors(
        VideoNotFound, VideoNotUploaded, UploadExpired, VideoArchived, VideoRestoring, CopiedTooOften
    ),
)
async def ask_preview(
    video_id: UUID, user_id: CurrentUser, tx: TransactionDep, parts: VideoPartsDep, queue: QueueDep
) -> PreviewRead:
    asked = await copies.ask_preview(tx, queue, video_id=video_id, user_id=user_id)
    return await copies.told(parts.storage, asked)


@router.get(
    "/{video_id}/preview",
    summary="How far the small copy is, and a link to play it",
    responses=errors(VideoNotFound),
)
async def read_preview(
    video_id: UUID, user_id: CurrentUser, tx: TransactionDep, parts: VideoPartsDep
) -> PreviewRead:
    await service.get(tx.connection, video_id, user_id)
    found = await copies.find_preview(tx.connection, video_id=video_id, user_id=user_id)
    return await copies.told(parts.storage, found)


@router.put(
    "/{video_id}/saved",
    summary="Keep the video until you give it up",
    description="Storage copies it to where nothing expires, at once; then sound, place and everything else"
    " than its pictures are taken out of it (`cleaning`). Asking again changes nothing, or tries again what"
    " failed.",
    responses=errors(
        VideoNotFound,
        VideoNotUploaded,
        UploadExpired,
        MovedTooOften,
        VideoMoving,
        VideoArchived,
        VideoLost,
        SavedRoomFull,
        StorageUnavailable,
    ),
)
async def save(
    video_id: UUID, user_id: CurrentUser, parts: VideoPartsDep, accounts: AccountPartsDep, queue: QueueDep
) -> VideoRead:
    video = await saving_service.save(parts, queue, video_id, user_id)
    await events.publish_change(accounts.streams, user_id, "video", video_id)
    return VideoRead.model_validate(video)


@router.delete(
    "/{video_id}/saved",
    summary="Give a saved video up: it lives as long as one just uploaded",
    responses=errors(
        VideoNotFound,
        VideoNotUploaded,
        UploadExpired,
        MovedTooOften,
        VideoMoving,
        VideoArchived,
        VideoLost,
        StorageUnavailable,
    ),
)
async def give_up(
    video_id: UUID, user_id: CurrentUser, parts: VideoPartsDep, accounts: AccountPartsDep
) -> VideoRead:
    video = await saving_service.give_up(parts, video_id, user_id)
    await events.publish_change(accounts.streams, user_id, "video", video_id)
    return VideoRead.model_validate(video)


@router.post(
    "/{video_id}/restore",
    status_code=202,
    summary="Ask for a video in the deep archive: `archive` says when it is there",
    responses=errors(VideoNotFound, VideoNotUploaded, UploadExpired, VideoLost, StorageUnavailable),
)
async def restore(
    video_id: UUID, user_id: CurrentUser, parts: VideoPartsDep, accounts: AccountPartsDep
) -> VideoRead:
    video = await archive_service.restore(parts, video_id, user_id)
    await events.publish_change(accounts.streams, user_id, "video", video_id)
    return VideoRead.model_validate(video)
