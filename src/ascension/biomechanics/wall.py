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
