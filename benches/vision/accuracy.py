"""What the poses of a method are worth: share of frames with a body, jitter, distance from the truth."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascension.biomechanics.poses import PoseSequence
from validation.distances import MAIN, errors_pct, jitter_pct
from validation.geometry import Array, Mask
from validation.truth import torso_px


@dataclass(frozen=True)
class Accuracy:
    """Of the twelve main joints, in percent of a torso length; None where it cannot be said.

    jitter_pct: mean length of the second difference between frames that follow each other
    error_pct, hidden_error_pct: mean distance from the truth, over all joints and over hidden ones
    """

    detection_pct: float
    jitter_pct: float | None
    error_pct: float | None
    hidden_error_pct: float | None


def read_poses(path: Path) -> PoseSequence:
    """Poses that a measured row has left."""
    with np.load(path) as stored:
        return PoseSequence(
            time_s=stored["time_s"],
            person=stored["person"],
            landmarks_px=stored["landmarks_px"],
            visibility=stored["visibility"],
        )


def judge(poses: PoseSequence, truth: Path | None, stride: int) -> Accuracy:
    """`poses` of every `stride`-th frame of the clip.

    truth: an npz with landmarks_px (frames, 33, 2), visible and in_frame (frames, 33) of all frames;
        errors are in percent of its median torso, joints outside the picture do not count
    Raises ValueError when nobody was found, or when the truth is that of another clip.
    """
    error_pct = hidden_error_pct = None
    if truth is not None:
        with np.load(truth) as stored:
            places = stored["landmarks_px"][::stride].astype(np.float64)
            error_pct, hidden_error_pct = _errors_pct(
                poses, places, stored["visible"][::stride], stored["in_frame"][::stride]
            )
    return Accuracy(
        detection_pct=100 * float(poses.person.mean()),
        jitter_pct=jitter_pct(poses.landmarks_px, poses.torso_px()) if stride == 1 else None,
        error_pct=error_pct,
        hidden_error_pct=hidden_error_pct,
    )


def _errors_pct(poses: PoseSequence, places: Array, visible: Mask, in_frame: Mask) -> tuple[float, float]:
    """Of all main joints and of the hidden ones; frames without a body do not count."""
    if len(places) != poses.frame_count:
        raise ValueError(f"{poses.frame_count} frames were analyzed, the truth has {len(places)}")
    median_px = float(np.nanmedian(torso_px(places)))
    error_pct = errors_pct(poses.landmarks_px, places, median_px)[:, MAIN]
    known = np.isfinite(error_pct) & in_frame[:, MAIN]
    return float(error_pct[known].mean()), float(error_pct[known & ~visible[:, MAIN]].mean())
