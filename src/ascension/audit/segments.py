"""Entries as lines of a file, and a file of them read back: whether they follow from one another."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ascension.audit.chain import BEGINNING, Entry, Head, fault_of
from ascension.audit.entries import written
from ascension.errors.setup import SetupError


@dataclass(frozen=True)
class Segment:
    """Entries one after the other: what they follow from, and the last of them."""

    after: Head
    head: Head


def line_of(entry: Entry) -> dict[str, object]:
    """One entry, to be written as JSON."""
    return {
        "position": entry.position,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": json.loads(entry.details),
        "prev_hash": entry.prev_hash.hex(),
        "hash": entry.hash.hex(),
    }


def read(lines: Iterable[str], noted: Iterable[Head] = ()) -> Segment:
    """Compute every digest of an exported file anew. `noted`: heads kept elsewhere; those in it must fit.

    Raises:
        SetupError: it is damaged, or was changed.
    """
    wanted = {head.position: head.hash for head in noted}
    after = head = None
    for line in lines:
        entry = _entry_of(line)
        if entry is None:
            continue
        if head is None:
            after = head = Head(entry.position - 1, entry.prev_hash)
        fault = fault_of(head, entry)
        if fault is None and wanted.get(entry.position, entry.hash) != entry.hash:
            fault = f"entry {entry.position} is another than the one that was noted"
        if fault is not None:
            raise SetupError(f"The exported file is not as it was written: {fault}.")
        head = Head(entry.position, entry.hash)
    return Segment(after or BEGINNING, head or BEGINNING)


def _entry_of(line: str) -> Entry | None:
    """None: the last line, which tells the head. Raises SetupError."""
    try:
        told: dict[str, Any] = json.loads(line)
        if "head" in told:
            return None
        return Entry(
            position=int(told["position"]),
            at=datetime.fromisoformat(told["at"]),
            actor=str(told["actor"]),
            action=str(told["action"]),
            subject=str(told["subject"]),
            details=written(told["details"]),
            prev_hash=bytes.fromhex(told["prev_hash"]),
            hash=bytes.fromhex(told["hash"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise SetupError(f"The exported file has a line that is no entry: {line[:60]!r}.") from error
