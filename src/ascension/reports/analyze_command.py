"""`ascension analyze climb.mp4`: the whole analysis on this machine, without server or account."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ascension.accounts.choices import Language
from ascension.analyses.choices import Choices
from ascension.analyses.options import (
    ArmSpanOption,
    ClimberOption,
    DistanceOption,
    HeightOption,
    InjuredOption,
    LevelOption,
    MassOption,
    MissingOption,
    OverhangOption,
    RectangleOption,
    SexOption,
    body_choice,
)
from ascension.errors.http import WorkerDiskUnavailable
from ascension.errors.jobs import (
    ComputeCrashed,
    ComputeOutputLimit,
    JobFailure,
    MarkOutsidePicture,
    NoPerson,
)
from ascension.errors.setup import SetupError
from ascension.infra.console import (
    EXIT_BAD_INPUT,
    EXIT_INTERRUPTED,
    EXIT_UNEXPECTED,
    EXIT_USAGE,
    JsonOption,
    fail,
    tell,
)
from ascension.infra.files import remove_leftovers, whole_or_nothing
from ascension.infra.settings import BackendChoice, VisionSettings, read
from ascension.reports.options import ForceOption, LanguageOption, ReportFormat
from ascension.vision.weights import ModelName

if TYPE_CHECKING:
    from ascension.analyses.result import Facts, Scale, Wall
    from ascension.jobs.compute import OnProgress

EXIT_NO_PERSON: Final = 4
ReportChoice = Literal["html", "pdf", "both"]

_MEMORY_BYTES: Final = 6 * 2**30
_OVERLAY_BYTES: Final = 16 * 2**30
_ENTRYPOINT = "ascension.reports.compute:run"
_TIME_S: Final = 24 * 3600.0
"""Whoever started it may end it: this only ends what is forgotten."""
_REPORTS: Final = 10 * 24 * 3600
_RESULT_FILE, _WALL_FILE = "result", "wall"


@dataclass(frozen=True)
class _Outputs:
    name: str
    result: Path
    wall: Path
    overlay: Path | None
    reports: dict[ReportFormat, Path]

    @property
    def folder(self) -> Path:
        return self.result.parent

    def all(self) -> list[Path]:
        return [path for path in (self.result, self.wall, self.overlay, *self.reports.values()) if path]


@dataclass(frozen=True)
class _Wishes:
    """How it is to be analyzed, what was told about the clip, and the language of what is written."""

    model: ModelName
    threads: int
    backend: BackendChoice | None
    choices: Choices
    language: Language


def analyze(
    video: Annotated[
        Path, typer.Argument(readable=False, help="The clip: MP4, MOV or WebM, at most 10 minutes.")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder for the files; default: beside the clip.")] = None,
    report: Annotated[
        ReportChoice | None, typer.Option(help="Also write the report: a page, a PDF, or both.")
    ] = None,
    language: LanguageOption = "en",
    model: Annotated[
        ModelName, typer.Option(help="heavy: best; full: 3 times faster; lite: fastest.")
    ] = "heavy",
    threads: Annotated[int, typer.Option(min=1, max=64, help="Processor threads.")] = os.cpu_count() or 1,
    overlay: Annotated[bool, typer.Option("--overlay/--no-overlay", help="Draw the overlay video.")] = True,
    as_json: JsonOption = False,
    force: ForceOption = False,
    backend: Annotated[
        BackendChoice | None,
        typer.Option(help="What runs the networks; default: VISION_BACKEND, or the fastest."),
    ] = None,
    climber: ClimberOption = None,
    height_m: HeightOption = None,
    arm_span_m: ArmSpanOption = None,
    mass_kg: MassOption = None,
    sex: SexOption = None,
    level: LevelOption = None,
    missing: MissingOption = None,
    injured: InjuredOption = None,
    overhang_deg: OverhangOption = None,
    distance: DistanceOption = None,
    rectangle: RectangleOption = None,
) -> None:
    """Analyze a climb on this machine: no server, no account, nothing leaves it.

    Writes NAME.ascension.gz, the skeleton of every frame and what the climber did; NAME.wall.webp, the wall
    without the climber, where the clip shows it; NAME.overlay.mp4, the clip with all of it drawn in; and with
    --report NAME.report.html or NAME.report.pdf.

    What you tell about the climber is used for this clip only. Without it everything still works: lengths are
    in torso lengths, and what cannot be measured says why.

    Exit codes: 0 done; 1 unexpected error, or the files could not be written; 2 wrong usage; 3 the video
    cannot be used, the message says why; 4 no person in it; 130 interrupted. After an error nothing
    half-written is left; what a killed run leaves, .NAME.*.part, goes with the next run of this clip.
    """
    if unusable := _unusable(video):
        fail(*unusable, EXIT_BAD_INPUT, as_json=as_json)
    outputs = _outputs(video, out or video.parent, report, overlay=overlay)
    _check_folder(outputs.result.parent)
    if (existing := [path for path in outputs.all() if path.exists()]) and not force:
        raise typer.BadParameter(
            f"{existing[0]} exists already: choose another --out, or --force to replace it"
        )
    told = Choices(
        climber=climber,
        body_height_m=height_m,
        body=body_choice(arm_span_m, mass_kg, sex, level, missing or (), injured or ()),
        overhang_deg=overhang_deg,
        known_distance=distance,
        known_rectangle=rectangle,
    )
    wishes = _Wishes(model, threads, backend, told, language)
    with _ends(outputs, as_json=as_json):
        done = _run(video, outputs, wishes, as_json=as_json)
    _report(done, outputs, as_json=as_json)


@dataclass(frozen=True)
class _Done:
    """What a run made of the clip. gaps: what the child could have done that it should not."""

    facts: "Facts"
    summary: dict[str, Any]
    seconds: float
    has_wall: bool
    gaps: dict[str, str]


@contextmanager
def _ends(outputs: _Outputs, *, as_json: bool) -> Generator[None]:
    """Whatever ends the run, a person's Ctrl-C too, is one sentence and an exit code."""
    try:
        with _ending_is_interrupting():
            yield
    except (ComputeOutputLimit, WorkerDiskUnavailable):
        fail("cannot_write", f"{outputs.folder}: the disk is full.", EXIT_UNEXPECTED, as_json=as_json)
    except JobFailure as failure:
        fail(failure.code, failure.detail, _exit_code(failure), as_json=as_json)
    except SetupError as error:
        fail(error.code, error.detail, EXIT_UNEXPECTED, as_json=as_json)
    except OSError as error:
        where = error.filename or outputs.folder
        fail("cannot_write", f"{where}: {error.strerror}", EXIT_UNEXPECTED, as_json=as_json)
    except KeyboardInterrupt:
        fail("interrupted", "Interrupted: nothing was written.", EXIT_INTERRUPTED, as_json=as_json)


