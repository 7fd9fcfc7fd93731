"""What the poses of a method are worth: share of frames with a body, jitter, distance from the truth."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascension.biomechanics.conventions import MAIN_JOINTS
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence


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

    truth: an npz with landmarks_px (frames, 33, 2) and visible (frames, 33) of all frames
    Raises ValueError when nobody was found, or when the truth is that of another clip.
    """
    error_pct = hidden_error_pct = None
    if truth is not None:
        with np.load(truth) as stored:
            error_pct, hidden_error_pct = _errors_pct(
                poses, stored["landmarks_px"][::stride], stored["visible"][::stride]
            )
    return Accuracy(
        detection_pct=100 * float(poses.person.mean()),
        jitter_pct=_jitter_pct(poses) if stride == 1 else None,
        error_pct=error_pct,
        hidden_error_pct=hidden_error_pct,
    )


def _jitter_pct(poses: PoseSequence) -> float:
    joints = poses.landmarks_px[:, MAIN_JOINTS]
    bend_px: FloatArray = np.linalg.norm(joints[2:] - 2 * joints[1:-1] + joints[:-2], axis=-1)
    return 100 * float(np.nanmean(bend_px)) / poses.torso_px()


def _errors_pct(poses: PoseSequence, places: FloatArray, visible: BoolArray) -> tuple[float, float]:
    """Each frame's distance is measured by that frame's true torso; frames without a body do not count."""
    if len(places) != poses.frame_count:
        raise ValueError(f"{poses.frame_count} frames were analyzed, the truth has {len(places)}")
    shoulders_px, hips_px = places[:, 11:13].mean(axis=1), places[:, 23:25].mean(axis=1)
    torso_px: FloatArray = np.linalg.norm(shoulders_px - hips_px, axis=-1)
    distance_px: FloatArray = np.linalg.norm(poses.landmarks_px - places, axis=-1)[:, MAIN_JOINTS]
    error_pct = 100 * distance_px / torso_px[:, None]
    known = np.isfinite(error_pct)
    return float(error_pct[known].mean()), float(error_pct[known & ~visible[:, MAIN_JOINTS]].mean())
