"""Whole numbers over time as few bytes: differences, zigzag, varint (docs/guides/result-format.md).

A column is an array of integers (frames, ...channels). Each channel is written for itself, all frames of one
channel before the next, so that the differences along time stay small.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Coding = Literal["delta1-varint", "delta2-varint"]
IntArray = NDArray[np.int64]

LARGEST = 2**53 - 1
"""Values stay exact in a reader whose only number is a double."""
_VARINT_BYTES = 8
"""56 bits: room for the zigzag of a second difference of what a column holds in practice."""
_AT_ONCE = 2**17
"""Numbers written at once: each takes 150 bytes meanwhile, and ten minutes hold millions."""


def pack(values: IntArray, coding: Coding) -> bytes:
    """(frames, ...) integers -> bytes. ValueError for numbers beyond the format."""
    channels = values.reshape(len(values), -1).T
    if channels.size and int(np.abs(channels).max()) > LARGEST // 4:
        raise ValueError("a column's values are too large to be written")
    residuals = np.diff(channels, axis=1, prepend=0)
    if coding == "delta2-varint":
        first = residuals[:, :1].copy()
        residuals[:, :1] = 0
        residuals = np.diff(residuals, axis=1, prepend=0)
        residuals[:, :1] = first
    codes = _zigzag(residuals.ravel())
    return b"".join(_to_varints(codes[at : at + _AT_ONCE]) for at in range(0, len(codes), _AT_ONCE))


def unpack(data: bytes, shape: tuple[int, ...], coding: Coding) -> IntArray:
    """Bytes -> (frames, ...) integers. ValueError for bytes that are not exactly such a column."""
    frames = shape[0]
    channel_count = int(np.prod(shape[1:], dtype=np.int64))
    residuals = _unzigzag(_from_varints(data, frames * channel_count)).reshape(channel_count, frames)
    if coding == "delta2-varint" and frames > 1:
        first = residuals[:, :1].copy()
        residuals[:, :1] = 0
        residuals = _running_sum(residuals)
        residuals[:, :1] = first
    return np.ascontiguousarray(_running_sum(residuals).T).reshape(shape)


def _running_sum(steps: IntArray) -> IntArray:
    reach = np.abs(np.cumsum(steps.astype(np.float64), axis=1))  # in doubles: an int64 would wrap unseen
    if reach.size and float(reach.max()) > LARGEST:
        raise ValueError("a column holds numbers beyond 2^53")
    return np.cumsum(steps, axis=1)


def _zigzag(values: IntArray) -> NDArray[np.uint64]:
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def _unzigzag(codes: NDArray[np.uint64]) -> IntArray:
    return (codes >> np.uint64(1)).astype(np.int64) ^ -(codes & np.uint64(1)).astype(np.int64)


def _to_varints(codes: NDArray[np.uint64]) -> bytes:
    shifts = np.arange(_VARINT_BYTES, dtype=np.uint64) * np.uint64(7)
    groups = (codes[:, None] >> shifts) & np.uint64(0x7F)
    more = (codes[:, None] >> shifts >> np.uint64(7)) > 0
    used = np.concatenate([np.ones((len(codes), 1), np.bool_), more[:, :-1]], axis=1)
    return (groups | (more.astype(np.uint64) << np.uint64(7))).astype(np.uint8)[used].tobytes()


def _from_varints(data: bytes, count: int) -> NDArray[np.uint64]:
    octets = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(octets < 0x80)
    if len(ends) != count or (count and ends[-1] != len(octets) - 1) or (not count and len(octets)):
        raise ValueError(f"a column holds {len(ends)} numbers, expected {count}")
    if not count:
        return np.zeros(0, np.uint64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    if int((ends - starts).max()) >= _VARINT_BYTES:
        raise ValueError("a column holds a number of more than eight bytes")
    place = np.arange(len(octets)) - np.repeat(starts, ends - starts + 1)
    bits = (octets & np.uint8(0x7F)).astype(np.uint64) << (place * 7).astype(np.uint64)
    return np.add.reduceat(bits, starts)
