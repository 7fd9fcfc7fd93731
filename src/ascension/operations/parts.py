"""The process's doors to the outside, for the operator's questions."""

from dataclasses import dataclass

from ascension.infra.database.primary import Database
from ascension.infra.disk import Disk
from ascension.infra.http.lag import LoopLag
from ascension.infra.storage.objects import Storage
from ascension.infra.storage.writing import WriteTrials
from ascension.infra.streams import Streams
from ascension.jobs.events import EventHub


@dataclass(frozen=True)
class Parts:
    """Made in `api.py`, kept on `app.state.parts`."""

    database: Database
    lookout: Database
    """One connection of its own, for readiness: a pool whose connections are all lent is well."""
    streams: Streams
    storage: Storage
    trials: WriteTrials | None
    """None: storage is not asked whether it can be written."""
    hub: EventHub
    lag: LoopLag
    disk: Disk | None
    """Where storage and database lie on a disk of this machine."""
