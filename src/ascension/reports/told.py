"""What a file of corrected keypoints says, before it is compared with the analysis."""

import math
from dataclasses import dataclass
from typing import Final

from ascension.biomechanics.poses import FloatArray
from ascension.errors import KeypointsUnreadable

MAX_FILE_BYTES: Final = 256 * 2**20
"""Ten minutes at 240 frames a second as a wide table; anything larger is no file of keypoints."""
_LONGEST_CELL: Final = 40


@dataclass(frozen=True)
class Told:
    """Places in a file.

    landmarks_px: (frames, 33, 2) displayed-frame pixels; NaN: the file says nothing
    time_s:       (frames,) seconds since the container's start, None where the file has none
    """

    landmarks_px: FloatArray
    time_s: FloatArray | None


def text_of(data: bytes) -> str:
    """The text of a file. Raises KeypointsUnreadable for what is no text."""
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
