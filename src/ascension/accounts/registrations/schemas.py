"""Bodies of making accounts."""

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.registrations.service import SignUp
from ascension.accounts.schemas import EXAMPLE_LINK, Acceptance, LinkToken, OldPassword
from ascension.infra.http.body import RequestBody


class SignUpRead(BaseModel):
    """How one gets an account here."""

    sign_up: SignUp
    confirms_email: bool = Field(description="An account is there once the link of a letter was opened.")
    sends_letters: bool = Field(description="False: nobody can be sent a link to choose a new password.")
    min_password_chars: int
    consent_age: int = Field(description="In years. Who is younger names a parent or guardian.")
    grace_days: int = Field(description="How long an account that is to go can be kept. 0: not at all.")
    accept: Acceptance = Field(description="The versions in force, which a registration has to carry.")


class ConfirmRequest(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_LINK]})

    token: LinkToken
    password: OldPassword = Field(description="The one that the account was asked for with.")
