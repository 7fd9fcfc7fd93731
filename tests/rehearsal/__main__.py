"""`make staging-rehearsal`: staging from bare hosts, then everything that may happen to it, on one machine.

Prints the report at its end; exit code 1 where something did not hold. --keep: hosts stay, to be looked at
(`python -m tests.rehearsal.hosts ssh api`), until `python -m tests.rehearsal.hosts down`. More options go to
pytest.
"""

import argparse
import os
import subprocess
import sys
import time

from tests.rehearsal import hosts, pager, report, staging
from tests.rehearsal.staging import FIRST

ALL_WITHIN_S = 3 * 3600


def main() -> int:
    parser = argparse.ArgumentParser(prog="staging-rehearsal", description=__doc__)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument(
        "--link", choices=staging.LINKS, default=staging.LINKS[0], help="how the worker comes in"
    )
    told, options = parser.parse_known_args()
    hosts.PLACE.mkdir(parents=True, exist_ok=True)
    report.begin()
    began = time.monotonic()
    storage = staging.build(told.link)
    woken = pager.start()
    try:
        report.note("hosts, networks, storage and bundles, s", round(time.monotonic() - began))
        began = time.monotonic()
        staging.install(FIRST)
        report.note("from bare hosts to running, by one playbook, s", round(time.monotonic() - began))
        command = [
            *staging.INSIDE,
            sys.executable,
            "-m",
            "pytest",
            "tests/rehearsal",
            *("--ignore=tests/rehearsal/images", "-o", "faulthandler_timeout=3600"),
            "-m",
            "rehearsal",
            "-v",
        ]
        environment = {**os.environ, "SSL_CERT_FILE": str(staging.AUTHORITY)}
        done = subprocess.run(
            [*command, *options], cwd=hosts.ROOT, env=environment, timeout=ALL_WITHIN_S, check=False
        )
    finally:
        print(report.FILE.read_text())
        if not told.keep:
            woken.terminate()
            woken.wait(10)
            storage.stop()
            hosts.down()
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
