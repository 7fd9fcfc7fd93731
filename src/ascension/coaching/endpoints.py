"""HTTP of coaching: what one analysis says to its climber, and how they change."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BeforeValidator

from ascension.accounts.access import AccountPartsDep, CurrentUser, StaleReadsDep
from ascension.accounts.choices import Language, Units
from ascension.coaching import service
from ascension.coaching.schemas import CoachingRead, ProgressRead
from ascension.errors.analyses import AnalysisNotFound, ResultNotFound, ResultUnreadable
from ascension.infra.http.errors import errors

router = APIRouter(prefix="/api/v1", tags=["coaching"])


def _written_out(day: str) -> str:
    """A number would be read as seconds since 1970."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        raise ValueError("write a day as 2026-11-01")
    return day


Day = Annotated[date, BeforeValidator(_written_out)]


@router.get(
    "/analyses/{analysis_id}/coaching",
    summary="Score, advice, measures and moves of a finished analysis",
    description="Computed when it is read: the rules are those of this release. A number without a value"
    " says why.",
    response_model=CoachingRead,
    responses={
        304: {"description": "You have this already (If-None-Match)."},
        **errors(AnalysisNotFound, ResultNotFound, ResultUnreadable),
    },
)
async def coaching(
    analysis_id: UUID,
    user_id: CurrentUser,
    parts: AccountPartsDep,
    language: Annotated[Language, Query(description="Of the texts.")] = "en",
    units: Annotated[Units, Query(description="Of lengths in the texts; numbers stay in meters.")] = "metric",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    found = await service.advised(parts.database, analysis_id, user_id, language, units)
    headers = {
        "ETag": f'"{found.version}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization",
        "Content-Language": language,
    }
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    body = await service.coaching(found)
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)


@router.get(
    "/progress",
    summary="How you change: trends, personal bests, the history of each route",
    description="Axes of 0-100 are compared over all climbs; raw numbers on one route only."
    " Days are UTC; the latest 1000 analyses are looked at.",
    responses=errors(),
)
async def progress(
    user_id: CurrentUser,
    stale_reads: StaleReadsDep,
    from_day: Annotated[Day | None, Query(alias="from", description="The first day, 2026-11-01.")] = None,
    until_day: Annotated[Day | None, Query(alias="until", description="The last day.")] = None,
) -> ProgressRead:
    return await service.progress(stale_reads, user_id, from_day=from_day, until_day=until_day)
