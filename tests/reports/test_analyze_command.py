import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner, Result

from ascension.analyses.result import decode
from ascension.cli import app
from ascension.climbing.body import Body
from ascension.climbing.limbs import Limb
from ascension.reports import analyze_command as command
from tests.clips import CLIMB, cut_climb, wall_only, write_clip

FRAMES = 40


def analyze(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["analyze", *map(str, arguments)])


@pytest.fixture(scope="module")
def climb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_climb(tmp_path_factory.mktemp("climb") / "climb.mp4", FRAMES)


def test_it_writes_result_and_overlay(climb: Path, tmp_path: Path) -> None:
    done = analyze(climb, "--out", tmp_path / "new" / "folder", "--model", "lite")
    assert done.exit_code == 0, done.output
    assert "100.0 % of the frames" in done.output
    names = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert names == ["climb.ascension.gz", "climb.overlay.mp4", "climb.wall.webp"]
    found = decode((tmp_path / "new" / "folder" / "climb.ascension.gz").read_bytes())
    assert found.facts.summary.model == "blazepose-lite"


def test_json_is_one_object(climb: Path, tmp_path: Path) -> None:
    done = analyze(climb, "--out", tmp_path, "--model", "lite", "--no-overlay", "--json")
    document = json.loads(done.stdout)
    assert document["summary"]["frames_with_person"] == FRAMES
    assert document["sandbox_gaps"] == []
    assert document["files"] == {
        "result": str(tmp_path / "climb.ascension.gz"),
        "wall": str(tmp_path / "climb.wall.webp"),
        "overlay": None,
    }


def test_the_report_shows_the_wall_that_was_just_found(climb: Path, tmp_path: Path) -> None:
    quick = ("--out", tmp_path, "--model", "lite", "--no-overlay")
    done = analyze(climb, *quick, "--report", "both", "--language", "fr", "--json")
    assert done.exit_code == 0, done.output
    page, pages = tmp_path / "climb.report.html", tmp_path / "climb.report.pdf"
    files = json.loads(done.stdout)["files"]
    assert (files["report_html"], files["report_pdf"]) == (str(page), str(pages))
    assert b'lang="fr"' in page.read_bytes()
    assert b"data:image/webp;base64," in page.read_bytes()
    assert pages.read_bytes().startswith(b"%PDF-")
    again = CliRunner().invoke(app, ["report", files["result"], "--language", "fr", "--force"])
    assert again.exit_code == 0, again.output
    assert b"data:image/webp;base64," in page.read_bytes()
    assert analyze(climb, *quick[:2], "--report", "html").exit_code == command.EXIT_USAGE


def test_what_is_told_of_the_body_is_used(climb: Path, tmp_path: Path) -> None:
    told = ("--height-m", 1.75, "--arm-span-m", 1.8, "--mass-kg", 61.5, "--sex", "female", "--level", "elite")
    limbs = ("--missing", "left_foot", "--injured", "right_hand", "--injured", "left_hand")
    quick = ("--out", tmp_path, "--model", "lite", "--no-overlay")
    assert analyze(climb, *quick, *told, *limbs, "--overhang-deg", "-10").exit_code == 0
    found = decode((tmp_path / "climb.ascension.gz").read_bytes()).facts.climb
    assert found is not None
    assert found.body == Body(
        height_m=1.75,
        arm_span_m=1.8,
        mass_kg=61.5,
        sex="female",
        level="elite",
        missing=frozenset({Limb.LEFT_FOOT}),
        injured=frozenset({Limb.LEFT_HAND, Limb.RIGHT_HAND}),
    )
    reasons = {one.name: one.reason for one in found.attempts[0].measures}
    assert "angle" not in reasons["hand_load_estimate"]


