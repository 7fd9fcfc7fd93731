"""The figures of all scenes as one table: for the screen, and for docs/validation.md."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from validation.evaluation import Figures, Spread

PAGE: Final = Path(__file__).parents[1] / "docs" / "validation.md"

_BEGIN: Final = "<!-- table: written by `make validate` -->"
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
    "center of mass %": lambda f: _spread(f.center_of_mass_pct),
    "hidden ends unseen %": lambda f: _number(f.hidden_ends_unseen_pct, 0),
    "visible ends unseen %": lambda f: _number(f.visible_ends_unseen_pct, 0),
    "jitter (true) %": lambda f: f"{_number(f.jitter_pct, 2)} ({_number(f.true_jitter_pct, 2)})",
    "peak speed %": _peaks,
    "wall px": lambda f: "-" if f.wall is None or f.wall.error_px is None else _median(f.wall.error_px),
    "wall cm": lambda f: "-" if f.wall is None or f.wall.error_cm is None else _median(f.wall.error_cm),
    "wall frames %": lambda f: "-" if f.wall is None else _number(f.wall.frames_pct, 0),
    "scale %": lambda f: "-" if f.wall is None else _number(f.wall.scale_error_pct),
}


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
    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == "scene" else "right", overflow="fold")
    for row in rows:
        table.add_row(*(cell(row) for cell in COLUMNS.values()))
    console.print(table)
    for name, value in summary(rows).items():
        console.print(f"{name:32} {_number(value, 2)}")


def write_page(rows: list[Figures], commit: str, page: Path = PAGE) -> None:
    """Put the table between its two marks in docs/validation.md. Raises ValueError where they are missing."""
    text = page.read_text()
    begin, end = text.find(_BEGIN), text.find(_END)
    if begin < 0 or end < begin:
        raise ValueError(f"{page} has no place for the table")
    lines = [_BEGIN, "", f"Measured at commit `{commit}`.", ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    lines += ["| " + " | ".join(cell(row) for cell in COLUMNS.values()) + " |" for row in rows]
    lines += ["", "| all scenes | |", "|---|---|"]
    lines += [f"| {name} | {_number(value, 2)} |" for name, value in summary(rows).items()]
    page.write_text(text[:begin] + "\n".join(lines) + "\n\n" + text[end:])
