"""The body of every error, also where one is told inside a job."""

from pydantic import BaseModel, Field


class ErrorBody(BaseModel):
    """Every error of the API."""

    error: str = Field(description="A stable code to act on.")
    detail: str = Field(description="A sentence for people: what happened and what to do.")
