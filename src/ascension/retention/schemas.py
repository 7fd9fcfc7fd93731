"""Bodies of the erasure endpoints."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.accounts.departures.queries import Departure
from ascension.accounts.schemas import OldPassword
from ascension.infra.http.body import RequestBody
from ascension.retention.queries import Erasure


class ErasureRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "a long sentence works well"}]})

    password: OldPassword | None = Field(
        default=None, description="Asked again. Null: a passkey was shown at `/users/me/presence`."
    )
    language: Language = Field(default="en", description="Of the letters about it.")


class DepartureRead(BaseModel):
    """The account is closed; who logs in before that moment can keep it."""

    state: Literal["leaving"] = "leaving"
    requested_at: datetime
    erase_at: datetime

    @classmethod
    def of(cls, row: Departure) -> "DepartureRead":
        """The answer for one row."""
        return cls(requested_at=row.asked_at, erase_at=row.erase_at)


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
