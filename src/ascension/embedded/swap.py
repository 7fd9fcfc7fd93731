"""A new state takes the place of the old one in a home: wholly or not at all, whenever the process dies.

The new state is made in a directory of its own inside the home. Then one file, `swap.json`, is written:
before it stands, the old state is in force and the new one is thrown away by the next start; once it stands,
the next start finishes what is left of the moves.
"""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ascension.embedded.layout import Home, write_private
from ascension.embedded.record import end_orphans

STATE: Final = ("postgres", "valkey", "seaweedfs", "secrets.json")
PREFIX_ASIDE: Final = "before-restore-"


def staging(home: Home) -> Home:
    """A home inside the home, on the same disk and with the same programs."""
    return Home(home.path / "restoring", home.account, programs=home.engines)


def is_filled(home: Home) -> bool:
    """Whether a platform's state is in there."""
    return any((home.path / name).is_file() or _has_content(home.path / name) for name in STATE)


def _has_content(directory: Path) -> bool:
    return directory.is_dir() and any(directory.iterdir())


def swap(home: Home) -> Path | None:
    """Put the staged state in force; where the old one was put aside, None if there was none."""
    aside = home.path / f"{PREFIX_ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%SZ}" if is_filled(home) else None
    os.sync()  # what the engines wrote must not follow the moves
    write_private(_journal(home), json.dumps({"aside": aside.name if aside else None}))
    finish(home)
    return aside


def finish(home: Home) -> None:
    """Finish a swap that was begun, or throw away a state that was never complete; for who holds the home."""
    journal, staged = _journal(home), staging(home)
    if journal.exists():
        aside: str | None = json.loads(journal.read_text())["aside"]
        for name in STATE:
            _move(home.path / name, staged.path / name, home.path / aside if aside else None)
        shutil.rmtree(staged.path, ignore_errors=True)
        journal.unlink()
    elif staged.path.exists():
        end_orphans(staged)
        shutil.rmtree(staged.path)


def _journal(home: Home) -> Path:
    return home.path / "swap.json"


def _move(current: Path, new: Path, aside: Path | None) -> None:
    """One part of the state. A part that was moved already has no new one any more."""
    if not new.exists():
        return
    if aside is not None and current.exists():
        aside.mkdir(mode=0o700, exist_ok=True)
        current.rename(aside / current.name)
    elif current.exists():
        shutil.rmtree(current)  # empty directories: there was no state
    new.rename(current)
