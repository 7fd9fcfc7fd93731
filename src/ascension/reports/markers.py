"""What the 33 landmarks are called in motion-capture files, and where they are there."""

from typing import Final

import numpy as np

from ascension.analyses.deriving import motion_of
from ascension.analyses.result import Result
from ascension.biomechanics.conventions import LANDMARK_NAMES
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.errors.reports import NotScaled

CENTER_OF_MASS: Final = "CenterOfMass"

_OF_POSE2SIM: Final = {
    "nose": "Nose", "left_eye": "LEye", "right_eye": "REye",
    "left_shoulder": "LShoulder", "right_shoulder": "RShoulder",
    "left_elbow": "LElbow", "right_elbow": "RElbow", "left_wrist": "LWrist", "right_wrist": "RWrist",
    "left_pinky": "LPinky", "right_pinky": "RPinky", "left_index": "LIndex", "right_index": "RIndex",
    "left_thumb": "LThumb", "right_thumb": "RThumb", "left_hip": "LHip", "right_hip": "RHip",
    "left_knee": "LKnee", "right_knee": "RKnee", "left_ankle": "LAnkle", "right_ankle": "RAnkle",
    "left_heel": "LHeel", "right_heel": "RHeel",
    "left_foot_index": "LBigToe", "right_foot_index": "RBigToe",
}  # fmt: skip
"""The names of Pose2Sim's skeletons (Pose2Sim/skeletons.py), on which its OpenSim marker sets are built."""
_IN_ITS_MANNER: Final = {
    "left_eye_inner": "LEyeInner", "right_eye_inner": "REyeInner",
    "left_eye_outer": "LEyeOuter", "right_eye_outer": "REyeOuter",
    "left_ear": "LEar", "right_ear": "REar", "mouth_left": "LMouth", "mouth_right": "RMouth",
}  # fmt: skip
"""Landmarks that no marker set of Pose2Sim asks for."""

MARKERS: Final = tuple((_OF_POSE2SIM | _IN_ITS_MANNER)[name] for name in LANDMARK_NAMES)
"""33 names in the order of the landmarks."""


def markers_m(result: Result) -> FloatArray:
    """(frames, 34, 2) the 33 landmarks and the center of mass on the wall's plane: meters, x right, y up.

    NaN: nobody there, the frame has no place on the wall, or the landmark is not seen; these formats cannot
    say that a place is a guess. Raises NotScaled where lengths in meters are not known. Known limit: as the
    body is in front of the wall it looks larger than that by the scale's `parallax_pct`.
    """
    wall = result.facts.wall
    if wall is None or wall.scale.unit != "m" or result.wall_corners_px is None:
        raise NotScaled
    motion = motion_of(result)
    landmarks = np.where(seen(result)[..., None], motion.landmarks, np.nan)
    return np.concatenate([landmarks, motion.center_of_mass[:, None]], axis=1)


def seen(result: Result) -> BoolArray:
    """(frames, 33) True where the landmark is seen."""
    return result.visibility >= result.facts.processing.visible_threshold


def frame_rate_hz(result: Result) -> float:
    """Frames a second, of the frames' own times; that of the header where there is one frame."""
    time_s = result.time_s()
    return (len(time_s) - 1) / float(time_s[-1] - time_s[0]) if len(time_s) > 1 else result.facts.video.fps


def unevenness_frames(result: Result) -> float:
    """How far a frame lies from where a constant frame rate would have it, in frames, at most."""
    time_s = result.time_s()
    return float(np.abs((time_s - time_s[0]) * frame_rate_hz(result) - np.arange(len(time_s))).max())
