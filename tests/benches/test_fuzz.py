"""The short form of `make fuzz-gate`: broken videos through the real child in its cage."""

from dataclasses import replace
from pathlib import Path

import pytest

from ascension.errors import catalogue
from benches.fuzz.__main__ import DEATHS, ENDED_IN_S, End, fuzz, report
from benches.fuzz.mutations import broken, sources

FILES = 120


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return sources(tmp_path_factory.mktemp("whole"))


async def test_every_broken_video_ends_in_a_result_or_a_code(whole: list[bytes], tmp_path: Path) -> None:
    ends = await fuzz(range(1, FILES + 1), whole, tmp_path)
    codes = {end.code for end in ends}
    assert len(ends) == FILES
    assert codes <= {"result", *catalogue()}
    assert codes >= {"no_person", "not_a_video", "video_truncated", "video_damaged", "container_unsupported"}
    assert [end for end in ends if end.is_death or end.seconds > ENDED_IN_S] == []


def test_a_number_makes_the_same_file_again(whole: list[bytes], tmp_path: Path) -> None:
    files = [broken(seed, whole) for seed in range(200)]
    assert sources(tmp_path) == whole
    assert [broken(seed, whole) for seed in range(200)] == files
    assert len({content for _, content in files}) > 190


def test_a_death_and_a_late_end_are_told_with_their_number() -> None:
    fine = End(7, "cut", "video_truncated", 0.1, is_death=False)
    ends = [
        fine,
        replace(fine, seed=8, code=DEATHS[0].code, is_death=True),
        replace(fine, seed=9, seconds=1e3),
    ]
    said = list(report(ends))
    assert said[-3:-2] == ["3 files in 1000 s: 1 ended the child, 1 hung"]
    assert [line.split(":")[0].strip() for line in said[-2:]] == ["FILES=1 SEED=8", "FILES=1 SEED=9"]
