"""scripts/prepare.py: a step runs when its inputs changed or its output is gone, and only then."""

from pathlib import Path

import pytest

from ascension.vision import weights
from scripts import prepare


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "STAMPS", tmp_path / "stamps")
    (tmp_path / "stamps").mkdir()
    (tmp_path / "web").mkdir()
    (tmp_path / "web/input.txt").write_text("1")
    return tmp_path


def test_a_step_runs_only_when_something_changed(project: Path) -> None:
    done: list[str] = []
    output = project / "output"

    def work() -> None:
        done.append("worked")
        output.write_text("")

    step = prepare.Step("a step", (project / "web",), (output,), work)
    step.run()
    step.run()
    assert len(done) == 1
    (project / "web/input.txt").write_text("2")
    step.run()
    assert len(done) == 2
    output.unlink()
    step.run()
    assert len(done) == 3
    (project / "web/node_modules").mkdir()
    (project / "web/node_modules/installed").write_text("")
    step.run()
    assert len(done) == 3


def test_a_failed_step_runs_again(project: Path) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        prepare.run(["sh", "-c", "echo broken; exit 3"])

    step = prepare.Step("fails", (project / "web",), (), work)
    for _ in range(2):
        with pytest.raises(prepare.CannotPrepareError, match="broken"):
            step.run()
    assert len(tries) == 2


@pytest.mark.usefixtures("project")
def test_a_full_disk_is_said_plainly() -> None:
    with pytest.raises(prepare.CannotPrepareError, match="the disk is full: free some space"):
        prepare.run(["sh", "-c", "echo 'No space left on device'; exit 1"])


def test_local_folders_that_do_not_exist_are_no_index(tmp_path: Path) -> None:
    assert prepare.is_there("https://example.org/simple")
    assert prepare.is_there(f"file://{tmp_path}")
    assert not prepare.is_there(f"file://{tmp_path}/missing")


def test_the_dev_lock_holds_exactly_the_packages_of_the_run_lock() -> None:
    requirements = Path(__file__).parents[2] / "requirements"
    run, dev = (
        {line.split()[0] for line in (requirements / f"{name}.lock").read_text().splitlines() if "==" in line}
        for name in ("run", "dev")
    )
    assert run <= dev


@pytest.mark.parametrize(
    "said",
    [
        "pip: Failed to establish a new connection: [Errno 111] Connection refused",
        "uv: dns error: failed to lookup address information",
        "npm error code ENOTFOUND",
    ],
)
def test_a_missing_network_is_said_plainly(said: str) -> None:
    assert "the package registry cannot be reached" in prepare.why(said)
    assert said in prepare.why(said)


def test_a_clone_that_moved_makes_its_environment_anew(project: Path) -> None:
    done: list[str] = []
    for place in ("/here", "/here", "/there"):
        step = prepare.Step("environment", (project / "web",), (), lambda: done.append("made"), place)
        step.run()
    assert len(done) == 2


def test_every_pose_model_is_an_output_that_is_made_again_when_gone() -> None:
    assert {f"{name}.onnx" for name in prepare.MODELS} == {entry.path.name for entry in weights.ALL}
