"""The switches of `ascension plan`. No numpy here: every command loads this."""

from pathlib import Path
from typing import Annotated, Final

import typer

DEMAND: Final = "What is asked for"
FLEET: Final = "What serves it"
MONEY: Final = "What it is paid with"

UsersOption = Annotated[
    int, typer.Option(min=1, max=100_000_000, rich_help_panel=DEMAND, help="Active users.")
]
ClipsOption = Annotated[
    float, typer.Option(min=0.01, max=1000, rich_help_panel=DEMAND, help="Of one user in a month.")
]
DaysOption = Annotated[
    int, typer.Option(min=1, max=31, rich_help_panel=DEMAND, help="Simulated, from a Monday on.")
]
TiersOption = Annotated[str, typer.Option(rich_help_panel=DEMAND, help="Shares of the users by tier.")]
VisitsOption = Annotated[
    Path | None,
    typer.Option(
        rich_help_panel=DEMAND,
        help='JSON: {"weekday": [24 numbers], "weekend": [24]}; default: an evening peak.',
    ),
]
ClipSOption = Annotated[
    float, typer.Option(min=0.1, max=600, rich_help_panel=DEMAND, help="Median length of a clip.")
]
ClipP95SOption = Annotated[
    float, typer.Option(min=0.1, max=600, rich_help_panel=DEMAND, help="One in twenty is longer.")
]
FramesPerSOption = Annotated[
    float,
    typer.Option(
        min=0.1,
        max=100_000,
        rich_help_panel=FLEET,
        help="Computed by one slot; 78: two cores, no GPU, docs/benchmarks.md.",
    ),
]
OverheadSOption = Annotated[
    float, typer.Option(min=0, max=3600, rich_help_panel=FLEET, help="Of every job beside its frames.")
]
RequestsOption = Annotated[
    float,
    typer.Option(min=0, max=10_000, rich_help_panel=FLEET, help="To the API for a clip; an assumption."),
]
RequestMsOption = Annotated[
    float, typer.Option(min=0, max=10_000, rich_help_panel=FLEET, help="Of a core for a request.")
]
SlotsOption = Annotated[
    int, typer.Option(min=1, max=64, rich_help_panel=FLEET, help="WORKER_CONCURRENCY of a worker.")
]
LeastOption = Annotated[
    int, typer.Option(min=1, max=10_000, rich_help_panel=FLEET, help="Workers that ours never goes below.")
]
MostOption = Annotated[
    int, typer.Option(min=1, max=10_000, rich_help_panel=FLEET, help="Workers that ours never exceeds.")
]
TargetSOption = Annotated[
    float,
    typer.Option(min=1, max=86_400, rich_help_panel=FLEET, help="Ours works a backlog off in this time."),
]
FixedOption = Annotated[
    int | None,
    typer.Option(
        min=1, max=10_000, rich_help_panel=FLEET, help="Also a column without scaling: so many workers."
    ),
]
BootSOption = Annotated[
    float,
    typer.Option(min=0, max=86_400, rich_help_panel=FLEET, help="From ordering a machine to its first job."),
]
SpotOption = Annotated[
    float, typer.Option(min=0, max=1, rich_help_panel=FLEET, help="Share of workers on spot machines.")
]
InterruptionsOption = Annotated[
    float,
    typer.Option(
        min=0, max=3000, rich_help_panel=FLEET, help="Of one spot machine in a month; an assumption."
    ),
]
CrashesOption = Annotated[
    float,
    typer.Option(min=0, max=3000, rich_help_panel=FLEET, help="Of one worker in a month; an assumption."),
]
ReservedOption = Annotated[
    int, typer.Option(min=0, max=10_000, rich_help_panel=MONEY, help="Workers reserved all month.")
]
CdnOption = Annotated[bool, typer.Option("--cdn", rich_help_panel=MONEY, help="Clips go through the CDN.")]
HourUsdOption = Annotated[
    float, typer.Option(min=0, max=10_000, rich_help_panel=MONEY, help="A worker's machine, on demand.")
]
LateSOption = Annotated[
    float, typer.Option(min=0, max=1e6, rich_help_panel=FLEET, help="A job that waits longer is late.")
]
SeedOption = Annotated[int, typer.Option(min=0, help="The same seed draws the same jobs.")]
PricesOption = Annotated[
    bool, typer.Option("--prices", rich_help_panel=MONEY, help="Also print every price, and where from.")
]
ChartOption = Annotated[Path | None, typer.Option(help="Also draw it: .svg or .html; replaces the file.")]
