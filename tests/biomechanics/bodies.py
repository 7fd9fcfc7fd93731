"""Made-up bodies whose angles and balance are known exactly."""

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence


def sequence(
    landmarks_px: FloatArray, *, fps: float = 30.0, person: list[bool] | None = None
) -> PoseSequence:
    """(frames, 33, 2) places, all seen; frames without a person are masked."""
    frames = len(landmarks_px)
    there = np.array(person if person is not None else [True] * frames)
    places = landmarks_px.astype(np.float64)
    places[~there] = np.nan
    visibility = np.where(there[:, None], np.ones((frames, LANDMARK_COUNT)), np.nan)
    return PoseSequence(np.arange(frames) / fps, there, places, visibility)


def arm(elbow_deg: float, *, turned_deg: float = 0.0, length_px: float = 100.0) -> FloatArray:
    """(1, 33, 2): a left arm bent to `elbow_deg`, turned in the picture; the rest somewhere apart."""
    places = np.arange(LANDMARK_COUNT * 2, dtype=np.float64).reshape(1, LANDMARK_COUNT, 2)
    elbow = np.array([300.0, 400.0])
    for landmark, angle_deg in ((Landmark.LEFT_SHOULDER, 0.0), (Landmark.LEFT_WRIST, elbow_deg)):
        angle = np.radians(angle_deg + turned_deg)
        places[0, landmark] = elbow + length_px * np.array([np.cos(angle), np.sin(angle)])
    places[0, Landmark.LEFT_ELBOW] = elbow
    return places


def drifting(frames: int) -> FloatArray:
    """(frames, 33, 2): every landmark on its own parabola, which no smoothing of order 2 may change."""
    time = np.arange(frames, dtype=np.float64)[:, None, None]
    own = np.arange(LANDMARK_COUNT * 2, dtype=np.float64).reshape(1, LANDMARK_COUNT, 2)
    return 200 + 3 * own + (0.5 + 0.02 * own) * time + 0.01 * time**2


def upright() -> FloatArray:
    """(1, 33, 2): somebody seen from behind, arms and legs apart; the torso is 100 px long."""
    places = np.zeros((1, LANDMARK_COUNT, 2))
    places[0, : Landmark.LEFT_SHOULDER] = [300, 60]
    offsets = {
        "SHOULDER": (40, 100),
        "ELBOW": (80, 60),
        "WRIST": (90, 10),
        "PINKY": (95, 0),
        "INDEX": (90, -5),
        "THUMB": (85, 0),
        "HIP": (25, 200),
        "KNEE": (60, 270),
        "ANKLE": (50, 350),
        "HEEL": (48, 358),
        "FOOT_INDEX": (70, 360),
    }
    for name, (aside, down) in offsets.items():
        places[0, Landmark[f"LEFT_{name}"]] = [300 - aside, down]
        places[0, Landmark[f"RIGHT_{name}"]] = [300 + aside, down]
    return places
