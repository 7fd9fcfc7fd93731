"""Every error of the product, in one tree. A class's docstring is its message: the one catalogue.

AscensionError
├── ApiError                      answered by the API as {error, detail} with `status`
│   ├── Malformed 422
│   ├── Unauthenticated 401       InvalidCredentials, TokenInvalid, TokenExpired, SessionRevoked,
│   │                             EventSenderUnknown
│   ├── Forbidden 403             QuotaExceeded, OriginRefused, TicketInvalid
│   ├── NotFound 404              VideoNotFound, AnalysisNotFound, ResultNotFound, RouteNotFound
│   ├── MethodNotAllowed 405, TooSlow 408, TooLarge 413, StorageFull 507
│   ├── Conflict 409              EmailTaken, UploadIncomplete, UploadMismatch, UploadExpired, ...
│   ├── TooManyAtOnce 429         AnalyzedTooOften, MovedTooOften
│   └── Unavailable 503           DatabaseUnavailable, QueueUnavailable, StorageUnavailable, Overloaded
├── JobFailure                    why one analysis ended without a result; the code stands on its row
│   ├── NotAVideo, EmptyVideo, AudioOnly, VideoTruncated, VideoDamaged, CodecUnsupported, VideoTooLong, ...
│   ├── NoPerson, CorrectionMisplaced, AttemptMissing, WallPictureMissing, WallsDiffer, NothingShared, ...
│   └── ComputeTimeLimit, ComputeMemoryLimit, ComputeCrashed (ComputeStalled), InternalFault, WorkerLost, ...
├── ReportError                   a result does not go into a file, or a file does not go back into it
│   └── NotScaled, PictureUnreadable, KeypointsRefused (KeypointsUnreadable, UnknownMarker, WrongUnit, ...)
└── SetupError                    this machine cannot run the platform: one sentence that says what to do
    └── BackupDamaged, BackupTooNew
"""

import re
from typing import ClassVar


class AscensionError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "ascension_error"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.message()
        super().__init__(self.detail)

    @classmethod
    def message(cls) -> str:
        """The catalogue text of this error: its docstring on one line."""
        return " ".join((cls.__doc__ or "").split())


class ApiError(AscensionError):
    """The request cannot be served."""

    status: ClassVar[int] = 500
    retry_after_s: int | None = None
    """When to come again, where coming again may help."""


class Malformed(ApiError):
    """The request is malformed: see `detail` for the field and what is expected there."""

    status = 422


class Unauthenticated(ApiError):
    """Log in first: this needs an access token in the Authorization header."""

    status = 401
    challenge: ClassVar[str] = "Bearer"


class InvalidCredentials(Unauthenticated):
    """E-mail and password do not match an account."""


class TokenInvalid(Unauthenticated):
    """This token is not one of ours. Log in again."""


class TokenExpired(Unauthenticated):
    """The access token has expired. Refresh it and repeat the request."""


class SessionRevoked(Unauthenticated):
    """This session has ended. Log in again."""


class EventSenderUnknown(Unauthenticated):
    """Storage's events need the secret of UPLOAD_EVENT_SECRET, as bearer token or as basic password."""

    challenge = 'Basic realm="storage events"'  # SNS sends its password only when asked


class Forbidden(ApiError):
    """You may not do this."""

    status = 403


class QuotaExceeded(Forbidden):
    """Your plan's analyses for this month are used up."""


class SavedRoomFull(Forbidden):
    """Your plan's room for saved videos is full. Give up one that you no longer need."""


class UploadsFull(Forbidden):
    """Your account holds as many unsaved videos as it may. Delete one, or wait until they expire."""


class PasswordWrong(Forbidden):
    """This is not your password. Nothing was changed."""


class OriginRefused(Forbidden):
    """This web address may not use the account's cookie."""


class TicketInvalid(Forbidden):
    """The socket ticket is unknown, used or older than its lifetime. Ask for a new one."""


class NotFound(ApiError):
    """There is nothing here that you may see."""

    status = 404


class RouteNotFound(NotFound):
    """The API has no such address."""


class VideoNotFound(NotFound):
    """There is no video with this id among yours."""


class AnalysisNotFound(NotFound):
    """There is no analysis with this id among yours."""


class ResultNotFound(NotFound):
    """This analysis has no result yet."""


class OriginalNotFound(NotFound):
    """No correction is worked into this result: it is the original."""


class CorrectionNotFound(NotFound):
    """This analysis has no such correction."""


class ComparisonNotFound(NotFound):
    """There is no comparison with this id among yours."""


class JobNotFound(NotFound):
    """There is no job with this id: it never was, or what it was about was deleted."""


