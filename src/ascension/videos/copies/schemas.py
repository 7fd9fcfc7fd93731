"""Body of what is told of a preview."""

from typing import Literal

from pydantic import BaseModel, Field

from ascension.videos.copies.queries import State


class PreviewRead(BaseModel):
    """The small copy of a video that every browser plays: H.264, each picture at its moment, no sound."""

    state: State | Literal["none"] = Field(
        description="none: never asked for. failed: asked for again, it is tried again."
    )
    progress_pct: int
    url: str | None = Field(description="To play it; null until it is ready.")
    expires_in_s: int | None = Field(description="Of the address.")
