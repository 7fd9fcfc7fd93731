"""Which figures of a run others see: of the clip and how well it was read, never of the body."""

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
