"""How far places are from the true ones, and how they tremble: the one place where both are computed."""

from typing import Final

import numpy as np

from ascension.biomechanics.conventions import MAIN_JOINTS
from validation.geometry import Array

MAIN: Final = [int(joint) for joint in MAIN_JOINTS]


def errors_pct(places_px: Array, true_px: Array, torso_px: float) -> Array:
    """(n, 33) of places (n, 33, 2), in percent of a torso; NaN where either is not known."""
    return 100 * np.linalg.norm(places_px - true_px, axis=-1) / torso_px


def jitter_pct(places_px: Array, torso_px: float) -> float | None:
    """Mean length of the main joints' second difference from frame to frame; None without three in a row."""
    second = np.linalg.norm(np.diff(places_px[:, MAIN], n=2, axis=0), axis=2)
    known = second[np.isfinite(second)]
    return 100 * float(known.mean()) / torso_px if len(known) else None
