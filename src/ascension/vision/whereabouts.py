"""Where people were in every frame, from the key frames that saw them; which skeletons are theirs."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import TRUNK_AND_LEGS
from ascension.biomechanics.poses import torsos_px
from ascension.biomechanics.sides import MIRROR
from ascension.vision.choosing import Track
from ascension.vision.region import Region, between
from ascension.vision.visibility import outside_trunk

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_LOST_S: Final = 1.0
"""Whoever was seen is looked for this long before and after, too: found late, or lost behind somebody."""
_FEWEST_KEYS: Final = 3
"""Bodies that were seen in fewer key frames may be none."""
_ON_JOINT_TORSO: Final = 0.25
_OWN_TORSO: Final = 0.6
"""A skeleton farther than this from where the climber was followed, on average, is another body's."""


def regions_of(tracks: list[Track], time_s: FloatArray) -> dict[int, Region]:
    """Where to look for one person, by frame number; `tracks`: theirs, the best first.

    time_s: (frames,) of the clip. Between two key frames the region is interpolated; longer than _LOST_S away
    from both it is given up, and before the first and after the last one it stays.
    """
    seen: dict[int, Region] = {}
    for track in tracks:
        for frame, region in zip(track.frames.tolist(), track.regions, strict=True):
            seen.setdefault(frame, region)
    if not seen:
        return {}
    keys = np.array(sorted(seen), np.int64)
    key_s = time_s[keys]
    found: dict[int, Region] = {}
    for frame, moment_s in enumerate(time_s.tolist()):
        after = min(int(np.searchsorted(keys, frame)), len(keys) - 1)
        before = after if keys[after] <= frame else max(after - 1, 0)
        to_before_s, to_after_s = abs(moment_s - key_s[before]), abs(key_s[after] - moment_s)
        if min(to_before_s, to_after_s) > _LOST_S:
            continue
        share = to_before_s / max(to_before_s + to_after_s, np.finfo(np.float64).tiny)
        if to_before_s + to_after_s > 2 * _LOST_S:
            share = float(to_before_s > to_after_s)
        if not keys[0] <= frame <= keys[-1]:
            share = 0.0
        found[frame] = between(seen[int(keys[before])], seen[int(keys[after])], share)
    return found


def bodies_in(region: Region, others: Iterable[Track], frame: int) -> list[FloatArray]:
    """Landmarks (33, 2) of those among `others` who reach into `region` in that frame, interpolated."""
    half_px = region.side_px / 2
    center = np.array([region.center_x_px, region.center_y_px])
    found: list[FloatArray] = []
    for track in others:
        if len(track.frames) < _FEWEST_KEYS or not track.frames[0] <= frame <= track.frames[-1]:
            continue
        body = places_at(track.frames, track.landmarks_px, np.array([frame]))[0]
        if np.all(body.min(axis=0) < center + half_px) and np.all(body.max(axis=0) > center - half_px):
            found.append(body)
    return found


def own(
    landmarks_px: FloatArray, frames: NDArray[np.int64], climber: list[Track], others: list[Track]
) -> BoolArray:
    """Which skeletons (n, 33, 2) of these frames (n,) lie where the climber was followed, not on others.

    Between two key frames that saw the climber the place is interpolated; beyond, the nearest one counts.
    """
    if not climber:
        return np.zeros(len(frames), np.bool_)
    own_torso = _mean_distance(landmarks_px, frames, climber)
    other_torso = [_mean_distance(landmarks_px, frames, [track], beyond=False) for track in others]
    nearest = np.min([np.full(len(frames), np.inf), *other_torso], axis=0)
    return (own_torso < _OWN_TORSO) & (own_torso < nearest)


def on_others(
    landmarks_px: FloatArray, frames: NDArray[np.int64], climber: list[Track], others: list[Track]
) -> BoolArray:
    """(n, 33) which landmarks (n, 33, 2) of the climber's skeletons are somebody else's, or behind them.

    Somebody else's: next to the same joint of theirs, and nearer to it than to where the climber's own was
    followed. Behind: in the outline of the trunk of somebody who reaches further down in the picture, so is
    nearer to the camera: whoever climbs is at the wall. Known limits: behind another part of somebody else's
    body is not told; nor is another's joint that the light network took for the climber's, too.
    """
    mixed = np.zeros(landmarks_px.shape[:2], np.bool_)
    for other in others:
        if not climber or len(other.frames) < _FEWEST_KEYS:
            continue
        there = np.flatnonzero((frames >= other.frames[0]) & (frames <= other.frames[-1]))
        found, moments = landmarks_px[there], frames[there]
        theirs = _to_either_side(found, places_at(other.frames, other.landmarks_px, moments))
        own = _to_either_side(found, places_at(*_joined(climber), moments))
        mixed[there] |= (theirs < own) & (theirs < _ON_JOINT_TORSO * other.torso_px())
        mixed[there] |= _behind(found, places_at(other.frames, other.landmarks_px, moments))
    return mixed


def _behind(found: FloatArray, somebody: FloatArray) -> BoolArray:
    """(n, 33) in the outline of the trunk of a body (n, 33, 2) that reaches further down in the picture."""
    nearer = somebody[..., 1].max(axis=1) > found[..., 1].max(axis=1)
    return nearer[:, None] & (outside_trunk(found, somebody) < 0)


def _to_either_side(found: FloatArray, expected: FloatArray) -> FloatArray:
    """(n, 33) distance to the expected landmark, whichever side is called left."""
    sides = [np.linalg.norm(found - places, axis=2) for places in (expected, expected[:, MIRROR])]
    return np.min(sides, axis=0)


def _joined(tracks: list[Track]) -> tuple[NDArray[np.int64], FloatArray]:
    """(keys,) rising key frames of all tracks and the landmarks (keys, 33, 2) there."""
    keys = np.concatenate([track.frames for track in tracks])
    order = np.argsort(keys, kind="stable")
    return keys[order], np.concatenate([track.landmarks_px for track in tracks])[order]


def _mean_distance(
    landmarks_px: FloatArray, frames: NDArray[np.int64], tracks: list[Track], *, beyond: bool = True
) -> FloatArray:
    """(n,) torso lengths over shoulders, hips, knees, ankles; infinite before and after, unless `beyond`."""
    keys, places = _joined(tracks)
    torso_px = float(np.median(torsos_px(places)))
    expected = places_at(keys, places[:, TRUNK_AND_LEGS], frames)
    pairs = (len(frames), len(TRUNK_AND_LEGS) // 2, 2, 2)
    found, expected = landmarks_px[:, TRUNK_AND_LEGS].reshape(pairs), expected.reshape(pairs)
    steps = [np.linalg.norm(found - sides, axis=3).mean(axis=2) for sides in (expected, expected[:, :, ::-1])]
    distance = np.min(steps, axis=0).mean(axis=1) / torso_px  # whichever side is called left
    if beyond:
        return distance
    outside = (frames < keys.min()) | (frames > keys.max())
    return np.where(outside, np.inf, distance)


def places_at(keys: NDArray[np.int64], places: FloatArray, frames: NDArray[np.int64]) -> FloatArray:
    """(frames, ...) places (keys, ...) of rising key frames, interpolated; the nearest one's beyond."""
    flat = places.reshape(len(keys), -1)
    found = np.stack([np.interp(frames, keys, column) for column in flat.T], axis=1)
    return found.reshape(len(frames), *places.shape[1:])
