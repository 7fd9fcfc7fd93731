"""How programs of a host run others, and what they say."""

import json
import subprocess
from collections.abc import Mapping


class FailedError(Exception):
    """One sentence that says what to do."""


def say(event: str, **details: object) -> None:
    """One line of JSON, as all parts log."""
    print(json.dumps({"event": event, "process": "release", **details}), flush=True)


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
