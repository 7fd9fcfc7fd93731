"""Last words of a failed part, in plain words."""

from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from ascension.embedded.commands.platform import plain_errors
from ascension.embedded.engines import programs
from ascension.embedded.layout import FIRST_PORT, LAST_PORT, Ports
from ascension.embedded.supervisor import Address, describe_exit
from ascension.errors.setup import SetupError
from ascension.infra.diagnosis import explain, missing_library


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (
            "postgres: error while loading shared libraries: libz.so.1: cannot open shared object file",
            "`apt-get install zlib1g`",
        ),
        (
            "ImportError: libgomp.so.1: cannot open shared object file: No such file or directory",
            "`dnf install libgomp`",
        ),
        (
            "ImportError: libavcodec-5e6b81c2.so.62.28.102: cannot open shared object file",
            "a part of an installed package, is missing: remove .venv",
        ),
        (
            "libodd.so.7: cannot open shared object file",
            "libodd.so.7 is missing: install the package that holds it",
        ),
        ("PANIC: could not write to file: No space left on device\nlast", "the disk is full"),
        ("one\n\n  the last line  \n\n", "the last line"),
        ("", "it said nothing"),
    ],
)
def test_a_log_is_explained(log: str, expected: str) -> None:
    assert expected in explain(log)


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("\udcff".encode, "not valid UTF-8"),
        (lambda: Path("/dev/null/lock").write_text(""), "/dev/null/lock cannot be used: a part of its path"),
        (lambda: Path("/dev/" + "a" * 300).read_text(), "a name in its path is too long"),
    ],
)
def test_what_a_command_cannot_use_is_one_sentence(
    use: Callable[[], object], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, plain_errors():
        use()
    assert ended.value.exit_code == 1
    assert expected in capsys.readouterr().err


def test_a_healthy_text_misses_no_library() -> None:
    assert missing_library("libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f)") is None


def test_an_exit_is_described_by_code_or_signal() -> None:
    assert describe_exit(3) == "exit code 3"
    assert describe_exit(-9) == "SIGKILL"


def test_ports_of_a_block_do_not_meet_and_stay_in_range() -> None:
    ports = Ports(FIRST_PORT)
    engines = [ports.postgres, ports.valkey, ports.s3, *ports.seaweedfs_inner, ports.seaweedfs_admin + 10_000]
    named = [*engines, ports.mail, ports.phone_api]
    assert len(set(named)) == len(named)
    assert set(named) | {ports.seaweedfs_admin} == set(ports.used())
    assert all(FIRST_PORT <= port <= LAST_PORT for port in named)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:8080"),
        ("0.0.0.0", "http://localhost:8080"),
        ("10.0.0.5", "http://10.0.0.5:8080"),
    ],
)
def test_the_address_to_open(host: str, url: str) -> None:
    address = Address(host, 8080)
    assert address.url == url
    assert address.origins == [url, "http://127.0.0.1:8080"]


def test_postgres_of_another_installation_is_taken_only_where_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASCENSION_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(SetupError, match="holds no postgres and initdb"):
        programs.pg_binaries()
    for name in ("postgres", "initdb"):
        (tmp_path / name).touch()
    assert programs.pg_binaries() == tmp_path
