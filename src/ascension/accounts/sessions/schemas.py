"""Bodies of logins and sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ascension.accounts.schemas import Email
from ascension.infra.http.body import RequestBody

EXAMPLE_CHALLENGE = "what-the-login-answered"


class LoginRequest(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "mina@example.org", "password": "a long sentence works well"}]
        }
    )

    email: Email
    password: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class ChallengeRead(BaseModel):
    """The password was right; a code is needed too."""

    challenge: str = Field(description="Goes with the code to `/auth/login/code`, once.")
    expires_in_s: int


class LeavingRead(BaseModel):
    """The login was right, and the account is about to be erased."""

    keep_challenge: str = Field(description="Goes to `/auth/keep`, once, by whoever wants to stay.")
    expires_in_s: int
    erase_at: datetime


class KeepRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"keep_challenge": EXAMPLE_CHALLENGE}]})

    keep_challenge: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class CodeLoginRequest(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"challenge": EXAMPLE_CHALLENGE, "code": "492039"}]}
    )

    challenge: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    code: Annotated[str, StringConstraints(min_length=6, max_length=40)] = Field(
        description="Six digits of the app, or a recovery code."
    )


class OpenSessionRead(BaseModel):
    id: UUID
    device: str | None = Field(description="Browser and system as they said themselves; null: unknown.")
    began_at: datetime
    used_at: datetime = Field(description="To a quarter of an hour: when it was renewed last.")
    is_this: bool = Field(description="The one that asks.")


class OpenSessionList(BaseModel):
    items: list[OpenSessionRead]


class LogoutEverywhereRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"this_too": False}]})

    this_too: bool = Field(strict=True, description="false: the session that asks goes on.")
