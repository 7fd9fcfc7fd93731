"""Bodies of the analysis endpoints and the messages of the live socket."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ascension.analyses.choices import Choices
from ascension.analyses.queries import Analysis
from ascension.errors import message_of
from ascension.errors.jobs import WorkerLost
from ascension.infra.http.body import ErrorBody, RequestBody
from ascension.infra.storage.keys import thumbnail_key
from ascension.infra.storage.steady_links import SteadyLinks
from ascension.videos.queries import Cleaning, archive_of, cleaning_of
from ascension.videos.schemas import CLEANING, ArchiveRead, PlaybackRead

State = Literal["queued", "processing", "completed", "failed", "canceled"]
_STATES: dict[str, State] = {
    "queued": "queued",
    "processing": "processing",
    "done": "completed",
    "failed": "failed",
    "dead": "failed",
    "canceled": "canceled",
}


RouteName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$"),
]


def _as_one_writes(told: object) -> object:
    """One way to write what looks the same: letters put together, spaces single."""
    return " ".join(unicodedata.normalize("NFC", told).split()) if isinstance(told, str) else told


_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"
TagName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=30, pattern=_NO_CONTROLS),
    BeforeValidator(_as_one_writes),
]
SearchedText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=_NO_CONTROLS),
    BeforeValidator(_as_one_writes),
]
Found = Literal["done", "running", "failed"]
"""What a list is narrowed to: with a result, under way, or ended without one."""
MAX_TAGS: Final = 10


class AnalysisCreate(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"video_id": "01a20002-98ad-738f-a7b8-03941b08a652", "choices": {"body_height_m": 1.74}}
            ]
        }
    )

    video_id: UUID
    choices: Choices = Choices()
    with_profile: bool = Field(
        default=True,
        strict=True,
        description="You climb: what `choices` leaves out of the body comes from your profile.",
    )
    route: RouteName | None = None


class RouteChange(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"route": "The blue slab"}]})

    route: RouteName | None = Field(description="What you call the route; null: none.")


class TagsChange(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"tags": ["slab", "project"]}]})

    tags: list[TagName] = Field(
        max_length=MAX_TAGS, description="All of them; what differs in capitals alone is one."
    )


class LabelsRead(BaseModel):
    tags: list[str] = Field(description="Of your climbs, the most used first.")
    routes: list[str] = Field(description="Names of your routes, the latest climbed first.")


class WallPictureRead(BaseModel):
    url: str = Field(
        description="A WebP of the wall without the climber, clear where never seen; readable for a while."
    )
    expires_in_s: int


class ThumbnailRead(BaseModel):
    url: str = Field(
        description="A small WebP of the climb, with the climber in it; readable for an hour at least, and"
        " the same for half an hour."
    )
    width_px: int
    height_px: int


class ClipPlaybackRead(PlaybackRead):
    video_id: UUID


class VideoBrief(BaseModel):
    id: UUID
    file_name: str
    state: Literal["uploading", "uploaded", "expired"]
    size_bytes: int
    expires_at: datetime | None = Field(
        description="When the video is removed; the result stays. Null: it is saved."
    )
    saved_at: datetime | None
    archive: ArchiveRead | None
    cleaning: Cleaning | None = Field(description=CLEANING)


class AnalysisRead(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20003-1f0a-7c11-8f5c-6f4b0d3c9b11",
                    "video": {
                        "id": "01a20002-98ad-738f-a7b8-03941b08a652",
                        "file_name": "blue-slab.mp4",
                        "state": "uploaded",
                        "size_bytes": 18_400_211,
                        "expires_at": "2026-11-22T18:00:00Z",
                        "saved_at": None,
                        "archive": None,
                        "cleaning": None,
                    },
                    "state": "processing",
                    "stage": "poses",
                    "progress_pct": 42,
                    "attempt": 1,
                    "failure": None,
                    "choices": {"body_height_m": 1.74},
                    "route": "The blue slab",
                    "route_id": "01a20007-0c51-7d3e-9b0e-2f4d8e6a1c77",
                    "tags": ["slab"],
                    "summary": None,
                    "has_wall_picture": False,
                    "thumbnail": None,
                    "created_at": "2026-11-21T18:00:00Z",
                    "started_at": "2026-11-21T18:00:01Z",
                    "finished_at": None,
                }
            ]
        }
    )

    id: UUID
    video: VideoBrief
    state: State
    stage: str | None = Field(description="What the worker is doing, while it runs.")
    progress_pct: int
    attempt: int
    failure: ErrorBody | None = Field(
        description="Why there is no result, in the error catalogue's words; beside `completed`: why making "
        "it anew failed, and the result from before stands."
    )
    choices: Choices = Field(description="What you told us about the clip.")
    route: str | None = Field(description="What you call the route.")
    route_id: UUID | None = Field(description="Of `/routes`; null where it has no name.")
    tags: list[str]
    summary: dict[str, Any] | None = Field(description="Figures of the last result, with units in the names.")
    has_wall_picture: bool
    thumbnail: ThumbnailRead | None = Field(
        description="Null: there is none. It goes with the clip, the result stays."
    )
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Analysis, links: SteadyLinks) -> "AnalysisRead":
        """The answer for one row of the account that asks."""
        state = state_of(row.job_state)
        failure = failure_of(row.failure_code, row.failure_detail) if state == "failed" else None
        finished_at = row.finished_at
        if row.summary is not None and state in ("failed", "canceled"):
            # it was to be made anew, and what there was still stands
            state, finished_at = "completed", row.completed_at
        return cls(
            id=row.id,
            video=VideoBrief.model_validate(
                {
                    "id": row.video_id,
                    "file_name": row.file_name,
                    "state": row.video_state,
                    "size_bytes": row.size_bytes,
                    "expires_at": row.expires_at,
                    "saved_at": row.saved_at,
                    "archive": archive_of(row.archive_state, row.restore_ready_by, row.restored_until),
                    "cleaning": cleaning_of(row.cleaning_state),
                }
            ),
            state=state,
            stage=row.stage,
            progress_pct=row.progress_pct,
            attempt=row.attempt,
            failure=failure,
            choices=Choices.model_validate(row.choices),
            route=row.route,
            route_id=row.route_id,
            tags=row.tags,
            summary=row.summary,
            has_wall_picture=row.has_wall_picture,
            thumbnail=_thumbnail(row, links),
            created_at=row.created_at,
            started_at=row.started_at,
            finished_at=finished_at,
        )


def _thumbnail(row: Analysis, links: SteadyLinks) -> ThumbnailRead | None:
    if row.thumbnail_width_px is None or row.thumbnail_height_px is None:
        return None
    return ThumbnailRead(
        url=links.to(thumbnail_key(row.user_id, row.id)),
        width_px=row.thumbnail_width_px,
        height_px=row.thumbnail_height_px,
    )


def state_of(job_state: str) -> State:
    """What users are told about the state of a job."""
    return _STATES[job_state]


def failure_of(code: str | None, detail: str | None = None) -> ErrorBody:
    """Why a job failed, in the words of the catalogue where it has no closer ones."""
    code = code or WorkerLost.code
    return ErrorBody(error=code, detail=detail or message_of(code))


class AnalysisPage(BaseModel):
    items: list[AnalysisRead]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")
    hits: int | None = Field(
        default=None, description="How many there are with these filters; on a first page with filters only."
    )
