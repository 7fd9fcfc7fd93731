"""What a guest's page shows with each request: which link was opened, and until when that counts.

A ticket lives as long as an access token and is nothing by itself: each request asks whether its link is
still there. It says when the opening was counted, so that one browser counts once in an hour and nothing is
kept of who looked.
"""

import hmac
import re
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ascension.accounts.sealing import AccountKeys

TICKET_TTL_S: Final = 15 * 60
COUNTED_FOR_S: Final = 3600
_FORM: Final = re.compile(r"view\.([0-9a-f]{32})\.(\d{1,12})\.(\d{1,12})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class ViewTicket:
    """Times are seconds since 1970."""

    share_id: UUID
    counted_s: int
    expires_s: int

    @property
    def is_open(self) -> bool:
        return time.time() < self.expires_s

    @property
    def is_counted(self) -> bool:
        """This browser's opening counts no second time."""
        return self.is_open or time.time() < self.counted_s + COUNTED_FOR_S


def issue(keys: AccountKeys, share_id: UUID, *, counted_s: int) -> str:
    """A ticket for a link that was opened. `counted_s`: when that was counted, in seconds since 1970."""
    said = f"view.{share_id.hex}.{counted_s}.{int(time.time()) + TICKET_TTL_S}"
    return f"{said}.{keys.mark('view', said).hex()}"


def is_ticket(text: str) -> bool:
    """Does it look like one? No access token does."""
    return text.startswith("view.")


def read(keys: AccountKeys, text: str) -> ViewTicket | None:
    """One of ours, also one that has expired; None: it is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    said, _, _ = text.rpartition(".")
    if not hmac.compare_digest(keys.mark("view", said).hex(), found[4]):
        return None
    return ViewTicket(UUID(found[1]), int(found[2]), int(found[3]))
