"""Where heads are in a clip: the climber's and everybody else's, for covering them.

People are followed as for an analysis, with the light network and without asking who climbs; now and then the
picture is searched closer, for small ones. What was seen is held: a head that is lost for a while is covered
on the way between its two places, and before it was first and after it was last seen where that was. Known
limits: heads below a fortieth of the picture's height, faces on posters and in mirrors, a face that is
seen for less than a key step, more people than can be told apart.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.vision import weights
from ascension.vision.detector import Person, detect, detect_closer
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine
from ascension.vision.people import People
from ascension.vision.pose import Pose, read_poses
from ascension.vision.video import VideoReader

_FACE: Final = slice(0, 11)
_NOSE_TO_EARS: Final = [0, 7, 8]
"""Landmarks of the face: nose, eyes, ears, mouth."""
_KEY_STEP_S: Final = 1 / 8
_CLOSER_EVERY_S: Final = 0.5
_PERSON_THRESHOLD: Final = 0.45
"""Of the light network, below what an analysis asks: a covered hold costs less than a face that is not."""
_FACE_REACH: Final = 1.6
_BODY_SHARE: Final = 0.09
"""A head's radius, hair and chin included: so many times the farthest landmark of the face from its middle,
or this share of the side of the body's region, whichever is more."""
_UNSURE_SHARE: Final = 0.7
"""Of the radius of a box that the detector alone saw, and no landmarks confirmed."""
_HOLD_S: Final = 1.0
_GAP_S: Final = 4.0
_REACH: Final = 3.0
"""A head that is seen again within this many radii, and as many more for each second, is the same."""
_MOST_REACH: Final = 8.0
_IN_GAPS: Final = 1.4
"""What was not seen but is between two places is covered so much wider."""


@dataclass(frozen=True)
class Head:
    """A circle around a head, in displayed-frame pixels."""

    x_px: float
    y_px: float
    radius_px: float

    @property
    def face_px(self) -> float:
        """Radius of what shows who it is."""
        return self.radius_px / _FACE_REACH


@dataclass
class _Path:
    """One head over time: where it was seen, in the order of time."""

    times_s: list[float]
    heads: list[Head]

    def at(self, time_s: float) -> Head | None:
        """Where it is, or is taken to be; None: it is not in the picture."""
        if not self.times_s[0] - _HOLD_S <= time_s <= self.times_s[-1] + _HOLD_S:
            return None
        after = int(np.searchsorted(self.times_s, time_s))
        if after in (0, len(self.times_s)):
            seen = self.heads[min(after, len(self.heads) - 1)]
            away_s = min(abs(time_s - self.times_s[0]), abs(time_s - self.times_s[-1]))
            return seen if away_s <= _KEY_STEP_S else replace(seen, radius_px=_IN_GAPS * seen.radius_px)
        before_s, after_s = self.times_s[after - 1], self.times_s[after]
        share = (time_s - before_s) / (after_s - before_s)
        one, other = self.heads[after - 1], self.heads[after]
        wider = _IN_GAPS if after_s - before_s > 2 * _KEY_STEP_S else 1
        return Head(
            one.x_px + share * (other.x_px - one.x_px),
            one.y_px + share * (other.y_px - one.y_px),
            wider * max(one.radius_px, other.radius_px),
        )


@dataclass
class Heads:
    """Everybody's heads over a clip; `see` in the order of time, then `at`."""

    _paths: list[_Path] = field(default_factory=list[_Path])

    def see(self, time_s: float, heads: Sequence[Head]) -> None:
        """These are in the picture at this moment."""
        free = [path for path in self._paths if time_s - path.times_s[-1] <= _GAP_S]
        for head in heads:
            near = [(away, path) for path in free if (away := _away(path, head, time_s)) is not None]
            if near:
                _, path = min(near, key=lambda one: one[0])
                free.remove(path)
                path.times_s.append(time_s)
                path.heads.append(head)
            else:
                self._paths.append(_Path([time_s], [head]))

    def at(self, time_s: float) -> list[Head]:
        """What is to be covered then."""
        return [head for path in self._paths if (head := path.at(time_s)) is not None]


def _away(path: _Path, head: Head, time_s: float) -> float | None:
    """How far the head is from where the path ended, in px; None: too far to be the same."""
    last = path.heads[-1]
    away_px = math.hypot(head.x_px - last.x_px, head.y_px - last.y_px)
    reach = min(_REACH * (1 + time_s - path.times_s[-1]), _MOST_REACH)
    return away_px if away_px <= reach * max(head.radius_px, last.radius_px) else None


def find_heads(video_path: Path, engine: Engine, *, threads: int, on_share: Callable[[float], None]) -> Heads:
    """Read the clip once, front to back. Raises what VideoReader raises."""
    people, heads = People(engine), Heads()
    next_closer_s = -math.inf
    with VideoReader(video_path, threads=threads) as video:
        length_s = video.info.declared_duration_s
        for number, frame, time_s in _keys(video):
            is_closer = time_s >= next_closer_s
            if is_closer:
                next_closer_s = time_s + _CLOSER_EVERY_S
            known = people.look(number, frame, time_s).people.values()
            heads.see(time_s, heads_in(engine, frame, known, is_closer=is_closer))
            if length_s:
                on_share(min(time_s / length_s, 1.0))
    return heads


def _keys(video: VideoReader) -> Iterator[tuple[int, Frame, float]]:
    """Number, frame and time of the frames that are looked at: the first, the last, and one in each step."""
    last_s = -math.inf
    left: tuple[int, Frame, float] | None = None
    for number, frame in enumerate(video):
        time_s = float(frame.ticks * video.info.time_base)
        left = number, frame, time_s
        if time_s - last_s >= _KEY_STEP_S:
            last_s = time_s
            yield left
            left = None
    if left is not None:
        yield left


def heads_in(engine: Engine, frame: Frame, known: Iterable[Pose] = (), *, is_closer: bool) -> list[Head]:
    """Those of `known` bodies and of everybody else in one frame; is_closer: small ones are searched, too."""
    heads = [_head_of(pose) for pose in known]
    detector = engine.load(weights.DETECTOR)
    for found in detect(detector, frame):
        x_px, y_px, radius_px = found.head_px
        heads += _new(heads, [Head(x_px, y_px, _UNSURE_SHARE * radius_px)])
    if is_closer:
        for found in detect_closer(detector, frame):
            heads += _new(heads, _confirmed(engine, frame, found))
    return heads


def _confirmed(engine: Engine, frame: Frame, found: Person) -> list[Head]:
    network = engine.load(weights.POSE["lite"])
    crop = frame.crop(found.region, network.side_px)
    [pose] = read_poses(network.run(crop[None]), [found.region], network.side_px)
    return [_head_of(pose)] if pose.confidence >= _PERSON_THRESHOLD else []


def _new(known: Sequence[Head], found: Sequence[Head]) -> list[Head]:
    """Those whose middle no known circle covers."""
    return [
        head
        for head in found
        if not any(
            math.hypot(head.x_px - one.x_px, head.y_px - one.y_px) < max(one.radius_px, head.radius_px)
            for one in known
        )
    ]


def _head_of(pose: Pose) -> Head:
    face: NDArray[np.float64] = pose.landmarks_px[_FACE]
    middle = pose.landmarks_px[_NOSE_TO_EARS].mean(axis=0)
    reach_px = float(np.hypot(*(face - middle).T).max())
    radius_px = max(_FACE_REACH * reach_px, _BODY_SHARE * pose.region.side_px)
    return Head(float(middle[0]), float(middle[1]), radius_px)
