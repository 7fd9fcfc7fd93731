"""Every error of the product, in one tree. A class's docstring is its message: the one catalogue.

AscensionError
├── ApiError                      answered by the API as {error, detail} with `status`
│   ├── Malformed 422
│   ├── Unauthenticated 401       InvalidCredentials, TokenInvalid, TokenExpired, SessionRevoked
│   ├── Forbidden 403             QuotaExceeded, OriginRefused, TicketInvalid
│   ├── NotFound 404              VideoNotFound, AnalysisNotFound, ResultNotFound, RouteNotFound
│   ├── MethodNotAllowed 405
│   ├── Conflict 409              EmailTaken, UploadIncomplete, UploadMismatch, UploadExpired, ...
│   ├── TooLarge 413
│   └── Unavailable 503           DatabaseUnavailable, QueueUnavailable, StorageUnavailable, Overloaded
├── JobFailure                    why one analysis ended without a result; the code stands on its row
│   ├── NotAVideo, EmptyVideo, AudioOnly, VideoTruncated, VideoDamaged, CodecUnsupported, VideoTooLong, ...
│   ├── MarkOutsidePicture, NoPerson, CorrectionMisplaced
│   ├── AttemptMissing, WallPictureMissing, WallTextureMissing, WallsDiffer, NothingShared
│   └── ComputeTimeLimit, ComputeMemoryLimit, ComputeCrashed, VideoMissing, AttemptsExhausted
├── ReportError                   a result does not go into a file, or a file does not go back into it
│   ├── NotScaled, PictureUnreadable
│   └── KeypointsRefused          KeypointsUnreadable, KeypointsOfOtherClip, UnknownMarker, WrongUnit, ...
└── SetupError                    this machine cannot run the platform: one sentence that says what to do
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


class Malformed(ApiError):
    """The request is malformed: see `detail` for the field and what is expected there."""

    status = 422


class Unauthenticated(ApiError):
    """Log in first: this needs an access token in the Authorization header."""

    status = 401


class InvalidCredentials(Unauthenticated):
    """E-mail and password do not match an account."""


class TokenInvalid(Unauthenticated):
    """This token is not one of ours. Log in again."""


class TokenExpired(Unauthenticated):
    """The access token has expired. Refresh it and repeat the request."""


class SessionRevoked(Unauthenticated):
    """This session has ended. Log in again."""


class Forbidden(ApiError):
    """You may not do this."""

    status = 403


class QuotaExceeded(Forbidden):
    """Your plan's analyses for this month are used up."""


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


class AnalysisActive(Conflict):
    """This video is being analyzed already."""


class AnalysisEnded(Conflict):
    """This analysis has ended: there is nothing to cancel."""


class AnalysisNotRetryable(Conflict):
    """Only a failed or canceled analysis can be tried again."""


class TooManyCorrections(Conflict):
    """This analysis has as many corrections as it may have. Take some back first."""


class TooManyComparisons(Conflict):
    """You have as many comparisons as you may keep. Delete some first."""


class IdempotencyKeyReused(Conflict):
    """This Idempotency-Key was used with another request. Make a new key."""


class TooLarge(ApiError):
    """The file is larger than the limit."""

    status = 413


class Unavailable(ApiError):
    """A part of the service does not answer. Try again shortly."""

    status = 503
    retry_after_s: ClassVar[int] = 5


class DatabaseUnavailable(Unavailable):
    """The database does not answer. Nothing was changed; try again shortly."""


class QueueUnavailable(Unavailable):
    """The live channel does not answer. Try again shortly."""


class StorageUnavailable(Unavailable):
    """The video storage does not answer. Nothing was changed; try again shortly."""


class Overloaded(Unavailable):
    """Too many requests of this kind are under way. Try again shortly."""


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


class AttemptsExhausted(JobFailure):
    """The analysis was started several times and never finished. It can be tried again."""


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


def catalogue() -> dict[str, type[AscensionError]]:
    """Every error class by its code."""
    found: dict[str, type[AscensionError]] = {}
    pending: list[type[AscensionError]] = [AscensionError]
    while pending:
        error = pending.pop()
        found[error.code] = error
        pending.extend(error.__subclasses__())
    return found


def message_of(code: str) -> str:
    """The catalogue text of a code that stands on a row; the code itself if a newer release wrote it."""
    error = catalogue().get(code)
    return error.message() if error else code
