"""Bodies of the trash's endpoints."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.analyses.queries import Analysis


class TrashedRead(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20003-1f0a-7c11-8f5c-6f4b0d3c9b11",
                    "file_name": "blue-slab.mp4",
                    "route": "The blue slab",
                    "created_at": "2026-11-21T18:00:00Z",
                    "trashed_at": "2026-11-22T18:00:00Z",
                    "gone_at": "2026-12-22T18:00:00Z",
                }
            ]
        }
    )

    id: UUID = Field(description="Of the analysis.")
    file_name: str
    route: str | None
    created_at: datetime
    trashed_at: datetime
    gone_at: datetime = Field(description="Then it is removed for good.")

    @classmethod
    def of(cls, row: Analysis, *, ttl_s: int) -> "TrashedRead":
        """The answer for one row of the trash."""
        if row.trashed_at is None:
            raise ValueError("It is not in the trash.")
        return cls(
            id=row.id,
            file_name=row.file_name,
            route=row.route,
            created_at=row.created_at,
            trashed_at=row.trashed_at,
            gone_at=row.trashed_at + timedelta(seconds=ttl_s),
        )


class TrashPage(BaseModel):
    items: list[TrashedRead]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")
