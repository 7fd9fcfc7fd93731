"""A prediction against the truth: figures of one scene. Lengths are in % of the clip's median true torso."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_NAMES, VISIBLE, Landmark
from validation.distances import MAIN, errors_pct, jitter_pct
from validation.geometry import Array, Mask
from validation.prediction import Prediction
from validation.truth import Truth

_ENDS: Final = [
    int(joint)
    for joint in (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
]
_PAIRS: Final = ((11, 12), (13, 14), (15, 16), (23, 24), (25, 26), (27, 28))
_SWAPPED_APART_PCT: Final = 25.0
"""A pair counts as swapped only where its true places are so far apart; nearer, left and right look alike."""

_GRID_STEP_M: Final = 0.25
_FEWEST_GRID_POINTS: Final = 8


@dataclass(frozen=True)
class Spread:
    """Mean, median and 95th percentile; None where there was nothing to measure."""

    mean: float
    median: float
    p95: float


@dataclass(frozen=True)
class WallFigures:
    """How well frames are laid on each other, in pixels of the middle frame and in cm of the wall."""

    frames_pct: float
    error_px: Spread | None = None
    error_cm: Spread | None = None
    scale_error_pct: float | None = None
    scale_stated_pct: float | None = None

    @property
    def scale_is_within(self) -> bool | None:
        """The stated error holds the true one; None where there is no scale."""
        if self.scale_error_pct is None or self.scale_stated_pct is None:
            return None
        return abs(self.scale_error_pct) <= self.scale_stated_pct


@dataclass(frozen=True)
class Figures:
    """One scene. None: not measurable there (no climber, no hidden limb, not predicted)."""

    scene: str
    frames: int
    climber_frames: int
    detection_pct: float | None = None
    false_frames: int = 0
    wrong_person_frames: int = 0
    main_joints_pct: Spread | None = None
    main_joints_visible_pct: Spread | None = None
    main_joints_hidden_pct: Spread | None = None
    joints_visible_pct: dict[str, Spread | None] = field(default_factory=dict[str, Spread | None])
    joints_hidden_pct: dict[str, Spread | None] = field(default_factory=dict[str, Spread | None])
    swapped_frames: int = 0
    sides_flagged_pct: float | None = None
    center_of_mass_pct: Spread | None = None
    hidden_ends_unseen_pct: float | None = None
    visible_ends_unseen_pct: float | None = None
    jitter_pct: float | None = None
    true_jitter_pct: float | None = None
    peak_speed_error_pct: dict[str, float] = field(default_factory=dict[str, float])
    wall: WallFigures | None = None


def evaluate(scene: str, prediction: Prediction, truth: Truth, *, dyno: bool = False) -> Figures:
    """All figures of one scene."""
    found = prediction.at(truth.time_s)
    climbs = bool(truth.person.any())
    wall = _wall(found, truth)
    if not climbs:
        false_frames = int(found.person.sum())
        return Figures(scene, len(truth.time_s), 0, false_frames=false_frames, wall=wall)
    torso = float(np.median(truth.torso_px[truth.person]))
    both = found.person & truth.person
    error_pct = errors_pct(found.landmarks_px, truth.landmarks_px, torso)
    counted = both[:, None] & truth.in_frame
    seen, hidden = counted & truth.visible, counted & ~truth.visible
    main = np.zeros(33, bool)
    main[MAIN] = True
    center_pct = 100 * np.linalg.norm(found.center_of_mass_px - truth.center_of_mass_px, axis=1) / torso
    unseen = found.visibility < VISIBLE
    ends_hidden, ends_seen = both[:, None] & ~truth.visible, both[:, None] & truth.visible
    return Figures(
        scene=scene,
        frames=len(truth.time_s),
        climber_frames=int(truth.person.sum()),
        detection_pct=100 * float(found.person[truth.person].mean()),
        wrong_person_frames=int((is_other(found, truth, torso) & both).sum()),
        main_joints_pct=spread_of(error_pct[counted & main]),
        main_joints_visible_pct=spread_of(error_pct[seen & main]),
        main_joints_hidden_pct=spread_of(error_pct[hidden & main]),
        joints_visible_pct=_by_joint(error_pct, seen),
        joints_hidden_pct=_by_joint(error_pct, hidden),
        sides_flagged_pct=_share_pct(found.left_right_flagged[both]),
        swapped_frames=int((_swapped(found, truth, torso) & both & ~found.left_right_flagged).sum()),
        center_of_mass_pct=spread_of(center_pct[both]),
        hidden_ends_unseen_pct=_share_pct(unseen[:, _ENDS][ends_hidden[:, _ENDS]]),
        visible_ends_unseen_pct=_share_pct(unseen[:, _ENDS][ends_seen[:, _ENDS]]),
        jitter_pct=jitter_pct(found.landmarks_px, torso),
        true_jitter_pct=jitter_pct(np.where(both[:, None, None], truth.landmarks_px, np.nan), torso),
        peak_speed_error_pct=_peak_speeds(found, truth) if dyno else {},
        wall=wall,
    )


def spread_of(values: Array) -> Spread | None:
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    return Spread(float(known.mean()), float(np.median(known)), float(np.percentile(known, 95)))


def _share_pct(values: Mask) -> float | None:
    return 100 * float(values.mean()) if len(values) else None


def _by_joint(error_pct: Array, counted: Mask) -> dict[str, Spread | None]:
    return {
        name: spread_of(error_pct[counted[:, number], number]) for number, name in enumerate(LANDMARK_NAMES)
    }


def is_other(found: Prediction, truth: Truth, torso: float) -> Mask:
    """(n,): the skeleton lies nearer to a bystander than to the climber, or nowhere near the climber."""

    def distance(places: Array) -> Array:
        return np.linalg.norm(found.landmarks_px[:, MAIN] - places[..., MAIN, :], axis=-1).mean(-1)

    own = distance(truth.landmarks_px)
    others: Mask = own > 1.5 * torso
    if len(truth.bystanders_px):
        others |= (distance(truth.bystanders_px) < own).any(0) & (own > 0.3 * torso)
    return others


def _swapped(found: Prediction, truth: Truth, torso: float) -> Mask:
    """(n,): some pair of joints, called seen, lies clearly on each other's places."""
    swapped = np.zeros(len(truth.time_s), bool)
    for left, right in _PAIRS:
        pair, crossed = [left, right], [right, left]
        straight = np.linalg.norm(found.landmarks_px[:, pair] - truth.landmarks_px[:, pair], axis=2).mean(1)
        across = np.linalg.norm(found.landmarks_px[:, pair] - truth.landmarks_px[:, crossed], axis=2).mean(1)
        apart = np.linalg.norm(truth.landmarks_px[:, left] - truth.landmarks_px[:, right], axis=1)
        believed = (found.visibility[:, pair] >= VISIBLE).all(1)
        swapped |= believed & (apart > _SWAPPED_APART_PCT / 100 * torso) & (across < 0.5 * straight)
    return swapped


