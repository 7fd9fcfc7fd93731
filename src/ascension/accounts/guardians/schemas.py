"""Bodies of what a guardian decides."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.schemas import LinkToken
from ascension.infra.http.body import RequestBody


class GuardianRequest(RequestBody):
    """The link of the letter: whoever has it is the guardian."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "what-follows-the-hash-sign"}]})

    token: LinkToken


class WardRead(BaseModel):
    """Whom the link is about, so that a guardian knows the climber."""

    email: str = Field(description="Of the climber's account.")
    display_name: str
    state: Literal["asked", "agreed", "withdrawn"]
