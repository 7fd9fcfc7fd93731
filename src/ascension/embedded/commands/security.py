"""`ascension doctor --security`: the points of `embedded/security`, for people, or as JSON for CI."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer

from ascension.embedded.security import points, situation
from ascension.embedded.security.situation import Verdict
from ascension.infra.console import EXIT_UNEXPECTED, tell

COLORS: Final = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.FAIL: "red",
    Verdict.NOT_APPLICABLE: "blue",
}


def tell_security(backups: Path | None, *, as_json: bool) -> None:
    """Exit code 1 where a point fails; a warning asks for a look, and fails nothing."""
    where = situation.find(os.environ, backups, datetime.now(UTC))
    rows = points.examine(where)
    counts = Counter(row.finding.verdict.value for row in rows)
    if as_json:
        tell({"environment": where.environment, "counts": counts, "points": [_as_json(row) for row in rows]})
    else:
        typer.echo(f"Security of {where.environment}")
        for row in rows:
            _print(row)
        typer.echo(", ".join(f"{counts[verdict.value]} {verdict.value}" for verdict in Verdict))
    if counts[Verdict.FAIL.value]:
        raise typer.Exit(EXIT_UNEXPECTED)


def _print(row: points.Row) -> None:
    found = row.finding
    mark = typer.style(f"{found.verdict.value:<14}", fg=COLORS[found.verdict])
    typer.echo(f"  {row.id}  {mark}  {row.title}")
    typer.echo(f"       asked: {found.asked}")
    typer.echo(f"       said:  {found.answered}")


def _as_json(row: points.Row) -> dict[str, str]:
    found = row.finding
    return {
        "id": row.id,
        "title": row.title,
        "verdict": found.verdict.value,
        "asked": found.asked,
        "answered": found.answered,
    }
