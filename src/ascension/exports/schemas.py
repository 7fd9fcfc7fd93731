"""Bodies of archives."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.accounts.schemas import OldPassword
from ascension.exports.queries import Export
from ascension.infra.http.body import RequestBody


class ExportRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a long sentence works well"}]})

    password: OldPassword | None = Field(
        default=None, description="Asked again. Null: a passkey was shown at `/users/me/presence`."
    )
    language: Language = "en"


class ExportRead(BaseModel):
    """An archive of everything that the account holds."""

    id: UUID
    state: Literal["waiting", "making", "ready", "failed"]
    progress_pct: int = Field(description="By bytes of videos: those are nearly all of it.")
    size_bytes: int | None = Field(description="Once it is ready.")
    asked_at: datetime
    expires_at: datetime | None = Field(description="When it is removed by itself.")

    @classmethod
    def of(cls, row: Export) -> "ExportRead":
        """The answer for one row."""
        share = row.done_bytes / row.total_bytes if row.total_bytes else 0.0
        is_ready = row.state == "ready"
        return cls(
            id=row.id,
            state="failed" if row.state == "removed" else row.state,
            progress_pct=100 if is_ready else min(99, int(100 * share)),
            size_bytes=row.done_bytes if is_ready else None,
            asked_at=row.asked_at,
            expires_at=row.expires_at,
        )


class ExportList(BaseModel):
    items: list[ExportRead]


class ExportLink(BaseModel):
    url: str = Field(description="Straight from storage, as a file to be kept.")
    expires_in_s: int
