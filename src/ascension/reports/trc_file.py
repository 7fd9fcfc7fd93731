"""Keypoints as TRC (track row column), the marker file of OpenSim and Pose2Sim.

Layout: OpenSim documentation, "Marker (.trc) Files": three lines of header, two of column labels, then tab
separated rows of frame number, time, x, y, z. As Pose2Sim writes it: unit m, y up, an empty cell where a
marker is missing.
"""

import io
import math
from typing import Final

import numpy as np

from ascension.analyses.result import Result
from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.wall import on_wall_px
from ascension.errors.reports import (
    KeypointNotPlaceable,
    KeypointsOfOtherClip,
    KeypointsUnreadable,
    NotScaled,
    UnknownMarker,
    WrongUnit,
)
from ascension.reports.markers import CENTER_OF_MASS, MARKERS, frame_rate_hz, markers_m
from ascension.reports.told import Told, number, text_of

_HEADER: Final = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate", "OrigDataStartFrame",
    "OrigNumFrames",
)  # fmt: skip
_COLUMN_LINES: Final = 5


def trc_of(result: Result, file_name: str) -> bytes:
    """All landmarks and the center of mass; z is 0 everywhere, one camera sees a plane.

    Raises NotScaled where lengths in meters are not known.
    """
    places_m, rate = markers_m(result), f"{frame_rate_hz(result):.6f}"
    frames, names = len(places_m), (*MARKERS, CENTER_OF_MASS)
    table = io.StringIO(newline="")
    table.write(f"PathFileType\t4\t(X/Y/Z)\t{_plain(file_name)}\n" + "\t".join(_HEADER) + "\n")
    table.write(f"{rate}\t{rate}\t{frames}\t{len(names)}\tm\t{rate}\t1\t{frames}\n")
    table.write("Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t\n")
    table.write("\t\t" + "\t".join(f"X{at}\tY{at}\tZ{at}" for at in range(1, len(names) + 1)) + "\n\n")
    for at, (time_s, row) in enumerate(zip(result.time_s().tolist(), places_m.tolist(), strict=True), 1):
        cells = "\t".join("\t\t" if math.isnan(x) else f"{x:.6f}\t{y:.6f}\t0" for x, y in row)
        table.write(f"{at}\t{time_s:.6f}\t{cells}\n")
    return table.getvalue().encode()


def _plain(file_name: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in file_name)


def read_trc(data: bytes, result: Result) -> Told:
    """Places from a file of our markers, some or all of them, back in pixels of the frames.

    Missing cells tell nothing; z and the center of mass are left alone. Raises a KeypointsRefused for what
    does not fit, NotScaled where the analysis has no lengths in meters to go back from.
    """
    lines = text_of(data, result).splitlines()
    if len(lines) <= _COLUMN_LINES or not lines[0].startswith("PathFileType"):
        raise KeypointsUnreadable("The file does not begin as a TRC file does.")
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    if header.get("Units") != "m":
        raise WrongUnit(f"The file is in {header.get('Units', '')[:20]!r}, expected m.")
    indices = _indices(lines[3])
    rows = [line.split("\t") for line in lines[_COLUMN_LINES:] if line.strip()]
    if len(rows) != len(result.time_ticks):
        raise KeypointsOfOtherClip(f"The file has {len(rows)} frames, the analysis {len(result.time_ticks)}.")
    width = 2 + 3 * len(indices)
    places_m = np.full((len(rows), LANDMARK_COUNT, 2), np.nan)
    times = np.empty(len(rows))
    for frame, row in enumerate(rows):
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise KeypointsUnreadable(f"Frame {frame + 1} has more columns than there are markers.")
        values = [number(cell, f"frame {frame + 1}") for cell in row[:width]]
        values += [np.nan] * (width - len(values))
        if values[0] != frame + 1:
            raise KeypointsUnreadable("Frame# must count all frames from 1.")
        times[frame] = values[1]
        for at, landmark in enumerate(indices):
            if landmark is not None:
                places_m[frame, landmark] = values[2 + 3 * at : 4 + 3 * at]
    return Told(_in_frames_px(places_m, result), times)


def _indices(line: str) -> list[int | None]:
    """The landmark of each marker; None for the center of mass, which follows from the others."""
    cells = line.split("\t")
    if [cell.strip() for cell in cells[:2]] != ["Frame#", "Time"]:
        raise KeypointsUnreadable("The fourth line must begin with Frame# and Time.")
    names = [cell.strip() for cell in cells[2:] if cell.strip()]
    if len(set(names)) != len(names):
        raise KeypointsUnreadable("A marker is there twice.")
    for name in names:
        if name not in MARKERS and name != CENTER_OF_MASS:
            raise UnknownMarker(f"The marker {name[:40]!r} is none of ours.")
    return [None if name == CENTER_OF_MASS else MARKERS.index(name) for name in names]


def _in_frames_px(places_m: FloatArray, result: Result) -> FloatArray:
    """From the wall's plane, y up, to displayed-frame pixels."""
    wall = result.facts.wall
    if wall is None or wall.scale.unit != "m" or result.wall_corners_px is None:
        raise NotScaled
    to_wall_px = np.linalg.inv(np.array(wall.scale.wall_to_unit).reshape(3, 3))
    frame_to_wall = result.frame_to_wall()
    placed = np.isfinite(frame_to_wall).all(axis=(1, 2))
    back = np.full_like(frame_to_wall, np.nan)
    back[placed] = np.linalg.inv(frame_to_wall[placed]) @ to_wall_px
    if (lost := np.flatnonzero(np.isfinite(places_m).any(axis=(1, 2)) & ~placed)).size:
        raise KeypointNotPlaceable(f"Frame {lost[0] + 1} of the file has no place on the wall.")
    return on_wall_px(places_m * np.array([1.0, -1.0]), back)
