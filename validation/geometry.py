"""Rotations and directions. World: x right along the wall, y into the wall, z up; meters."""

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


def vector(*values: float) -> Array:
    return np.array(values, np.float64)


def unit(direction: Array | Sequence[float]) -> Array:
    """`direction` with length 1."""
    found: Array = np.asarray(direction, np.float64)
    return found / (np.linalg.norm(found) + 1e-12)


def across(direction: Array, axis: Array) -> Array:
    """The unit direction closest to `direction` among those perpendicular to `axis`."""
    along = unit(axis)
    return unit(direction - along * (direction @ along))


def axes(first: Array, second: Array) -> Array:
    """(3, 3) matrix of columns: along `first`, the part of `second` across it, their cross product."""
    along = unit(first)
    side = across(second, along)
    return np.stack([along, side, np.cross(along, side)], 1)


def carrying(from_first: Array, from_second: Array, to_first: Array, to_second: Array) -> Array:
    """The rotation that takes one pair of directions to another."""
    turned: Array = axes(to_first, to_second) @ axes(from_first, from_second).T
    return turned


def turn(axis: Array | Sequence[float], angle_deg: float) -> Array:
    """Right-handed rotation about `axis`."""
    return _matrix(Rotation.from_rotvec(unit(axis) * np.deg2rad(angle_deg)))


def euler(order: str, angles_rad: Sequence[float]) -> Array:
    """Intrinsic rotations as scipy writes them, for example "ZXY"."""
    return _matrix(Rotation.from_euler(order, list(angles_rad)))


def between(first: Array, second: Array, share: float) -> Array:
    """The rotation that lies `share` (0-1) of the way from `first` to `second`."""
    whole: Array = Rotation.from_matrix(first.T @ second).as_rotvec()
    return first @ _matrix(Rotation.from_rotvec(whole * share))


def shortest(start: Array, end: Array) -> Array:
    """The smallest rotation that takes direction `start` to direction `end`."""
    first, second = unit(start), unit(end)
    axis = np.cross(first, second)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:
        return np.eye(3)
    return _matrix(Rotation.from_rotvec(axis / sine * np.arctan2(sine, first @ second)))


def twist_deg(rotation: Array, axis: Array) -> float:
    """How far `rotation` turns about `axis`."""
    quaternion: Array = Rotation.from_matrix(rotation).as_quat()
    angle = np.rad2deg(2 * np.arctan2(quaternion[:3] @ unit(axis), quaternion[3]))
    return float((angle + 180) % 360 - 180)


def ease(share: Any) -> Any:
    """0 to 1 with no velocity and no acceleration at both ends (minimum jerk)."""
    clipped = np.clip(share, 0.0, 1.0)
    return clipped**3 * (10 - 15 * clipped + 6 * clipped**2)


def interpolated(at: Array | float, places: Array, values: Array) -> Array:
    """On straight lines between (places, values), level beyond their ends; the shape of `at`."""
    found: Any = np.interp(at, places, values)
    return np.asarray(found, np.float64)


def _matrix(rotation: Rotation) -> Array:
    found: Array = rotation.as_matrix()
    return found
