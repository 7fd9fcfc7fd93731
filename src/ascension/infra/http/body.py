"""What bodies have in common: those that are sent to us, and that of every error."""

from pydantic import BaseModel, ConfigDict, Field


class RequestBody(BaseModel):
    """What is sent: a field that it does not have is refused, never left out in silence."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(BaseModel):
    """Every error of the API."""

    error: str = Field(description="A stable code to act on.")
    detail: str = Field(description="A sentence for people: what happened and what to do.")
