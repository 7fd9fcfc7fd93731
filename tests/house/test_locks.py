"""The locks: seeded faults are found, the real ones are whole."""

import pytest

from tests.house import locks, tree
from tests.house.finding import report

PROJECT = tree.text("pyproject.toml") or ""
EXTRAS = locks.extras_of_locks(PROJECT)
PIN = "av==18.1.0 \\\n    --hash=sha256:00\n    # via ascension\n"


@pytest.mark.parametrize(
    ("lock", "problem"),
    [
        ("av==18.1.0\n", "no hash"),
        ("av>=18 \\\n    --hash=sha256:00\n", "no exact version"),
        (PIN + "numpy==2.4.6\n    # via av\n", "no hash"),
    ],
)
def test_a_loose_pin_is_found(lock: str, problem: str) -> None:
    found = locks.loose_pins("run.lock", lock)
    assert len(found) == 1
    assert found[0].detail.endswith(problem)


def test_exact_pins_pass() -> None:
    assert locks.loose_pins("run.lock", "# comment\n" + PIN + PIN.replace("av", "numpy")) == []


def test_a_missing_dependency_is_found() -> None:
    assert locks.missing_pins("run.lock", PIN, ["Av~=18.1", "psycopg[binary,pool]~=3.3"]) != []
    assert locks.missing_pins("run.lock", "psycopg-pool==1 \\\n", ["psycopg_pool~=1"]) == []


@pytest.mark.proves("M59")
@pytest.mark.parametrize("name", EXTRAS)
def test_the_locks_are_whole(name: str) -> None:
    path, groups = f"requirements/{name}.lock", ("dev",) if name == "dev" else ()
    wanted = locks.dependencies(PROJECT, EXTRAS[name], groups)
    lock = tree.text(path) or ""
    findings = [*locks.loose_pins(path, lock), *locks.missing_pins(path, lock, wanted)]
    assert not findings, report(findings)


def test_the_programs_of_deployment_are_locked() -> None:
    lock = tree.text("requirements/deploy.lock") or ""
    wanted = [line for line in (tree.text("requirements/deploy.in") or "").splitlines() if "~=" in line]
    path = "requirements/deploy.lock"
    findings = [*locks.loose_pins(path, lock), *locks.missing_pins(path, lock, wanted)]
    assert wanted
    assert not findings, report(findings)


@pytest.mark.parametrize("name", sorted(EXTRAS.keys() - {"run"}))
def test_no_lock_has_another_version_than_the_run_lock(name: str) -> None:
    run, other = (dict(locks.pins(tree.text(f"requirements/{one}.lock") or "")) for one in ("run", name))
    assert {package: run[package] for package in other.keys() & run} == {
        package: other[package] for package in other.keys() & run
    }
