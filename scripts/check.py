"""Every check and test of the product, then minutes per part; in CI on PostgreSQL 15, too.

`check.py lint` runs the checks alone, `check.py postgres15` the tests on that version alone. Left out here:
what deploys the product (`check.py deploy`), and what takes long for what it proves (`check.py thorough`).

Most tests wait more than they compute: for leases, for programs that start, for parts that come back. So
there are more processes of tests than cores, and what only computes runs beside them at a lower priority.
A few that fail there are run again with nothing beside them, and named if they pass: a limit of time that a
crowded machine missed is no defect of the product, but it is said, and it is somebody's work.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import postgres15
from prepare import BUILD, ROOT, VENV, WEB, CannotPrepareError, node

BIN = VENV / "bin"
TEST_TIMEOUT_S = 3600
TEST_PROCESSES = 3
BESIDE = "nice", "-n", "5"
# what is young may take more room, so that type checkers collect it less often: a seventh of their time
NODE_ROOM = {"NODE_OPTIONS": "--max-semi-space-size=64"}
MAX_AGAIN = 8

Parts = dict[str, tuple[bool, float]]
"""Whether each part passed, and its seconds."""


def lint_commands() -> dict[str, tuple[list[str | Path], Path, dict[str, str]]]:
    """The checks that run no test of the product: name, command, folder, environment."""
    plain = dict(os.environ)
    npm, node_env = node()
    commands: dict[str, tuple[list[str | Path], Path, dict[str, str]]] = {
        "style": ([BIN / "ruff", "check", "."], ROOT, plain),
        "format": ([BIN / "ruff", "format", "--check", "."], ROOT, plain),
        "types": ([BIN / "pyright"], ROOT, plain | NODE_ROOM),
        "import arrows": ([BIN / "lint-imports"], ROOT, plain),
        "packages": ([BIN / "python", "scripts/audit.py"], ROOT, plain),
        "house rules": ([BIN / "pytest", "-q", "--no-header", "tests/house"], ROOT, plain),
    }
    if (WEB / "package.json").exists():
        commands["web client"] = ([*npm, "run", "check"], WEB, node_env | NODE_ROOM)
    return commands


def run_part(name: str, command: list[str | Path], folder: Path, env: dict[str, str]) -> tuple[bool, float]:
    """Run one check, printing what it said only where it failed; whether it passed and its seconds."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=TEST_TIMEOUT_S, check=False
    )
    took_s = time.monotonic() - began
    print(f"  {name:<14}{'passed' if done.returncode == 0 else 'FAILED'}{took_s:8.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0, took_s


@dataclass(frozen=True)
class Tests:
    """Tests that run beside each other; their output goes to the screen and to build/FILES.log."""

    name: str
    files: str
    chosen: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def report(self) -> Path:
        return BUILD / f"{self.files}.xml"

    def forget(self) -> None:
        """Remove what an earlier run left."""
        for old in (self._log, self.report):
            old.unlink(missing_ok=True)
        shutil.rmtree(self._cache, ignore_errors=True)

    def run(self) -> Parts:
        """All of them.

        Each process begins at another place among them and takes over from others what is left: so the
        browser's tests, those that compute and those that wait meet each other.
        """
        spread = ["-n", str(TEST_PROCESSES), "--dist", "worksteal"]
        return self._pytest(self.name, *spread, f"--junitxml={self.report}")

    def run_again(self) -> Parts:
        """Those that failed, where they are few: alone, with nothing beside. What passes is told by name."""
        failed = [
            f"{case.get('classname')}::{case.get('name')}"
            for case in self.cases()
            if case.find("failure") is not None or case.find("error") is not None
        ]
        if not 0 < len(failed) <= MAX_AGAIN:
            return {}
        print("", "These failed beside the others, and run once more alone:", *failed, sep="\n  ", flush=True)
        parts = self._pytest(f"{self.name}, alone", "--last-failed", "--last-failed-no-failures=none")
        if _all_passed(parts):
            print("All of them passed alone: each has a limit that a crowded machine misses.", flush=True)
        return parts

    def cases(self) -> list[ET.Element]:
        """What was reported of each test; nothing where the run itself broke."""
        return list(ET.parse(self.report).iter("testcase")) if self.report.exists() else []

    @property
    def _log(self) -> Path:
        return BUILD / f"{self.files}.log"

    @property
    def _cache(self) -> Path:
        return BUILD / f"{self.files}-cache"

    def _pytest(self, name: str, *options: str) -> Parts:
        began = time.monotonic()
        with self._log.open("a") as log:
            process = subprocess.Popen(
                [BIN / "pytest", "-o", f"cache_dir={self._cache}", *options, *self.chosen],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                log.write(line)
        passed = process.wait(timeout=TEST_TIMEOUT_S) == 0
        return {name: (passed, time.monotonic() - began)}


USUAL = "-m", "not thorough and not rehearsal"
EVERYTHING = Tests("all tests", "pytest", ("--ignore=tests/house", "--ignore=tests/deploy", *USUAL))
ON_NEWEST = replace(
    EVERYTHING, chosen=(*EVERYTHING.chosen, *(f"--deselect={tests}" for tests in postgres15.TESTS))
)
ON_POSTGRES_15 = Tests(
    "postgres 15", "pytest-postgres15", (*postgres15.TESTS, *USUAL), postgres15.environment()
)
THOROUGH = Tests("thorough tests", "pytest-thorough", ("-m", "thorough"))
DEPLOY = Tests("deployment", "pytest-deploy", ("tests/deploy", *USUAL))


def run_checks(*before: str) -> Parts:
    """The checks that run no test of the product, one after the other; `before`: how to start each."""
    return {
        name: run_part(name, [*before, *command], folder, env)
        for name, (command, folder, env) in lint_commands().items()
    }


def run_tests(*several: Tests, beside: Callable[[], Parts] = dict) -> Parts:
    """These one after the other, and `beside` beside them; then alone what failed."""
    parts: Parts = {}
    with ThreadPoolExecutor(1) as thread:
        others = thread.submit(beside)
        for tests in several:
            tests.forget()
            parts |= tests.run()
        parts = others.result() | parts
    for tests in several:
        if not parts[tests.name][0] and (again := tests.run_again()):
            parts |= {tests.name: (True, parts[tests.name][1])} | again
    return parts


def run_everything() -> Parts:
    """In CI some on Debian's PostgreSQL; where that cannot be had, said, and all on the embedded one."""
    several = [EVERYTHING]
    ON_POSTGRES_15.forget()
    try:
        if os.environ.get("CI"):
            postgres15.install()
            several = [ON_NEWEST, ON_POSTGRES_15]
    except CannotPrepareError as error:
        print(f"  postgres 15   skipped: {error}", flush=True)
    return run_tests(*several, beside=partial(run_checks, *BESIDE))


def run_on_postgres15() -> Parts:
    """Raises CannotPrepareError where it cannot be installed."""
    postgres15.install()
    return run_tests(ON_POSTGRES_15)


def run_deploy() -> Parts:
    """Raises CannotPrepareError where what servers run cannot be installed."""
    postgres15.install()
    return run_tests(DEPLOY)


def test_seconds() -> dict[str, float]:
    """Seconds of test time by the folder below tests/."""
    seconds: dict[str, float] = defaultdict(float)
    for case in [*EVERYTHING.cases(), *ON_POSTGRES_15.cases()]:
        folder = case.get("classname", "").split(".")
        seconds[f"tests/{folder[1]}" if len(folder) > 1 else "tests"] += float(case.get("time", "0"))
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def ledger(parts: Parts) -> Iterator[str]:
    yield f"Minutes per part (checks run beside {TEST_PROCESSES} processes of tests):"
    for name, (passed, seconds) in parts.items():
        yield f"  {name:<22}{seconds / 60:6.2f}{'' if passed else '  FAILED'}"
    for name, seconds in test_seconds().items():
        yield f"  {name:<22}{seconds / 60:6.2f}"


WISHES: Mapping[str, Callable[[], Parts]] = {
    "lint": run_checks,
    "postgres15": run_on_postgres15,
    "thorough": partial(run_tests, THOROUGH),
    "deploy": run_deploy,
}


def _all_passed(parts: Parts) -> bool:
    return all(passed for passed, _ in parts.values())


def main() -> int:
    BUILD.mkdir(exist_ok=True)
    wish = sys.argv[1:]
    try:
        parts = WISHES[wish[0]]() if wish else run_everything()
    except CannotPrepareError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    if not wish:
        print("", *ledger(parts), sep="\n")
    return 0 if _all_passed(parts) else 1


if __name__ == "__main__":
    sys.exit(main())
