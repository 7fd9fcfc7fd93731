"""What goes by itself: old videos, the trash, objects without a row, removed accounts. Any replica may."""

from functools import partial

from ascension.analyses.trash import service as trash
from ascension.infra.background import repeat
from ascension.retention import departing, service
from ascension.retention.parts import ErasureParts
from ascension.routes.removed import service as removed_routes
from ascension.videos import service as videos
from ascension.videos.archive import service as archive_service
from ascension.videos.parts import VideoParts


async def run(parts: VideoParts, erasures: ErasureParts, *, interval_s: float) -> None:
    """Until canceled. A step that fails does not keep the others from theirs."""
    deep_archive = parts.retention.deep_archive
    steps = {
        "videos": partial(videos.sweep, parts.database, parts.storage),
        "trash": partial(trash.sweep, parts.database, ttl_s=parts.retention.trash_ttl_s),
        "routes": partial(removed_routes.sweep, parts.database, ttl_s=parts.retention.trash_ttl_s),
        "guardians": partial(departing.give_up_unanswered, erasures),
        "departures": partial(departing.erase_due, erasures),
        "erasures": partial(service.carry_on, erasures),
        "archive": partial(archive_service.sweep, parts.database, parts.storage, deep_archive=deep_archive),
    }
    await repeat(steps, every_s=interval_s)
