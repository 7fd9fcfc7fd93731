"""How often each kind of request may be asked: the one table, told to people in docs/guides/limits.md."""

from collections.abc import Callable
from dataclasses import replace

from ascension.infra.http.rates import Rate

AUTH = "/api/v1/auth/"
# by address, because who asks is not known, or says so itself: a gym's network is one address for all in it
LOGIN = Rate("login", 30, 60, by="address")
REGISTER = Rate("register", 30, 3600, by="address")
SESSION = Rate("session", 300, 60, by="address")
AUTH_ELSE = Rate("auth", 30, 60, by="address")
TICKETS = Rate("tickets", 120, 60, by="address")
GUESTS = Rate("guests", 120, 60, by="address")
SOCKETS = Rate("sockets", 240, 60, by="address")
FILES = Rate("files", 3000, 60, by="address")  # thirty people who load the client at once
READS = Rate("reads", 1200, 60, by="user")
WRITES = Rate("writes", 600, 60, by="user")
RATES = (LOGIN, REGISTER, SESSION, AUTH_ELSE, TICKETS, GUESTS, SOCKETS, FILES, READS, WRITES)

_OF_PATHS = {
    f"{AUTH}login": LOGIN,
    f"{AUTH}login/code": LOGIN,
    f"{AUTH}passkey": LOGIN,
    f"{AUTH}register": REGISTER,
    f"{AUTH}refresh": SESSION,
    f"{AUTH}logout": SESSION,
    f"{AUTH}sessions": SESSION,
    f"{AUTH}sign-up": SESSION,
    f"{AUTH}passkey-options": SESSION,
    "/api/v1/ws-tickets": TICKETS,
    "/api/v1/shares/open": GUESTS,
    "/api/v1/coach-invitations/read": GUESTS,
    "/ws": SOCKETS,
}
# storage tells of its objects with a secret of its own, in bursts of its own
_EXEMPT = frozenset({"/api/v1/storage-events", "/health", "/health/ready", "/metrics"})


def rates(factor: float) -> Callable[[str, str], Rate | None]:
    """The rate of (method, path), `factor` times the table's. None for what watches over us."""
    scaled = {rate: replace(rate, requests=max(1, round(rate.requests * factor))) for rate in RATES}

    def rate_of(method: str, path: str) -> Rate | None:
        if path in _EXEMPT:
            return None
        if path in _OF_PATHS:
            return scaled[_OF_PATHS[path]]
        if not path.startswith("/api/"):
            return scaled[FILES]
        if path.startswith(AUTH):
            return scaled[AUTH_ELSE]
        return scaled[READS if method in {"GET", "HEAD"} else WRITES]

    return rate_of
