"""The workers of a simulation: what they are, and which there are."""

from dataclasses import dataclass, field
from typing import Literal

from ascension.jobs.turns import Turns

State = Literal["booting", "ready", "interrupted", "draining", "gone"]
"""interrupted: its spot machine is about to be taken away. draining: it was told to stop."""


@dataclass(frozen=True)
class FleetSettings:
    """What a worker is, and what happens to it."""

    slots: int = 1
    boot_s: float = 300
    """From the order of a machine to its first job; production.md 647 gives it 300 s of grace."""
    restart_s: float = 10
    """From a crash of the process to its first job (staging.md: RestartSec=10)."""
    spot_share: float = 0
    """Of the workers."""
    interruptions_per_day: float = 0
    """Of one spot machine."""
    notice_s: float = 100
    """From the notice to the hand-back: two minutes, less the margin that the worker keeps."""
    crashes_per_day: float = 0
    """Of one worker process."""
    lease_s: float = 20
    sweep_s: float = 1
    admitted_per_user: int = 2


@dataclass(eq=False)
class Worker:
    """One machine with one worker process."""

    launched_s: float
    spot: bool
    slots: int
    state: State = "booting"
    ready_s: float | None = None
    gone_s: float | None = None
    free: int = 0
    running: set[int] = field(default_factory=set[int])
    turns: Turns = field(default_factory=Turns)


@dataclass(frozen=True)
class WorkerLife:
    """When a machine was paid for, and when it could work."""

    spot: bool
    launched_s: float
    ready_s: float | None
    gone_s: float | None

    def seconds(self, until_s: float) -> float:
        """Paid for, in [0, until_s]."""
        return max(min(self.gone_s if self.gone_s is not None else until_s, until_s) - self.launched_s, 0)

    def ready_seconds(self, until_s: float) -> float:
        """Able to work, in [0, until_s]."""
        if self.ready_s is None:
            return 0
        return max(min(self.gone_s if self.gone_s is not None else until_s, until_s) - self.ready_s, 0)
