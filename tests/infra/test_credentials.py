"""Secrets come out of files, too, and a file that is no secret stops the start by name."""

import os
from pathlib import Path

import pytest

from ascension.errors.setup import SetupError
from ascension.infra import credentials


def test_a_file_stands_for_a_variable_that_is_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in (
        ("database_url", b"postgresql://api:p%40ss@10.0.0.20/ascension\n"),
        ("jwt_secret", b"of the file"),
        (".hidden", b"x"),
        ("README.md", b"# many\nlines"),
    ):
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(os, "environ", {"CREDENTIALS_DIRECTORY": str(tmp_path), "JWT_SECRET": "as it was"})
    credentials.take()
    assert os.environ == {
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "DATABASE_URL": "postgresql://api:p%40ss@10.0.0.20/ascension",
        "JWT_SECRET": "as it was",
    }


def test_nothing_is_taken_where_no_directory_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"JWT_SECRET": "x"})
    credentials.take()
    assert os.environ == {"JWT_SECRET": "x"}


@pytest.mark.parametrize("content", [b"two\nlines", b"\xff\xfe", b"nul\0byte", b"a" * 70_000])
def test_what_is_no_secret_is_refused_by_name_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "jwt_secret").write_bytes(content)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(SetupError, match="jwt_secret is not one line of text") as refused:
        credentials.take()
    assert content[:3].decode(errors="replace") not in str(refused.value).partition("jwt_secret")[2]


def test_a_directory_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/nowhere")
    with pytest.raises(SetupError, match=r"/nowhere cannot be read: No such file"):
        credentials.take()
