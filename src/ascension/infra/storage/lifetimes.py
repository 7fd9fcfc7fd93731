"""How long objects stay in storage: every number once, and the bucket rules that are made of them.

Our own sweep comes first in every case; the bucket's rules are the second wall, for objects without a row and
days without a running API. Storages carry rules out once a day: what expires after a day is gone within two.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from types_aiobotocore_s3.type_defs import LifecycleRuleTypeDef, TransitionTypeDef

UPLOADS, SAVED, RESULTS, SHARED, EXPORTS = "uploads/", "saved/", "results/", "shared/", "exports/"
THUMBNAILS = "thumbnails/"
PREFIXES = (UPLOADS, SAVED, RESULTS, SHARED, EXPORTS, THUMBNAILS)

MIRRORED = tuple(sorted((RESULTS, SAVED, SHARED, THUMBNAILS)))
"""What the second bucket holds, too: everything but what goes by itself within days."""

UNSAVED_DAYS = 1
UNFINISHED_UPLOAD_DAYS = 1
EXPORT_DAYS = 7
NONCURRENT_DAYS = (
    1  # of a versioned bucket: what was overwritten or removed by a mistake can be had back so long
)
BACKUP_NONCURRENT_DAYS = 7  # of the bucket of backups: what went there is had back so long, and no longer
ARCHIVE_DAYS = 30
DEEP_ARCHIVE_DAYS = 90

ARCHIVE_CLASS: Literal["GLACIER_IR"] = "GLACIER_IR"
DEEP_ARCHIVE_CLASS: Literal["DEEP_ARCHIVE"] = "DEEP_ARCHIVE"
# Classes whose objects cannot be read before they are restored.
FROZEN_CLASSES = frozenset({"GLACIER", DEEP_ARCHIVE_CLASS})
RESTORE_HOURS = 12  # of DEEP_ARCHIVE, standard retrieval: what AWS promises at most
RESTORED_DAYS = 7  # how long a restored copy can be played


def bucket_rules(*, archive: bool, deep_archive: bool = False) -> "Sequence[LifecycleRuleTypeDef]":
    """The rules of the bucket of videos. `archive`: false for a storage that knows no classes (SeaweedFS)."""
    transitions: list[TransitionTypeDef] = []
    if archive:
        transitions.append({"Days": ARCHIVE_DAYS, "StorageClass": ARCHIVE_CLASS})
    if archive and deep_archive:
        transitions.append({"Days": DEEP_ARCHIVE_DAYS, "StorageClass": DEEP_ARCHIVE_CLASS})
    unsaved: LifecycleRuleTypeDef = {
        "ID": "unsaved-videos",
        "Status": "Enabled",
        "Filter": {"Prefix": UPLOADS},
        "Expiration": {"Days": UNSAVED_DAYS},
    }
    exports: LifecycleRuleTypeDef = {
        "ID": "exports",
        "Status": "Enabled",
        "Filter": {"Prefix": EXPORTS},
        "Expiration": {"Days": EXPORT_DAYS},
    }
    rules = [unsaved, *_leftovers(NONCURRENT_DAYS), exports]
    if transitions:
        rules.append(
            {
                "ID": "saved-videos",
                "Status": "Enabled",
                "Filter": {"Prefix": SAVED},
                "Transitions": transitions,
            }
        )
    return rules


def backup_rules() -> "Sequence[LifecycleRuleTypeDef]":
    """The rules of the bucket of backups: nothing expires there but what was removed or overwritten."""
    return _leftovers(BACKUP_NONCURRENT_DAYS)


def _leftovers(noncurrent_days: int) -> "Sequence[LifecycleRuleTypeDef]":
    """Uploads that nobody finished, versions that are no longer current, markers with nothing behind them."""
    return [
        {
            "ID": "leftovers",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_UPLOAD_DAYS},
            "NoncurrentVersionExpiration": {"NoncurrentDays": noncurrent_days},
        },
        {
            "ID": "delete-markers",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
        },
    ]
