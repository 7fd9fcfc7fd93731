"""Rotations and directions. World: x right along the wall, y into the wall, z up; meters."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

UP: Final[Array] = np.array([0.0, 0.0, 1.0])
FORWARD: Final[Array] = np.array([0.0, 1.0, 0.0])
RIGHT: Final[Array] = np.array([1.0, 0.0, 0.0])
_NO_TURN: Final = 1e-9


def vector(*values: float) -> Array:
    return np.array(values, np.float64)


def unit(direction: Array | Sequence[float]) -> Array:
    """`direction` with length 1."""
    found: Array = np.asarray(direction, np.float64)
    return found / (math.sqrt(found @ found) + 1e-12)


def cross(first: Array, second: Array) -> Array:
    """The cross product of two vectors: numpy's takes ten times as long for one pair."""
    (a, b, c), (d, e, f) = first.tolist(), second.tolist()
    return np.array([b * f - c * e, c * d - a * f, a * e - b * d])


def across(direction: Array, axis: Array) -> Array:
    """The unit direction closest to `direction` among those perpendicular to `axis`."""
    along = unit(axis)
    return unit(direction - along * (direction @ along))


def axes(first: Array, second: Array) -> Array:
    """(3, 3) matrix of columns: along `first`, the part of `second` across it, their cross product."""
    along = unit(first)
    side = across(second, along)
    return np.stack([along, side, cross(along, side)], 1)


def carrying(from_first: Array, from_second: Array, to_first: Array, to_second: Array) -> Array:
    """The rotation that takes one pair of directions to another."""
    turned: Array = axes(to_first, to_second) @ axes(from_first, from_second).T
    return turned


def turn(axis: Array | Sequence[float], angle_deg: float) -> Array:
    """Right-handed rotation about `axis`."""
    return _about(unit(axis), math.radians(angle_deg))


def euler(order: str, angles_rad: Sequence[float]) -> Array:
    """Intrinsic rotations as scipy writes them, for example "ZXY"."""
    found: Array = Rotation.from_euler(order, list(angles_rad)).as_matrix()
    return found


def between(first: Array, second: Array, share: float) -> Array:
    """The rotation that lies `share` (0-1) of the way from `first` to `second`."""
    scalar, *around = _quaternion(first.T @ second)
    length = math.hypot(*around)
    if length < _NO_TURN:
        return first
    return first @ _about(np.array(around) / length, share * 2 * math.atan2(length, scalar))


def shortest(start: Array, end: Array) -> Array:
    """The smallest rotation that takes direction `start` to direction `end`."""
    first, second = unit(start), unit(end)
    axis = cross(first, second)
    sine = math.sqrt(axis @ axis)
    if sine < _NO_TURN:
        return np.eye(3)
    return _about(axis / sine, math.atan2(sine, first @ second))


def twist_deg(rotation: Array, axis: Array) -> float:
    """How far `rotation` turns about `axis`."""
    scalar, *around = _quaternion(rotation)
    angle = math.degrees(2 * math.atan2(np.array(around) @ unit(axis), scalar))
    return (angle + 180) % 360 - 180


def ease(share: Any) -> Any:
    """0 to 1 with no velocity and no acceleration at both ends (minimum jerk)."""
    clipped = np.clip(share, 0.0, 1.0)
    return clipped**3 * (10 - 15 * clipped + 6 * clipped**2)


def interpolated(at: Array | float, places: Array, values: Array) -> Array:
    """On straight lines between (places, values), level beyond their ends; the shape of `at`."""
    found: Any = np.interp(at, places, values)
    return np.asarray(found, np.float64)


def _about(axis: Array, angle_rad: float) -> Array:
    """The rotation about a unit vector, after Rodrigues. One at a time, scipy takes ten times as long."""
    x, y, z = axis.tolist()
    cosine, sine = math.cos(angle_rad), math.sin(angle_rad)
    rest = 1 - cosine
    return np.array(
        [
            [cosine + rest * x * x, rest * x * y - sine * z, rest * x * z + sine * y],
            [rest * x * y + sine * z, cosine + rest * y * y, rest * y * z - sine * x],
            [rest * x * z - sine * y, rest * y * z + sine * x, cosine + rest * z * z],
        ]
    )


def _quaternion(rotation: Array) -> tuple[float, float, float, float]:
    """Scalar part (at least 0) and vector part, from the largest of the four (Shepperd 1978)."""
    (a, b, c), (d, e, f), (g, h, i) = rotation.tolist()
    squares = (1 + a + e + i, 1 + a - e - i, 1 - a + e - i, 1 - a - e + i)
    largest = max(range(4), key=squares.__getitem__)
    rows = (
        (squares[0], h - f, c - g, d - b),
        (h - f, squares[1], b + d, c + g),
        (c - g, b + d, squares[2], f + h),
        (d - b, c + g, f + h, squares[3]),
    )
    scale = math.copysign(0.5 / math.sqrt(squares[largest]), rows[largest][0])
    w, x, y, z = (scale * part for part in rows[largest])
    return w, x, y, z
