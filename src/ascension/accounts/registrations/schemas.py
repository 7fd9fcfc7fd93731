"""Bodies of making accounts."""

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.registrations.service import SignUp
from ascension.accounts.schemas import EXAMPLE_LINK, LinkToken, OldPassword
from ascension.infra.http.body import RequestBody


class SignUpRead(BaseModel):
    """How one gets an account here."""

    sign_up: SignUp
    confirms_email: bool = Field(description="An account is there once the link of a letter was opened.")
    sends_letters: bool = Field(description="False: nobody can be sent a link to choose a new password.")
    min_password_chars: int


class ConfirmRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_LINK]})

    token: LinkToken
    password: OldPassword = Field(description="The one that the account was asked for with.")
