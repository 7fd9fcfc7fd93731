import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ascension.analyses.result import decode, encode
from ascension.cli import app
from ascension.infra.console import EXIT_BAD_INPUT, EXIT_UNEXPECTED, EXIT_USAGE
from tests.analyses.sample import FRAMES, build_sample
from tests.reports.readers import with_csv_rules, with_trc_rules


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "climb.ascension.gz"
    path.write_bytes(encode(build_sample()))
    return path


@pytest.mark.parametrize(
    ("format_name", "name"),
    [
        ("csv", "climb.csv"),
        ("trc", "climb.trc"),
        ("c3d", "climb.c3d"),
        ("json", "climb.keypoints.json"),
        ("kinovea", "climb.kva"),
    ],
)
def test_each_format_is_written_beside_the_result(stored: Path, format_name: str, name: str) -> None:
    done = run("export", stored, "--format", format_name)
    assert done.exit_code == 0, done.output
    assert f"{FRAMES} frames" in done.output
    assert sorted(path.name for path in stored.parent.iterdir()) == sorted([stored.name, name])


def test_meters_come_with_what_they_leave_out(stored: Path, tmp_path: Path) -> None:
    done = run("export", stored, "--format", "trc", "-o", tmp_path / "new" / "a.trc", "--json")
    document = json.loads(done.stdout)
    assert document["file"] == str(tmp_path / "new" / "a.trc")
    assert document["notes"] == ["In front of the wall the body looks about 9 % larger than it is."]
    assert with_trc_rules((tmp_path / "new" / "a.trc").read_bytes()).unit == "m"


def test_nothing_is_replaced_unless_forced_and_the_result_never(stored: Path) -> None:
    earlier = stored.with_name("climb.csv")
    earlier.write_text("earlier", encoding="utf-8")
    assert run("export", stored, "--format", "csv").exit_code == 2
    assert earlier.read_text(encoding="utf-8") == "earlier"
    assert run("export", stored, "--format", "csv", "--force").exit_code == 0
    assert len(with_csv_rules(earlier.read_bytes())["frame"]) == FRAMES
    before = stored.read_bytes()
    assert run("export", stored, "--format", "csv", "-o", stored, "--force").exit_code == 2
    assert run("import-keypoints", stored, earlier, "-o", stored, "--force").exit_code == 2
    assert stored.read_bytes() == before


def test_without_a_scale_it_says_what_to_do_and_writes_nothing(tmp_path: Path) -> None:
    sample = build_sample()
    facts = sample.facts.model_copy(update={"wall": None})
    stored = tmp_path / "climb.ascension.gz"
    stored.write_bytes(encode(replace(sample, facts=facts, wall_corners_px=None)))
    done = run("export", stored, "--format", "trc", "--json")
    assert done.exit_code == EXIT_BAD_INPUT
    assert json.loads(done.stdout)["error"] == "not_scaled"
    assert list(tmp_path.iterdir()) == [stored]


def test_what_is_no_result_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "climb.ascension.gz"
    text.write_text("no result", encoding="utf-8")
    refused = run("export", text, "--format", "csv", "--json")
    assert refused.exit_code == EXIT_BAD_INPUT
    assert json.loads(refused.stdout)["error"] == "not_a_result"
    missing = run("export", tmp_path / "none.gz", "--format", "csv", "--json")
    assert (missing.exit_code, json.loads(missing.stdout)["error"]) == (3, "cannot_read")


def test_corrections_come_back_into_a_new_result(stored: Path, tmp_path: Path) -> None:
    assert run("export", stored, "--format", "csv").exit_code == 0
    table = stored.with_name("climb.csv")
    lines = table.read_text(encoding="utf-8").split("\n")
    at = lines[0].split(",").index("nose_x_px")
    cells = lines[6].split(",")
    cells[at] = f"{float(cells[at]) + 12:.2f}"
    lines[6] = ",".join(cells)
    table.write_text("\n".join(lines), encoding="utf-8")
    done = run("import-keypoints", stored, table, "-o", tmp_path / "corrected.ascension.gz", "--json")
    assert done.exit_code == 0, done.output
    listed = json.loads(done.stdout)["corrections"]
    assert [(one["frame"], one["landmark"]) for one in listed] == [(5, "nose")]
    before = decode(stored.read_bytes())
    after = decode((tmp_path / "corrected.ascension.gz").read_bytes())
    assert after.landmarks_px[5, 0, 0] - before.landmarks_px[5, 0, 0] == pytest.approx(12, abs=0.3)


def test_a_refused_file_leaves_nothing_behind(stored: Path, tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    table.write_text("frame,snout_x_px\n0,1\n", encoding="utf-8")
    refused = run("import-keypoints", stored, table, "-o", tmp_path / "corrected.gz", "--json")
    assert refused.exit_code == EXIT_BAD_INPUT
    assert json.loads(refused.stdout)["error"] == "keypoints_of_other_clip"
    assert run("import-keypoints", stored, stored, "-o", tmp_path / "corrected.gz").exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [stored.name, "other.csv"]


def test_a_folder_that_cannot_be_written_is_one_sentence(stored: Path) -> None:
    done = run("export", stored, "--format", "csv", "-o", stored / "below" / "a.csv", "--json")
    assert done.exit_code == EXIT_UNEXPECTED
    assert json.loads(done.stdout)["error"] == "cannot_write"


def test_a_report_is_what_its_name_says(stored: Path) -> None:
    assert run("report", stored, "-o", stored.with_name("a.PDF")).exit_code == 0
    assert stored.with_name("a.PDF").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(("format_name", "begins"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-")])
def test_a_report_is_written_beside_the_result(stored: Path, format_name: str, begins: bytes) -> None:
    done = run("report", stored, "--format", format_name, "--language", "fr")
    assert done.exit_code == 0, done.output
    written = stored.with_name(f"climb.report.{format_name}")
    assert written.read_bytes().startswith(begins)
    assert run("report", stored, "--format", format_name).exit_code == 2


def test_a_report_with_a_broken_picture_says_which(stored: Path) -> None:
    wall = stored.with_name("climb.wall.webp")
    wall.write_bytes(b"no picture")
    done = run("report", stored, "--json")
    assert done.exit_code == EXIT_BAD_INPUT
    assert json.loads(done.stdout)["error"] == "picture_unreadable"
    assert "climb.wall.webp" in json.loads(done.stdout)["detail"]


def test_the_video_is_played_from_the_folder_of_the_report_only(stored: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "report.html"
    stored.with_name("climb.overlay.mp4").write_bytes(b"video")
    assert run("report", stored).exit_code == 0
    assert b'src="climb.overlay.mp4"' in stored.with_name("climb.report.html").read_bytes()
    for more in (("-o", elsewhere), ("--video", "none", "--force")):
        assert run("report", stored, *more).exit_code == 0
    for path in (elsewhere, stored.with_name("climb.report.html")):
        assert b"<video" not in path.read_bytes()
        assert b"<script" not in path.read_bytes()


def test_the_video_may_be_put_into_the_report(stored: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "report.html"
    without = run("report", stored, "--video", "inside", "--json")
    assert (without.exit_code, json.loads(without.stdout)["error"]) == (EXIT_BAD_INPUT, "cannot_read")
    stored.with_name("climb.overlay.mp4").write_bytes(b"video")
    assert run("report", stored, "--video", "inside", "-o", elsewhere).exit_code == 0
    assert b'src="data:video/mp4;base64,dmlkZW8="' in elsewhere.read_bytes()
    assert run("report", stored, "--video", "inside", "--format", "pdf").exit_code == EXIT_USAGE
