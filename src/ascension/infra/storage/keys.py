"""The names of all objects: made here and nowhere else, of ids alone: no input becomes a part of one."""

import re
from uuid import UUID

from ascension.infra.storage.lifetimes import EXPORTS, RESULTS, SAVED, SHARED, THUMBNAILS, UPLOADS

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UPLOAD = re.compile(f"{UPLOADS}(?P<user>{_UUID})/(?P<video>{_UUID})")


def upload_key(user_id: UUID, video_id: UUID) -> str:
    """A video as it was sent."""
    return f"{UPLOADS}{user_id}/{video_id}"


def saved_key(user_id: UUID, video_id: UUID) -> str:
    """A video that stays, as it was sent."""
    return f"{SAVED}{user_id}/{video_id}"


def clean_key(user_id: UUID, video_id: UUID) -> str:
    """A video that stays, its pictures alone. The migration of 2026-11-22 makes the same name."""
    return f"{SAVED}{user_id}/{video_id}-clean"


def copy_key(user_id: UUID, copy_id: UUID) -> str:
    """A video for others to see. The migration of 2026-11-22 makes the same name."""
    return f"{SHARED}{user_id}/{copy_id}"


def export_key(user_id: UUID, export_id: UUID) -> str:
    """An archive of everything."""
    return f"{EXPORTS}{user_id}/{export_id}"


def results_prefix(user_id: UUID, analysis_id: UUID) -> str:
    """Below it lies what an analysis made."""
    return f"{RESULTS}{user_id}/{analysis_id}/"


def wall_key(user_id: UUID, analysis_id: UUID) -> str:
    """The picture of an analysis's wall."""
    return f"{results_prefix(user_id, analysis_id)}wall.webp"


def covered_wall_key(user_id: UUID, analysis_id: UUID) -> str:
    """The same picture with heads covered, for others."""
    return f"{results_prefix(user_id, analysis_id)}wall-covered.webp"


def thumbnail_key(user_id: UUID, analysis_id: UUID) -> str:
    """A small picture of the climb. The migration of 2026-11-23 makes the same name."""
    return f"{THUMBNAILS}{user_id}/{analysis_id}"


def ids_in(key: str) -> tuple[UUID, UUID] | None:
    """User and video of an upload's key; None where the key is no upload's."""
    found = _UPLOAD.fullmatch(key)
    return (UUID(found["user"]), UUID(found["video"])) if found else None
