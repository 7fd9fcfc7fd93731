"""The measured rows as Markdown, on the screen and in docs/benchmarks.md."""

from collections.abc import Sequence
from typing import Final

from benches import page
from benches.vision.rows import Measured

# fmt: off
_HEAD: Final = (
    "method", "backend", "stride", "cores", "frames/s", "frames/CPU-s", "decode ms", "model ms",
    "overhead CPU", "overhead wall", "MB", "found %", "jitter %", "error %", "hidden %", "x CPU-s", "x wall",
)
# fmt: on


def render(measured: Sequence[Measured]) -> str:
    """One table per clip; `-` where a figure does not exist. Rows without all rounds say `missing`."""
    parts: list[str] = []
    for clip in dict.fromkeys(one.clip for one in measured):
        of_clip = [one for one in measured if one.clip == clip]
        frames = max((round(one.median("frames")) for one in of_clip if one.rounds), default=0)
        lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
        lines += [_line(_cells(one, _peer_of(one, of_clip))) for one in of_clip]
        parts.append(f"### {clip}: {frames} frames\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def write(measured: Sequence[Measured], rounds: int) -> None:
    """Replace the table of docs/benchmarks.md."""
    page.put(f"{page.provenance(rounds)}\n\n{render(measured)}", "table")


def _peer_of(one: Measured, of_clip: Sequence[Measured]) -> Measured | None:
    """MediaPipe on as many cores, where both have all their rounds."""
    for other in of_clip:
        if other.row.model is None and other.row.cores == one.row.cores:
            return None if other.failures or one.failures else other
    return None


def _cells(one: Measured, peer: Measured | None) -> list[str]:
    cells = [one.row.method(), one.row.backend or "-", str(one.row.stride), str(one.row.cores)]
    if one.failures or one.accuracy is None:
        return [*cells, "missing", *["-"] * (len(_HEAD) - len(cells) - 1)]
    frames, is_ours = one.median("frames"), one.row.model is not None
    cells += [f"{frames / one.median('wall_s'):.1f}", f"{frames / one.median('cpu_s'):.1f}"]
    cells += [f"{1000 * one.median(f'{part}_cpu_s') / frames:.2f}" for part in ("decode", "model")]
    cells += [f"{one.overhead(kind):.2f}" if is_ours else "-" for kind in ("cpu", "wall")]
    worth = one.accuracy
    percents = (worth.detection_pct, worth.jitter_pct, worth.error_pct, worth.hidden_error_pct)
    cells += [
        f"{one.median('peak_mb'):.0f}",
        *("-" if value is None else f"{value:.2f}" for value in percents),
    ]
    return cells + [f"{one.times_faster(peer, kind):.2f}" if peer else "-" for kind in ("cpu", "wall")]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
