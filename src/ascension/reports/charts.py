"""The report's charts: the wall with its holds, contacts over time, the six axes."""

from collections.abc import Callable
from typing import Final

import numpy as np

from ascension.analyses.result import WallPicture
from ascension.biomechanics.poses import FloatArray, IntArray
from ascension.biomechanics.wall import on_wall_px
from ascension.climbing.climb import Climb
from ascension.climbing.limbs import HANDS, LIMBS
from ascension.coaching.score import Score
from ascension.coaching.wording import axis_text
from ascension.reports.drawing import Box, Dot, Drawing, Label, Path, Picture, Shape, role_of
from ascension.reports.order import order_of_holds
from ascension.reports.texts import Texts

_TIMELINE_WIDTH: Final = 900.0
_NAMES_WIDTH: Final = 110.0
_ROW: Final = 30.0
_TICKS_S: Final = (1, 2, 5, 10, 15, 30, 60, 120)
_MOST_TICKS: Final = 12
_NARROWEST_LABEL: Final = 14.0
_LETTER: Final = 6.5
"""About as wide as a letter of an event's name."""
_PATH_POINTS: Final = 200


def wall_chart(
    climb: Climb, picture: WallPicture, wall_to_unit: FloatArray, data: bytes, texts: Texts
) -> Drawing:
    """The picture of the wall with the holds in their order, the way of the hands and the center of mass."""
    width, height = float(picture.width_px), float(picture.height_px)
    to_wall_px = np.asarray(np.linalg.inv(wall_to_unit), np.float64)
    to_picture: FloatArray = np.array(picture.wall_to_picture, np.float64).reshape(3, 3) @ to_wall_px

    def placed(places: FloatArray) -> list[tuple[float, float]]:
        moved = on_wall_px((places * [1.0, -1.0])[None], to_picture[None])[0]
        return [(float(x), float(y)) for x, y in moved]

    radius = max(width, height) / 55
    shapes: list[Shape] = [Picture(0, 0, width, height, data)]
    known = np.flatnonzero(climb.motion.known)
    runs: list[IntArray] = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    for run in runs:
        few = run[:: 1 + len(known) // _PATH_POINTS]
        center = tuple(placed(climb.motion.center_of_mass[few]))
        shapes += [Path(center, "paper", radius / 2.5), Path(center, "center", radius / 4.5)]
    for limb in HANDS:
        way = [one for one in climb.contacts if one.limb == limb and one.kind == "hold"]
        if len(way) > 1:
            points = placed(np.array([(one.x, one.y) for one in way]))
            shapes.append(Path(tuple(points), role_of(limb), radius / 3))
    order = order_of_holds(climb.contacts)
    for hold in climb.holds:
        if hold.id in order:
            ((x, y),) = placed(np.array([(hold.x, hold.y)]))
            shapes.append(Dot(x, y, radius, "ink"))
            shapes.append(Label(x, y + radius * 0.4, str(order[hold.id]), "paper", radius * 1.15, "middle"))
    return Drawing(width, height, texts.label["wall"], tuple(shapes))


def timeline_chart(climb: Climb, texts: Texts) -> Drawing:
    """A row a limb: when it held what; above, what happened."""
    time_s = climb.motion.time_s
    start_s, end_s = float(time_s[0]), float(time_s[-1])
    order = order_of_holds(climb.contacts)
    across = (_TIMELINE_WIDTH - _NAMES_WIDTH) / max(end_s - start_s, 1e-9)

    def at(frame: int) -> float:
        return _NAMES_WIDTH + (float(time_s[min(frame, len(time_s) - 1)]) - start_s) * across

    bottom = _ROW * (1 + len(LIMBS))
    shapes: list[Shape] = []
    for tick_s in _ticks(start_s, end_s):
        x = _NAMES_WIDTH + (tick_s - start_s) * across
        shapes.append(Path(((x, _ROW), (x, bottom)), "ground", 1))
        shapes.append(Label(x, bottom + 16, texts.clock(tick_s), "faint", 11, "middle"))
    for row, limb in enumerate(LIMBS):
        top = _ROW * (1 + row)
        shapes.append(Label(0, top + 20, texts.limb[limb], role_of(limb), 13))
        for contact in (one for one in climb.contacts if one.limb == limb):
            left, right = at(contact.start), at(contact.end)
            hidden = contact.kind == "unseen"
            pale = contact.kind in {"smear", "floor"}
            at_s = float(time_s[contact.start])
            shapes.append(Box(left, top + 4, right - left, 22, role_of(limb), hidden, pale, at_s))
            if contact.hold in order and not hidden and not pale and right - left >= _NARROWEST_LABEL:
                label = str(order[contact.hold])
                shapes.append(Label((left + right) / 2, top + 20, label, "paper", 12, "middle", at_s))
    shapes += _events(climb, at, texts)
    return Drawing(_TIMELINE_WIDTH + 20, bottom + 24, texts.label["timeline"], tuple(shapes))


def _events(climb: Climb, at: Callable[[int], float], texts: Texts) -> list[Shape]:
    """Names where there is room, a mark in any case; the order of time decides."""
    shapes: list[Shape] = []
    free = 0.0
    for event in sorted(climb.events, key=lambda one: one.start):
        x, text = at(event.start), texts.event[event.kind]
        shapes.append(Path(((x, _ROW - 6), (x, _ROW * (1 + len(LIMBS)))), "faint", 1, dashed=True))
        left = min(x, _TIMELINE_WIDTH + 20 - _LETTER * len(text))
        if left >= free:
            at_s = float(climb.motion.time_s[event.start])
            shapes.append(Label(left, _ROW - 10, text, "ink", 11, at_s=at_s))
            free = left + _LETTER * len(text) + 8
    return shapes


def axes_chart(score: Score, texts: Texts) -> Drawing:
    """A bar an axis, or the reason why there is none."""
    width, names, row = 400.0, 90.0, 28.0
    across = (width - names - 96) / 100
    shapes: list[Shape] = []
    for number, axis in enumerate(score.axes):
        top = row * number
        shapes.append(Label(0, top + 18, texts.axis[axis.axis], "ink", 13))
        shapes.append(Box(names, top + 6, 100 * across, 16, "ground"))
        beside = names + 100 * across + 10
        if axis.value is None:
            reason = axis_text(axis.reason, texts.language) if axis.reason else ""
            shapes.append(Label(names + 6, top + 18, reason, "faint", 11))
            continue
        shapes.append(Box(names, top + 6, max(axis.value * across, 1), 16, "accent"))
        shapes.append(Label(beside, top + 18, f"{axis.value:.0f}", "ink", 13))
        shapes.append(Label(beside + 32, top + 18, texts.confidence(axis.confidence), "faint", 11))
    return Drawing(width, row * len(score.axes), texts.label["axes"], tuple(shapes))


def _ticks(start_s: float, end_s: float) -> list[float]:
    step = next((one for one in _TICKS_S if (end_s - start_s) / one <= _MOST_TICKS), _TICKS_S[-1])
    return [float(tick) for tick in np.arange(np.ceil(start_s / step) * step, end_s + 1e-9, step)]
