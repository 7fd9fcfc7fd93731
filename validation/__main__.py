"""Commands of the validation: `python -m validation render | evaluate | beside | pairs | list`."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ascension.analyses.result import Result
from ascension.errors.jobs import JobFailure
from validation import analysis, filming, pairs, prediction, proof, table, truth
from validation.comparison import Comparison, compare
from validation.listed import LISTS, asked_for, files_of
from validation.pairs import Filmed, PairFigures
from validation.planted import PAIR, PLANTED
from validation.prediction import Prediction
from validation.proof import Clip, Proof
from validation.scenes import SCENES

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
    keep: Annotated[
        Path | None, typer.Option(help="folder of results: used again where they are there")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="everything, also per joint")] = False,
    page: Annotated[bool, typer.Option(help="write the tables into docs/validation.md")] = False,
) -> None:
    """Analyze the clips, or read a peer's predictions, and compare with the truth.

    With --keep, a clip is analyzed once; what follows from its skeleton is derived anew each time.
    """
    proofs: list[Proof] = []
    for name in scenes or _rendered():
        sys.stderr.write(f"{name}\n")
        clip = proof.clip_of(name)
        result = None if predictions else _analyzed(clip, keep)
        peer = predictions and prediction.from_file(predictions / f"{name}.npz")
        proofs.append(proof.prove(clip, peer or _prediction(result, clip), result))
    _print_json(proofs) if as_json else table.show(table.tables_of(proofs), Console(width=250))
    if page:
        table.write_page(table.tables_of(proofs), _commit())


@app.command("beside")
def evaluate_beside(
    peer: Annotated[Path, typer.Argument(help="MediaPipe's folder with NAME.npz of each")],
    scenes: Annotated[list[str] | None, typer.Argument(help="names; none: all that the peer has")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    page: Annotated[bool, typer.Option(help="write the table into docs/validation.md")] = False,
) -> None:
    """Our analysis beside MediaPipe's poses, on the same frames."""
    rows: list[Comparison] = []
    for name in scenes or [one for one in _rendered() if (peer / f"{one}.npz").exists()]:
        sys.stderr.write(f"{name}\n")
        clip = proof.clip_of(name)
        theirs = prediction.from_file(peer / f"{name}.npz")
        rows.append(compare(name, _prediction(_analyzed(clip), clip), theirs, clip.truth))
    _print_json(rows) if as_json else table.show([table.comparison_of(rows)], Console(width=250))
    if page:
        table.write_page([table.comparison_of(rows)], _commit())


@app.command("pairs")
def evaluate_pairs(
    keep: Annotated[Path | None, typer.Option(help="folder of results: used again")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    page: Annotated[bool, typer.Option(help="write the table into docs/validation.md")] = False,
) -> None:
    """Compare the climbs that share a wall, each of two beside the other, with what both truths say."""
    rendered = [scene.name for scene in PAIR if files_of(scene)[0].exists()]
    filmed = [_filmed(name, keep) for name in rendered]
    rows = [pairs.prove(*two) for two in combinations(filmed, 2)]
    _print_json(rows) if as_json else table.show([table.pairs_of(rows)], Console(width=250))
    if page:
        table.write_page([table.pairs_of(rows)], _commit())


@app.command("list")
def list_scenes() -> None:
    """The names of all scenes."""
    for name, (_, scenes) in LISTS.items():
        for scene in scenes:
            sys.stdout.write(f"{name:10} {scene.name}\n")


def _rendered() -> list[str]:
    """The example, then the committed scenes and those with planted faults."""
    return [proof.EXAMPLE, *(scene.name for scene in (*SCENES, *PLANTED) if files_of(scene)[0].exists())]


def _analyzed(clip: Clip, keep: Path | None = None) -> Result | None:
    try:
        return analysis.of_clip(clip.path, analysis.told_of(clip.truth), keep and keep / f"{clip.scene}.gz")
    except JobFailure as refusal:
        sys.stderr.write(f"{clip.scene}: refused, {refusal.code}\n")
        return None


def _filmed(name: str, keep: Path | None) -> Filmed:
    sys.stderr.write(f"{name}\n")
    clip = proof.clip_of(name)
    told = analysis.told_of(clip.truth)
    return Filmed(name, analysis.attempt_of_clip(clip.path, told, keep and keep / f"{name}.gz"), clip.truth)


def _prediction(result: Result | None, clip: Clip) -> Prediction:
    return prediction.nobody(clip.truth.time_s) if result is None else analysis.from_result(result)


def _print_json(rows: Sequence[Proof | Comparison | PairFigures]) -> None:
    sys.stdout.write(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, timeout=30, check=False
    )
    return said.stdout.strip() or "unknown"


if __name__ == "__main__":
    app()
