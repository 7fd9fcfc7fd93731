"""HTTP for operators and balancers. `/metrics` is for the inside only: no proxy of ours forwards it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from pydantic import BaseModel, Field

from ascension import __version__
from ascension.errors.base import AscensionError
from ascension.errors.http import DatabaseUnavailable
from ascension.infra.http.hot import HotEndpoint
from ascension.infra.streams import StreamsUnavailable
from ascension.operations.figures import platform_figures
from ascension.operations.parts import Parts
from ascension.operations.process import process_figures

PART_TIMEOUT_S = 2

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    status: Literal["ok"] = "ok"
    version: str


class PartHealth(BaseModel):
    ok: bool
    detail: str = Field(description="Empty when it answers.")


class DiskHealth(BaseModel):
    level: Literal["ok", "low", "full"]
    detail: str


class WritesHealth(BaseModel):
    ok: bool | None = Field(
        description="Null: nobody knows, because it was not tried yet, is not tried, or may not be tried."
    )
    detail: str = Field(description="Empty when it can be written.")
    age_s: float | None = Field(description="Since the last trial.")


class Readiness(BaseModel):
    ready: bool
    version: str
    parts: dict[Literal["database", "queue", "storage"], PartHealth]
    storage_writes: WritesHealth = Field(
        description="Whether storage takes what is written: tried once a minute beside the requests. It is"
        " ready all the same: what is stored can be read."
    )
    disk: DiskHealth | None = Field(
        description="Of a platform on one machine. `full`: uploads are refused; it is ready all the same."
    )


@router.get("/health", summary="Is the process alive")
async def health() -> Health:
    return Health(version=__version__)


async def _hot_health(_: Request) -> Response:
    return Response((await health()).model_dump_json(), media_type="application/json")


HOT_PATHS: Final[Mapping[str, HotEndpoint]] = {"/health": _hot_health}


@router.get(
    "/health/ready",
    summary="Do all the parts answer",
    responses={503: {"model": Readiness, "description": "A part does not answer; it is named."}},
)
async def ready(request: Request, response: Response) -> Readiness:
    parts: Parts = request.app.state.parts
    database, queue, storage = await asyncio.gather(
        _check(parts.lookout.ping), _check(parts.streams.ping), _check(parts.storage.ping)
    )
    found: dict[Literal["database", "queue", "storage"], PartHealth] = {
        "database": database,
        "queue": queue,
        "storage": storage,
    }
    all_ok = all(part.ok for part in found.values())
    if not all_ok:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Readiness(
        ready=all_ok,
        version=__version__,
        parts=found,
        storage_writes=_storage_writes(parts),
        disk=_disk(parts),
    )


def _storage_writes(parts: Parts) -> WritesHealth:
    if parts.trials is None:
        return WritesHealth(ok=None, detail="It is never tried: S3_WRITE_TRIAL_S is 0.", age_s=None)
    last = parts.trials.last
    if last is None:
        return WritesHealth(ok=None, detail="The first trial is under way.", age_s=None)
    age_s = round(time.monotonic() - last.ended_s, 1)
    return WritesHealth(ok=last.is_writable, detail=last.detail, age_s=age_s)


def _disk(parts: Parts) -> DiskHealth | None:
    if parts.disk is None:
        return None
    try:
        state = parts.disk.look()
    except OSError as error:
        return DiskHealth(level="full", detail=f"The disk does not answer: {error.strerror}.")
    return DiskHealth(level=state.level.value, detail=state.sentence)


async def _check(ping: Callable[[], Awaitable[object]]) -> PartHealth:
    try:
        async with asyncio.timeout(PART_TIMEOUT_S):
            await ping()
    except (AscensionError, TimeoutError, *StreamsUnavailable) as error:
        return PartHealth(ok=False, detail=type(error).__name__)
    return PartHealth(ok=True, detail="")


@router.get(
    "/metrics",
    summary="Figures in Prometheus' text format",
    response_class=Response,
    description="Those of the platform come from the rows: they are missing while the database is away.",
    responses={200: {"content": {"text/plain": {}}, "description": "The figures."}},
)
async def metrics(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    registries = [REGISTRY, process_figures(parts)]
    with suppress(DatabaseUnavailable):
        registries.append(await platform_figures(parts))
    body = b"".join(generate_latest(registry) for registry in registries)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})
