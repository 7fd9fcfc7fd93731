"""Secrets out of files, one value each: systemd's credentials, the secrets of compose.

A file `database_url` in CREDENTIALS_DIRECTORY stands for the variable DATABASE_URL. An environment shows in
`docker inspect` and in unit files; files have owners and modes.
"""

import os
import re
from pathlib import Path

from ascension.errors.setup import SetupError

DIRECTORY = "CREDENTIALS_DIRECTORY"
MAX_BYTES = 64 * 1024
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def take() -> None:
    """Set every variable that a file names and that is not set yet; the line's end is no part of a value.

    Raises:
        SetupError: the directory or a file of it cannot be read, or is no line of text.
    """
    directory = os.environ.get(DIRECTORY)
    if directory is None:
        return
    try:
        files = sorted(file for file in Path(directory).iterdir() if _NAME.fullmatch(file.name))
        values = {file.name.upper(): _value(file) for file in files}
    except OSError as error:
        raise SetupError(f"{error.filename} cannot be read: {error.strerror} ({DIRECTORY}).") from None
    for name, value in values.items():
        os.environ.setdefault(name, value)


def _value(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    try:
        value = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        value = "\0"
    if len(content) > MAX_BYTES or any(sign in value for sign in "\0\r\n"):
        raise SetupError(f"{file} is not one line of text, as a secret is ({DIRECTORY}).")
    return value
