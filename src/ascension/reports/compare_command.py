"""`ascension compare FIRST SECOND`: two attempts on one wall beside each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ascension.errors.jobs import JobFailure
from ascension.infra.console import EXIT_BAD_INPUT, JsonOption, fail, tell
from ascension.reports.command import (
    LARGEST_PICTURE_BYTES,
    RESULT_SUFFIX,
    check_target,
    read_all,
    read_result,
    write,
)
from ascension.reports.comparison_words import KINDS, QUICKER, REASONS, WHO, about, costs, signed, to_hold
from ascension.reports.options import ForceOption

if TYPE_CHECKING:
    from ascension.comparisons.compute import Side
    from ascension.comparisons.schemas import ComparisonResult, DifferenceRead, SectionRead

ResultArgument = Annotated[
    Path, typer.Argument(readable=False, help="NAME.ascension.gz of `ascension analyze`.")
]
AttemptOption = Annotated[int, typer.Option(min=1, help="Which attempt of the clip, from 1.")]


def compare(
    first: ResultArgument,
    second: ResultArgument,
    first_attempt: AttemptOption = 1,
    second_attempt: AttemptOption = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Also write one HTML page.")] = None,
    as_json: JsonOption = False,
    force: ForceOption = False,
) -> None:
    """Say where two attempts on one wall differ, and what it cost.

    Walls are recognized by the pictures that `analyze` wrote beside the results, NAME.wall.webp; two attempts
    of one result need none. Attempts are aligned by holds and progress, not by time. Costs are the second's
    minus the first's; those of two lines may lie in the same time.

    Exit codes: 0 done; 1 unexpected error, or the page could not be written; 2 wrong usage; 3 the two cannot
    be compared (other walls, no hold in common, no picture, a damaged file), the message says why.
    """
    same = _is_same(first, second)
    if same and first_attempt == second_attempt:
        raise typer.BadParameter("that is one attempt: choose another --second-attempt or another result")
    if out is not None:
        for path in (first, second):
            check_target(out, path, force=force)
    sides = [
        _side(path, attempt, as_json=as_json)
        for path, attempt in ((first, first_attempt), (second, second_attempt))
    ]
    # Loaded here: every other command starts without the vision libraries.
    from ascension.comparisons.compute import side_by_side
    from ascension.reports.comparison_page import comparison_page

    try:
        found = side_by_side(*sides, same_analysis=same)
    except JobFailure as failure:
        fail(failure.code, failure.detail, EXIT_BAD_INPUT, as_json=as_json)
    if out is not None:
        names = first.name.removesuffix(RESULT_SUFFIX), second.name.removesuffix(RESULT_SUFFIX)
        write(out, comparison_page(found, names), as_json=as_json)
    if as_json:
        tell(found.model_dump(mode="json"))
        return
    for line in _lines(found):
        typer.echo(line)


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return False


def _side(path: Path, attempt: int, *, as_json: bool) -> "Side":
    from ascension.comparisons.compute import Side

    picture = path.with_name(f"{path.name.removesuffix(RESULT_SUFFIX)}.wall.webp")
    return Side(
        read_result(path, as_json=as_json),
        attempt,
        read_all(picture, LARGEST_PICTURE_BYTES, as_json=as_json) if picture.exists() else None,
    )


def _lines(found: "ComparisonResult") -> list[str]:
    head, wall = found.headline, found.wall
    took = f"{head.first_s:.1f} s | {head.second_s:.1f} s ({signed(head.difference_s)} s)"
    lines = [f"{'To the last hold of both':<26} {took}, {QUICKER[head.quicker]}"]
    if wall.method == "picture":
        within = f"{wall.residual_px:.1f} px" if wall.residual_cm is None else f"{wall.residual_cm:.1f} cm"
        lines.append(f"{'Walls':<26} {wall.inliers} points agree within {within}")
    lines += ["", "Differences (first | second)"] if found.differences else ["", "No differences."]
    lines += [_difference(one, found) for one in found.differences]
    lines += ["", "Sections (first | second)", *(_section(one, found.unit) for one in found.sections)]
    lines += ["", "Measures (first | second)"]
    for row in found.measures:
        if row.difference is None:
            lines.append(f"  {row.name:<24} {REASONS[row.reason or 'unknown_in_both']}")
        else:
            lines.append(
                f"  {row.name:<24} {row.first:.4g} | {row.second:.4g} {row.unit} ({row.difference:+.4g})"
            )
    return lines


def _difference(one: "DifferenceRead", found: "ComparisonResult") -> str:
    moments = " | ".join("-" if span is None else f"{span.start_s:.1f} s" for span in (one.first, one.second))
    what = f"{WHO[one.who]}: {KINDS[one.kind]}"
    return (
        f"  {moments:<16} {what:<48} {about(one)}; costs {costs(one, found.unit)};"
        f" confidence {one.confidence:.2f}"
    )


def _section(one: "SectionRead", unit: str) -> str:
    way = ""
    if one.first_path is not None and one.second_path is not None:
        way = f", way {one.first_path:.2f} | {one.second_path:.2f} {unit}"
    return (
        f"  {one.number:>3}. to {to_hold(one.to_hold):<10} {one.first_s:.1f} | {one.second_s:.1f} s"
        f" ({signed(one.difference_s)} s){way}"
    )
