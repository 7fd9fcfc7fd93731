"""Bodies of corrections."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from ascension.analyses.corrections.edits import Edits
from ascension.analyses.corrections.service import Corrections
from ascension.analyses.schemas import State, failure_of, state_of
from ascension.infra.http.body import ErrorBody


class CorrectionRead(BaseModel):
    id: UUID
    edits: Edits
    created_at: datetime


class CorrectionsRead(BaseModel):
    state: State | None = Field(
        description="Of the work on them: the result has them when it is completed. Null: never corrected."
    )
    failure: ErrorBody | None
    items: list[CorrectionRead] = Field(description="Oldest first: in this order they are worked in.")

    @classmethod
    def of(cls, found: Corrections) -> "CorrectionsRead":
        """The answer for one analysis."""
        derivation = found.derivation
        state = state_of(derivation.job_state) if derivation.job_state else None
        failure = failure_of(derivation.failure_code, derivation.failure_detail)
        return cls(
            state=state,
            failure=failure if state == "failed" else None,
            items=[
                CorrectionRead(id=one.id, edits=Edits.model_validate(one.edits), created_at=one.created_at)
                for one in found.items
            ],
        )
