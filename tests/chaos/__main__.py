"""Chaos: people, jobs and uploads while every part is killed, frozen, cut off, filled up or set wrong.

Run: `make chaos` or `python -m tests.chaos --form short --seed 7`; the form `kills` kills each part, and no
more. Prints one table and writes it to build/chaos.json; exit 1 with the jobs that offend and their history
if anything was lost, done twice, left stuck, or failed without a reason. The seed fixes the faults, their
order, seconds and targets, and what people do; not the machine's timing.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.chaos.plan import KILLS, SHORT, Shape, make_plan
from tests.chaos.report import print_table, write
from tests.chaos.run import ASSERTED, chaos

ROOT = Path(__file__).parents[2]
FORMS = {
    # shape, analyses asked for, people
    "long": (Shape(seconds=15 * 60), 1000, 36),
    "short": (SHORT, 40, 6),
    "kills": (KILLS, 20, 5),
}
APART = "ASCENSION_CHAOS_APART"


def mount_apart() -> None:
    """Go on in a mount namespace of our own: small disks vanish with us, however we end."""
    if os.geteuid() == 0 and APART not in os.environ and (unshare := shutil.which("unshare")):
        arguments = [unshare, "--mount", sys.executable, "-m", "tests.chaos", *sys.argv[1:]]
        os.execve(unshare, arguments, {**os.environ, APART: "1"})


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--form", choices=FORMS, default="long")
    parser.add_argument("--jobs", type=int, help="analyses to ask for")
    parser.add_argument("--minutes", type=float, help="how long faults are thrown")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "chaos.json")
    parser.add_argument("--keep", type=Path, help="keep the processes' logs in this folder")
    parser.add_argument("--plan", action="store_true", help="print the faults of this seed and end")
    arguments = parser.parse_args()
    shape, jobs, people = FORMS[arguments.form]
    if arguments.minutes:
        shape = replace(shape, seconds=60 * arguments.minutes)
    if arguments.plan:
        for fault in make_plan(arguments.seed, shape):
            print(fault)
        return
    mount_apart()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: with everything stopped
    print(f"seed {arguments.seed}", flush=True)
    jobs = arguments.jobs or jobs
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            summary = asyncio.run(
                chaos(seed=arguments.seed, shape=shape, jobs=jobs, people=people, folder=Path(folder))
            )
        finally:
            if arguments.keep:
                shutil.copytree(folder, arguments.keep, dirs_exist_ok=True)
    write(summary, arguments.out)
    print_table(summary, ASSERTED)
    for finding in summary.findings:
        print(f"{finding['check']}: {finding['what']}")
    for line in summary.history:
        print(line)
    sys.exit(0 if summary.holds else 1)


if __name__ == "__main__":
    main()
