import os
from pathlib import Path

import pytest

from ascension.infra.files import read_at_most, remove_leftovers, whole_or_nothing, write_whole


def test_a_file_is_read_no_further_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(1000))
    assert len(read_at_most(path, 10)) == 11
    assert len(read_at_most(path, 1000)) == 1000
    with pytest.raises(FileNotFoundError):
        read_at_most(tmp_path / "none", 10)


def test_a_file_is_written_whole_with_the_folders_above_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_is_not_finished_leaves_the_earlier_file(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"earlier")

    def write() -> None:
        with whole_or_nothing(path) as part:
            part.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_the_first_error_is_the_one_that_is_told(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(NotADirectoryError), whole_or_nothing(in_the_way / "a.txt") as part:
        part.write_bytes(b"a")


def test_leftovers_of_ended_runs_go_and_those_of_others_stay(tmp_path: Path) -> None:
    ended, runs = 2**22 + 1, os.getpid()  # no process has a number beyond 2^22
    names = (f".a[1].txt.{ended}.part", f".a[1].txt.{runs}.part", f".b.txt.{ended}.part", ".a[1].txt.x.part")
    for name in names:
        (tmp_path / name).touch()
    remove_leftovers([tmp_path / "a[1].txt"])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
