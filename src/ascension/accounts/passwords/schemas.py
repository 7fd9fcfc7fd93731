"""Bodies of passwords."""

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.accounts.schemas import EXAMPLE_LINK, EXAMPLE_PASSWORD, LinkToken, OldPassword, Password


class ResetRequest(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_LINK]})

    token: LinkToken
    password: Password
    language: Language = Field(default="en", description="Of the letter that tells of it.")


class ChangeRequest(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"password": EXAMPLE_PASSWORD, "new_password": f"{EXAMPLE_PASSWORD} too"}]
        }
    )

    password: OldPassword = Field(description="The one that it is now.")
    new_password: Password
    language: Language = Field(default="en", description="Of the letter that tells of it.")
