"""What the terminal says to whoever has a phone at hand."""

import io
import sys
from typing import Final

import segno

from ascension.embedded.lan.authority import Authority
from ascension.embedded.lan.doors import Doors

# white on black, whatever the terminal's own colors are: many cameras read no inverted code
_WHITE_ON_BLACK, _AS_BEFORE = "\x1b[38;5;231;48;5;16m", "\x1b[0m"
_BLOCKS: Final = "█▀▄"


def welcome(doors: Doors, authority: Authority) -> str:
    """Where phones go, the first time and later; with a picture to scan, where the terminal can show it."""
    return "\n".join(
        (
            f"\nOn a phone in the same network: {doors.app_url}",
            f"The first time it has to trust this computer, at {doors.page_url}",
            *_picture(doors.page_url),
            f"Compare there, SHA-256 of {authority.name}:",
            f"  {authority.fingerprint}",
        )
    )


def _picture(url: str) -> list[str]:
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return []
    drawn = io.StringIO()
    segno.make(url, error="m", micro=False).terminal(drawn, border=2, compact=True)
    lines = drawn.getvalue().splitlines()
    if not sys.stdout.isatty():
        return lines
    return [f"{_WHITE_ON_BLACK}{line}{_AS_BEFORE}" for line in lines]