def _peak_speeds(found: Prediction, truth: Truth) -> dict[str, float]:
    """How far the highest speed of hips and wrists is off, in percent of the true one; -100: not found."""
    parts: dict[str, Sequence[int]] = {"hips": (23, 24), "left_wrist": (15,), "right_wrist": (16,)}
    return {name: _peak_error_pct(found, truth, list(joints)) for name, joints in parts.items()}


def _peak_error_pct(found: Prediction, truth: Truth, joints: list[int]) -> float:
    def peak(places: Array) -> float:
        path = places[:, joints].mean(1)
        speed = np.linalg.norm(path[2:] - path[:-2], axis=1) / (truth.time_s[2:] - truth.time_s[:-2])
        known = speed[np.isfinite(speed)]
        return float(known.max()) if len(known) else 0.0

    return 100 * (peak(found.landmarks_px) / peak(truth.landmarks_px) - 1)


def _wall(found: Prediction, truth: Truth) -> WallFigures | None:
    """Registration and scale, or nothing where no wall was predicted.

    A grid of wall points is taken to the middle frame twice: by the true homographies, and by the predicted
    ones. Only points count that the picture shows in both frames.
    """
    if found.frame_to_wall is None:
        return None
    known = np.flatnonzero(np.isfinite(found.frame_to_wall).all((1, 2)))
    if not len(known):
        return WallFigures(frames_pct=0.0)
    middle = int(known[np.argmin(np.abs(known - len(truth.time_s) // 2))])
    errors_px: list[Array] = []
    errors_cm: list[Array] = []
    for frame in known:
        points = grid(truth, int(frame), middle)
        if frame == middle or len(points) < _FEWEST_GRID_POINTS:
            continue
        there = mapped(truth.wall_to_frame[middle], points)
        here = mapped(truth.wall_to_frame[frame], points)
        guess = mapped(inverse(found.frame_to_wall[middle]) @ found.frame_to_wall[frame], here)
        errors_px.append(np.linalg.norm(guess - there, axis=1))
        on_wall = mapped(inverse(truth.wall_to_frame[middle]), guess)
        errors_cm.append(100 * np.linalg.norm(on_wall - points, axis=1))
    return WallFigures(
        frames_pct=100 * len(known) / len(truth.time_s),
        error_px=spread_of(np.concatenate(errors_px)) if errors_px else None,
        error_cm=spread_of(np.concatenate(errors_cm)) if errors_cm else None,
        scale_error_pct=_scale_error_pct(found, truth, middle),
        scale_stated_pct=found.scale_stated_pct,
    )


def _scale_error_pct(found: Prediction, truth: Truth, frame: int) -> float | None:
    """Of the lengths between neighbors of the grid, measured with the predicted wall and scale; median."""
    points = grid(truth, frame, frame)
    if found.meters_per_unit is None or found.frame_to_wall is None or len(points) < _FEWEST_GRID_POINTS:
        return None
    measured = mapped(found.frame_to_wall[frame], mapped(truth.wall_to_frame[frame], points))
    true_m, measured_m = (
        np.linalg.norm(places[:, None] - places[None], axis=2)
        for places in (points, measured * found.meters_per_unit)
    )
    near = (true_m > 0) & (true_m < 1.5 * _GRID_STEP_M)
    return 100 * (float(np.median(measured_m[near] / true_m[near])) - 1)


def grid(truth: Truth, first: int, second: int) -> Array:
    """(k, 2) points of the wall in meters that lie in the picture in both frames."""
    columns, rows = round(6 / _GRID_STEP_M) + 1, round(4 / _GRID_STEP_M) + 1
    corner, steps = np.array([-3.0, 0.5]), np.indices((columns, rows)).reshape(2, -1).T
    points = (corner + _GRID_STEP_M * steps).astype(np.float64)
    inside = np.ones(len(points), bool)
    for frame in (first, second):
        places = mapped(truth.wall_to_frame[frame], points)
        inside &= ((places >= 0) & (places < truth.size_px)).all(1)
    return points[inside]


def inverse(homography: Array) -> Array:
    return np.linalg.inv(homography).astype(np.float64)


def mapped(homography: Array, points: Array) -> Array:
    """(k, 2) points through a (3, 3) homography."""
    raised = np.column_stack([points, np.ones(len(points))]) @ homography.T
    return raised[:, :2] / raised[:, 2:]
