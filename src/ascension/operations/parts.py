"""The process's doors to the outside, for the operator's questions."""

from dataclasses import dataclass

from ascension.infra.database.primary import Database
from ascension.infra.disk import Disk
from ascension.infra.http.lag import LoopLag
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Streams
from ascension.jobs.events import EventHub


@dataclass(frozen=True)
class Parts:
    """Made in `api.py`, kept on `app.state.parts`."""

    database: Database
    streams: Streams
    storage: Storage
    hub: EventHub
    lag: LoopLag
    disk: Disk | None
    """Where storage and database lie on a disk of this machine."""
