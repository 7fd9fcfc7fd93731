"""Commands of the validation: `python -m validation render | evaluate | beside | list`."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ascension.errors import JobFailure
from validation import analysis, filming, prediction, table, truth
from validation.comparison import Comparison, compare
from validation.evaluation import Figures, evaluate
from validation.listed import LISTS, asked_for, files_of, named
from validation.prediction import Prediction
from validation.scenes import SCENES
from validation.truth import Truth

EXAMPLE = "climb"
EXAMPLES = Path(__file__).parents[1] / "examples"

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def render(
    scenes: Annotated[
        list[str] | None, typer.Argument(help="names of scenes or lists; none: committed")
    ] = None,
    missing: Annotated[bool, typer.Option(help="only those whose files are not there")] = False,
) -> None:
    """Render clips and their truth into validation/clips (others: into build/validation)."""
    for scene in asked_for(scenes or ["committed"]):
        clip, facts = files_of(scene)
        if missing and clip.exists() and facts.exists():
            continue
        began, cpu_began = time.monotonic(), time.process_time()
        clip.parent.mkdir(parents=True, exist_ok=True)
        truth.save(filming.film(scene, clip), facts)
        size_kb = (clip.stat().st_size + facts.stat().st_size) / 1000
        took_s, cpu_s = time.monotonic() - began, time.process_time() - cpu_began
        sys.stdout.write(f"{scene.name:20} {took_s:6.1f} s {cpu_s:6.1f} s CPU {size_kb:7.0f} kB\n")
        sys.stdout.flush()


@app.command("evaluate")
def evaluate_scenes(
    scenes: Annotated[list[str] | None, typer.Argument(help="names; none: all that are rendered")] = None,
    predictions: Annotated[Path | None, typer.Option(help="a peer's folder with NAME.npz of each")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="everything, also per joint")] = False,
    page: Annotated[bool, typer.Option(help="write the table into docs/validation.md")] = False,
) -> None:
    """Analyze the clips, or read a peer's predictions, and compare with the truth."""
    rows: list[Figures] = []
    for name in scenes or _rendered():
        sys.stderr.write(f"{name}\n")
        clip, known, dyno = _clip_and_truth(name)
        peer = predictions and prediction.from_file(predictions / f"{name}.npz")
        rows.append(evaluate(name, peer or _analyzed(name, clip, known), known, dyno=dyno))
    _print_json(rows) if as_json else table.show(rows, Console(width=250))
    if page:
        table.write_page(rows, _commit())


@app.command("beside")
def evaluate_beside(
    peer: Annotated[Path, typer.Argument(help="MediaPipe's folder with NAME.npz of each")],
    scenes: Annotated[list[str] | None, typer.Argument(help="names; none: all that are rendered")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    page: Annotated[bool, typer.Option(help="write the table into docs/validation.md")] = False,
) -> None:
    """Our analysis beside MediaPipe's poses, on the same frames."""
    rows: list[Comparison] = []
    for name in scenes or _rendered():
        sys.stderr.write(f"{name}\n")
        clip, known, _ = _clip_and_truth(name)
        theirs = prediction.from_file(peer / f"{name}.npz")
        rows.append(compare(name, _analyzed(name, clip, known), theirs, known))
    _print_json(rows) if as_json else table.show_comparison(rows, Console(width=250))
    if page:
        table.write_comparison(rows, _commit())


@app.command("list")
def list_scenes() -> None:
    """The names of all scenes."""
    for name, (_, scenes) in LISTS.items():
        for scene in scenes:
            sys.stdout.write(f"{name:10} {scene.name}\n")


def _rendered() -> list[str]:
    return [EXAMPLE, *(scene.name for scene in SCENES if files_of(scene)[0].exists())]


def _clip_and_truth(name: str) -> tuple[Path, Truth, bool]:
    """And whether the scene is about a dyno."""
    if name == EXAMPLE:
        return EXAMPLES / "climb.mp4", truth.load(EXAMPLES / "climb_truth.npz"), False
    clip, facts = files_of(named(name))
    return clip, truth.load(facts), "dyno" in named(name).tags


def _analyzed(name: str, clip: Path, known: Truth) -> Prediction:
    try:
        return analysis.of_ascension(clip, known.height_m if known.person.any() else None)
    except JobFailure as refusal:
        sys.stderr.write(f"{name}: refused, {refusal.code}\n")
        return prediction.nobody(known.time_s)


def _print_json(rows: Sequence[Figures | Comparison]) -> None:
    sys.stdout.write(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, timeout=30, check=False
    )
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    app()
