"""Bodies of the endpoints of links."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ascension.accounts.schemas import LinkToken
from ascension.infra.http.body import RequestBody
from ascension.sharing.copies import VideoShown, shown
from ascension.sharing.links.queries import Share
from ascension.sharing.links.service import ShareOptions

SharePassword = Annotated[str, StringConstraints(min_length=6, max_length=128, pattern=r"^[^\x00]*$")]


class ShareCreate(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"days": 30, "with_video": False}]})

    days: Literal[1, 7, 30, 90] = Field(default=30, description="After that the link ends by itself.")
    password: SharePassword | None = Field(default=None, description="Asked of whoever opens the link.")
    with_video: bool = Field(
        strict=True,
        default=False,
        description="A copy of the clip without sound and place, too; else the skeleton alone. Of a clip"
        " that is not saved, as long as that is there.",
    )
    is_blurred: bool = Field(
        strict=True,
        default=False,
        description="With every face covered, in the copy of the clip and in the picture of the wall; where"
        " that is not certain, without the picture.",
    )
    with_name: bool = Field(strict=True, default=False, description="Say your name.")
    with_comments: bool = Field(strict=True, default=False, description="Show what was said about the climb.")

    def as_wish(self) -> ShareOptions:
        """Without the password, which is hashed before anything is locked."""
        return ShareOptions(self.days, self.with_video, self.is_blurred, self.with_name, self.with_comments)


class ShareRead(BaseModel):
    id: UUID
    analysis_id: UUID
    token: str | None = Field(
        description="The link is the client's page `/shared#` and this. Null: it cannot be shown again."
    )
    has_password: bool
    with_video: bool
    video: VideoShown = Field(
        description="What whoever has the link sees of it now; `hidden`: no video is shared, or it is gone."
    )
    is_blurred: bool
    with_name: bool
    with_comments: bool
    views: int = Field(description="Openings; one browser counts once in an hour.")
    opened_at: datetime | None
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, share: Share, token: str | None) -> "ShareRead":
        """The answer for one row."""
        known = {name: value for name, value in vars(share).items() if name in cls.model_fields}
        return cls(**known, token=token, has_password=share.is_locked, video=shown(share.copy_state))


class ShareList(BaseModel):
    items: list[ShareRead]


class ShareOpen(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "what-follows-the-hash-sign"}]})

    token: LinkToken = Field(description="What follows `#` in the link.")
    password: str | None = Field(default=None, max_length=128)
    ticket: str | None = Field(
        default=None,
        max_length=200,
        description="Of the last opening in this browser: within the hour it is not counted again, and while"
        " the ticket is good no password is asked.",
    )


class OpenedRead(BaseModel):
    analysis_id: UUID
    ticket: str = Field(description="The bearer token of `/api/v1/shared/analyses/{analysis_id}`.")
    expires_in_s: int
