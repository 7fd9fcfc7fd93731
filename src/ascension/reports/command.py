"""`ascension report`, `export`, `import-keypoints`: results to people and other tools, corrections back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ascension.errors.reports import ReportError
from ascension.infra.console import EXIT_BAD_INPUT, EXIT_UNEXPECTED, JsonOption, fail, tell
from ascension.infra.files import read_at_most, write_whole
from ascension.reports.options import ForceOption, LanguageOption, ReportFormat

if TYPE_CHECKING:
    from ascension.analyses.result import Result
    from ascension.reports.content import Clip
    from ascension.reports.told import Told

VideoPlace = Literal["beside", "inside", "none"]
ExportFormat = Literal["csv", "trc", "c3d", "json", "kinovea"]

_SUFFIXES: Final[dict[ExportFormat, str]] = {
    "csv": ".csv", "trc": ".trc", "c3d": ".c3d", "json": ".keypoints.json", "kinovea": ".kva",
}  # fmt: skip
RESULT_SUFFIX: Final = ".ascension.gz"
_LARGEST_RESULT_BYTES: Final = 64 * 2**20
LARGEST_PICTURE_BYTES: Final = 16 * 2**20
_LARGEST_VIDEO_BYTES: Final = 64 * 2**20
_UNEVEN_FRAMES: Final = 0.5

ResultArgument = Annotated[
    Path, typer.Argument(readable=False, help="NAME.ascension.gz of `ascension analyze`.")
]


def export(
    result: ResultArgument,
    to: Annotated[ExportFormat, typer.Option("--format", help="csv, trc, c3d, json or kinovea (.kva).")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; default: beside the result.")
    ] = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Write the keypoints of a result for another tool.

    CSV, JSON and Kinovea's KVA hold pixels of the picture. TRC (OpenSim, Pose2Sim) and C3D hold meters and
    millimeters on the wall, y up, so they need a scale: --height-m, --distance or --rectangle of `analyze`.

    Exit codes: 0 done; 1 the file could not be written; 2 wrong usage; 3 the result cannot be used, the
    message says why.
    """
    found = read_result(result, as_json=as_json)
    stem = result.name.removesuffix(RESULT_SUFFIX)
    target = out or result.with_name(stem + _SUFFIXES[to])
    check_target(target, result, force=force)
    try:
        data = _written(found, to, stem, target.name)
    except ReportError as error:
        fail(error.code, error.detail, EXIT_BAD_INPUT, as_json=as_json)
    write(target, data, as_json=as_json)
    notes = _notes(found, to)
    if as_json:
        tell({"file": str(target), "bytes": len(data), "notes": notes})
        return
    typer.echo(f"{target} ({len(data) / 1000:.1f} kB, {len(found.time_ticks)} frames)")
    for note in notes:
        typer.echo(f"Note: {note}")


