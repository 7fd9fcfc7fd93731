"""What somebody says about a clip, in one shape; peers say it in a file."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ascension.biomechanics.balance import center_of_mass_px
from ascension.biomechanics.poses import PoseSequence
from validation.geometry import Array, Mask


@dataclass(frozen=True)
class Prediction:
    """One person through a clip; n frames. NaN where nobody was found.

    person:             (n,) somebody was found
    landmarks_px:       (n, 33, 2) displayed-frame pixels; visibility: (n, 33) 0-1, below 0.5 is "not seen"
    center_of_mass_px:  (n, 2)
    left_right_flagged: (n,) the frame is marked as one whose left and right are not sure
    frame_to_wall:      (n, 3, 3) homographies from pixels to any one plane of the wall, or None
    meters_per_unit:    length of that plane's unit, or None
    scale_stated_pct:   by how much lengths on that plane are said to be off at most, or None
    """

    time_s: Array
    person: Mask
    landmarks_px: Array
    visibility: Array
    center_of_mass_px: Array
    left_right_flagged: Mask
    frame_to_wall: Array | None = None
    meters_per_unit: float | None = None
    scale_stated_pct: float | None = None

    def at(self, time_s: Array) -> "Prediction":
        """The prediction at the given times: of the nearest frame, nobody where that is too far away."""
        if not len(self.time_s):
            return nobody(time_s)
        right = np.clip(np.searchsorted(self.time_s, time_s), 1, max(len(self.time_s) - 1, 1))
        right = np.minimum(right, len(self.time_s) - 1)
        left = np.maximum(right - 1, 0)
        nearer = np.abs(self.time_s[left] - time_s) <= np.abs(self.time_s[right] - time_s)
        chosen = np.where(nearer, left, right)
        step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 1.0
        near = np.abs(self.time_s[chosen] - time_s) <= 0.5 * step_s
        person = self.person[chosen] & near
        gone = ~person
        landmarks, visibility = self.landmarks_px[chosen].copy(), self.visibility[chosen].copy()
        center = self.center_of_mass_px[chosen].copy()
        landmarks[gone], visibility[gone], center[gone] = np.nan, np.nan, np.nan
        wall = None if self.frame_to_wall is None else self.frame_to_wall[chosen].copy()
        if wall is not None:
            wall[~near] = np.nan
        flagged = self.left_right_flagged[chosen] & near
        return replace(
            self,
            time_s=time_s,
            person=person,
            landmarks_px=landmarks,
            visibility=visibility,
            center_of_mass_px=center,
            left_right_flagged=flagged,
            frame_to_wall=wall,
        )


def nobody(time_s: Array) -> Prediction:
    """Nobody is found in any frame."""
    count = len(time_s)
    return Prediction(
        time_s=time_s,
        person=np.zeros(count, bool),
        landmarks_px=np.full((count, 33, 2), np.nan),
        visibility=np.full((count, 33), np.nan),
        center_of_mass_px=np.full((count, 2), np.nan),
        left_right_flagged=np.zeros(count, bool),
    )


def from_file(path: Path) -> Prediction:
    """A peer's npz: time_s, person, landmarks_px, visibility. Raises KeyError where one is missing."""
    with np.load(path, allow_pickle=False) as stored:
        time_s, person = stored["time_s"].astype(np.float64), stored["person"].astype(bool)
        landmarks, visibility = (
            stored["landmarks_px"].astype(np.float64),
            stored["visibility"].astype(np.float64),
        )
    landmarks[~person], visibility[~person] = np.nan, np.nan
    center = np.full((len(time_s), 2), np.nan)
    if person.any():
        poses = PoseSequence(time_s, person, landmarks, np.clip(visibility, 0, 1))
        center = center_of_mass_px(poses)
    return Prediction(time_s, person, landmarks, visibility, center, np.zeros(len(time_s), bool))
