"""What erasing needs of the process; made in `api.py`, on `app.state.erasures`."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from ascension.accounts.mail.service import Post
from ascension.infra.database.primary import Database
from ascension.infra.storage.objects import Storage
from ascension.infra.streams import Streams
from ascension.jobs.service import JobQueue


@dataclass(frozen=True)
class ErasureParts:
    database: Database
    storage: Storage
    streams: Streams
    queue: JobQueue
    post: Post
    close_sockets: Callable[[UUID], Awaitable[None]]
    """After a commit that ended the user's sessions. Never fails."""
    end_sessions: Callable[[UUID, Collection[UUID]], Awaitable[None]]
    """After a commit that took the rows of these sessions away. Never fails."""
    settle_s: int
    grace_s: int
