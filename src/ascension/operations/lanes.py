"""Which request belongs to which kind, and what each kind may take of one process."""

import re
from collections.abc import Callable
from typing import Final

from ascension.infra.http.admission import Lane
from ascension.infra.settings import OverloadSettings
from ascension.infra.slots import Slots

PLACES: Final[dict[str, tuple[str, ...]]] = {
    # a password is hashed: 50 ms of a whole core each
    "passwords": (
        "POST /auth/login",
        "POST /auth/register",
        "POST /auth/verification",
        "POST /auth/password",
        "POST /auth/password/reset",
        "POST /analyses/{id}/shares",
        "POST /shares/open",
        "POST /users/me/totp",
        "DELETE /users/me/totp",
        "POST /users/me/recovery-codes",
        "POST /users/me/passkey-options",
        "DELETE /users/me/passkeys/{id}",
        "POST /users/me/exports",
        "DELETE /users/me",
    ),
    # 10 to 200 ms of computing each, in threads, or of reading whole tables
    "computed": (
        "GET /progress",
        "GET /analyses/{id}/coaching",
        "POST /analyses/{id}/corrections",
        "GET /shared/analyses/{id}/result",
        "GET /shared/analyses/{id}/coaching",
        "GET /operator/audit/file",
        "POST /operator/audit/verification",
        "GET /operator/storage",
    ),
    # they wait for the storage, up to seconds each: storage that hangs fills this lane and no other
    "storage": (
        "POST /storage-events",
        "POST /videos",
        "GET /videos/{id}/parts",
        "POST /videos/{id}/parts",
        "POST /videos/{id}/complete",
        "GET /videos/{id}/playback",
        "GET /analyses/{id}/playback",
        "PUT /videos/{id}/saved",
        "DELETE /videos/{id}/saved",
        "POST /videos/{id}/restore",
        "DELETE /users/me/exports/{id}",
    ),
    # they wait for the payment service, up to 26 s each
    "payments": (
        "POST /payments/stripe/events",
        "GET /users/me/plan",
        "PUT /users/me/plan",
        "POST /users/me/plan/checkout",
        "POST /users/me/plan/portal",
    ),
}
"""What costs more than a read or a write of the database. All else of the API is one of these two."""

_OPERATORS = frozenset({"/health/ready", "/metrics"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_API = "/api/v1"


def _pattern_of(place: str) -> str:
    method, path = place.split(" ")
    # whoever asks for the head alone costs as much
    return f"{method.replace('GET', '(?:GET|HEAD)')} {_API}{path.replace('{id}', '[^/]+')}"


_COSTLY = re.compile(
    "|".join(f"(?P<{lane}>{'|'.join(map(_pattern_of, places))})" for lane, places in PLACES.items())
)


def lanes(settings: OverloadSettings) -> Callable[[str, str], Lane | None]:
    """The lane of (method, path). None for `/health`: it asks nobody and waits behind nothing."""
    lag_s = settings.api_lag_limit_s

    def lane(name: str, limit: int, *, waiting: int, lag_limit_s: float) -> Lane:
        return Lane(name, Slots(limit, waiting=waiting, wait_s=settings.api_wait_s), lag_limit_s)

    costly = {
        # the hasher has a queue of its own: two at once, 64 wait
        "passwords": lane("passwords", 72, waiting=0, lag_limit_s=lag_s),
        "computed": lane("computed", settings.api_max_computed, waiting=32, lag_limit_s=lag_s),
        "payments": lane("payments", 16, waiting=32, lag_limit_s=2 * lag_s),
        "storage": lane("storage", settings.api_max_storage_requests, waiting=64, lag_limit_s=2 * lag_s),
    }
    writes = lane("writes", settings.api_max_writes, waiting=64, lag_limit_s=2 * lag_s)
    reads = lane("reads", settings.api_max_reads, waiting=256, lag_limit_s=4 * lag_s)
    files = lane("files", settings.api_max_reads, waiting=256, lag_limit_s=4 * lag_s)
    operators = lane("operators", 8, waiting=8, lag_limit_s=float("inf"))

    def lane_of(method: str, path: str) -> Lane | None:
        if path == "/health":
            return None
        if path in _OPERATORS:
            return operators
        if not path.startswith("/api/"):
            return files
        found = _COSTLY.fullmatch(f"{method} {path}")
        if found is not None and found.lastgroup is not None:
            return costly[found.lastgroup]
        return reads if method in _READS else writes

    return lane_of
