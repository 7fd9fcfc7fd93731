"""Keypoints as a wide table: one row a frame, the unit in each column's name."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import numpy as np

from ascension.analyses.result import Result
from ascension.biomechanics.conventions import ANGLE_NAMES, LANDMARK_NAMES
from ascension.biomechanics.poses import FloatArray
from ascension.errors.reports import KeypointsOfOtherClip, KeypointsUnreadable, UnknownMarker, WrongUnit
from ascension.reports.told import Told, number, text_of

_CENTER: Final = "center_of_mass"
_AXES: Final = ("x", "y")


def csv_of(result: Result) -> bytes:
    """UTF-8 with a header; an empty cell is what was not measured. All cells are names of ours or numbers."""
    names, columns = ["frame", "time_s", "person"], [_whole(range(len(result.time_ticks)))]
    columns += [_numbers(result.time_s(), 6), _whole(result.person.astype(int).tolist())]
    for name, places, decimals in _places(result):
        names += [f"{name.format(axis=axis)}" for axis in _AXES]
        columns += [_numbers(places[:, 0], decimals), _numbers(places[:, 1], decimals)]
    for index, landmark in enumerate(LANDMARK_NAMES):
        names.append(f"{landmark}_visibility")
        columns.append(_numbers(result.visibility[:, index], 2))
    for index, angle in enumerate(ANGLE_NAMES):
        names.append(f"{angle}_deg")
        columns.append(_numbers(result.joint_angles_deg[:, index], 1))
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows(zip(*columns, strict=True))
    return table.getvalue().encode()


def _places(result: Result) -> list[tuple[str, FloatArray, int]]:
    """Names with the axis left open, places (frames, 2), decimals."""
    found = [(f"{_CENTER}_{{axis}}_px", result.center_of_mass_px, 2)]
    for index, landmark in enumerate(LANDMARK_NAMES):
        found.append((f"{landmark}_{{axis}}_px", result.landmarks_px[:, index], 2))
    if result.wall_corners_px is not None:
        on_wall = result.landmarks_wall_px()
        for index, landmark in enumerate(LANDMARK_NAMES):
            found.append((f"{landmark}_wall_{{axis}}_px", on_wall[:, index], 2))
    return found


def _numbers(values: FloatArray, decimals: int) -> list[str]:
    return ["" if np.isnan(value) else f"{value:.{decimals}f}" for value in values.tolist()]


def _whole(values: Sequence[int]) -> list[str]:
    return [str(value) for value in values]


def read_csv(data: bytes, result: Result) -> Told:
    """Places from a table with `frame` and pairs of `<landmark>_x_px`, `<landmark>_y_px`.

    Other columns of ours are left alone; an empty cell tells nothing. Raises a KeypointsRefused for all else.
    """
    try:
        rows = list(csv.reader(io.StringIO(text_of(data, result), newline=""), strict=True))
    except csv.Error as error:
        raise KeypointsUnreadable(f"The table cannot be read: {error}.") from error
    if not rows:
        raise KeypointsUnreadable("The table is empty.")
    header, frames = rows[0], rows[1:]
    if len(set(header)) != len(header):
        raise KeypointsUnreadable("A column is there twice.")
    _check_rows(header, frames, result)
    landmarks_px = np.full((len(frames), len(LANDMARK_NAMES), 2), np.nan)
    for column, name in enumerate(header):
        if (place := _place(name)) is not None:
            cells = [number(row[column], f"row {at}, column {name}") for at, row in enumerate(frames, 2)]
            landmarks_px[:, place[0], place[1]] = cells
    times = _column(header, frames, "time_s")
    return Told(landmarks_px, None if times is None else np.array(times, np.float64))


def _check_rows(header: list[str], frames: list[list[str]], result: Result) -> None:
    if any(len(row) != len(header) for row in frames):
        raise KeypointsUnreadable("A row has more or fewer cells than the header.")
    if len(frames) != len(result.time_ticks):
        raise KeypointsOfOtherClip(
            f"The table has {len(frames)} frames, the analysis {len(result.time_ticks)}."
        )
    if _column(header, frames, "frame") != list(range(len(frames))):
        raise KeypointsUnreadable("The column `frame` must count all frames from 0.")


def _column(header: list[str], frames: list[list[str]], name: str) -> list[float] | None:
    if name not in header:
        return None
    at = header.index(name)
    return [number(row[at], f"column {name}") for row in frames]


def _place(column: str) -> tuple[int, int] | None:
    """Landmark and axis of a column; None: nothing to correct. Raises for names that are not ours."""
    for axis, letter in enumerate(_AXES):
        stem, found, unit = column.rpartition(f"_{letter}_")
        if found and stem in LANDMARK_NAMES:
            if unit != "px":
                raise WrongUnit(f"The column {column} is in {unit}; keypoints are in pixels of the frame.")
            return LANDMARK_NAMES.index(stem), axis
    if column not in _own_columns():
        raise UnknownMarker(f"The column {column[:80]!r} is none of ours.")
    return None


def _own_columns() -> frozenset[str]:
    found = {"frame", "time_s", "person", *(f"{angle}_deg" for angle in ANGLE_NAMES)}
    found |= {f"{_CENTER}_{axis}_px" for axis in _AXES}
    for landmark in LANDMARK_NAMES:
        found |= {f"{landmark}_visibility", *(f"{landmark}_wall_{axis}_px" for axis in _AXES)}
    return frozenset(found)