def test_the_backend_may_be_chosen(climb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_BACKEND", "onnx-cpu")
    assert analyze(climb, "--out", tmp_path, "--model", "lite", "--no-overlay").exit_code == 0
    found = decode((tmp_path / "climb.ascension.gz").read_bytes())
    assert found.facts.model.runtime.startswith("onnxruntime ")
    assert found.facts.model.runtime.endswith(", cpu, f32")
    monkeypatch.setenv("VISION_BACKEND", "abacus")
    refused = analyze(climb, "--out", tmp_path, "--force", "--json")
    assert refused.exit_code == command.EXIT_UNEXPECTED
    assert "VISION_BACKEND" in json.loads(refused.stdout)["detail"]


@pytest.mark.thorough
def test_lengths_in_meters_follow_from_what_is_told(climb: Path, tmp_path: Path) -> None:
    quick = ("--out", tmp_path, "--model", "lite", "--backend", "onnx-cpu", "--no-overlay", "--force")
    done = analyze(climb, *quick, "--height-m", "1.75")
    assert done.exit_code == 0, done.output
    assert " m for a pixel of the wall within " in done.output
    by_height = decode((tmp_path / "climb.ascension.gz").read_bytes())
    assert by_height.facts.wall is not None
    assert (by_height.facts.wall.scale.unit, by_height.facts.wall.scale.method) == ("m", "height")
    assert analyze(climb, *quick, "--distance", "0.5,100,300,300,300,1.1").exit_code == 0
    by_distance = decode((tmp_path / "climb.ascension.gz").read_bytes())
    assert by_distance.facts.wall is not None
    assert by_distance.facts.wall.scale.method == "distance"
    assert by_distance.facts.wall.scale.unit_per_px == pytest.approx(1.1 / 200, rel=0.05)


@pytest.mark.thorough
def test_files_of_an_earlier_run_are_kept_unless_forced(climb: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "climb.ascension.gz"
    earlier.write_text("earlier", encoding="utf-8")
    refused = analyze(climb, "--out", tmp_path, "--model", "lite", "--no-overlay")
    assert refused.exit_code == command.EXIT_USAGE
    assert earlier.read_text(encoding="utf-8") == "earlier"
    assert analyze(climb, "--out", tmp_path, "--model", "lite", "--no-overlay", "--force").exit_code == 0
    assert decode(earlier.read_bytes()).person.all()


@pytest.mark.thorough
def test_a_full_disk_keeps_the_files_of_an_earlier_run(climb: Path, tmp_path: Path) -> None:
    run = ("analyze", climb, "--out", tmp_path, "--model", "lite", "--force")
    assert analyze(*run[1:], "--no-overlay").exit_code == 0
    earlier = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(earlier) == {"climb.ascension.gz", "climb.wall.webp"}
    largest_bytes = 2 * max(map(len, earlier.values()))  # too few for the overlay
    entry = Path(sys.executable).parent / "ascension"
    limited = (
        "import os, resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_bytes}, {largest_bytes})); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, entry, *run], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == command.EXIT_UNEXPECTED, done.stderr
    assert b"cannot_write" in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == earlier


def test_a_bad_file_says_why_and_exits_3(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("no video", encoding="utf-8")
    done = analyze(text, "--json")
    assert done.exit_code == command.EXIT_BAD_INPUT
    assert json.loads(done.stdout)["error"] == "not_a_video"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.mp4"]


def test_a_name_without_a_file_says_so_and_exits_3(tmp_path: Path) -> None:
    missing = analyze(tmp_path / "mis[sing].mp4", "--json")
    assert missing.exit_code == command.EXIT_BAD_INPUT
    assert json.loads(missing.stdout) == {
        "error": "cannot_read",
        "detail": f"{tmp_path / 'mis[sing].mp4'}: No such file or directory",
    }
    folder = analyze(tmp_path)
    assert folder.exit_code == command.EXIT_BAD_INPUT
    assert folder.stderr == f"not_a_video: {tmp_path} is a folder.\n"


def test_what_does_not_load_is_named_and_exits_1(
    climb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_ENTRYPOINT", "ascension.missing:run")
    done = analyze(climb, "--out", tmp_path, "--json")
    assert done.exit_code == command.EXIT_UNEXPECTED
    told = json.loads(done.stdout)
    assert told["error"] == "setup_error"
    assert told["detail"] == "Analyses cannot run here: No module named 'ascension.missing'."
    assert list(tmp_path.iterdir()) == []


def test_nobody_in_the_clip_exits_4(tmp_path: Path) -> None:
    done = analyze(write_clip(tmp_path / "wall.mp4", wall_only(5)), "--model", "lite")
    assert done.exit_code == command.EXIT_NO_PERSON
    assert "no_person" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--model", "huge"],
        ["--threads", "0"],
        ["--frobnicate"],
        ["--height-m", "17"],
        ["--arm-span-m", "0.2"],
        ["--mass-kg", "5"],
        ["--sex", "other"],
        ["--missing", "tail"],
        ["--missing", "left_hand", "--injured", "left_hand"],
        ["--overhang-deg", "120"],
        ["--report", "docx"],
        ["--climber", "1,2,3"],
        ["--climber", "1,2,3,4,some"],
        ["--climber", "1,2,3,-4,5"],
        ["--distance", "0,1,1,2,2,0"],
        ["--rectangle", "0,1,1,2,2,3,3"],
        ["--distance", "0,10,10,4800,10,1"],
    ],
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    assert analyze(CLIMB, *arguments).exit_code == command.EXIT_USAGE


def test_help_names_the_exit_codes() -> None:
    text = analyze("--help").output
    assert "Exit codes" in text
    assert "130" in text


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("analyze --rep", {"--report"}),
        ("analyze --report ", {"html", "pdf", "both"}),
        ("analyze --level e", {"elite"}),
        ("analyze --injured left", {"left_hand", "left_foot"}),
        ("export climb.ascension.gz --format ", {"csv", "trc", "c3d", "json", "kinovea"}),
        ("report climb.ascension.gz --language ", {"en", "fr"}),
    ],
)
def test_a_shell_completes_options_and_their_values(words: str, offered: set[str]) -> None:
    asked = {
        "_ASCENSION_COMPLETE": "complete_bash",
        "COMP_WORDS": f"ascension {words}",
        "COMP_CWORD": str(len(words.split()) + words.endswith(" ")),
    }
    entry = Path(sys.executable).parent / "ascension"
    done = subprocess.run(
        [entry], env={**os.environ, **asked}, capture_output=True, text=True, timeout=60, check=False
    )
    assert set(done.stdout.split()) == offered


@contextmanager
def drawing(climb: Path, folder: Path) -> Generator[subprocess.Popen[bytes]]:
    """An analysis in the middle of the overlay."""
    arguments = ["analyze", str(climb), "--out", str(folder), "--model", "lite"]
    entry = Path(sys.executable).parent / "ascension"
    # Where these tests run in the background, SIGINT may be ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [entry, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(climb.parent)},
    ) as process:
        try:
            deadline = time.monotonic() + 120
            while not any(part.stat().st_size for part in folder.glob(".*.overlay.mp4.*.part")):
                assert process.poll() is None, "it ended before it drew"
                assert time.monotonic() < deadline, "it never began to draw"
                time.sleep(0.002)
            yield process
        finally:
            process.kill()
            signal.signal(signal.SIGINT, before)


def end_while_it_draws(climb: Path, folder: Path, wish: signal.Signals) -> int:
    """Start an analysis, end it in the middle of the overlay; its exit code, once its child is gone."""
    with drawing(climb, folder) as process:
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(wish)
        code = process.wait(30)
        assert psutil.wait_procs(children, timeout=10)[1] == []
        return code


@pytest.mark.parametrize("wish", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.thorough)])
def test_an_interruption_leaves_nothing_half_written(
    climb: Path, tmp_path: Path, wish: signal.Signals
) -> None:
    assert end_while_it_draws(climb, tmp_path / "new" / "folder", wish) == command.EXIT_INTERRUPTED
    assert list(tmp_path.iterdir()) == []
    assert [path.name for path in climb.parent.iterdir()] == [climb.name]


