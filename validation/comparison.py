"""Our analysis beside a peer's, on the same frames of the same clips."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from validation.distances import MAIN, errors_pct, jitter_pct
from validation.evaluation import is_other
from validation.geometry import Array, Mask
from validation.prediction import Prediction
from validation.truth import Truth

MISS_PCT: Final = 100.0
"""What a joint costs that was not found, and the most that one may cost: a torso."""


@dataclass(frozen=True)
class Side:
    """One method on one scene, percent of the median true torso; None where there is nothing to measure.

    visible_pct, hidden_pct: mean error of the twelve main joints in frames in which both found somebody
    with_misses_pct: mean error in all frames with a climber, missing joints counted as one torso and
        larger errors cut to it
    wrong_frames: on somebody else, or on anybody where nobody climbs
    """

    found_pct: float | None
    joints_pct: float | None
    visible_pct: float | None
    hidden_pct: float | None
    with_misses_pct: float | None
    jitter_pct: float | None
    wrong_frames: int


@dataclass(frozen=True)
class Comparison:
    """One scene. `common_frames`: both found somebody there, and there is a climber."""

    scene: str
    frames: int
    common_frames: int
    ours: Side
    peer: Side

    def lost(self) -> list[str]:
        """What the peer does better; a hundredth of a percent of the torso is no difference."""
        pairs = {
            "found": (self.peer.found_pct, self.ours.found_pct),
            "joints": (self.ours.joints_pct, self.peer.joints_pct),
            "visible": (self.ours.visible_pct, self.peer.visible_pct),
            "hidden": (self.ours.hidden_pct, self.peer.hidden_pct),
            "with misses": (self.ours.with_misses_pct, self.peer.with_misses_pct),
            "jitter": (self.ours.jitter_pct, self.peer.jitter_pct),
            "wrong frames": (float(self.ours.wrong_frames), float(self.peer.wrong_frames)),
        }
        return [
            name
            for name, (more, less) in pairs.items()
            if more is not None and less is not None and more > less + 0.01
        ]


def compare(scene: str, ours: Prediction, peer: Prediction, truth: Truth) -> Comparison:
    """Both at the truth's frames."""
    here, there = ours.at(truth.time_s), peer.at(truth.time_s)
    common = here.person & there.person & truth.person
    return Comparison(
        scene,
        len(truth.time_s),
        int(common.sum()),
        _side(here, truth, common),
        _side(there, truth, common),
    )


def _side(found: Prediction, truth: Truth, common: Mask) -> Side:
    climber = truth.person
    if not climber.any():
        return Side(None, None, None, None, None, None, int(found.person.sum()))
    torso_px = float(np.median(truth.torso_px[climber]))
    error_pct = errors_pct(found.landmarks_px, truth.landmarks_px, torso_px)[:, MAIN]
    inside, seen = truth.in_frame[:, MAIN], truth.visible[:, MAIN]
    shared = common[:, None] & inside
    all_pct = np.where(np.isfinite(error_pct), np.minimum(error_pct, MISS_PCT), MISS_PCT)
    wrong = is_other(found, truth, torso_px) & found.person & climber
    return Side(
        found_pct=100 * float(found.person[climber].mean()),
        joints_pct=_mean(error_pct[shared]),
        visible_pct=_mean(error_pct[shared & seen]),
        hidden_pct=_mean(error_pct[shared & ~seen]),
        with_misses_pct=_mean(all_pct[climber[:, None] & inside]),
        jitter_pct=jitter_pct(np.where(common[:, None, None], found.landmarks_px, np.nan), torso_px),
        wrong_frames=int(wrong.sum()),
    )


def _mean(values: Array) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None
