"""How programs of a host run others, and what they say."""

import fcntl
import json
import os
import subprocess
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path


class FailedError(Exception):
    """One sentence that says what to do."""


def say(event: str, **details: object) -> None:
    """One line of JSON, as all parts log."""
    print(json.dumps({"event": event, "process": "release", **details}), flush=True)


@contextmanager
def alone(lock: Path, otherwise: str) -> Generator[None]:
    """One at a time. Raises FailedError with this sentence: somebody else holds it."""
    held = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FailedError(otherwise) from None
        yield
    finally:
        os.close(held)


def run(*command: str, within_s: float = 120, environment: Mapping[str, str] | None = None) -> str:
    """Raises FailedError with the end of what the program said."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=within_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise FailedError(f"`{' '.join(command)}` did not end within {within_s:g} s.") from None
    if done.returncode:
        raise FailedError(f"`{' '.join(command)}` failed: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout
