"""Bodies of the endpoints of coaches and of whom they coach."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.accounts.choices import Language
from ascension.accounts.schemas import Email, LinkToken
from ascension.infra.http.body import RequestBody
from ascension.sharing.coaches.news_queries import News
from ascension.sharing.coaches.queries import Coach, CoachedClimb, CoachedClimber
from ascension.sharing.coaches.service import CoachInvitation
from ascension.sharing.figures import outcomes_of, shown_figures


class CoachInvite(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "coach@example.org"}]})

    email: Email = Field(description="Only an account with this address can accept.")
    with_past: bool = Field(strict=True, default=True, description="Also what you climbed before today.")
    language: Language = Field(default="en", description="Of the letter, where letters are sent.")

    def as_wish(self) -> CoachInvitation:
        return CoachInvitation(self.email, self.with_past, self.language)


class CoachRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str | None = Field(description="Null: not accepted yet.")
    with_past: bool
    created_at: datetime
    expires_at: datetime = Field(description="Of the invitation.")
    accepted_at: datetime | None
    seen_at: datetime | None = Field(description="When they last looked at a climb of yours.")

    @classmethod
    def of(cls, coach: Coach) -> "CoachRead":
        return cls.model_validate(coach)


class InvitedRead(CoachRead):
    token: str = Field(
        description="The invitation is the client's page `/coach#` and this; told once, to hand it over."
    )
    is_sent: bool = Field(description="A letter is on its way to the address.")


class CoachList(BaseModel):
    items: list[CoachRead]


class InvitationAccept(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "what-follows-the-hash-sign"}]})

    token: LinkToken


class InvitationRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    climber: str = Field(description="Who asks.")
    email: str = Field(description="Only an account with this address can accept.")
    expires_at: datetime


class CoachedClimberRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="Of the access that was granted.")
    name: str
    with_past: bool
    accepted_at: datetime
    climbs: int
    last_climb_at: datetime | None
    new_climbs: int = Field(description="Results since you last looked at a climb of theirs.")
    new_comments: int = Field(description="Of others, since then.")

    @classmethod
    def of(cls, climber: CoachedClimber, news: News | None) -> "CoachedClimberRead":
        told = {
            "new_climbs": news.new_climbs if news else 0,
            "new_comments": news.new_comments if news else 0,
        }
        return cls.model_validate({**vars(climber), **told})


class CoachedClimberList(BaseModel):
    items: list[CoachedClimberRead]


class OpenCommentRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    coached_id: UUID = Field(description="Of the access to this climber.")
    climber: str
    analysis_id: UUID
    file_name: str
    route: str | None
    at_s: float
    text: str
    by: Literal["climber", "coach"]
    name: str = Field(description="Who said it.")
    created_at: datetime
    is_new: bool = Field(description="Said since you last looked at a climb of theirs.")


class OpenCommentPage(BaseModel):
    items: list[OpenCommentRead]
    next_cursor: UUID | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class CoachedClimbRead(BaseModel):
    id: UUID = Field(description="Of the analysis; read it below `/api/v1/shared/analyses`.")
    file_name: str
    route: str | None
    created_at: datetime
    figures: dict[str, Any]
    outcomes: list[str] | None = Field(description="How each attempt ended; null: they were not counted.")
    comments: int

    @classmethod
    def of(cls, climb: CoachedClimb) -> "CoachedClimbRead":
        return cls(
            id=climb.id,
            file_name=climb.file_name,
            route=climb.route,
            created_at=climb.created_at,
            figures=shown_figures(climb.summary),
            outcomes=outcomes_of(climb.summary),
            comments=climb.comments,
        )


class CoachedClimbPage(BaseModel):
    items: list[CoachedClimbRead]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")
