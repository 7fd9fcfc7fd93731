"""What one worker has done since it began: counted here, told with its report as flat figures."""

import time
from collections import defaultdict
from dataclasses import dataclass, field, fields


@dataclass
class Tally:
    """Runs by how they ended, and the seconds spent in each stage of those that were done.

    Figures: `jobs_<field>` for every count, `seconds_<kind>_<stage>` for every stage.
    """

    started: int = 0
    done: int = 0
    failed: int = 0
    """The input was at fault."""
    canceled: int = 0
    crashed: int = 0
    """The child died or stood still until its limit, or the worker met what nobody expected."""
    interrupted: int = 0
    """Storage, the database or the disk did not answer."""
    claims_lost: int = 0
    """The lease ran out, the job was deleted or asked for anew meanwhile."""
    handed_back: int = 0
    """The worker was stopped."""
    stage_s: dict[tuple[str, str], float] = field(
        default_factory=lambda: defaultdict[tuple[str, str], float](float)
    )

    def add_stages(self, kind: str, timings: dict[str, float]) -> None:
        """One completed run."""
        for stage, seconds in timings.items():
            self.stage_s[kind, stage] += seconds

    def figures(self) -> dict[str, float]:
        """All of it, flat."""
        counts = {
            f"jobs_{one.name}": getattr(self, one.name) for one in fields(self) if one.name != "stage_s"
        }
        stages = {f"seconds_{kind}_{stage}": round(s, 3) for (kind, stage), s in self.stage_s.items()}
        return {**counts, **stages}


@dataclass
class Progress:
    """What a run last said, for heartbeat and sockets, and how long each of its stages took."""

    stage: str = "starting"
    progress_pct: int = 0
    figures: dict[str, float] = field(default_factory=dict[str, float])
    over: bool = False
    """Ends the beats: wait_for of Python 3.11, in libraries, swallows a cancel now and then."""
    _seconds: dict[str, float] = field(default_factory=lambda: defaultdict[str, float](float))
    _since_s: float = field(default_factory=time.monotonic)

    def enter(self, stage: str, progress_pct: int = 0, figures: dict[str, float] | None = None) -> None:
        """The run is in this stage now."""
        now_s = time.monotonic()
        self._seconds[self.stage] += now_s - self._since_s
        self._since_s = now_s
        self.stage, self.progress_pct, self.figures = stage, progress_pct, figures or {}

    def timings(self) -> dict[str, float]:
        """Seconds by stage, up to now."""
        self.enter(self.stage, self.progress_pct, self.figures)
        return {stage: round(seconds, 3) for stage, seconds in self._seconds.items()}
