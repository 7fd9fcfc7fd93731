"""What the digest of an entry is of, and whether entries follow from one another.

The digest is SHA-256 of the one before it (32 bytes; zeros for the first) and six netstrings, `length:text,`
with the length in bytes of UTF-8: position, time (microseconds since 1970), actor, action, subject, details
as stored. The database computes it (`audit_seal` in the migrations), this module on its own a second time.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ascension.errors.setup import SetupError

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    position: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: str
    """JSON, byte for byte as stored."""
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True)
class Head:
    """The last entry at some moment. Kept elsewhere, it shows that everything up to it is still as it was."""

    position: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Raises SetupError: that is none of ours."""
        position, _, digest = text.strip().partition(":")
        try:
            head = cls(int(position), bytes.fromhex(digest))
        except ValueError:
            head = None
        if head is None or head.position < 1 or len(head.hash) != 32:
            raise SetupError(
                f"{text[:100]!r} is no head of the audit log: give it as it was printed, POSITION:DIGEST."
            )
        return head


BEGINNING: Final = Head(0, bytes(32))


def digest_of(entry: Entry) -> bytes:
    time_us = (entry.at - EPOCH) // timedelta(microseconds=1)
    fields = (str(entry.position), str(time_us), entry.actor, entry.action, entry.subject, entry.details)
    encoded = (field.encode() for field in fields)
    netstrings = b"".join(b"%d:%s," % (len(field), field) for field in encoded)
    return hashlib.sha256(entry.prev_hash + netstrings).digest()


def fault_of(before: Head, entry: Entry) -> str | None:
    """What is wrong with an entry after those up to `before`; None: it follows from them."""
    if entry.position != before.position + 1:
        return f"entry {before.position + 1} is missing: {entry.position} comes after {before.position}"
    if entry.prev_hash != before.hash:
        return f"entry {entry.position} does not follow from entry {before.position}"
    if entry.hash != digest_of(entry):
        return f"entry {entry.position} is not as it was written: its digest does not fit"
    return None
