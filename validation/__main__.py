"""Commands of the validation: `python -m validation render | evaluate | list`."""

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ascension.errors import JobFailure
from validation import analysis, filming, prediction, table, truth
from validation.evaluation import Figures, evaluate
from validation.listed import LISTS, asked_for, files_of, named
from validation.scenes import SCENES

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
    names = scenes or [EXAMPLE, *(scene.name for scene in SCENES if files_of(scene)[0].exists())]
    rows: list[Figures] = []
    for name in names:
        sys.stderr.write(f"{name}\n")
        rows.append(_figures(name, predictions))
    if as_json:
        sys.stdout.write(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    else:
        table.show(rows, Console(width=250))
    if page:
        table.write_page(rows, _commit())


@app.command("list")
def list_scenes() -> None:
    """The names of all scenes."""
    for name, (_, scenes) in LISTS.items():
        for scene in scenes:
            sys.stdout.write(f"{name:10} {scene.name}\n")


def _figures(name: str, predictions: Path | None) -> Figures:
    if name == EXAMPLE:
        clip, facts, dyno = EXAMPLES / "climb.mp4", EXAMPLES / "climb_truth.npz", False
    else:
        clip, facts = files_of(named(name))
        dyno = "dyno" in named(name).tags
    known = truth.load(facts)
    try:
        found = (
            analysis.of_ascension(clip, known.height_m if known.person.any() else None)
            if predictions is None
            else prediction.from_file(predictions / f"{name}.npz")
        )
    except JobFailure as refusal:
        sys.stderr.write(f"{name}: refused, {refusal.code}\n")
        found = prediction.nobody(known.time_s)
    return evaluate(name, found, known, dyno=dyno)


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, timeout=30, check=False
    )
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    app()
