"""What backups did when, kept in a file, and told as figures for the node exporter."""

import json
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from balancer import replace
from repository import Server

FIGURES = {
    "last_success_seconds": "When this last ended well (Unix time).",
    "last_failure_seconds": "When this last failed (Unix time).",
    "failed": "1: it failed when it was last tried.",
    "failures_total": "How often this has failed.",
    "duration_seconds": "How long it took when it last ended well.",
    "repository_up": "1: the repository could be read.",
    "newest_seconds": "When the newest backup was made (Unix time).",
    "oldest_seconds": "When the oldest backup was made (Unix time).",
    "backups": "Backups in the repository.",
    "repository_bytes": "What they take there.",
    "wal_archived_seconds": "When the log was last carried away (Unix time).",
    "wal_failed": "1: the log could not be carried away when that was last tried.",
    "objects": "Objects on either side when they were last copied.",
}


@dataclass
class Record:
    """One of the words: `run`, `verify`, `drill`, ..."""

    last_success_seconds: float = 0
    last_failure_seconds: float = 0
    failures_total: int = 0
    duration_seconds: float = 0
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    """What it found; of a failure, its reason."""

    @property
    def failed(self) -> bool:
        return self.last_failure_seconds > self.last_success_seconds


@dataclass(frozen=True)
class Records:
    """All of a host."""

    server: Server

    @property
    def file(self) -> Path:
        return self.server.state / "records.json"

    def read(self) -> dict[str, Record]:
        """Those of words that were ever said here."""
        try:
            return {word: Record(**told) for word, told in json.loads(self.file.read_text()).items()}
        except FileNotFoundError:
            return {}

    @contextmanager
    def of(self, word: str) -> Generator[dict[str, Any]]:
        """How it ends is written down, whatever that is; what is put into the yielded dictionary, too."""
        began, told = time.time(), dict[str, Any]()
        try:
            yield told
        except BaseException as error:
            self._write(word, None, {"reason": str(error) or type(error).__name__})
            raise
        self._write(word, time.time() - began, told)

    def _write(self, word: str, duration_s: float | None, told: dict[str, Any]) -> None:
        """`duration_s`: None where it failed."""
        records = self.read()
        record = records.setdefault(word, Record())
        record.told = told
        if duration_s is None:
            record.last_failure_seconds = time.time()
            record.failures_total += 1
        else:
            record.last_success_seconds, record.duration_seconds = time.time(), round(duration_s, 1)
        replace(self.file, json.dumps({one: asdict(found) for one, found in records.items()}, indent=1))
        self.server.own(self.file)

    def tell(self, now: Mapping[str, float]) -> None:
        """Write the figures: `now`, what was just looked at, and all that is remembered."""
        lines: list[str] = []
        records = self.read()
        for name, meaning in FIGURES.items():
            values = {"": now[name]} if name in now else _remembered(name, records)
            if values:
                lines += [
                    f"# HELP ascension_backup_{name} {meaning}",
                    f"# TYPE ascension_backup_{name} gauge",
                ]
                lines += [f"ascension_backup_{name}{labels} {value:.15g}" for labels, value in values.items()]
        replace(self.server.figures, "\n".join([*lines, ""]))
        self.server.own(self.server.figures)


def _remembered(name: str, records: Mapping[str, Record]) -> dict[str, float]:
    if name == "objects":
        copied = records["objects"].told if "objects" in records else {}
        return {f'{{side="{side}"}}': copied[side] for side in ("kept", "copied") if side in copied}
    return {
        f'{{what="{word}"}}': float(getattr(record, name))
        for word, record in records.items()
        if hasattr(record, name)
    }
