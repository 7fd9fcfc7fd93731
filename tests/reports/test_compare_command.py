"""`ascension compare` as its user runs it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.comparisons.walls import PAUSE_S, Filmed, first_clip, painted, second_clip, webp

TIMEOUT_S = 120


def written(folder: Path, name: str, filmed: Filmed, wall: bytes | None = None) -> Path:
    result = folder / f"{name}.ascension.gz"
    result.write_bytes(filmed.stored)
    (folder / f"{name}.wall.webp").write_bytes(wall or filmed.wall)
    return result


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("ascension")), "compare", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def test_it_prints_what_differs_and_what_it_cost(tmp_path: Path) -> None:
    first, second = written(tmp_path, "a", first_clip()), written(tmp_path, "b", second_clip())
    said = run(first, second)
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert lines[0].endswith("(+2.0 s), the first was quicker")
    (pause,) = [line for line in lines if "second: paused longer" in line]
    assert "costs +2.0 s" in pause
    assert any(line.split()[:2] == ["1.", "to"] for line in lines)
    assert any("reach_count" in line for line in lines)
    document = json.loads(run(first, second, "--json").stdout)
    assert document["headline"]["difference_s"] == pytest.approx(PAUSE_S, abs=0.05)


@pytest.mark.thorough
def test_a_page_shows_the_sections_and_needs_nothing_else(tmp_path: Path) -> None:
    first = written(tmp_path, "a<b>&c", first_clip())
    second, page = written(tmp_path, "b", second_clip()), tmp_path / "out" / "page.html"
    assert run(first, second, "--out", page).returncode == 0
    text = page.read_text()
    assert "<h1>a&lt;b&gt;&amp;c | b</h1>" in text
    assert text.count("<rect") >= 4
    assert "second: paused longer" in text
    assert "+2.0 s" in text
    assert not re.search(r"(src|href)=|url\(|@import|<script", text)
    assert run(first, second, "--out", page).returncode == 2, "it is there already"
    assert run(first, second, "--out", first, "--force").returncode == 2, "a result is never replaced"


def test_a_copy_has_no_differences(tmp_path: Path) -> None:
    said = run(written(tmp_path, "a", first_clip()), written(tmp_path, "copy", first_clip()))
    assert said.returncode == 0
    assert "No differences." in said.stdout
    assert "equally quick" in said.stdout


@pytest.mark.thorough
def test_what_cannot_be_compared_says_why(tmp_path: Path) -> None:
    first = written(tmp_path, "a", first_clip())
    other = written(tmp_path, "other", second_clip(), webp(painted(seed=7)))
    refused = run(first, other)
    assert refused.returncode == 3
    assert refused.stderr.startswith("walls_differ: ")
    assert json.loads(run(first, other, "--json").stdout)["error"] == "walls_differ"
    (tmp_path / "other.wall.webp").unlink()
    assert run(first, other).stderr.startswith("wall_picture_missing: ")
    damaged = tmp_path / "damaged.ascension.gz"
    damaged.write_bytes(first_clip().stored[:500])
    assert run(first, damaged).stderr.startswith("not_a_result: ")


def test_one_attempt_is_no_pair(tmp_path: Path) -> None:
    first = written(tmp_path, "a", first_clip())
    assert run(first, first).returncode == 2
    missing = run(first, first, "--second-attempt", "2")
    assert missing.returncode == 3
    assert missing.stderr.startswith("attempt_missing: ")