def _exit_code(failure: JobFailure) -> int:
    match failure:
        case NoPerson():
            return EXIT_NO_PERSON
        case MarkOutsidePicture():
            return EXIT_USAGE
        case ComputeCrashed():
            return EXIT_UNEXPECTED
        case _:
            return EXIT_BAD_INPUT


def _unusable(video: Path) -> tuple[str, str] | None:
    """Code and sentence where no file can be read under this name; what is in it is looked at later."""
    try:
        with video.open("rb"):
            return None
    except IsADirectoryError:
        return "not_a_video", f"{video} is a folder."
    except OSError as error:
        return "cannot_read", f"{video}: {error.strerror}"


def _outputs(video: Path, folder: Path, report: ReportChoice | None, *, overlay: bool) -> _Outputs:
    wanted: tuple[ReportFormat, ...] = ("html", "pdf") if report == "both" else (report,) if report else ()
    return _Outputs(
        name=video.stem,
        result=folder / f"{video.stem}.ascension.gz",
        wall=folder / f"{video.stem}.wall.webp",
        overlay=folder / f"{video.stem}.overlay.mp4" if overlay else None,
        reports={to: folder / f"{video.stem}.report.{to}" for to in wanted},
    )


def _check_folder(folder: Path) -> None:
    """Before minutes of work: the nearest folder that exists must take new files."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if _exists(path))
    if not nearest.is_dir():
        raise typer.BadParameter(f"{nearest} is not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise typer.BadParameter(f"{nearest} cannot be written to")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # below a folder that we may not enter
        return False


def _run(video: Path, outputs: _Outputs, wishes: _Wishes, *, as_json: bool) -> _Done:
    """All files appear under their names only when all are complete."""
    remove_leftovers(outputs.all())
    # Loaded here: every other command starts without what computing needs.
    from ascension.jobs import sandbox
    from ascension.jobs.scratch import own_scratch

    with own_scratch(Path(tempfile.gettempdir())) as scratch, ExitStack() as parts:
        gaps = asyncio.run(sandbox.gaps(scratch))
        if gaps and not as_json:
            typer.echo(f"Note: here {sandbox.describe(gaps)}; `ascension doctor` says more.", err=True)
        parts.enter_context(_made(outputs.folder))
        overlay = None
        if outputs.overlay is not None:
            overlay = parts.enter_context(whole_or_nothing(outputs.overlay))
            overlay.touch()  # what is there can be opened to a child that may make no file beside it
        with _progress(Console(stderr=True)) as on_progress:
            answer = _computed(video, outputs, wishes, scratch, overlay, on_progress)
        return _kept(outputs, scratch, answer, gaps, parts)


def _computed(
    video: Path,
    outputs: _Outputs,
    wishes: _Wishes,
    scratch: Path,
    overlay: Path | None,
    on_progress: "OnProgress",
) -> dict[str, Any]:
    """What the child answers; its files lie in `scratch`. Raises what `reports.compute.run` does."""
    from ascension.jobs.compute import Child, Limits

    backend = wishes.backend or read(VisionSettings).vision_backend
    limits = Limits(
        time_s=_TIME_S,
        memory_bytes=_MEMORY_BYTES,
        threads=wishes.threads,
        with_devices=backend in ("auto", "onnx-cuda"),
        file_bytes=_OVERLAY_BYTES,
        reports=_REPORTS,
    )
    said: list[str] = []
    child = Child(_ENTRYPOINT, limits, scratch, reads=video, writes=overlay, on_said=said.append)
    request: dict[str, object] = {
        "video_path": str(video.absolute()),
        "result_path": str(child.folder / _RESULT_FILE),
        "wall_path": str(child.folder / _WALL_FILE),
        "report_paths": {to: str(child.folder / to) for to in outputs.reports},
        "overlay_path": None if overlay is None else str(overlay.absolute()),
        "overlay_name": None if outputs.overlay is None else outputs.overlay.name,
        "name": outputs.name,
        "threads": wishes.threads,
        "model": wishes.model,
        "backend": backend,
        "choices": wishes.choices.model_dump(mode="json"),
        "language": wishes.language,
    }

    async def ask() -> dict[str, Any]:
        try:
            return await child.run(request, on_progress)
        finally:
            await child.kill()

    try:
        return asyncio.run(ask())
    except ComputeCrashed:
        typer.echo("\n".join(said), err=True)
        raise


def _kept(
    outputs: _Outputs, scratch: Path, answer: dict[str, Any], gaps: dict[str, str], parts: ExitStack
) -> _Done:
    """Take over what the child left; it read a stranger's clip, so what it says is checked."""
    from ascension.analyses.result import decode
    from ascension.jobs.scratch import read_left

    data = read_left(scratch / _RESULT_FILE)
    try:
        facts = decode(data or b"").facts
        summary, seconds = dict(answer["summary"]), float(answer["seconds"])
    except (ValueError, TypeError, KeyError) as error:
        raise ComputeCrashed("The analysis program left no result.") from error
    wall = read_left(scratch / _WALL_FILE)
    found = {outputs.result: data, outputs.wall: wall}
    found |= {path: read_left(scratch / to) or b"" for to, path in outputs.reports.items()}
    for path, left in found.items():
        if left is not None:
            parts.enter_context(whole_or_nothing(path)).write_bytes(left)
    if wall is None:
        outputs.wall.unlink(missing_ok=True)  # of an earlier run
    return _Done(facts, summary, seconds, wall is not None, gaps)


