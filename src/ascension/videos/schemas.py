"""Bodies of the video endpoints."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from ascension.infra.http.body import RequestBody
from ascension.videos.queries import Cleaning

ContentType = Literal["video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/3gpp"]
_VIDEO_EXAMPLE: dict[str, JsonValue] = {
    "id": "01a20002-98ad-738f-a7b8-03941b08a652",
    "state": "uploading",
    "file_name": "blue-slab.mp4",
    "content_type": "video/mp4",
    "size_bytes": 18_400_211,
    "part_size_bytes": 8_388_608,
    "part_count": 3,
    "created_at": "2026-11-21T18:00:00Z",
    "expires_at": "2026-11-22T18:00:00Z",
    "saved_at": None,
    "archive": None,
    "cleaning": None,
}


class VideoCreate(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"file_name": "blue-slab.mp4", "content_type": "video/mp4", "size_bytes": 18_400_211}
            ]
        }
    )

    file_name: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$"
        ),
    ] = Field(description="For people only: the object's key is made by the service.")
    content_type: ContentType
    size_bytes: int = Field(
        strict=True, ge=1, le=2**53, description="Exact size. The storage takes no other."
    )


class ArchiveRead(BaseModel):
    """Where a saved video lies. Everything but `frozen` and `restoring` can be played."""

    model_config = ConfigDict(from_attributes=True)

    state: Literal["archived", "frozen", "restoring", "restored"] = Field(
        description="archived: in a cheaper class, played as ever. frozen: to be restored first."
        " restoring: on its way. restored: played until `restored_until`."
    )
    ready_by: datetime | None = Field(description="While it is restored: when it is there at the latest.")
    restored_until: datetime | None


CLEANING: Final = (
    "Of a saved video: sound, place and everything else than its pictures are being taken out of it, or could"
    " not be: then it stays as it is, and saving it again tries again. Null: neither."
)


class VideoRead(BaseModel):
    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [_VIDEO_EXAMPLE]})

    id: UUID
    state: Literal["uploading", "uploaded", "expired"]
    file_name: str
    content_type: str
    size_bytes: int
    part_size_bytes: int
    part_count: int
    created_at: datetime
    expires_at: datetime | None = Field(
        description="When the video is removed; results stay. Null: it is saved."
    )
    saved_at: datetime | None
    archive: ArchiveRead | None = Field(description="Of a saved video; null: nothing to be said.")
    cleaning: Cleaning | None = Field(description=CLEANING)


Sha256 = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$"),
    Field(description="Base64 of the part's SHA-256."),
]


class PartSign(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"part_number": 1, "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}]
        }
    )

    part_number: int = Field(strict=True, ge=1, le=10_000)
    sha256: Sha256


class PartLink(BaseModel):
    url: str = Field(description="Send the part here, straight to storage.")
    method: Literal["PUT"] = "PUT"
    headers: dict[str, str] = Field(description="Send exactly these; they are part of the signature.")
    expires_in_s: int


class PartRead(BaseModel):
    part_number: int
    size_bytes: int
    sha256: Sha256


class PartList(BaseModel):
    part_size_bytes: int
    part_count: int
    parts: list[PartRead] = Field(description="The parts that are stored: send only the others.")


class PlaybackRead(BaseModel):
    url: str
    expires_in_s: int
