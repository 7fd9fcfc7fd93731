"""Bodies of the endpoints of recognition."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Grades
from ascension.infra.http.body import RequestBody
from ascension.routes.recognition.queries import Recognition

Answer = Literal["same", "other_route", "no"]


class SuggestionRead(BaseModel):
    """An earlier climb of yours on the same wall."""

    analysis_id: UUID
    climbed_at: datetime
    route_id: UUID
    route: str
    grade: str | None
    scale: Grades | None
    is_same_route: bool = Field(description="The holds are those of its route, too.")
    confidence: float


class RecognitionRead(BaseModel):
    """What is known of the wall of a climb. Nothing is applied until you say so."""

    state: Literal["working", "done"]
    suggestion: SuggestionRead | None = Field(description="Null: no earlier wall is like it.")
    answer: Answer | None = Field(description="What you said to it.")

    @classmethod
    def of(cls, row: Recognition | None) -> "RecognitionRead":
        """The answer for one row; None: there is nothing to say, and nothing being worked out."""
        if row is None:
            return cls(state="done", suggestion=None, answer=None)
        is_working = row.job_state in ("queued", "processing")
        suggestion = None
        if not is_working and row.route_id is not None:
            values = {**asdict(row), "analysis_id": row.like_analysis_id}
            suggestion = SuggestionRead.model_validate(values)
        return cls.model_validate(
            {"state": "working" if is_working else "done", "suggestion": suggestion, "answer": row.answer}
        )


class RecognitionAnswer(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "same"}]})

    answer: Answer = Field(description="`same`: the climb is on that route from now on.")
