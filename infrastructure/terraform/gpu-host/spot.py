#!/usr/bin/env python3
"""Ask every five seconds whether this spot machine is taken back; then workers finish, or hand back.

    spot.py [ADDRESS]          of the machine's metadata, http://169.254.169.254

Standard library only.
"""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

ADDRESS = "http://169.254.169.254"
ASK_EVERY_S = 5.0
TIMEOUT_S = 2
TOKEN_FOR_S = 300


def is_taken_back(address: str) -> bool:
    """Whether there is a notice; who does not answer gives none."""
    asked = {"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_FOR_S)}
    request = urllib.request.Request(f"{address}/latest/api/token", method="PUT", headers=asked)  # noqa: S310 (its own)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            token = answer.read().decode()
        request = urllib.request.Request(  # noqa: S310
            f"{address}/latest/meta-data/spot/instance-action", headers={"X-aws-ec2-metadata-token": token}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
            return True
    except (urllib.error.URLError, TimeoutError, OSError):
        return False


def main(arguments: Sequence[str]) -> int:
    address = arguments[0] if arguments else ADDRESS
    while not is_taken_back(address):
        time.sleep(ASK_EVERY_S)
    print("taken back: workers finish or hand back", flush=True)
    workers = ("ascension-worker-blue@*", "ascension-worker-green@*")
    stop = ["systemctl", "stop", *workers]
    return subprocess.run(stop, timeout=120, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
