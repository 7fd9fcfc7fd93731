"""What a request may meet whatever it asks for: one class for each status, and parts that are away."""

from typing import ClassVar

from ascension.errors.base import ApiError


class Malformed(ApiError):
    """The request is malformed: see `detail` for the field and what is expected there."""

    status = 422


class Unauthenticated(ApiError):
    """Log in first: this needs an access token in the Authorization header."""

    status = 401
    challenge: ClassVar[str] = "Bearer"


class Forbidden(ApiError):
    """You may not do this."""

    status = 403


class OriginRefused(Forbidden):
    """This web address may not use the account's cookie."""


class NotFound(ApiError):
    """There is nothing here that you may see."""

    status = 404


class RouteNotFound(NotFound):
    """The API has no such address."""


class MethodNotAllowed(ApiError):
    """This address does not answer that method: see the Allow header."""

    status = 405


class Conflict(ApiError):
    """The request does not fit the present state."""

    status = 409


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


class RateLimited(ApiError):
    """Too many requests in a short time. Wait as long as Retry-After says, then go on more slowly."""

    status = 429


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
