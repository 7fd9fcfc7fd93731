"""The tests that lean on the database, run on PostgreSQL 15: the oldest version a server of ours may have.

Uses Debian's programs, installed where we may, in the embedded stack (ASCENSION_POSTGRES_BIN).
"""

import os
from pathlib import Path

from prepare import install_debian_package

VERSION = 15
PROGRAMS = Path(f"/usr/lib/postgresql/{VERSION}/bin")
# Where Debian's postgresql-common looks before it makes and starts a server of its own at an installation.
NO_SERVER = Path("/etc/postgresql-common/createcluster.d/ascension-tests.conf")
TESTS = (
    "tests/accounts",
    "tests/migrations",
    "tests/videos",
    "tests/analyses/test_endpoints.py",
    "tests/jobs/test_faults.py::test_the_database_stops_in_the_middle_of_a_job",
)
"""In CI these run on this version and on no other: `make test` runs them on the embedded one."""


def install() -> None:
    """Debian's PostgreSQL 15, without a server running. Raises CannotPrepareError where that cannot be."""
    if (PROGRAMS / "postgres").exists():
        return
    may_write = os.geteuid() == 0
    if may_write:
        NO_SERVER.parent.mkdir(parents=True, exist_ok=True)
        NO_SERVER.write_text("create_main_cluster = false\n")
    try:
        install_debian_package(
            f"postgresql-{VERSION}", f"The tests on PostgreSQL {VERSION} need its programs"
        )
    finally:
        if may_write:
            NO_SERVER.unlink()


def environment() -> dict[str, str]:
    return {**os.environ, "ASCENSION_POSTGRES_BIN": str(PROGRAMS)}
