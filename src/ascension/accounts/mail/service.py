"""Letters are put on a row with the change that they tell of, and what they say is decided when they leave.

So a request does the same work whether or not its e-mail has an account, a mail server that is away delays
letters and no request, and no row ever holds a token: it is made for the letter that leaves, its hash kept.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts.choices import Language
from ascension.accounts.mail import queries
from ascension.accounts.mail.queries import QueuedKind
from ascension.errors.accounts import LettersOff
from ascension.infra.database.primary import Connection, Transaction

FORGOTTEN_AFTER_S = 24 * 3600


@dataclass
class Post:
    """Letters of one process. `is_on`: there is a mail server to send them by."""

    is_on: bool
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(
        self,
        tx: Transaction,
        kind: QueuedKind,
        *,
        recipient: str,
        language: Language,
        subject_id: UUID | None = None,
        is_own: bool = False,
    ) -> None:
        """Send it once this transaction is committed. Raises LettersOff.

        is_own: asked for by a browser that is known to belong to the account.
        """
        if not self.is_on:
            raise LettersOff
        await put(
            tx.connection,
            kind,
            recipient=recipient,
            language=language,
            subject_id=subject_id,
            is_own=is_own,
        )
        tx.after_commit(self._wake)

    async def _wake(self) -> None:
        self._arrived.set()

    async def wait(self, timeout_s: float) -> None:
        """Until a letter was put, or so long: another process' letters are only seen by looking."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._arrived.wait()
        self._arrived.clear()


async def put(
    connection: Connection,
    kind: QueuedKind,
    *,
    recipient: str,
    language: Language,
    subject_id: UUID | None = None,
    is_own: bool = False,
) -> None:
    """Leave it for whoever sends letters."""
    await queries.insert_letter(
        connection,
        letter_id=uuid7(),
        kind=kind,
        recipient=recipient,
        language=language,
        subject_id=subject_id,
        is_own=is_own,
    )


async def sweep(tx: Transaction) -> None:
    """Forget tokens that expired, and to whom letters went, a day after they went."""
    await queries.delete_old(tx.connection, settled_s=FORGOTTEN_AFTER_S)
