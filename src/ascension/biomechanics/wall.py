"""Places on the wall instead of places in a moving picture."""

import numpy as np

from ascension.biomechanics.poses import FloatArray


def on_wall_px(places_px: FloatArray, frame_to_wall: FloatArray) -> FloatArray:
    """Where places of each frame lie in wall pixels.

    places_px: (frames, ..., 2) displayed-frame pixels; frame_to_wall: (frames, 3, 3). Returns the shape of
    places_px; NaN where a place is, where the frame's matrix is, or where the place lies beyond the horizon
    of the wall's plane. Raises ValueError when the numbers of frames differ.

    Known limit: the matrix holds for the wall's plane. What stands out from it by d towards a camera at
    distance D moves against the wall when the camera itself moves, and is shown too large by d / (D - d).
    """
    frames = len(places_px)
    if frame_to_wall.shape != (frames, 3, 3) or places_px.shape[-1] != 2:
        raise ValueError(f"places of shape {places_px.shape} do not fit matrices {frame_to_wall.shape}")
    flat = places_px.reshape(frames, -1, 2)
    raised = flat @ frame_to_wall[:, :, :2].transpose(0, 2, 1) + frame_to_wall[:, None, :, 2]
    depth = np.where(raised[..., 2:] > 0, raised[..., 2:], np.nan)
    return (raised[..., :2] / depth).reshape(places_px.shape)


def frame_corners_px(width_px: int, height_px: int) -> FloatArray:
    """(4, 2) corners of the displayed frame, clockwise from the top left: (0, 0) to (width, height)."""
    return np.array([[0, 0], [width_px, 0], [width_px, height_px], [0, height_px]], np.float64)


def maps_of_four_points(source: FloatArray, targets: FloatArray) -> FloatArray:
    """(n, 3, 3) that put the four points `source` (4, 2) onto `targets` (n, 4, 2); NaN where a target is.

    Raises numpy.linalg.LinAlgError when three of the source points are on one line.
    """
    count = len(targets)
    x, y = source[:, 0], source[:, 1]
    one, zero = np.ones(4), np.zeros(4)
    equations = np.empty((count, 4, 2, 8))
    equations[:, :, 0, :6] = np.column_stack([x, y, one, zero, zero, zero])
    equations[:, :, 1, :6] = np.column_stack([zero, zero, zero, x, y, one])
    equations[..., 6:] = -targets[..., None] * source[None, :, None, :]
    known = np.isfinite(targets).all(axis=(1, 2))
    maps = np.full((count, 9), np.nan)
    right = targets[known].reshape(-1, 8, 1)
    maps[known, :8] = np.linalg.solve(equations[known].reshape(-1, 8, 8), right)[..., 0]
    maps[known, 8] = 1.0
    return maps.reshape(count, 3, 3)
