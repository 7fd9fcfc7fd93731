"""Where a request comes from."""

from starlette.requests import HTTPConnection


def client_address(request: HTTPConnection) -> str:
    """The address of whoever asks, as far as it can be known; "unknown" where there is none."""
    return request.client.host if request.client else "unknown"
