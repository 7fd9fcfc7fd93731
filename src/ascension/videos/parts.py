"""What videos need of the process; made in `api.py`, on `app.state.videos`."""

from dataclasses import dataclass

from ascension.infra.database.primary import Database
from ascension.infra.settings import RetentionSettings, UploadSettings
from ascension.infra.storage.objects import Storage
from ascension.plans.rights import Plans


@dataclass(frozen=True)
class VideoParts:
    database: Database
    storage: Storage
    settings: UploadSettings
    retention: RetentionSettings
    plans: Plans