class ErasureNotFound(NotFound):
    """There is no such erasure, or it was finished long ago."""


class WallPictureNotFound(NotFound):
    """This analysis has no picture of the wall: it is not finished, or the clip shows too little of it."""


class MethodNotAllowed(ApiError):
    """This address does not answer that method: see the Allow header."""

    status = 405


class Conflict(ApiError):
    """The request does not fit the present state."""

    status = 409


class EmailTaken(Conflict):
    """An account with this e-mail exists. Log in instead."""


class UploadIncomplete(Conflict):
    """Parts of the upload are missing. Ask which are there, send the rest, complete again."""


class UploadMismatch(Conflict):
    """What was stored differs from what was announced (size, type or checksum). Upload it again."""


class UploadFinished(Conflict):
    """This upload is complete already: its parts are closed."""


class UploadExpired(Conflict):
    """The upload or its video is past its lifetime and was removed. Start a new upload."""


class VideoNotUploaded(Conflict):
    """The video's upload is not complete yet."""


class VideoMoving(Conflict):
    """This video is being saved, or given up, just now. Try again in a moment."""


class VideoArchived(Conflict):
    """This video lies in the deep archive. Ask for it with POST .../restore; that takes up to 12 hours."""


class VideoRestoring(Conflict):
    """This video is on its way out of the deep archive. It can be played when it is there."""


class VideoLost(Conflict):
    """The file of this saved video is not in storage. What was measured in it is kept; tell the operator."""


class AnalysisActive(Conflict):
    """This video is being analyzed already."""


class AnalysisEnded(Conflict):
    """This analysis has ended: there is nothing to cancel."""


class AnalysisNotRetryable(Conflict):
    """Only a failed or canceled analysis can be tried again."""


class JobEnded(Conflict):
    """This job has ended: there is nothing to cancel."""


class JobNotRetryable(Conflict):
    """Only a job that is dead or has failed can be tried again."""


class TooManyCorrections(Conflict):
    """This analysis has as many corrections as it may have. Take some back first."""


class TooManyComparisons(Conflict):
    """You have as many comparisons as you may keep. Delete some first."""


class IdempotencyKeyReused(Conflict):
    """This Idempotency-Key was used with another request. Make a new key."""


class StorageFull(ApiError):
    """The platform's disk is nearly full, so it takes no new video. Whoever runs it has to make room."""

    status = 507


class TooSlow(ApiError):
    """The request did not arrive whole in time. Send it again."""

    status = 408
    retry_after_s = 1


class TooLarge(ApiError):
    """The file is larger than the limit."""

    status = 413


class TooManyAtOnce(ApiError):
    """Too many requests of yours are under way. Wait for their answers, then try again."""

    status = 429
    retry_after_s = 1


class AnalyzedTooOften(TooManyAtOnce):
    """This clip was analyzed as often as a day allows without counting. Choose another clip, or wait."""


class MovedTooOften(TooManyAtOnce):
    """This video was saved and given up as often as a day allows. It stays where it is."""


class Unavailable(ApiError):
    """A part of the service does not answer. Try again shortly."""

    status = 503
    retry_after_s = 5


class DatabaseUnavailable(Unavailable):
    """The database does not answer. Nothing was changed; try again shortly."""


class SchemaOutdated(DatabaseUnavailable):
    """The database is older than this release: its operator must run `ascension migrate`. Try again then."""


class QueueUnavailable(Unavailable):
    """The live channel does not answer. Try again shortly."""


class StorageUnavailable(Unavailable):
    """The video storage does not answer. Nothing was changed; try again shortly."""


class WorkerDiskUnavailable(Unavailable):
    """The disk of the machine that analyzes is full or does not answer. Try again later."""


class Overloaded(Unavailable):
    """Too many requests of this kind are under way. Try again shortly."""

    retry_after_s = 2


class JobFailure(AscensionError):
    """The analysis ended without a result."""


class NotAVideo(JobFailure):
    """This file is not a video that we can read. Upload an MP4, MOV or WebM from a phone or camera."""


class EmptyVideo(JobFailure):
    """The file is empty. Choose the clip again; the phone may not have finished saving it."""


class AudioOnly(JobFailure):
    """This file has sound but no picture. Choose the video itself."""


class ContainerUnsupported(JobFailure):
    """This kind of video file (AVI, MPEG-TS, WMV ...) is not read here. Convert it to MP4, MOV or WebM."""


class VideoTruncated(JobFailure):
    """Most of the video is missing: the file breaks off. Export or copy it again."""


