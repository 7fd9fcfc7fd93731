"""Bodies of the erasure endpoints."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ascension.infra.http.body import RequestBody
from ascension.retention.queries import Erasure


class ErasureRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a long sentence works well"}]})

    password: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = Field(
        description="Asked again: what follows cannot be undone."
    )


class ErasureRead(BaseModel):
    """How far the erasure of an account is. The account itself is gone from the first moment."""

    id: UUID = Field(description="Whoever knows it may ask: nothing here says whose account it was.")
    state: Literal["erasing", "erased"]
    objects_removed: int = Field(description="Videos and pictures, each version of them, so far.")
    requested_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Erasure) -> "ErasureRead":
        """The answer for one row."""
        return cls(
            id=row.id,
            state="erasing" if row.finished_at is None else "erased",
            objects_removed=row.objects_removed,
            requested_at=row.requested_at,
            finished_at=row.finished_at,
        )
