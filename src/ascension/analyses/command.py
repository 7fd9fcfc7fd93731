"""`ascension analyze climb.mp4`: the whole analysis on this machine, without server or account."""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from ascension.errors import JobFailure, NoPerson, SetupError
from ascension.vision.weights import ModelName

if TYPE_CHECKING:
    from ascension.analyses.pipeline import Analysis, ReportProgress

EXIT_UNEXPECTED: Final = 1
EXIT_USAGE: Final = 2
EXIT_BAD_INPUT: Final = 3
EXIT_NO_PERSON: Final = 4
EXIT_INTERRUPTED: Final = 130

_ANALYZE_SHARE: Final = 0.8
"""Of the bar, when an overlay video follows."""


@dataclass(frozen=True)
class _Outputs:
    result: Path
    overlay: Path | None

    def existing(self) -> list[Path]:
        return [path for path in (self.result, self.overlay) if path is not None and path.exists()]


def analyze(
    video: Annotated[Path, typer.Argument(help="The clip: MP4, MOV or WebM, at most 10 minutes.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the files; default: beside the clip.")] = None,
    model: Annotated[
        ModelName, typer.Option(help="heavy: best; full: 3 times faster; lite: fastest.")
    ] = "heavy",
    threads: Annotated[int, typer.Option(min=1, max=64, help="Processor threads.")] = os.cpu_count() or 1,
    overlay: Annotated[bool, typer.Option("--overlay/--no-overlay", help="Draw the overlay video.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, no progress.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files of an earlier run.")] = False,
) -> None:
    """Analyze a climb on this machine: no server, no account, nothing leaves it.

    Writes NAME.ascension.gz, the skeleton of every frame with angles and center of mass, and
    NAME.overlay.mp4, the clip with all of it drawn in.

    Exit codes: 0 done; 1 unexpected error, or the files could not be written; 2 wrong usage; 3 the video
    cannot be used, the message says why; 4 no person in it; 130 interrupted. After an error nothing
    half-written is left.
    """
    console = Console(stderr=True, quiet=as_json)
    outputs = _outputs(video, out, overlay=overlay)
    _check_folder(outputs.result.parent)
    if (existing := outputs.existing()) and not force:
        raise typer.BadParameter(
            f"{existing[0]} exists already: choose another --out, or --force to replace it"
        )
    try:
        with _progress(console) as on_progress:
            analysis = _run(video, outputs, model, threads, on_progress)
    except JobFailure as failure:
        _fail(failure.code, failure.detail, as_json=as_json)
        raise typer.Exit(EXIT_NO_PERSON if isinstance(failure, NoPerson) else EXIT_BAD_INPUT) from failure
    except SetupError as error:
        _fail(error.code, error.detail, as_json=as_json)
        raise typer.Exit(EXIT_UNEXPECTED) from error
    except OSError as error:
        _fail("cannot_write", f"The files could not be written: {error}", as_json=as_json)
        raise typer.Exit(EXIT_UNEXPECTED) from error
    except KeyboardInterrupt as interrupt:
        _fail("interrupted", "Interrupted: nothing was written.", as_json=as_json)
        raise typer.Exit(EXIT_INTERRUPTED) from interrupt
    _report(analysis, outputs, as_json=as_json)


def _outputs(video: Path, out: Path | None, *, overlay: bool) -> _Outputs:
    folder = out or video.parent
    return _Outputs(
        result=folder / f"{video.stem}.ascension.gz",
        overlay=folder / f"{video.stem}.overlay.mp4" if overlay else None,
    )


def _check_folder(folder: Path) -> None:
    """Before minutes of work: the nearest folder that exists must take new files."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise typer.BadParameter(f"{nearest} is not a folder")
    if not os.access(nearest, os.W_OK):
        raise typer.BadParameter(f"{nearest} cannot be written to")


def _run(
    video: Path, outputs: _Outputs, model: ModelName, threads: int, on_progress: "ReportProgress"
) -> "Analysis":
    """Both files appear under their names only when both are complete."""
    # Loaded here: every other command starts without the vision libraries, and when one of them is broken.
    from ascension.analyses.pipeline import analyze as analyze_video
    from ascension.analyses.result import encode
    from ascension.vision.overlay import Tracks, write_overlay

    share = _ANALYZE_SHARE if outputs.overlay else 1.0

    def analyzing(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
        on_progress(stage, int(progress_pct * share), figures)

    def drawing(progress_pct: int, figures: dict[str, float]) -> None:
        on_progress("overlay", int(100 * share + progress_pct * (1 - share)), figures)

    analysis = analyze_video(video, threads=threads, model=model, on_progress=analyzing)
    outputs.result.parent.mkdir(parents=True, exist_ok=True)
    with _whole_or_nothing(outputs.result) as result_part:
        result_part.write_bytes(encode(analysis.result))
        if outputs.overlay is not None:
            found = analysis.result
            tracks = Tracks(found.poses(), found.center_of_mass_px, found.joint_angles_deg)
            with _whole_or_nothing(outputs.overlay) as overlay_part:
                write_overlay(video, tracks, overlay_part, threads=threads, on_progress=drawing)
    return analysis


@contextmanager
def _whole_or_nothing(path: Path) -> Generator[Path]:
    """A name to write to, which becomes `path` at the end, or vanishes on any error or interruption."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


@contextmanager
def _progress(console: Console) -> Generator["ReportProgress"]:
    bar = Progress(
        TextColumn("{task.description:8}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[speed]:>14}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task: TaskID = bar.add_task("poses", total=100, speed="")

        def show(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
            speed = f"{figures['frames_per_s']:.1f} frames/s" if "frames_per_s" in figures else ""
            bar.update(task, description=stage, completed=progress_pct, speed=speed)

        yield show


def _fail(code: str, detail: str, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"error": code, "detail": detail}) + "\n")
    else:
        Console(stderr=True).print(f"[bold red]{code}[/]: {detail}", highlight=False)


def _report(analysis: "Analysis", outputs: _Outputs, *, as_json: bool) -> None:
    facts = analysis.result.facts
    if as_json:
        document = {
            "summary": analysis.summary(),
            "warnings": [warning.model_dump() for warning in facts.warnings],
            "files": {
                "result": str(outputs.result),
                "overlay": str(outputs.overlay) if outputs.overlay else None,
            },
        }
        sys.stdout.write(json.dumps(document) + "\n")
        return
    summary = facts.summary
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row(
        "Clip", f"{summary.duration_s:.1f} s, {summary.frame_count} frames, {summary.fps:.1f} frames/s"
    )
    table.add_row("Person seen", f"{summary.detection_rate_pct:.1f} % of the frames")
    table.add_row("Confidence", f"{summary.mean_visibility:.2f} on average over the twelve main joints (0-1)")
    table.add_row("Torso", f"{facts.torso_px:.0f} px")
    speed = summary.frame_count / analysis.seconds
    table.add_row("Analyzed in", f"{analysis.seconds:.1f} s, {speed:.1f} frames/s ({summary.model})")
    table.add_row("Result", f"{outputs.result} ({outputs.result.stat().st_size / 1000:.1f} kB)")
    if outputs.overlay is not None:
        table.add_row("Overlay", str(outputs.overlay))
    for warning in facts.warnings:
        table.add_row("Note", warning.detail)
    Console().print(table, highlight=False, soft_wrap=True)
