"""Every check and test of the product, then minutes per part. `check.py lint` runs the checks alone.

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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import postgres15
from prepare import BUILD, ROOT, VENV, WEB, CannotPrepareError, node

BIN = VENV / "bin"
LOG, REPORT, CACHE = BUILD / "pytest.log", BUILD / "pytest.xml", BUILD / "pytest-cache"
TEST_TIMEOUT_S = 3600
TEST_PROCESSES = 3
BESIDE = "nice", "-n", "5"
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
        "types": ([BIN / "pyright"], ROOT, plain),
        "import arrows": ([BIN / "lint-imports"], ROOT, plain),
        "packages": ([BIN / "python", "scripts/audit.py"], ROOT, plain),
        "house rules": ([BIN / "pytest", "-q", "--no-header", "tests/house"], ROOT, plain),
    }
    if (WEB / "package.json").exists():
        commands["web client"] = ([*npm, "run", "check"], WEB, node_env)
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


def run_tests() -> bool:
    """All tests; their output goes to the screen and to build/pytest.log.

    Each process begins at another place among them and takes over from others what is left: so the browser's
    tests, those that compute and those that wait meet each other.
    """
    spread = ["-n", str(TEST_PROCESSES), "--dist", "worksteal", "--ignore=tests/house"]
    return run_pytest(*spread, f"--junitxml={REPORT}")


def run_again(failed: list[str]) -> bool:
    """Each of these alone, now that nothing runs beside; what passes is told by name."""
    print("", "These failed beside the others, and run once more alone:", *failed, sep="\n  ", flush=True)
    passed = run_pytest("--last-failed", "--last-failed-no-failures=none", "--ignore=tests/house")
    if passed:
        print("All of them passed alone: each has a limit that a crowded machine misses.", flush=True)
    return passed


def run_pytest(*options: str) -> bool:
    with LOG.open("a") as log:
        process = subprocess.Popen(
            [BIN / "pytest", "-o", f"cache_dir={CACHE}", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            log.write(line)
    return process.wait(timeout=TEST_TIMEOUT_S) == 0


def run_checks(*before: str) -> Parts:
    """The checks that run no test of the product, one after the other; `before`: how to start each."""
    return {
        name: run_part(name, [*before, *command], folder, env)
        for name, (command, folder, env) in lint_commands().items()
    }


def run_on_postgres15() -> Parts:
    """The database's tests on Debian's PostgreSQL; where that cannot be installed, said and not counted."""
    try:
        postgres15.install()
    except CannotPrepareError as error:
        print(f"  postgres 15   skipped: {error}", flush=True)
        return {}
    command = postgres15.command(processes=1)
    return {"postgres 15": run_part("postgres 15", command, ROOT, postgres15.environment())}


def run_beside_tests() -> Parts:
    parts = run_checks(*BESIDE)
    return parts | (run_on_postgres15() if os.environ.get("CI") else {})


def run_everything() -> Parts:
    began = time.monotonic()
    with ThreadPoolExecutor(1) as thread:
        beside = thread.submit(run_beside_tests)
        passed = run_tests()
        parts = beside.result() | {"all tests": (passed, time.monotonic() - began)}
    failed = failed_tests()
    if not passed and 0 < len(failed) <= MAX_AGAIN:
        again = time.monotonic()
        parts["all tests"] = True, parts["all tests"][1]
        parts["failed, alone"] = run_again(failed), time.monotonic() - again
    return parts


def failed_tests() -> list[str]:
    """The names of the tests that failed or broke; none where the run itself broke."""
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases()
        if case.find("failure") is not None or case.find("error") is not None
    ]


def cases() -> list[ET.Element]:
    return list(ET.parse(REPORT).iter("testcase")) if REPORT.exists() else []


def test_seconds() -> dict[str, float]:
    """Seconds of test time by the folder below tests/."""
    seconds: dict[str, float] = defaultdict(float)
    for case in cases():
        folder = case.get("classname", "").split(".")
        seconds[f"tests/{folder[1]}" if len(folder) > 1 else "tests"] += float(case.get("time", "0"))
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def ledger(parts: Parts) -> Iterator[str]:
    yield f"Minutes per part (checks run beside {TEST_PROCESSES} processes of tests):"
    for name, (passed, seconds) in parts.items():
        yield f"  {name:<22}{seconds / 60:6.2f}{'' if passed else '  FAILED'}"
    for name, seconds in test_seconds().items():
        yield f"  {name:<22}{seconds / 60:6.2f}"


def main() -> int:
    BUILD.mkdir(exist_ok=True)
    for old in (LOG, REPORT):
        old.unlink(missing_ok=True)
    shutil.rmtree(CACHE, ignore_errors=True)
    if sys.argv[1:] == ["lint"]:
        parts = run_checks()
    else:
        parts = run_everything()
        print("", *ledger(parts), sep="\n")
    return 0 if all(passed for passed, _ in parts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
