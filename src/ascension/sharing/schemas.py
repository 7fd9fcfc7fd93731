"""Bodies of what readers see of an analysis."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from ascension.sharing.copies import VideoShown
from ascension.sharing.figures import outcomes_of, shown_figures
from ascension.sharing.queries import Reading, Role
from ascension.sharing.service import Look


class SharedRead(BaseModel):
    """What a climber shows of a climb: nothing of their body, and no more of themselves than they want."""

    id: UUID
    role: Role = Field(description="As what you see it.")
    title: str | None = Field(description="What the climber calls the route; null: nothing.")
    file_name: str | None = Field(description="Not told to guests.")
    climber: str | None = Field(description="The climber's name, where they show it.")
    created_at: datetime
    finished_at: datetime | None = Field(description="Of the result: another one has another.")
    figures: dict[str, Any]
    outcomes: list[str] | None = Field(description="How each attempt ended; null: they were not counted.")
    has_wall_picture: bool = Field(
        description="Where faces are to be covered: one in which they are, or none."
    )
    video: VideoShown = Field(
        description="`hidden`: the skeleton is all there is; `under_way`: a copy for others is being made."
    )
    shows_comments: bool
    may_comment: bool

    @classmethod
    def of(cls, look: Look, reading: Reading) -> "SharedRead":
        """The answer for one row, as this reader may see it."""
        analysis = look.analysis
        return cls(
            id=analysis.id,
            role=reading.role,
            title=analysis.route,
            file_name=None if reading.role == "guest" else analysis.file_name,
            climber=look.climber,
            created_at=analysis.created_at,
            finished_at=analysis.completed_at,
            figures=shown_figures(analysis.summary),
            outcomes=outcomes_of(analysis.summary),
            has_wall_picture=analysis.has_wall_picture and reading.with_wall_picture,
            video=look.video,
            shows_comments=reading.with_comments,
            may_comment=reading.role != "guest",
        )
