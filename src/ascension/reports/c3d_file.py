"""Keypoints as C3D (c3d.org), the binary file of motion-capture laboratories.

This module alone calls `c3d`, which has no types.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

import io
import warnings
from typing import Final

import c3d
import numpy as np

from ascension.analyses.result import Result
from ascension.biomechanics.poses import BoolArray
from ascension.reports.markers import CENTER_OF_MASS, MARKERS, frame_rate_hz, markers_m

_MISSING: Final = -1.0
"""The residual of a point that was not measured."""
_MM: Final = 1000.0


def c3d_of(result: Result) -> bytes:
    """All landmarks and the center of mass in millimeters, x right, y up, z 0; residual -1 where missing.

    Millimeters, as readers of C3D expect and Pose2Sim writes. Raises NotScaled where lengths in meters are
    not known. Known limit: the format has one frame rate and no times; a clip with an uneven frame rate
    loses its times (`markers.unevenness_frames`), TRC keeps them.
    """
    places_m = markers_m(result)
    points = np.zeros((*places_m.shape[:2], 5), np.float32)
    measured: BoolArray = np.isfinite(places_m[..., 0])
    points[..., :2] = np.where(measured[..., None], places_m, 0.0) * _MM
    points[..., 3] = np.where(measured, 0.0, _MISSING)
    writer = c3d.Writer(point_rate=frame_rate_hz(result), point_scale=-1.0, point_units="mm")
    writer.set_point_labels([*MARKERS, CENTER_OF_MASS])
    writer.set_screen_axis(X="+X", Y="+Y")
    no_analog = np.empty((0, 0), np.float32)
    for row in points:
        writer.add_frames([(row, no_analog)])
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No analog data")
        writer.write(file)
    return file.getvalue()
