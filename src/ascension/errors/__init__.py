"""Every error of the product, in one tree. A class's docstring is its message: the one catalogue.

AscensionError
├── ApiError                      answered by the API as {error, detail} with `status`
│   ├── Malformed 422
│   ├── Unauthenticated 401       InvalidCredentials, TokenInvalid, TokenExpired, SessionRevoked,
│   │                             EventSenderUnknown
│   ├── Forbidden 403             QuotaExceeded, OriginRefused, TicketInvalid, ConsentNeeded, GuardianNeeded
│   ├── NotFound 404              VideoNotFound, AnalysisNotFound, ResultNotFound, RouteNotFound
│   ├── MethodNotAllowed 405, TooSlow 408, TooLarge 413, StorageFull 507
│   ├── Conflict 409              EmailTaken, UploadIncomplete, UploadMismatch, UploadExpired, ...
│   ├── TooManyAtOnce 429         RateLimited, AnalyzedTooOften, MovedTooOften
│   └── Unavailable 503           DatabaseUnavailable, QueueUnavailable, StorageUnavailable, Overloaded
├── JobFailure                    why one analysis ended without a result; the code stands on its row
│   ├── NotAVideo, EmptyVideo, AudioOnly, VideoTruncated, VideoDamaged, CodecUnsupported, VideoTooLong, ...
│   ├── NoPerson (NobodyInTheDark, ...), CorrectionMisplaced, AttemptMissing, WallPictureMissing, ...
│   └── ComputeTimeLimit, ComputeMemoryLimit, ComputeCrashed (ComputeStalled), InternalFault, WorkerLost, ...
├── ReportError                   a result does not go into a file, or a file does not go back into it
│   └── NotScaled, PictureUnreadable, KeypointsRefused (KeypointsUnreadable, UnknownMarker, WrongUnit, ...)
└── SetupError                    this machine cannot run the platform: one sentence that says what to do
    └── BackupDamaged, BackupTooNew
"""

from ascension.errors import (
    accounts,
    analyses,
    http,
    jobs,
    privacy,
    reports,
    routes,
    setup,
    sharing,
    subscriptions,
    videos,
)
from ascension.errors.base import AscensionError

NOUNS = (http, accounts, privacy, videos, analyses, jobs, reports, routes, sharing, subscriptions, setup)


def catalogue() -> dict[str, type[AscensionError]]:
    """Every error class by its code."""
    classes = [found for noun in NOUNS for found in vars(noun).values() if isinstance(found, type)]
    return {error.code: error for error in classes if issubclass(error, AscensionError)}


def message_of(code: str) -> str:
    """The catalogue text of a code that stands on a row; the code itself if a newer release wrote it."""
    error = catalogue().get(code)
    return error.message() if error else code
