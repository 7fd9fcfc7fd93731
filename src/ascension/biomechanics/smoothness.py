"""How smooth one movement is, how winding a path is, and the filter that both need."""

from typing import Final, cast

import numpy as np
import scipy

from ascension.biomechanics.poses import FloatArray

SPARC_CUTOFF_HZ: Final = 10.0
SPARC_AMPLITUDE: Final = 0.05
_SPARC_PADDING: Final = 4
_SPLINE_ORDER: Final = 5
FEWEST_SAMPLES: Final = _SPLINE_ORDER + 1
"""A movement of fewer samples has no smoothness that could be told."""
_STEPS_PER_SAMPLE: Final = 8
_SLOWEST_SHARE: Final = 0.4
"""From this share of the sampling rate on, there is nothing to filter out."""
_EDGE_PERIODS: Final = 3
"""So far beyond its ends a signal goes on, turned about them: straight ends stay straight."""
_TWO_PASSES: Final = (np.sqrt(2) - 1) ** 0.25
"""Forth and back, a Butterworth filter of order 2 halves the power at this share of its own corner."""


def low_pass(values: FloatArray, step_s: float, cutoff_hz: float) -> FloatArray:
    """(samples, ...) evenly spaced values without what is faster than `cutoff_hz`; nothing is delayed.

    Method: Butterworth of order 2 forth and back (order 4), its corner raised so that the power is halved at
    `cutoff_hz` itself (Winter, Biomechanics and Motor Control of Human Movement, 2.2.4.4). Values sampled so
    slowly that they hold nothing faster come back as they are, as do fewer than three.
    """
    if len(values) < 3 or cutoff_hz * step_s >= _SLOWEST_SHARE:
        return values
    corner = np.arctan(np.tan(np.pi * cutoff_hz * step_s) / _TWO_PASSES) / np.pi
    sections = scipy.signal.butter(2, 2 * corner, output="sos")
    edge = min(round(_EDGE_PERIODS / corner), len(values) - 1)
    return scipy.signal.sosfiltfilt(sections, values, axis=0, padlen=edge)


def sparc(speed: FloatArray, step_s: float) -> float:
    """Spectral arc length of one movement's speed (samples,): 0 = smoothest, an ideal reach has -1.40.

    No unit; the same at any speed, size and duration. Source: Balasubramanian 2012 and 2015 (J NeuroEng
    Rehabil 12:112), spectrum up to 10 Hz as far as it reaches 5 % of its peak. Differs from the paper in that
    the spectrum ends at half the frame rate. Known limit: rests between movements count as roughness, so
    give it one movement. NaN: fewer than six samples, or no movement.
    """
    if len(speed) < FEWEST_SAMPLES or not np.any(speed):
        return float("nan")
    samples = 2 ** (int(np.ceil(np.log2(len(speed)))) + _SPARC_PADDING)
    spectrum = np.abs(np.fft.rfft(speed, samples))
    frequency_hz = np.fft.rfftfreq(samples, step_s)
    amplitude = spectrum / spectrum.max()
    within = frequency_hz <= SPARC_CUTOFF_HZ
    last = int(np.flatnonzero(within & (amplitude >= SPARC_AMPLITUDE))[-1])
    if last == 0:
        return float("nan")
    across = np.diff(frequency_hz[: last + 1]) / frequency_hz[last]
    return -float(np.sum(np.hypot(across, np.diff(amplitude[: last + 1]))))


def ldlj(speed: FloatArray, step_s: float) -> float:
    """Log dimensionless jerk of one movement's speed (samples,): an ideal reach has -ln(204.8) = -5.32.

    -ln(T³ / v_peak² · ∫ (d²v/dt²)² dt), no unit. Source: Balasubramanian 2015; corrected dimension: Gulde and
    Hermsdörfer 2023. Differs from them in that derivatives are those of a spline of order five through the
    samples, so that the frame rate does not matter. Known limit: sensitive to noise (1 cm takes an ideal
    reach from -5 to -10); `sparc` is not. NaN: fewer than six samples, or no movement.
    """
    if len(speed) < FEWEST_SAMPLES or not np.any(speed):
        return float("nan")
    duration_s = (len(speed) - 1) * step_s
    squares = _squared_derivative(speed, step_s, 2)
    return -float(np.log(max(squares * duration_s**3 / speed.max() ** 2, np.finfo(np.float64).tiny)))


def normalized_jerk(places: FloatArray, step_s: float) -> float:
    """Dimensionless jerk of one movement's path (samples, 2): an ideal reach has 720, more is rougher.

    T⁵ / L² · ∫ ‖d³x/dt³‖² dt with L the length of the path. Source: Seifert 2014 (J Appl Biomech 30:619).
    Derivatives and limits as in `ldlj`. NaN: fewer than six samples, or no movement.
    """
    length = path_length(places)
    if len(places) < FEWEST_SAMPLES or length == 0:
        return float("nan")
    duration_s = (len(places) - 1) * step_s
    return _squared_derivative(places, step_s, 3) * duration_s**5 / length**2


def path_length(places: FloatArray) -> float:
    """Length of the line through places (samples, 2), in their unit."""
    return float(np.sum(np.linalg.norm(np.diff(places, axis=0), axis=1)))


def entropy(places: FloatArray) -> float:
    """Geometric entropy ln(2L / C) of a path (samples, 2), C the perimeter of its convex hull: 0 = straight.

    No unit. Source: Cordier 1993; Sibella 2007 (Hum Mov Sci 26:841). Known limits: noise lengthens a path
    (5 mm at 30 frames a second turn 0.10 into 0.78), so filter first; routes are not comparable with each
    other. NaN: the path has no length.
    """
    length = path_length(places)
    if length == 0:
        return float("nan")
    return float(np.log(2 * length / hull_perimeter(places)))


def hull_perimeter(places: FloatArray) -> float:
    """Perimeter of the convex hull of places (samples, 2); on one line it is twice their extent."""
    ordered = np.unique(places, axis=0)
    if len(ordered) < 2:
        return 0.0
    points = cast("list[tuple[float, float]]", ordered.tolist())
    corners = np.array(_chain(points)[:-1] + _chain(points[::-1])[:-1])
    return path_length(np.concatenate([corners, corners[:1]]))


def _chain(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Half of the hull of points ordered by x (Andrew 1979)."""
    chain: list[tuple[float, float]] = []
    for x, y in points:
        while len(chain) > 1:
            (first_x, first_y), (last_x, last_y) = chain[-2], chain[-1]
            if (last_x - first_x) * (y - first_y) > (last_y - first_y) * (x - first_x):
                break
            chain.pop()
        chain.append((x, y))
    return chain


def _squared_derivative(values: FloatArray, step_s: float, order: int) -> float:
    """∫ ‖dᵏx/dtᵏ‖² dt over samples (samples,) or (samples, 2)."""
    time_s = np.arange(len(values)) * step_s
    spline = scipy.interpolate.make_interp_spline(time_s, values, k=_SPLINE_ORDER).derivative(order)
    steps = _STEPS_PER_SAMPLE * (len(values) - 1)
    fine_s = np.arange(steps + 1) * (step_s / _STEPS_PER_SAMPLE)
    squares = spline(fine_s).reshape(len(fine_s), -1) ** 2
    return float(np.trapezoid(squares.sum(axis=1), fine_s))