class VideoDamaged(JobFailure):
    """Most of the video's pictures cannot be decoded: the file is damaged. Export or copy it again."""


class CodecUnsupported(JobFailure):
    """The video's compression cannot be decoded here. Export it as H.264 or HEVC."""


class VideoTooLong(JobFailure):
    """The video is longer than the limit. Trim it to the climb."""


class VideoTooShort(JobFailure):
    """The video has fewer than three pictures, so nothing moves in it. Film the whole climb."""


class VideoTooSparse(JobFailure):
    """The video has fewer than five pictures a second, too few to follow a move. Film at 30."""


class VideoBlack(JobFailure):
    """The picture is black from beginning to end. Was the lens covered? Film again with more light."""


class VideoTooLarge(JobFailure):
    """The picture is larger than the limit. Export it at 4K or less."""


class VideoTooSmall(JobFailure):
    """The picture is too small to see a body in it. Film at 480p or more."""


class MarkOutsidePicture(JobFailure):
    """A place that you marked lies outside the picture. Mark it again inside."""


class NoPerson(JobFailure):
    """No climber was found in the video. Film from 4 to 6 m with the whole body in view."""


class VideoMissing(JobFailure):
    """The video is no longer stored, so it cannot be analyzed. Upload it again."""


class VideoInArchive(JobFailure):
    """The video lies in the deep archive and cannot be read. Restore it, then analyze again."""


class VideoAltered(JobFailure):
    """The stored video is not the one that was uploaded: its checksum differs. Upload the clip again."""


class CorrectionMisplaced(JobFailure):
    """A correction names a frame, a body or a hold that is not there. Take it back; the rest is kept."""


class AttemptMissing(JobFailure):
    """One of the clips shows no such attempt on a wall, so there is nothing to compare. Choose another."""


class WallPictureMissing(JobFailure):
    """A clip shows too little of its wall to recognize it. Film the wall around the climber, too."""


class WallTextureMissing(JobFailure):
    """A wall has too little on it to be recognized: neither holds nor texture. Compare other clips."""


class WallsDiffer(JobFailure):
    """The two clips show different walls, or one wall from too far apart. Choose two of the same route."""


class NothingShared(JobFailure):
    """The two attempts have no hold in common: nothing can be compared. Choose two of the same route."""


class ComputeTimeLimit(JobFailure):
    """The analysis took longer than its limit and was stopped."""


class ComputeMemoryLimit(JobFailure):
    """The analysis needed more memory than its limit and was stopped."""


class ComputeCrashed(JobFailure):
    """The analysis program ended unexpectedly on this video."""


class ComputeStalled(ComputeCrashed):
    """The analysis stood still until its time limit and was stopped. It can be tried again."""


class InternalFault(JobFailure):
    """A mistake of ours ended this more than once, and has been logged. It can be tried again."""


class WorkerLost(JobFailure):
    """The analysis was lost more than once with the machine that ran it. It can be tried again."""


class ReportError(AscensionError):
    """The result does not go into this file."""


class NotScaled(ReportError):
    """Lengths in meters are not known. Analyze with --height-m, or choose csv, json or kinovea (pixels)."""


class PictureUnreadable(ReportError):
    """The picture of the wall is neither JPEG, PNG, WebP nor AVIF, or it is damaged."""


class KeypointsRefused(ReportError):
    """The file of keypoints does not fit the analysis."""


class KeypointsUnreadable(KeypointsRefused):
    """The file is no such table of keypoints."""


class KeypointsOfOtherClip(KeypointsRefused):
    """The file has other frames than the analysis."""


class UnknownMarker(KeypointsRefused):
    """The file names a landmark that is none of ours."""


class WrongUnit(KeypointsRefused):
    """The file is in another unit."""


class KeypointNotPlaceable(KeypointsRefused):
    """The file places a landmark in a frame that shows nobody, or that has no place on the wall."""


class SetupError(AscensionError):
    """This machine cannot run the platform as it is."""


class BackupDamaged(SetupError):
    """This backup is damaged or no backup of ours: nothing of it was used. Take another copy of the file."""


class BackupTooNew(SetupError):
    """A newer release wrote this backup: restore it with that release, or update this one."""


def catalogue() -> dict[str, type[AscensionError]]:
    """Every error class by its code."""
    found: list[type[AscensionError]] = [AscensionError]
    for error in found:  # it grows meanwhile
        found.extend(error.__subclasses__())
    return {error.code: error for error in found}


def message_of(code: str) -> str:
    """The catalogue text of a code that stands on a row; the code itself if a newer release wrote it."""
    error = catalogue().get(code)
    return error.message() if error else code
