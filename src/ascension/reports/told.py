"""What a file of corrected keypoints says, before it is compared with the analysis."""

import math
from dataclasses import dataclass
from typing import Final

from ascension.analyses.result import Result
from ascension.biomechanics.poses import FloatArray
from ascension.errors.reports import KeypointsUnreadable

_HEAD_BYTES: Final = 64 * 2**10
_FRAME_BYTES: Final = 8 * 2**10
"""A frame takes 1-3 kB in each of the formats; anything larger is not read at all."""
_LONGEST_CELL: Final = 40


@dataclass(frozen=True)
class Told:
    """Places in a file.

    landmarks_px: (frames, 33, 2) displayed-frame pixels; NaN: the file says nothing
    time_s:       (frames,) seconds since the container's start, None where the file has none
    """

    landmarks_px: FloatArray
    time_s: FloatArray | None


def most_bytes(result: Result) -> int:
    """So large a file of keypoints of this analysis may be."""
    return _HEAD_BYTES + _FRAME_BYTES * len(result.time_ticks)


def text_of(data: bytes, result: Result) -> str:
    """The text of a file. Raises KeypointsUnreadable for what is too large or no text."""
    if len(data) > most_bytes(result):
        raise KeypointsUnreadable(
            f"The file is larger than {most_bytes(result) // 1000} kB: too large for these frames."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KeypointsUnreadable("The file is not UTF-8 text.") from error
    if "\0" in text:
        raise KeypointsUnreadable("The file is not text.")
    return text


def number(cell: str, where: str) -> float:
    """The number in a cell, NaN where it is empty or says NaN. Raises KeypointsUnreadable for all else."""
    cell = cell.strip()
    if cell == "" or cell.lower() == "nan":
        return math.nan
    try:
        value = float(cell) if len(cell) <= _LONGEST_CELL and "_" not in cell else math.inf
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise KeypointsUnreadable(f"{where}: {cell[:_LONGEST_CELL]!r} is not a number.")
    return value
