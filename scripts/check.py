"""Every check and test of the product, then minutes per part. `check.py lint` runs the checks alone."""

import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

import postgres15
from prepare import BUILD, ROOT, VENV, WEB, CannotPrepareError, node

BIN = VENV / "bin"
LOG, REPORT = BUILD / "pytest.log", BUILD / "pytest.xml"
TEST_TIMEOUT_S = 3600


def lint_commands() -> dict[str, tuple[list[str | Path], Path, dict[str, str]]]:
    """The checks that run no test of the product: name, command, folder, environment."""
    plain = dict(os.environ)
    npm, node_env = node()
    commands: dict[str, tuple[list[str | Path], Path, dict[str, str]]] = {
        "style": ([BIN / "ruff", "check", "."], ROOT, plain),
        "format": ([BIN / "ruff", "format", "--check", "."], ROOT, plain),
        "types": ([BIN / "pyright"], ROOT, plain),
        "import arrows": ([BIN / "lint-imports"], ROOT, plain),
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
    """All tests on two processes; their output goes to the screen and to build/pytest.log."""
    command = [BIN / "pytest", "-n", "2", f"--junitxml={REPORT}", "--ignore=tests/house"]
    with LOG.open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            log.write(line)
    return process.wait(timeout=TEST_TIMEOUT_S) == 0


def run_on_postgres15() -> tuple[bool, float]:
    """The database's tests on Debian's PostgreSQL; where that cannot be installed, said and not counted."""
    try:
        postgres15.install()
    except CannotPrepareError as error:
        print(f"  postgres 15   skipped: {error}", flush=True)
        return True, 0.0
    return run_part("postgres 15", postgres15.command(), ROOT, postgres15.environment())


def test_seconds() -> dict[str, float]:
    """Seconds of test time by the folder below tests/."""
    seconds: dict[str, float] = defaultdict(float)
    if REPORT.exists():
        for case in ET.parse(REPORT).iter("testcase"):
            folder = case.get("classname", "").split(".")
            seconds[f"tests/{folder[1]}" if len(folder) > 1 else "tests"] += float(case.get("time", "0"))
    return dict(sorted(seconds.items(), key=lambda item: -item[1]))


def print_ledger(parts: dict[str, float]) -> None:
    print("\nMinutes per part (tests run on two processes):")
    for name, seconds in parts.items():
        print(f"  {name:<22}{seconds / 60:6.2f}")


def main() -> int:
    only_lint = sys.argv[1:] == ["lint"]
    BUILD.mkdir(exist_ok=True)
    for old in (LOG, REPORT):
        old.unlink(missing_ok=True)
    results: list[bool] = []
    parts: dict[str, float] = {}
    for name, (command, folder, env) in lint_commands().items():
        passed, parts[name] = run_part(name, command, folder, env)
        results.append(passed)
    if not only_lint:
        began = time.monotonic()
        results.append(run_tests())
        parts["all tests"] = time.monotonic() - began
        if os.environ.get("CI"):
            passed, parts["postgres 15"] = run_on_postgres15()
            results.append(passed)
        parts |= test_seconds()
        print_ledger(parts)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
