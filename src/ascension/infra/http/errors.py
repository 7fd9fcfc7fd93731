"""Errors over HTTP: their documentation, and what each exception becomes."""

from collections import defaultdict
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from ascension.errors.accounts import SessionRevoked
from ascension.errors.base import ApiError
from ascension.errors.http import (
    DatabaseUnavailable,
    Malformed,
    MethodNotAllowed,
    Overloaded,
    RateLimited,
    RouteNotFound,
    TooManyAtOnce,
    TooSlow,
    Unauthenticated,
)
from ascension.infra.http.body import ErrorBody
from ascension.infra.logging import get_logger

# what any endpoint may answer
_ANYWHERE = (Malformed, Unauthenticated, TooSlow, TooManyAtOnce, RateLimited, DatabaseUnavailable, Overloaded)


def errors(*classes: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint: these errors, and those that any endpoint may answer."""
    by_status: dict[int, list[type[ApiError]]] = defaultdict(list)
    for error in (*_ANYWHERE, *classes):
        if error not in by_status[error.status]:
            by_status[error.status].append(error)
    return {
        status: {
            "model": ErrorBody,
            "description": " ".join(error.message() for error in found),
            "content": {
                "application/json": {
                    "examples": {
                        error.code: {"value": {"error": error.code, "detail": error.message()}}
                        for error in found
                    }
                }
            },
        }
        for status, found in sorted(by_status.items())
    }


def answer(error: ApiError, headers: dict[str, str] | None = None) -> JSONResponse:
    """The error as {error, detail}, with the headers that go with it."""
    extra = dict(headers or {})
    if error.retry_after_s is not None:
        extra["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, Unauthenticated):
        extra["WWW-Authenticate"] = error.challenge
    return JSONResponse(
        {"error": error.code, "detail": error.detail}, status_code=error.status, headers=extra
    )


def install_error_handlers(app: FastAPI) -> None:
    """Every failure leaves as {error, detail}; what went wrong inside is logged, never sent."""
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(psycopg.DataError, _on_data_error)
    app.add_exception_handler(psycopg.IntegrityError, _on_integrity_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unexpected)


def _on_api_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 (registered for this class above)
    return answer(error)


def _on_malformed(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (registered for this class above)
    return answer(Malformed(_describe(error)))


def _on_data_error(_: Request, error: Exception) -> JSONResponse:
    get_logger().warning("refused_by_database", error=type(error).__name__)
    return answer(Malformed("A value in this request cannot be stored."))


def _on_integrity_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, psycopg.IntegrityError)  # noqa: S101 (registered for this class above)
    rule = error.diag.constraint_name or ""
    if rule.endswith("_user_id_fkey"):
        return answer(SessionRevoked())  # the token still holds, but its account is gone
    # its message would quote the row
    get_logger().error("unexpected_error", error=type(error).__name__, constraint=rule)
    return _internal_error(request)


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for this class above)
    if isinstance(error.__cause__, ApiError):
        return answer(error.__cause__)  # raised while the framework was reading the body
    if error.status_code == 405:
        return answer(MethodNotAllowed(), {"Allow": ", ".join(_methods_of(request))})
    if error.status_code == 404:
        return answer(RouteNotFound())
    return answer(Malformed(str(error.detail)))


def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    request_id = request.scope["state"]["habits"]["X-Request-ID"]
    get_logger().error("unexpected_error", request_id=request_id, exc_info=error)
    return _internal_error(request)


def _internal_error(request: Request) -> JSONResponse:
    """A fault of ours. The framework answers it outside of `HttpHabits`, so the headers come along."""
    return JSONResponse(
        {"error": "internal_error", "detail": "Something went wrong on our side. It has been logged."},
        status_code=500,
        headers=request.scope["state"]["habits"],
    )


def _describe(error: RequestValidationError) -> str:
    """The first complaint in words: where, and what is expected there. Never echoes the value."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The body is not valid JSON."
    where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    return f"{where or 'body'}: {first['msg']}"


def _methods_of(request: Request) -> list[str]:
    """Every method that any route answers on this path (the framework lists only the first route's)."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex.match(request.scope["path"]):
            found |= route.methods
    return sorted(found or {"GET", "HEAD"})  # else it lies below a mounted folder of files
