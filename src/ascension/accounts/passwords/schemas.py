"""Bodies of passwords."""

from pydantic import ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.accounts.schemas import EXAMPLE_LINK, EXAMPLE_PASSWORD, LinkToken, OldPassword, Password
from ascension.infra.http.body import RequestBody


class ResetRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_LINK]})

    token: LinkToken
    password: Password
    language: Language = Field(default="en", description="Of the letter that tells of it.")


class ChangeRequest(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"password": EXAMPLE_PASSWORD, "new_password": f"{EXAMPLE_PASSWORD} too"}]
        }
    )

    password: OldPassword | None = Field(
        default=None,
        description="The one that it is now. Left out: a passkey was shown at `/users/me/presence` within"
        " five minutes.",
    )
    new_password: Password
    language: Language = Field(default="en", description="Of the letter that tells of it.")
