"""How commands end: one line or one JSON object, and an exit code."""

import json
import sys
from collections.abc import Mapping
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

EXIT_UNEXPECTED: Final = 1
EXIT_USAGE: Final = 2
EXIT_BAD_INPUT: Final = 3
EXIT_INTERRUPTED: Final = 130

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def tell(document: Mapping[str, object]) -> None:
    """One JSON object on standard output."""
    sys.stdout.write(json.dumps(document) + "\n")


def plural(count: int, one: str, many: str | None = None) -> str:
    """What so many are called: "account" or "accounts". `many`: where it is not `one` with an s."""
    return one if count == 1 else many or f"{one}s"


def fail(code: str, detail: str, exit_code: int, *, as_json: bool) -> NoReturn:
    """End the command: the reason as JSON on standard output, or for people on standard error."""
    if as_json:
        tell({"error": code, "detail": detail})
    else:
        Console(stderr=True).print(f"[bold red]{code}[/]: {escape(detail)}", highlight=False, soft_wrap=True)
    raise typer.Exit(exit_code)