@contextmanager
def _made(folder: Path) -> Generator[None]:
    """The folder is there; one that was not goes again where the run fails."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for path in missing:
            with suppress(OSError):
                path.rmdir()
        raise


@contextmanager
def _ending_is_interrupting() -> Generator[None]:
    """Whoever ends us politely, `timeout` or a container's stop, leaves nothing half-written either."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress(console: Console) -> Generator["OnProgress"]:
    """A bar on a terminal; nothing in a file or a pipe."""
    bar = Progress(
        TextColumn("{task.description:8}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[speed]:>14}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task: TaskID = bar.add_task("poses", total=100, speed="")

        def show(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
            speed = f"{figures['frames_per_s']:.1f} frames/s" if "frames_per_s" in figures else ""
            bar.update(task, description=stage, completed=progress_pct, speed=speed)

        yield show


def _report(done: _Done, outputs: _Outputs, *, as_json: bool) -> None:
    if as_json:
        document = {
            "summary": done.summary,
            "warnings": [warning.model_dump() for warning in done.facts.warnings],
            "sandbox_gaps": sorted(done.gaps),
            "files": {
                "result": str(outputs.result),
                "wall": str(outputs.wall) if done.has_wall else None,
                "overlay": str(outputs.overlay) if outputs.overlay else None,
                **{f"report_{to}": str(path) for to, path in outputs.reports.items()},
            },
        }
        tell(document)
        return
    for name, value in _table(done, outputs):
        # one line each, whole, for people and for pipes; a terminal obeys other characters
        typer.echo(f"{name:<12} {''.join(one for one in value if one.isprintable())}")


def _table(done: _Done, outputs: _Outputs) -> list[tuple[str, str]]:
    facts = done.facts
    summary = facts.summary
    speed = summary.frame_count / done.seconds
    size_kb = outputs.result.stat().st_size / 1000
    lines = [
        ("Clip", f"{summary.duration_s:.1f} s, {summary.frame_count} frames, {summary.fps:.1f} frames/s"),
        ("Person seen", f"{summary.detection_rate_pct:.1f} % of the frames"),
        ("Confidence", f"{summary.mean_visibility:.2f} on average over the twelve main joints (0-1)"),
        ("Torso", f"{facts.torso_px:.0f} px"),
        ("Analyzed in", f"{done.seconds:.1f} s, {speed:.1f} frames/s ({summary.model})"),
        ("Result", f"{outputs.result} ({size_kb:.1f} kB)"),
    ]
    lines += [("Wall", _wall_line(facts.wall, outputs.wall))] if facts.wall and done.has_wall else []
    lines += [("Scale", _scale_line(facts.wall.scale))] if facts.wall else []
    lines += [("Overlay", str(outputs.overlay))] if outputs.overlay else []
    lines += [("Report", str(path)) for path in outputs.reports.values()]
    return lines + [("Note", warning.detail) for warning in facts.warnings]


def _scale_line(scale: "Scale") -> str:
    unit = {"m": "m", "torso": "torso lengths"}[scale.unit]
    error = "" if scale.error_pct is None else f" within {scale.error_pct:.0f} %"
    return f"{scale.unit_per_px:.5f} {unit} for a pixel of the wall{error}; {scale.reason}"


def _wall_line(wall: "Wall", path: Path) -> str:
    placed = wall.homography_frames + wall.similarity_frames
    share_pct = 100 * placed / (placed + wall.lost_frames)
    return f"{path} ({share_pct:.0f} % of the frames placed on it)"
