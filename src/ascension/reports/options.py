"""What the commands that write reports ask for in the same words."""

from typing import Annotated, Literal

import typer

from ascension.accounts.choices import Language

ReportFormat = Literal["html", "pdf"]
LanguageOption = Annotated[Language, typer.Option(help="Language of what is written: en or fr.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]
