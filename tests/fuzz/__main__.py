"""The whole API under requests made from its own description: every answer is one that it describes.

Run: `make fuzz-api` or `python -m tests.fuzz --cases 20000 --seed 7`. Prints cases and statuses by operation;
exit 1 where a server error or an answer against the description was found. The seed fixes what is asked,
not the ids that the API makes.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import running_engines
from tests.fuzz.run import ALL_PHASES, fuzz

CASES = 20_000


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="at least so many requests")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--phases", default=ALL_PHASES, help="of schemathesis")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, running_engines() as engines:
        ledger = fuzz(
            engines, Path(folder), cases=arguments.cases, seed=arguments.seed, phases=arguments.phases
        )
        faults = [line for log in Path(folder).glob("*.log") for line in log.read_text().splitlines()]
    for line in faults:
        if '"level":"error"' in line:
            print(line[:2000])
    print("", *ledger.lines(), sep="\n")
    print(
        f"{ledger.cases} cases of {len(ledger.answers)} operations in {time.monotonic() - began:.0f} s: "
        f"{ledger.server_errors} server errors, {ledger.violations} answers against the description"
    )
    sys.exit(0 if ledger.holds else 1)


if __name__ == "__main__":
    main()
