"""Tables of figures: for the screen, and for docs/validation.md, each between two marks of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.table import Table as Grid

from ascension.climbing.measures.definitions import DEFINITIONS
from validation import columns
from validation.comparison import Comparison
from validation.pairs import PairFigures
from validation.proof import TARGETS, Proof, reached

PAGE: Final = Path(__file__).parents[1] / "docs" / "validation.md"

Row = TypeVar("Row")

_END: Final = "<!-- end of table -->"


@dataclass(frozen=True)
class Table:
    """Cells as text; the page has a place for each name."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(proofs: Sequence[Proof]) -> list[Table]:
    """All tables of `make validate`. Scenes with planted faults have no row in the table of the landmarks."""
    readings = [proof.reading for proof in proofs if proof.reading is not None]
    climbers = [proof for proof in proofs if proof.reading is not None]
    usual = [proof.figures for proof in proofs if proof.group != "planted"]
    pairs = [pair for reading in readings for pair in reading.pairs]
    means = columns.summary(usual).items()
    return [
        _table("targets", columns.TARGETS, [reached(target, proofs) for target in TARGETS]),
        _table("contacts", columns.CLIMBS, [reading.climb for reading in readings]),
        _table("moves", columns.PLANS, [reading.plan for reading in readings]),
        _table("faults", columns.FAULTS, [reading.faults for reading in readings]),
        _table("lengths", columns.LENGTHS, climbers),
        _table("measures", columns.measures_of(pairs), DEFINITIONS),
        _table("landmarks", columns.LANDMARKS, usual),
        Table(
            "all scenes", ("all scenes", ""), tuple((name, columns.number(mean, 2)) for name, mean in means)
        ),
    ]


def comparison_of(rows: Sequence[Comparison]) -> Table:
    """The table of `make validate-peer`."""
    return _table("beside", columns.BESIDE, rows)


def pairs_of(rows: Sequence[PairFigures]) -> Table:
    """The table of the climbs that share a wall."""
    return _table("pairs", columns.PAIRS, rows)


def _table(name: str, cells: dict[str, Callable[[Row], str]], rows: Sequence[Row]) -> Table:
    return Table(name, tuple(cells), tuple(tuple(cell(row) for cell in cells.values()) for row in rows))


def show(tables: Sequence[Table], console: Console) -> None:
    """All tables on the screen, one below the other."""
    for table in tables:
        grid = Grid(title=table.name, title_justify="left", box=None, pad_edge=False)
        for number, name in enumerate(table.header):
            grid.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=not number)
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid, "")


def write_page(tables: Sequence[Table], commit: str, page: Path = PAGE) -> None:
    """Put each table between its marks in docs/validation.md, the commit above the first.

    Raises ValueError where the marks are missing.
    """
    text = page.read_text()
    for number, table in enumerate(tables):
        mark = f"<!-- table: {table.name} -->"
        begin = text.find(mark)
        end = text.find(_END, begin)
        if begin < 0 or end < 0:
            raise ValueError(f"{page} has no place for the table of {table.name}")
        cells = [table.header, ("---",) * len(table.header), *table.rows]
        lines = ["| " + " | ".join(row) + " |" for row in cells]
        measured = [] if number else [f"Measured at commit `{commit}`.", ""]
        body = "\n".join([mark, "", *measured, *lines])
        text = f"{text[:begin]}{body}\n\n{text[end:]}"
    page.write_text(text)
