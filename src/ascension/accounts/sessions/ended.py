"""Sessions that ended while access tokens of theirs still hold: every replica refuses these tokens.

Whoever ends one says so on the way that live events take, within milliseconds. What that way loses is found
in the database by each process, which looks every few seconds.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from ascension.accounts.sessions import queries
from ascension.errors.base import AscensionError
from ascension.infra.background import repeat
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger
from ascension.infra.security import TokenIssuer

LOOK_S = 2
MARGIN_S = 60
"""A transaction is as old as its beginning, and is seen at its end."""

Announce = Callable[[UUID, Collection[UUID]], Awaitable[None]]


@dataclass(frozen=True)
class EndedSessions:
    """What one process knows of ended sessions. `announce`: tells the other replicas; never fails."""

    database: Database
    tokens: TokenIssuer
    announce: Announce

    async def tell(self, user_id: UUID) -> None:
        """After a commit that ended sessions of a user: here at once, then elsewhere. Never fails."""
        try:
            session_ids = await self._ended(user_id)
        except AscensionError as error:
            get_logger().warning("ended_sessions_untold", reason=error.code)  # each replica looks by itself
            return
        await self.tell_of(user_id, session_ids)

    async def tell_of(self, user_id: UUID, session_ids: Collection[UUID]) -> None:
        """After a commit that took the rows of these away. Never fails."""
        self.tokens.end(session_ids)
        await self.announce(user_id, session_ids)

    async def load(self) -> None:
        """Learn everybody's. Raises DatabaseUnavailable, SchemaOutdated."""
        self.tokens.end(await self._ended(None))

    async def run(self) -> None:
        """Look again and again, until canceled."""
        await repeat({"ended sessions": self.load}, every_s=LOOK_S)

    async def _ended(self, user_id: UUID | None) -> list[UUID]:
        async with self.database.reading() as connection:
            within_s = self.tokens.ttl_s + MARGIN_S
            return await queries.list_ended(connection, within_s=within_s, user_id=user_id)
