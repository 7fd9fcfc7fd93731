"""Which figures of a run others see: of the clip, its reading and how attempts ended; never of the body."""

from typing import Any, Final

_SHOWN: Final = (
    "duration_s",
    "fps",
    "frame_count",
    "frames_per_s",
    "height_px",
    "mean_visibility",
    "width_px",
)


def shown_figures(summary: dict[str, Any] | None) -> dict[str, Any]:
    """Those of a stored summary."""
    return {name: summary[name] for name in _SHOWN if name in summary} if summary else {}


def outcomes_of(summary: dict[str, Any] | None) -> list[str] | None:
    """How each attempt of a stored summary ended; None: it is from before attempts were counted."""
    attempts = summary.get("attempts") if summary else None
    return None if attempts is None else [str(attempt["outcome"]) for attempt in attempts]
