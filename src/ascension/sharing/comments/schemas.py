"""Bodies of the endpoints of comments."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ascension.infra.http.body import RequestBody
from ascension.sharing.comments.queries import Comment
from ascension.sharing.queries import Reading

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]*$")
]


class CommentCreate(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"at_s": 4.2, "text": "Turn the left hip in before you reach."}]}
    )

    at_s: float = Field(
        strict=True, ge=0, lt=86_400, allow_inf_nan=False, description="A moment of the clip."
    )
    text: Text


class CommentChange(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Turn the right hip in."}]})

    text: Text


class CommentRead(BaseModel):
    id: UUID
    at_s: float
    text: str
    by: Literal["climber", "coach"]
    name: str | None = Field(
        description="Who said it; guests are told no names but the climber's, if at all."
    )
    is_mine: bool = Field(description="You may change it.")
    may_delete: bool
    created_at: datetime
    edited_at: datetime | None

    @classmethod
    def of(cls, comment: Comment, reading: Reading) -> "CommentRead":
        """The answer for one row, as this reader may see it."""
        is_climber = comment.user_id == reading.owner_id
        is_told = reading.role != "guest" or (is_climber and reading.with_name)
        is_mine = comment.user_id == reading.reader_id
        return cls(
            id=comment.id,
            at_s=comment.at_s,
            text=comment.text,
            by="climber" if is_climber else "coach",
            name=comment.author_name if is_told else None,
            is_mine=is_mine,
            may_delete=is_mine or reading.role == "owner",
            created_at=comment.created_at,
            edited_at=comment.edited_at,
        )


class CommentList(BaseModel):
    items: list[CommentRead]
