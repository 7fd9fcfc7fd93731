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

UNSAVED_DAYS = 1
UNFINISHED_UPLOAD_DAYS = 1
EXPORT_DAYS = 7
NONCURRENT_DAYS = (
    1  # of a versioned bucket: what was overwritten or removed by a mistake can be had back so long
)
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
    leftovers: LifecycleRuleTypeDef = {
        "ID": "leftovers",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_UPLOAD_DAYS},
        "NoncurrentVersionExpiration": {"NoncurrentDays": NONCURRENT_DAYS},
    }
    markers: LifecycleRuleTypeDef = {
        "ID": "delete-markers",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    }
    exports: LifecycleRuleTypeDef = {
        "ID": "exports",
        "Status": "Enabled",
        "Filter": {"Prefix": EXPORTS},
        "Expiration": {"Days": EXPORT_DAYS},
    }
    rules = [unsaved, leftovers, markers, exports]
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
