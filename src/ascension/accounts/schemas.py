"""Bodies of the account endpoints."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from ascension.accounts.choices import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Grades, Language, Role, Units
from ascension.infra.http.body import RequestBody

# One local part, one domain with a dot, no spaces or control characters. Whether the address exists is
# only ever proven by a mail to it.
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        min_length=3,
        max_length=254,
        pattern=r"^[^\s@\[\]\x00-\x1f\x7f]+@[^\s@\[\]\x00-\x1f\x7f]+\.[^\s@\[\]\x00-\x1f\x7f]+$",
    ),
]
Password = Annotated[
    str,
    StringConstraints(min_length=MIN_PASSWORD_CHARS, max_length=MAX_PASSWORD_CHARS, pattern=r"^[^\x00]*$"),
]
# What earlier releases took as well.
OldPassword = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
LinkToken = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
EXAMPLE_PASSWORD = "a long sentence works well"  # noqa: S105 (an example)
EXAMPLE_LINK: JsonDict = {"token": "what-follows-the-hash-sign", "password": EXAMPLE_PASSWORD}
DisplayName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$"),
]


Version = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z.-]+$")]
EXAMPLE_ACCEPTANCE: JsonDict = {"terms": "2026-11-22", "privacy": "2026-11-22"}


class Acceptance(RequestBody):
    """The versions of the documents that somebody read and agrees to."""

    terms: Version
    privacy: Version


class GuardianWish(RequestBody):
    """Of somebody younger than the age of digital consent."""

    born_year: int = Field(ge=1900, le=2100)
    born_month: int = Field(ge=1, le=12)
    email: Email = Field(description="Of a parent or guardian, who gets a letter.")


class RegisterRequest(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "email": "mina@example.org",
                    "password": "a long sentence works well",
                    "display_name": "Mina",
                    "accepted": EXAMPLE_ACCEPTANCE,
                }
            ]
        }
    )

    email: Email
    password: Password = Field(description="12 to 128 characters, none of those that everybody tries first.")
    display_name: DisplayName | None = Field(
        default=None, description="Default: the part of the e-mail before the @."
    )
    invitation: LinkToken | None = Field(
        default=None, description="From the link of an invitation: it proves the e-mail, too."
    )
    language: Language = Field(default="en", description="Of the letter, if one is sent.")
    accepted: Acceptance
    guardian: GuardianWish | None = Field(
        default=None, description="Null says: old enough to agree alone. See `consent_age` of the sign-up."
    )


class LanguageChoice(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"language": "fr"}]})

    language: Language


class ReadingChoice(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"units": "imperial", "grades": "yds"}]})

    units: Units | None = Field(description="Of lengths and masses; null: none was chosen.")
    grades: Grades | None = Field(description="Null: grades are read as they are written.")


class LetterChoice(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"about_results": True}]})

    about_results: bool = Field(
        strict=True, description="One for each analysis from now on, when it has ended."
    )


class LetterRequest(RequestBody):
    """Whom a letter is to reach."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "mina@example.org"}]})

    email: Email
    language: Language = "en"


class LetterRead(BaseModel):
    """The same whether or not the address has an account: what is the case, the letter says."""

    email: str


class QuotaRead(BaseModel):
    limit: int = Field(description="Analyses per calendar month in this tier.")
    used: int = Field(
        description="Of the month in which they were asked for. What ends without a result is not counted,"
        " nor is making a finished one anew; one that has a result stays counted when it is deleted."
    )
    resets_at: datetime = Field(description="When the next month begins: its first day, midnight UTC.")


class UserRead(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a20002-98ad-738f-a7b8-03941b08a652",
                    "email": "mina@example.org",
                    "display_name": "Mina",
                    "tier": "free",
                    "role": "climber",
                    "quota": {"limit": 10, "used": 3, "resets_at": "2026-12-01T00:00:00Z"},
                    "created_at": "2026-11-21T18:00:00Z",
                    "units": "metric",
                    "grades": None,
                    "wants_result_letters": False,
                }
            ]
        }
    )

    id: UUID
    email: str
    display_name: str
    tier: str
    role: Role = Field(description="`admin`: may see and move everybody's jobs, and set roles and tiers.")
    quota: QuotaRead
    created_at: datetime
    units: Units | None = Field(description="In which lengths and masses are read; null: never chosen.")
    grades: Grades | None = Field(description="In which scale grades are read; null: as they are written.")
    wants_result_letters: bool = Field(description="A letter comes when an analysis has ended.")


class SessionRead(BaseModel):
    """A short-lived access token; the refresh token travels only in an HttpOnly cookie."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 (the scheme's name, not a secret)
    expires_in_s: int
    user: UserRead


class TicketRead(BaseModel):
    ticket: str = Field(description="Valid once, for opening /ws.")
    expires_in_s: int
