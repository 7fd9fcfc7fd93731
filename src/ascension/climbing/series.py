"""Values over a clip's own frame times."""

import numpy as np

from ascension.biomechanics.poses import BoolArray, FloatArray


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """The half-open intervals in which `flags` (n,) are True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def known(values: FloatArray) -> BoolArray:
    """(n,) True where every column of values (n, ...) is known."""
    flags: BoolArray = np.asarray(np.isfinite(values).reshape(len(values), -1).all(axis=1))
    return flags


def first_from(time_s: FloatArray, moment_s: float) -> int:
    """The first frame at or after a moment; the number of frames where none is."""
    return int(np.searchsorted(time_s, moment_s))


def first_after(time_s: FloatArray, moment_s: float) -> int:
    """The first frame after a moment; the number of frames where none is."""
    return int(np.searchsorted(time_s, moment_s, side="right"))


def lasts_s(time_s: FloatArray, start: int, end: int) -> float:
    """Seconds of frames [start, end), the last frame's own time included."""
    if end <= start:
        return 0.0
    step_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    return float(time_s[end - 1] - time_s[start]) + step_s


def lengths(vectors: FloatArray) -> FloatArray:
    """(n,) lengths of vectors (n, 2)."""
    found: FloatArray = np.hypot(vectors[:, 0], vectors[:, 1])
    return found


def middle(places: FloatArray) -> FloatArray:
    """(2,) median of places (n, 2)."""
    place: FloatArray = np.median(places, axis=0)
    return place


def bridged(values: FloatArray, time_s: FloatArray, longest_s: float) -> FloatArray:
    """(n, k) with gaps of at most `longest_s` between known rows filled on a straight line."""
    sure = np.flatnonzero(known(values))
    if len(sure) < 2:
        return values
    filled = np.empty_like(values)
    for column in range(values.shape[1]):
        filled[:, column] = np.interp(time_s, time_s[sure], values[sure, column])
    frames = np.arange(len(values))
    after = np.clip(np.searchsorted(sure, frames), 0, len(sure) - 1)
    before = np.clip(np.searchsorted(sure, frames, side="right") - 1, 0, len(sure) - 1)
    short = time_s[sure[after]] - time_s[sure[before]] <= longest_s + 1e-9
    short &= (frames >= sure[0]) & (frames <= sure[-1])
    result: FloatArray = np.where(short[:, None], filled, np.nan)
    return result


def velocities(values: FloatArray, time_s: FloatArray, over_s: float) -> FloatArray:
    """(n, k) change of each column per second: the mean of the next `over_s` against that of the last.

    Means, so that noise counts less the more frames there are. At the ends of known stretches the time is
    shorter. NaN where a value is, and where nothing around it is known.
    """
    result = np.full_like(values, np.nan)
    for start, end in runs(known(values)):
        if end - start < 2:
            continue
        times = time_s[start:end]
        early, late = np.maximum(times - over_s, times[0]), np.minimum(times + over_s, times[-1])
        for column in range(values.shape[1]):
            line = _Line(times, values[start:end, column])
            change = line.mean(times, late) - line.mean(early, times)
            result[start:end, column] = change / ((late - early) / 2)
    return result


class _Line:
    """Values (n,) at times, with straight lines between them."""

    def __init__(self, time_s: FloatArray, values: FloatArray) -> None:
        self.time_s, self.values = time_s, values
        steps = np.diff(time_s)
        self.area = np.concatenate([[0.0], np.cumsum(steps * (values[1:] + values[:-1]) / 2)])
        self.slope = np.diff(values) / steps

    def mean(self, begin_s: FloatArray, end_s: FloatArray) -> FloatArray:
        """(n,) of one interval for each of the times; the value there where it is empty."""
        width = end_s - begin_s
        area = self._until(end_s) - self._until(begin_s)
        found: FloatArray = np.where(width > 0, area / np.where(width > 0, width, 1.0), self.values)
        return found

    def _until(self, moment_s: FloatArray) -> FloatArray:
        frame = np.clip(np.searchsorted(self.time_s, moment_s, side="right") - 1, 0, len(self.slope) - 1)
        into_s = moment_s - self.time_s[frame]
        found: FloatArray = self.area[frame] + into_s * (self.values[frame] + self.slope[frame] * into_s / 2)
        return found
