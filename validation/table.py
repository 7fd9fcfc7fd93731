"""The figures of all scenes as one table: for the screen, and for docs/validation.md."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from validation.comparison import Comparison, Side
from validation.evaluation import Figures, Spread, WallFigures

PAGE: Final = Path(__file__).parents[1] / "docs" / "validation.md"

Row = TypeVar("Row", Figures, Comparison)

_END: Final = "<!-- end of table -->"


def _number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _spread(spread: Spread | None, digits: int = 1) -> str:
    """Mean / 95th percentile."""
    return "-" if spread is None else f"{spread.mean:.{digits}f} / {spread.p95:.{digits}f}"


def _count(figures: Figures, count: int) -> str:
    return str(count) if figures.climber_frames else "-"


def _false(figures: Figures) -> str:
    return "-" if figures.climber_frames else f"{figures.false_frames} of {figures.frames}"


def _peaks(figures: Figures) -> str:
    """Hips, then the wrist that is further off."""
    errors = dict(figures.peak_speed_error_pct)
    hips = errors.pop("hips", None)
    return "-" if hips is None else f"{hips:+.1f} / {max(errors.values(), key=abs):+.1f}"


COLUMNS: Final[dict[str, Callable[[Figures], str]]] = {
    "scene": lambda f: f.scene,
    "found %": lambda f: _number(f.detection_pct),
    "false frames": _false,
    "wrong person": lambda f: _count(f, f.wrong_person_frames),
    "12 joints %": lambda f: _spread(f.main_joints_pct),
    "visible %": lambda f: _spread(f.main_joints_visible_pct),
    "hidden %": lambda f: _spread(f.main_joints_hidden_pct),
    "swaps": lambda f: _count(f, f.swapped_frames),
    "sides flagged %": lambda f: _number(f.sides_flagged_pct),
    "center of mass %": lambda f: _spread(f.center_of_mass_pct),
    "hidden ends unseen %": lambda f: _number(f.hidden_ends_unseen_pct, 0),
    "visible ends unseen %": lambda f: _number(f.visible_ends_unseen_pct, 0),
    "jitter (true) %": lambda f: f"{_number(f.jitter_pct, 2)} ({_number(f.true_jitter_pct, 2)})",
    "peak speed %": _peaks,
    "wall px": lambda f: "-" if f.wall is None or f.wall.error_px is None else _median(f.wall.error_px),
    "wall cm": lambda f: "-" if f.wall is None or f.wall.error_cm is None else _median(f.wall.error_cm),
    "wall frames %": lambda f: "-" if f.wall is None else _number(f.wall.frames_pct, 0),
    "scale (stated) %": lambda f: "-" if f.wall is None else _scale(f.wall),
    "scale holds": lambda f: {True: "yes", False: "no", None: "-"}[f.wall and f.wall.scale_is_within],
}


def _scale(wall: WallFigures) -> str:
    """Error, and in brackets how large the result says that it can be."""
    if wall.scale_error_pct is None:
        return "-"
    return f"{wall.scale_error_pct:+.1f} ({_number(wall.scale_stated_pct, 0)})"


def _median(spread: Spread) -> str:
    """Median / 95th percentile."""
    return f"{spread.median:.2f} / {spread.p95:.2f}"


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def summary(rows: list[Figures]) -> dict[str, float | None]:
    """The whole set in a few numbers: scenes count alike, however long they are."""
    return {
        "detection_pct": _mean([row.detection_pct for row in rows]),
        "false_frames": float(sum(row.false_frames for row in rows)),
        "wrong_person_frames": float(sum(row.wrong_person_frames for row in rows)),
        "main_joints_mean_pct": _mean([row.main_joints_pct and row.main_joints_pct.mean for row in rows]),
        "main_joints_visible_mean_pct": _mean(
            [row.main_joints_visible_pct and row.main_joints_visible_pct.mean for row in rows]
        ),
        "main_joints_hidden_mean_pct": _mean(
            [row.main_joints_hidden_pct and row.main_joints_hidden_pct.mean for row in rows]
        ),
        "sides_flagged_pct": _mean([row.sides_flagged_pct for row in rows]),
        "swapped_frames": float(sum(row.swapped_frames for row in rows)),
        "center_of_mass_mean_pct": _mean(
            [row.center_of_mass_pct and row.center_of_mass_pct.mean for row in rows]
        ),
        "hidden_ends_unseen_pct": _mean([row.hidden_ends_unseen_pct for row in rows]),
        "visible_ends_unseen_pct": _mean([row.visible_ends_unseen_pct for row in rows]),
        "jitter_pct": _mean([row.jitter_pct for row in rows]),
        "wall_median_px": _mean(
            [row.wall and row.wall.error_px and row.wall.error_px.median for row in rows]
        ),
    }


def show(rows: list[Figures], console: Console) -> None:
    """One table and the summary on the screen."""
    _print(COLUMNS, rows, console)
    for name, value in summary(rows).items():
        console.print(f"{name:32} {_number(value, 2)}")


def show_comparison(rows: list[Comparison], console: Console) -> None:
    _print(BESIDE, rows, console)


def _print(columns: dict[str, Callable[[Row], str]], rows: Sequence[Row], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for name in columns:
        is_name = name == "scene"
        table.add_column(name, justify="left" if is_name else "right", overflow="fold", no_wrap=is_name)
    for row in rows:
        table.add_row(*(cell(row) for cell in columns.values()))
    console.print(table)


def _pair(first: float | None, second: float | None, digits: int = 1) -> str:
    return f"{_number(first, digits)} / {_number(second, digits)}"


def _joints(side: Side) -> str:
    return f"{_number(side.joints_pct)} ({_pair(side.visible_pct, side.hidden_pct)})"


BESIDE: Final[dict[str, Callable[[Comparison], str]]] = {
    "scene": lambda c: c.scene,
    "common frames": lambda c: str(c.common_frames) if c.ours.found_pct is not None else "-",
    "12 joints (visible / hidden) %": lambda c: _joints(c.ours) if c.common_frames else "-",
    "MediaPipe": lambda c: _joints(c.peer) if c.common_frames else "-",
    "with misses %": lambda c: _pair(c.ours.with_misses_pct, c.peer.with_misses_pct),
    "found %": lambda c: _pair(c.ours.found_pct, c.peer.found_pct),
    "jitter %": lambda c: _pair(c.ours.jitter_pct, c.peer.jitter_pct, 2),
    "wrong or false frames": lambda c: f"{c.ours.wrong_frames} / {c.peer.wrong_frames}",
    "MediaPipe is better at": lambda c: ", ".join(c.lost()) or "-",
}


def write_page(rows: list[Figures], commit: str, page: Path = PAGE) -> None:
    """Put the table between its two marks in docs/validation.md. Raises ValueError where they are missing."""
    lines = [
        f"Measured at commit `{commit}`.",
        "",
        *_lines(COLUMNS, rows),
        "",
        "| all scenes | |",
        "|---|---|",
    ]
    lines += [f"| {name} | {_number(value, 2)} |" for name, value in summary(rows).items()]
    _replace(page, "table: written by `make validate`", lines)


def write_comparison(rows: list[Comparison], commit: str, page: Path = PAGE) -> None:
    """As `write_page`, for the table beside MediaPipe."""
    lines = [f"Measured at commit `{commit}`.", "", *_lines(BESIDE, rows)]
    _replace(page, "table: written by `make validate-peer`", lines)


def _lines(columns: dict[str, Callable[[Row], str]], rows: Sequence[Row]) -> list[str]:
    cells = [list(columns), ["---"] * len(columns)]
    cells += [[cell(row) for cell in columns.values()] for row in rows]
    return ["| " + " | ".join(line) + " |" for line in cells]


def _replace(page: Path, mark: str, lines: list[str]) -> None:
    text = page.read_text()
    begin = text.find(f"<!-- {mark} -->")
    end = text.find(_END, begin)
    if begin < 0 or end < 0:
        raise ValueError(f"{page} has no place for the table")
    body = "\n".join([f"<!-- {mark} -->", "", *lines])
    page.write_text(f"{text[:begin]}{body}\n\n{text[end:]}")
