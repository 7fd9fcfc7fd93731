"""The wall stands still: where every frame of a moving camera lies on it.

Each frame is placed against one of a few key views (wall_keys.py) by following its points, people left out. A
key view is used again when the camera comes back to it, so that the error depends on the way across the wall,
not on the time. While the camera moves smoothly, only every second frame is, and the others lie between
(wall_between.py). At the end all key views are laid out together (wall_layout.py).
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from ascension.vision.remarks import Remark
from ascension.vision.wall.between import interpolated, is_smooth
from ascension.vision.wall.fit import BoolArray, FloatArray, MotionKind, inverse, moved
from ascension.vision.wall.keys import (
    FAR,
    NEAR,
    Features,
    Followed,
    KeyView,
    Recognizer,
    find_points,
    follow,
)
from ascension.vision.wall.layout import Layout
from ascension.vision.wall.view import Geometry, Look

IntArray = NDArray[np.int64]
Boxes = Sequence[Sequence[float]] | FloatArray

_LIVE_KEYS: Final = 64
"""Key views whose pictures are kept: 16 MB. Older ones keep their place only."""
_PEOPLE_MARGIN: Final = 0.02
_FEWEST_POINTS: Final = 30
"""A view with fewer corners has nothing to hold on to: too dark, blank or covered."""
_GOOD_OVERLAP: Final = 0.7
_MOST_ZOOM: Final = 1.2
_ENOUGH_SHARE: Final = 0.45
_ENOUGH: Final = 45
_BETTER: Final = 1.3
_MOST_FOLLOWED: Final = 0.7
_AS_BEFORE: Final = 0.85
"""Of the share of points that were followed in the last frame: on an edge of two planes it is never large."""
_KEY_PAUSE: Final = 6
"""Frames between two new key views: a hard scene must not make one of every frame."""
_WALL_PAUSE: Final = 10
_LOOPS: Final = 3
_LOOP_OVERLAP: Final = 0.5
_TRIES: Final = 3
_YOUNG: Final = 15
"""For so many frames a new wall is compared with the older ones: perhaps the camera only jerked."""
_CUT_FRAMES: Final = 3
_JUMP: Final = 0.12
"""Of the longer side, from one frame to the next: no hand is that fast, so the film was cut."""


@dataclass(frozen=True)
class Registration:
    """Where each frame lies on the wall. Wall pixels are those of the reference frame, continued beyond it.

    frame_to_wall:   (frames, 3, 3) on homogeneous pixels of the displayed frame; NaN where `kind` is none
    kind:            (frames,) how much of the camera's motion was found
    residual_px:     (frames,) median distance of the followed points from their places; NaN where none
    inliers:         (frames,) points that agree with the motion; both of the frame before where interpolated
    cut_frames:      first frames after a cut: another place or another moment
    reference_frame: the frame whose pixels are wall pixels; None where no frame could be placed
    reasons:         why frames have no or a lesser motion; empty when all are homographies
    """

    frame_to_wall: FloatArray
    kind: tuple[MotionKind, ...]
    residual_px: FloatArray
    inliers: IntArray
    cut_frames: tuple[int, ...]
    reference_frame: int | None
    reasons: tuple[Remark, ...]

    @property
    def placed(self) -> BoolArray:
        """(frames,) True where the frame has a place on the wall."""
        return np.array([kind != "none" for kind in self.kind], np.bool_)


@dataclass(frozen=True)
class _Placed:
    key: int
    frame_from_key: FloatArray
    kind: MotionKind
    residual: float
    inliers: int
    share: float


class WallTracker:
    """Sees the frames in order, each once: `see` for every frame, then `finish`.

    Memory does not grow with the clip but for one small record a frame. Cost: docs/decisions/0008-wall.md.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._geometry = Geometry(width_px, height_px)
        self._half_px = max(width_px, height_px) / 2
        self._recognizer = Recognizer()
        self._layout = Layout()
        self._live: dict[int, KeyView] = {}
        self._frames: list[_Placed | None] = []
        self._last: _Placed | None = None
        self._last_key_frame = -_KEY_PAUSE
        self._wall_began = 0
        self._to_compare: deque[int] = deque()
        self._before: Look | None = None
        self._waiting: tuple[NDArray[np.uint8], Boxes] | None = None
        self._between: list[int] = []
        self._steady = False
        self._dark = 0

    def see(self, luma: NDArray[np.uint8], boxes_px: Boxes) -> None:
        """The next frame: (height, width) upright, and (people, 4) left, top, right, bottom to leave out."""
        if self._waiting is None and self._steady:
            self._waiting = luma, boxes_px
            self._frames.append(None)
            return
        look = self._look(luma, boxes_px)
        if self._waiting is None:
            self._measure(look)
        elif (placed := self._follow_on(look)) is not None:
            self._record(look, placed)
            self._catch_up(len(self._frames) - 2)
        else:  # too far for one step: one after the other
            self._frames.pop()
            waiting, self._waiting = self._look(*self._waiting), None
            self._measure(waiting)
            self._measure(look)

    def _measure(self, look: Look) -> None:
        self._record(look, self._follow_on(look) or self._bridge(look) or self._recover(look))

    def _record(self, look: Look, placed: _Placed | None) -> None:
        if placed is not None and self._is_young():
            self._compare_walls(look, placed)
        self._frames.append(placed)
        self._before = look
        if placed is not None:
            self._last = placed
        self._steady = self._is_steady()

    def _catch_up(self, number: int) -> None:
        """Frame `number` waited for the one after it: it lies between two, or is measured now."""
        waiting, self._waiting = self._waiting, None
        if self._steady and number < len(self._frames) - 1:
            self._between.append(number)
        elif waiting is not None:
            self._frames[number] = self._follow_on(self._look(*waiting))

    def _is_steady(self) -> bool:
        """The last frames lie on one wall and on a smooth path."""
        last = len(self._frames) - 1
        placed = [self._frames[number] for number in range(last, max(last - 5, -1), -2)]
        if len(placed) < 3 or any(frame is None or frame.kind != "homography" for frame in placed):
            return False
        if len({self._layout.wall_of[frame.key] for frame in placed if frame is not None}) > 1:
            return False
        return is_smooth([self._place(last - back) for back in (4, 2, 0)], self._geometry.corners)

    def _look(self, luma: NDArray[np.uint8], boxes_px: Boxes) -> Look:
        return self._geometry.look(luma, np.asarray(boxes_px, np.float64).reshape(-1, 4), _PEOPLE_MARGIN)

    def finish(self) -> Registration:
        """Lay out all that was seen. The wall is the one that most frames show."""
        if self._waiting is not None:
            self._catch_up(len(self._frames) - 1)
        frames = len(self._frames)
        walls = [self._layout.wall_of[placed.key] for placed in self._frames if placed is not None]
        matrices = np.full((frames, 3, 3), np.nan)
        if not walls:
            return Registration(
                matrices,
                ("none",) * frames,
                np.full(frames, np.nan),
                np.zeros(frames, np.int64),
                (),
                None,
                self._why([]),
            )
        wall = min(Counter(walls).items(), key=lambda counted: (-counted[1], counted[0]))[0]
        self._layout.settle(wall)
        on_wall = [
            index
            for index, placed in enumerate(self._frames)
            if placed is not None and self._layout.wall_of[placed.key] == wall
        ]
        reference = on_wall[len(on_wall) // 2]
        view = self._geometry.view_from_frame
        wall_px = inverse(self._place(reference) @ view)
        residual = np.full(frames, np.nan)
        inliers = np.zeros(frames, np.int64)
        kinds: list[MotionKind] = ["none"] * frames
        for index in on_wall:
            placed = cast("_Placed", self._frames[index])
            matrix = wall_px @ self._place(index) @ view
            matrices[index] = matrix / matrix[2, 2]
            kinds[index] = placed.kind
            residual[index] = placed.residual * self._half_px
            inliers[index] = placed.inliers
        self._fill_between(matrices, kinds, residual, inliers)
        return Registration(
            matrices, tuple(kinds), residual, inliers, self._cuts(), reference, self._why(kinds)
        )

    def _fill_between(
        self, matrices: FloatArray, kinds: list[MotionKind], residual: FloatArray, inliers: IntArray
    ) -> None:
        measured = matrices.copy()
        for number in self._between:
            matrix = interpolated(measured, number, self._geometry.corners_px)
            if matrix is not None:
                matrices[number], kinds[number] = matrix, "homography"
                residual[number], inliers[number] = residual[number - 1], inliers[number - 1]

    def _place(self, frame: int) -> FloatArray:
        """Frame's view units -> its wall's."""
        placed = cast("_Placed", self._frames[frame])
        return self._layout.place_of[placed.key] @ inverse(placed.frame_from_key)

    def _follow_on(self, look: Look) -> _Placed | None:
        """From the last frame's key view on; another key view takes over when it shows more of this frame."""
        if self._last is None or (active := self._live.get(self._last.key)) is None:
            return None
        found = self._track(active, look, self._guess(self._last), _AS_BEFORE * self._last.share)
        if found is None:
            return None
        if self._is_strong(active, found):
            return _placed(active, found)
        return self._change_key(active, found, look)

    def _guess(self, last: _Placed) -> FloatArray:
        """Where the last measured frame was; a frame later, as far again as it came in the two before."""
        earlier = self._frames[-4] if self._waiting is not None and len(self._frames) >= 4 else None
        if earlier is None or earlier.key != last.key:
            return last.frame_from_key
        ahead = last.frame_from_key @ inverse(earlier.frame_from_key) @ last.frame_from_key
        return ahead / ahead[2, 2]

    def _track(self, key: KeyView, look: Look, guess: FloatArray, enough: float) -> Followed | None:
        """Near the guess first; when that loses many points, with a larger reach and a better guess."""
        near = follow(key, look, guess, self._geometry, NEAR)
        if near is not None and near.share >= min(_MOST_FOLLOWED, enough):
            return near
        if self._before is not None:
            guess = self._geometry.shift(self._before, look) @ guess
        far = follow(key, look, guess, self._geometry, FAR)
        if far is not None:
            far = follow(key, look, far.motion.matrix, self._geometry, NEAR) or far
        return max((way for way in (near, far) if way is not None), key=lambda way: way.share, default=None)

    def _is_strong(self, key: KeyView, found: Followed) -> bool:
        matrix = found.motion.matrix
        zoom = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
        return (
            found.motion.kind == "homography"
            and len(found.source) >= max(_ENOUGH, _ENOUGH_SHARE * len(key.points))
            and self._geometry.overlap(matrix) >= _GOOD_OVERLAP
            and 1 / _MOST_ZOOM <= zoom <= _MOST_ZOOM
        )

    def _bridge(self, look: Look) -> _Placed | None:
        """The key view is lost, as when the light changes here and there: what was seen last becomes one.

        From one frame to the next little changes, so the points of that frame are found once more.
        """
        last, before = self._last, self._before
        if last is None or before is None or self._frames[-1] is not last or last.key not in self._live:
            return None
        found = follow(self._live[last.key], before, last.frame_from_key, self._geometry, NEAR)
        points = find_points(before, self._geometry)
        if found is None or len(points) < _FEWEST_POINTS:
            return None
        key = KeyView(
            len(self._layout.wall_of), before, points, self._recognizer.describe(before, self._geometry)
        )
        onward = self._track(key, look, np.eye(3), 0.0)
        if onward is None or not self._is_strong(key, onward):
            return None
        self._layout.add_beside(last.key, inverse(last.frame_from_key))
        self._layout.link(last.key, key.number, found)
        self._keep(key)
        return _placed(key, onward)

    def _change_key(self, active: KeyView, found: Followed, look: Look) -> _Placed:
        matrix = found.motion.matrix
        for number in self._nearest(active.number, matrix, _TRIES):
            guess = matrix @ self._layout.between(number, active.number)
            other = follow(self._live[number], look, guess, self._geometry, NEAR)
            if other is not None and self._is_strong(self._live[number], other):
                self._link_keys(number, active.number)
                return _placed(self._live[number], other)
        if len(self._frames) - self._last_key_frame < _KEY_PAUSE:
            return _placed(active, found)
        points = find_points(look, self._geometry)
        zoomed_or_moved = self._geometry.overlap(matrix) < _GOOD_OVERLAP
        if len(points) < (_FEWEST_POINTS if zoomed_or_moved else _BETTER * len(found.source)):
            self._last_key_frame = len(self._frames)  # nothing better to be had: ask again later
            return _placed(active, found)
        return self._new_key_beside(active, found, points, look)

    def _new_key_beside(self, active: KeyView, found: Followed, points: FloatArray, look: Look) -> _Placed:
        number = self._layout.add_beside(active.number, inverse(found.motion.matrix))
        self._layout.link(active.number, number, found)
        self._keep(KeyView(number, look, points, self._recognizer.describe(look, self._geometry)))
        for other in self._nearest(number, np.eye(3), _LOOPS):
            if other != active.number:
                self._link_keys(other, number)
        return _Placed(number, np.eye(3), found.motion.kind, found.motion.residual, len(found.source), 1.0)

    def _nearest(self, key: int, frame_from_key: FloatArray, most: int) -> list[int]:
        """Live key views of the same wall that show much of a frame, best first, `key` left out."""
        wall = self._layout.wall_of[key]
        shown: list[tuple[float, int]] = []
        for number in self._live:
            if number == key or self._layout.wall_of[number] != wall:
                continue
            matrix = frame_from_key @ self._layout.between(number, key)
            share = self._geometry.overlap(matrix)
            zoom = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
            if share >= _LOOP_OVERLAP and 1 / _MOST_ZOOM <= zoom <= _MOST_ZOOM:
                shown.append((-share, number))
        return [number for _, number in sorted(shown)[:most]]

    def _link_keys(self, first: int, second: int) -> None:
        """One more link between two key views of a wall, unless they have one."""
        if any({link.first, link.second} == {first, second} for link in self._layout.links):
            return
        guess = self._layout.between(first, second)
        found = follow(self._live[first], self._live[second].look, guess, self._geometry, NEAR)
        if found is not None:
            self._layout.link(first, second, found)

    def _recover(self, look: Look) -> _Placed | None:
        """The thread is lost, or this is the first frame: find a known view, else begin a wall of its own."""
        points = find_points(look, self._geometry)
        if len(points) < _FEWEST_POINTS:
            self._dark += 1
            return None
        features = self._recognizer.describe(look, self._geometry)
        active = [] if self._last is None else [self._last.key]
        for number in [*active, *self._rotate(_TRIES - len(active))]:
            found = self._recognize(number, features, look)
            if found is not None:
                return _placed(self._live[number], found)
        if self._live and len(self._frames) - self._wall_began < _WALL_PAUSE:
            return None
        number = self._layout.add_wall()
        self._to_compare = deque(self._live)
        self._keep(KeyView(number, look, points, features))
        self._wall_began = len(self._frames)
        return _Placed(number, np.eye(3), "homography", 0.0, len(points), 1.0)

    def _recognize(self, number: int, features: Features, look: Look) -> Followed | None:
        if number not in self._live:
            return None
        guess = self._recognizer.recognize(self._live[number].features, features, self._geometry)
        return None if guess is None else follow(self._live[number], look, guess, self._geometry, NEAR)

    def _rotate(self, count: int) -> list[int]:
        """The next few live key views, newest first, so that all have their turn while the thread is lost."""
        newest_first = sorted(self._live, reverse=True)
        turn = len(self._frames) * count % max(1, len(newest_first))
        return (newest_first[turn:] + newest_first[:turn])[:count]

    def _is_young(self) -> bool:
        return bool(self._to_compare) and len(self._frames) - self._wall_began <= _YOUNG

    def _compare_walls(self, look: Look, placed: _Placed) -> None:
        """Is the wall that began a moment ago one that we know? A few key views a frame."""
        features = self._recognizer.describe(look, self._geometry)
        for _ in range(min(_TRIES, len(self._to_compare))):
            number = self._to_compare.pop()
            if self._layout.wall_of[number] == self._layout.wall_of[placed.key]:
                continue
            found = self._recognize(number, features, look)
            if found is not None:
                back = inverse(placed.frame_from_key)
                motion = found.motion
                key_from_known = back @ motion.matrix
                self._layout.link(
                    number,
                    placed.key,
                    Followed(
                        type(motion)(
                            key_from_known, motion.kind, motion.agreeing, motion.residual, motion.corner_error
                        ),
                        found.source,
                        moved(back, found.target),
                        found.share,
                    ),
                )
                self._to_compare.clear()
                return

    def _keep(self, key: KeyView) -> None:
        self._live[key.number] = key
        self._last_key_frame = len(self._frames)
        if len(self._live) > _LIVE_KEYS:
            self._live.pop(min(self._live))

    def _cuts(self) -> tuple[int, ...]:
        """Where another wall begins while both sides are well seen, or the view jumps on the same wall."""
        cuts: list[int] = []
        seen = [index for index, placed in enumerate(self._frames) if placed is not None]
        for before, after in pairwise(seen):
            first, second = cast("_Placed", self._frames[before]), cast("_Placed", self._frames[after])
            if after - before > _CUT_FRAMES:
                continue
            if self._layout.wall_of[first.key] != self._layout.wall_of[second.key]:
                cuts.append(after)
                continue
            middle = np.zeros((1, 2))
            shift = moved(inverse(self._place(after)) @ self._place(before), middle)
            if float(np.linalg.norm(shift)) / 2 > _JUMP * (after - before):
                cuts.append(after)
        return tuple(cuts)

    def _why(self, kinds: list[MotionKind]) -> tuple[Remark, ...]:
        lost = len(self._frames) - len([kind for kind in kinds if kind != "none"])
        counts = {
            "wall_dark": self._dark,
            "wall_elsewhere": lost - self._dark,
            "wall_thin": kinds.count("similarity"),
        }
        return tuple(Remark(code, {"frames": count}) for code, count in counts.items() if count > 0)


def _placed(key: KeyView, found: Followed) -> _Placed:
    motion = found.motion
    return _Placed(key.number, motion.matrix, motion.kind, motion.residual, len(found.source), found.share)
