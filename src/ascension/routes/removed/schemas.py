"""Bodies of the endpoints of removed routes."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.routes.removed.queries import RemovedRoute


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class RemovedRouteRead(_Body):
    """A route that can be had back."""

    id: UUID
    name: str
    removed_at: datetime
    gone_at: datetime = Field(description="From then on it may be gone for good.")
    climbs: int = Field(description="Climbs that were on it.")
    tries: int = Field(description="Entries that you wrote down without a film.")

    @classmethod
    def of(cls, row: RemovedRoute, *, kept: timedelta) -> "RemovedRouteRead":
        """The answer for one row."""
        return cls(
            id=row.id,
            name=row.name,
            removed_at=row.removed_at,
            gone_at=row.removed_at + kept,
            climbs=row.climbs,
            tries=row.tries,
        )


class RemovedRouteList(_Body):
    items: list[RemovedRouteRead] = Field(description="The last removed first; at most 500.")
