"""What a rehearsal measured, line by line, as it is printed at its end."""

from tests.rehearsal.hosts import PLACE

FILE = PLACE / "report.md"


def begin() -> None:
    FILE.write_text("")


def note(what: str, figures: object) -> None:
    with FILE.open("a") as file:
        file.write(f"- {what}: {figures}\n")