def import_keypoints(
    result: ResultArgument,
    file: Annotated[
        Path, typer.Argument(readable=False, help="Corrected keypoints: .trc, .csv or .json, as exported.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Result to write, with the corrections; another file.")
    ],
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Take keypoints that were corrected in another tool back into a result.

    The file must have the frames of the result. Landmarks that differ from it count as corrected and as seen;
    angles and center of mass of their frames are computed anew. Empty cells change nothing. The original is
    kept.

    Exit codes: 0 done; 1 the file could not be written; 2 wrong usage; 3 a file cannot be used, the message
    says why.
    """
    # Loaded here: every other command starts without numpy.
    from ascension.analyses.corrections.keypoints import corrected
    from ascension.analyses.result import encode
    from ascension.reports.corrections import corrections_of

    found = read_result(result, as_json=as_json)
    check_target(out, result, force=force)
    try:
        corrections = corrections_of(_told(file, found, as_json=as_json), found)
    except ReportError as error:
        fail(error.code, f"{file}: {error.detail}", EXIT_BAD_INPUT, as_json=as_json)
    write(out, encode(corrected(found, corrections)), as_json=as_json)
    frames = len({one.frame for one in corrections})
    if not as_json:
        typer.echo(f"{out}: {len(corrections)} landmarks corrected in {frames} frames")
        return
    listed = [
        {"frame": one.frame, "landmark": one.landmark.name.lower(), "x_px": one.x_px, "y_px": one.y_px}
        for one in corrections
    ]
    tell({"file": str(out), "corrections": listed})


def report(
    result: ResultArgument,
    to: Annotated[
        ReportFormat | None,
        typer.Option("--format", help="html: one page, pdf: A4 pages; default: as --out ends, else html."),
    ] = None,
    language: LanguageOption = "en",
    wall: Annotated[
        Path | None, typer.Option(help="Picture of the wall; default: NAME.wall.webp beside the result.")
    ] = None,
    video: Annotated[
        VideoPlace,
        typer.Option(help="NAME.overlay.mp4: played from beside the page, put inside of it, or left out."),
    ] = "beside",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write; default: beside the result.")
    ] = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Write what a result says about the climb: moves, measures, six axes, advice, in one file.

    The file needs no network and says nothing about you but the name of the result. A page plays the overlay
    video of `analyze` where that lies in its folder, and a click on a time shows the moment; with
    --video inside, the page is large and needs no other file.

    Exit codes: 0 done; 1 the file could not be written; 2 wrong usage; 3 a file cannot be used, the message
    says why.
    """
    from ascension.reports.content import Material
    from ascension.reports.reading import climb_of
    from ascension.reports.rendering import report_as

    to = to or ("pdf" if out is not None and out.suffix.lower() == ".pdf" else "html")
    if to == "pdf" and video == "inside":
        raise typer.BadParameter("a PDF holds no video: leave --video out, or choose --format html")
    found = read_result(result, as_json=as_json)
    stem = result.name.removesuffix(RESULT_SUFFIX)
    target = out or result.with_name(f"{stem}.report.{to}")
    check_target(target, result, force=force)
    beside = result.with_name(f"{stem}.wall.webp")
    picture_path = wall or (beside if beside.exists() else None)
    picture = read_all(picture_path, LARGEST_PICTURE_BYTES, as_json=as_json) if picture_path else None
    clip = _clip(result.with_name(f"{stem}.overlay.mp4"), target, video, as_json=as_json)
    try:
        data = report_as(to, Material(found, climb_of(found), stem, picture, clip), language)
    except ReportError as error:
        fail(error.code, f"{picture_path}: {error.detail}", EXIT_BAD_INPUT, as_json=as_json)
    write(target, data, as_json=as_json)
    if as_json:
        tell({"file": str(target), "bytes": len(data)})
    else:
        typer.echo(f"{target} ({len(data) / 1000:.1f} kB)")


def _clip(overlay: Path, target: Path, place: VideoPlace, *, as_json: bool) -> "Clip | None":
    """The video of a report: inside, or in its folder; the path to another folder would say too much."""
    from ascension.reports.content import Clip

    if place == "inside":
        return Clip(overlay.name, read_all(overlay, _LARGEST_VIDEO_BYTES, as_json=as_json))
    is_beside = overlay.is_file() and overlay.resolve().parent == target.resolve().parent
    return Clip(overlay.name) if place == "beside" and is_beside else None


def _written(result: "Result", to: ExportFormat, stem: str, file_name: str) -> bytes:
    """Each writer is loaded when it is asked for."""
    if to == "csv":
        from ascension.reports.csv_file import csv_of

        return csv_of(result)
    if to == "json":
        from ascension.reports.json_file import json_of

        return json_of(result)
    if to == "kinovea":
        from ascension.reports.kinovea_file import kinovea_of

        return kinovea_of(result, stem)
    if to == "trc":
        from ascension.reports.trc_file import trc_of

        return trc_of(result, file_name)
    from ascension.reports.c3d_file import c3d_of

    return c3d_of(result)


def _told(file: Path, result: "Result", *, as_json: bool) -> "Told":
    from ascension.reports.csv_file import read_csv
    from ascension.reports.json_file import read_json
    from ascension.reports.told import most_bytes
    from ascension.reports.trc_file import read_trc

    readers = {".csv": read_csv, ".trc": read_trc, ".json": read_json}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise typer.BadParameter(f"{file.name}: the name must end in .trc, .csv or .json")
    return reader(_read(file, most_bytes(result), as_json=as_json), result)


def _notes(result: "Result", to: ExportFormat) -> list[str]:
    from ascension.reports.markers import unevenness_frames

    notes: list[str] = []
    uneven = unevenness_frames(result)
    if to == "c3d" and uneven > _UNEVEN_FRAMES:
        notes.append(
            f"The frame rate is uneven, and C3D knows one rate only: times are up to {uneven:.1f} frames off."
        )
    wall = result.facts.wall
    if to in {"trc", "c3d"} and wall is not None and wall.scale.parallax_pct is not None:
        larger = wall.scale.parallax_pct
        notes.append(f"In front of the wall the body looks about {larger:.0f} % larger than it is.")
    return notes


def read_result(path: Path, *, as_json: bool) -> "Result":
    """A decoded result; what is none ends the command."""
    from ascension.analyses.result import decode

    try:
        return decode(_read(path, _LARGEST_RESULT_BYTES, as_json=as_json))
    except ValueError as error:
        # Of a damaged header pydantic says a page.
        detail = str(error).splitlines()[0]
        fail("not_a_result", f"{path}: {detail}", EXIT_BAD_INPUT, as_json=as_json)


def _read(path: Path, most_bytes: int, *, as_json: bool) -> bytes:
    """At most one byte more than allowed."""
    try:
        return read_at_most(path, most_bytes)
    except OSError as error:
        fail("cannot_read", f"{path}: {error.strerror}", EXIT_BAD_INPUT, as_json=as_json)


def read_all(path: Path, most_bytes: int, *, as_json: bool) -> bytes:
    """A file that may be so large; a larger one is wrong usage."""
    data = _read(path, most_bytes, as_json=as_json)
    if len(data) > most_bytes:
        raise typer.BadParameter(f"{path} is larger than {most_bytes // 2**20} MiB")
    return data


def check_target(target: Path, result: Path, *, force: bool) -> None:
    """A file that may be written; else it is wrong usage."""
    if target.is_dir():
        raise typer.BadParameter(f"{target} is a folder")
    if target.exists() and target.samefile(result):
        raise typer.BadParameter("the result itself is never replaced: choose another --out")
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} exists already: choose another --out, or --force to replace it")


def write(path: Path, data: bytes, *, as_json: bool) -> None:
    """The whole file; where that cannot be, the command ends."""
    try:
        write_whole(path, data)
    except OSError as error:
        fail("cannot_write", f"{path}: {error.strerror}", EXIT_UNEXPECTED, as_json=as_json)
