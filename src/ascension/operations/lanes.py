"""Which request belongs to which kind, and what each kind may take of one process."""

import re
from collections.abc import Callable

from ascension.infra.http.admission import Lane
from ascension.infra.settings import OverloadSettings
from ascension.infra.slots import Slots

# they wait for the storage, up to seconds each: storage that hangs fills this lane and no other
_ASKS_STORAGE = re.compile(
    r"/api/v1/(storage-events|videos(/[^/]+/(parts|complete|playback|saved|restore))?)"
)
# they wait for the payment service, up to 26 s each
_ASKS_PAYMENTS = re.compile(r"/api/v1/(payments/stripe/events|users/me/plan(/(checkout|portal))?)")
_HASHES = frozenset(
    {
        "/api/v1/auth/login",
        "/api/v1/auth/register",
        "/api/v1/auth/verification",
        "/api/v1/auth/password",
        "/api/v1/auth/password/reset",
        "/api/v1/users/me/totp",
        "/api/v1/users/me/recovery-codes",
        "/api/v1/users/me/passkey-options",
        "/api/v1/users/me/exports",
        "/api/v1/shares/open",
    }
)
_HASHES_BY = re.compile(r"DELETE /api/v1/users/me|POST /api/v1/analyses/[^/]+/shares")
# 10 to 200 ms of computing each, in threads
_COMPUTES = re.compile(
    r"/api/v1/(progress|analyses/[^/]+/(coaching|corrections)|shared/analyses/[^/]+/(result|coaching))"
)
_OPERATORS = frozenset({"/health/ready", "/metrics"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def lanes(settings: OverloadSettings) -> Callable[[str, str], Lane | None]:
    """The lane of (method, path). None for `/health`: it asks nobody and waits behind nothing."""
    lag_s = settings.api_lag_limit_s

    def lane(name: str, limit: int, *, waiting: int, lag_limit_s: float) -> Lane:
        return Lane(name, Slots(limit, waiting=waiting, wait_s=settings.api_wait_s), lag_limit_s)

    # the hasher has a queue of its own: two at once, 64 wait
    passwords = lane("passwords", 72, waiting=0, lag_limit_s=lag_s)
    computed = lane("computed", settings.api_max_computed, waiting=32, lag_limit_s=lag_s)
    payments = lane("payments", 16, waiting=32, lag_limit_s=2 * lag_s)
    storage = lane("storage", settings.api_max_storage_requests, waiting=64, lag_limit_s=2 * lag_s)
    writes = lane("writes", settings.api_max_writes, waiting=64, lag_limit_s=2 * lag_s)
    reads = lane("reads", settings.api_max_reads, waiting=256, lag_limit_s=4 * lag_s)
    files = lane("files", settings.api_max_reads, waiting=256, lag_limit_s=4 * lag_s)
    operators = lane("operators", 8, waiting=8, lag_limit_s=float("inf"))

    def lane_of(method: str, path: str) -> Lane | None:  # noqa: PLR0911 (one line per kind)
        if path == "/health":
            return None
        if path in _OPERATORS:
            return operators
        if not path.startswith("/api/"):
            return files
        if path in _HASHES or _HASHES_BY.fullmatch(f"{method} {path}"):
            return passwords
        if _COMPUTES.fullmatch(path):
            return computed
        if _ASKS_STORAGE.fullmatch(path):
            return storage
        if _ASKS_PAYMENTS.fullmatch(path):
            return payments
        return reads if method in _READS else writes

    return lane_of
