"""What archives need of the process; made in `api.py`, on `app.state.exports`."""

from dataclasses import dataclass

from ascension.accounts.mail.service import Post
from ascension.infra.database.primary import Database
from ascension.infra.storage.objects import Storage


@dataclass(frozen=True)
class ExportParts:
    database: Database
    storage: Storage
    post: Post
    per_day: int