@pytest.mark.proves("S01")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these parts")
def test_what_reads_the_clip_sits_in_the_cage_of_the_workers(climb: Path, tmp_path: Path) -> None:
    with drawing(climb, tmp_path) as process:
        (child,) = psutil.Process(process.pid).children(recursive=True)
        status = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{child.pid}/status").read_text(encoding="utf-8").splitlines()
            if ":\t" in line
        )
        assert (status["Seccomp"], status["NoNewPrivs"], status["CapEff"]) == ("2", "1", "0" * 16)
        decoders = [
            pid
            for pid in (process.pid, child.pid)
            if "libavcodec" in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")
        ]
        assert decoders == [child.pid], "the command itself reads no clip"


@pytest.mark.thorough
def test_where_nothing_keeps_it_in_it_works_and_says_so_once(
    climb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a program in Python's place that goes into no cage, as on a kernel that has none
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys; sys.argv = ['child', sys.argv[-1]]\n"
        "from ascension.jobs import child\n"
        "child.enter = lambda *_, **__: None\n"
        "child.main()\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    quick = ("--out", tmp_path, "--model", "lite", "--no-overlay")
    done = analyze(climb, *quick)
    assert done.exit_code == 0, done.output
    assert done.stderr.count("Landlock") == done.stderr.count("\n") == 1
    told = analyze(climb, *quick, "--force", "--json")
    assert "open a socket" in json.loads(told.stdout)["sandbox_gaps"]
    assert told.stderr == ""


def test_a_crash_of_what_reads_the_clip_is_one_sentence(
    climb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys; from ascension.jobs import child\n"
        "sys.argv = ['child', sys.argv[-1]]\n"
        "if 'reports' in sys.argv[1]: child._serve = lambda *_: os.abort()\n"
        "child.main()\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    done = analyze(climb, "--out", tmp_path / "out", "--model", "lite", "--json")
    assert done.exit_code == command.EXIT_UNEXPECTED
    assert json.loads(done.stdout)["error"] == "compute_crashed"
    assert not (tmp_path / "out").exists()


@pytest.mark.thorough
def test_what_a_killed_run_left_goes_with_the_next_and_what_runs_keeps_its_files(
    climb: Path, tmp_path: Path
) -> None:
    assert end_while_it_draws(climb, tmp_path, signal.SIGKILL) == -signal.SIGKILL
    assert any(tmp_path.glob(".climb.*.part"))
    kept = {f".climb.ascension.gz.{os.getppid()}.part", ".climb.wall.jpg.mine.part", ".other.wall.jpg.1.part"}
    for name in kept:
        (tmp_path / name).touch()
    assert analyze(climb, "--out", tmp_path, "--model", "lite").exit_code == 0
    assert {path.name for path in tmp_path.glob(".*.part")} == kept


def test_a_folder_that_cannot_be_written_is_refused_at_once(climb: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    refused = analyze(climb, "--out", in_the_way)
    assert refused.exit_code == command.EXIT_USAGE
    assert "is not a" in refused.output


@pytest.mark.thorough
def test_without_a_terminal_only_the_table_is_printed(climb: Path, tmp_path: Path) -> None:
    done = analyze(climb, "--out", tmp_path, "--model", "lite", "--no-overlay")
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 8
    assert lines[-2] == f"Wall         {tmp_path / 'climb.wall.webp'} (100 % of the frames placed on it)"
    assert lines[-1].startswith("Scale ")
    assert "torso lengths" in lines[-1]
