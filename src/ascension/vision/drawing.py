"""Skeleton, center-of-mass path and joint angles onto a frame, in sizes that follow the body."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ascension.biomechanics.conventions import JOINT_ANGLES, VISIBLE, Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.vision.region import Picture

Color = tuple[int, int, int]

LEFT: Final[Color] = (255, 176, 0)
RIGHT: Final[Color] = (46, 184, 255)
MIDDLE: Final[Color] = (244, 244, 244)
PATH: Final[Color] = (255, 61, 139)
DARK: Final[Color] = (18, 20, 24)

PATH_S: Final = 2.0
"""How much of the center of mass's way is shown behind it."""

_SHIFT: Final = 4
"""OpenCV draws on a grid 2^4 times finer than pixels: lines do not jump from frame to frame."""
_FONT: Final = cv2.FontFace("sans")


@dataclass(frozen=True)
class Limb:
    """A line of the skeleton."""

    start: Landmark
    end: Landmark
    color: Color


def _side(side: str, color: Color) -> tuple[Limb, ...]:
    pairs = (
        ("SHOULDER", "ELBOW"),
        ("ELBOW", "WRIST"),
        ("WRIST", "INDEX"),
        ("SHOULDER", "HIP"),
        ("HIP", "KNEE"),
        ("KNEE", "ANKLE"),
        ("ANKLE", "HEEL"),
        ("HEEL", "FOOT_INDEX"),
        ("ANKLE", "FOOT_INDEX"),
    )
    return tuple(Limb(Landmark[f"{side}_{start}"], Landmark[f"{side}_{end}"], color) for start, end in pairs)


LIMBS: Final = (
    Limb(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, MIDDLE),
    Limb(Landmark.LEFT_HIP, Landmark.RIGHT_HIP, MIDDLE),
    *_side("LEFT", LEFT),
    *_side("RIGHT", RIGHT),
)
_JOINTS: Final = {landmark: limb.color for limb in LIMBS for landmark in (limb.start, limb.end)}


class Painter:
    """Draws one analysis onto its frames; see overlay.Tracks for the arrays."""

    def __init__(
        self, poses: PoseSequence, center_of_mass_px: FloatArray, joint_angles_deg: FloatArray
    ) -> None:
        self._poses = poses
        self._center_of_mass_px = center_of_mass_px
        self._joint_angles_deg = joint_angles_deg
        torso_px = poses.torso_px()
        self._width_px = max(torso_px / 26, 1.5)
        self._text_px = round(max(torso_px / 9, 11))

    def paint(self, frame: Picture, index: int) -> Picture:
        """A copy of `frame` (height, width, 3; RGB) with everything known about frame `index` drawn in."""
        picture = frame.copy()
        self._paint_path(picture, index)
        if self._poses.person[index]:
            self._paint_skeleton(picture, index)
            self._paint_center_of_mass(picture, self._center_of_mass_px[index])
            self._paint_angles(picture, index)
        caption = f"{self._poses.time_s[index]:.2f} s"
        if not self._poses.person[index]:
            caption += "   no climber found"
        height = picture.shape[0]
        _label(picture, (10, height - 10 - self._text_px), caption, self._text_px, MIDDLE)
        return picture

    def _paint_skeleton(self, picture: Picture, index: int) -> None:
        places, visibility = self._poses.landmarks_px[index], self._poses.visibility[index]
        seen = [limb for limb in LIMBS if min(visibility[limb.start], visibility[limb.end]) >= VISIBLE]
        guessed = [limb for limb in LIMBS if limb not in seen]

        def guesses(layer: Picture) -> None:
            for limb in guessed:
                _dashed(layer, places[limb.start], places[limb.end], limb.color, self._width_px * 0.7)

        def outlines(layer: Picture) -> None:
            for limb in seen:
                _line(layer, places[limb.start], places[limb.end], DARK, self._width_px * 1.9)
            for joint in _seen_joints(visibility):
                _disc(layer, places[joint], self._width_px * 1.5, DARK)

        def lines(layer: Picture) -> None:
            for limb in seen:
                _line(layer, places[limb.start], places[limb.end], limb.color, self._width_px)

        _blend(picture, 0.55, guesses)
        _blend(picture, 0.45, outlines)
        _blend(picture, 0.95, lines)
        for joint in _seen_joints(visibility):
            _disc(picture, places[joint], self._width_px * 0.95, _JOINTS[joint])
            _disc(picture, places[joint], self._width_px * 0.5, MIDDLE)

    def _paint_path(self, picture: Picture, index: int) -> None:
        """The way of the center of mass over the last seconds, thin where it is old."""
        time_s = self._poses.time_s
        first = np.count_nonzero(time_s < time_s[index] - PATH_S)

        def path(layer: Picture) -> None:
            for step in range(first, index):
                start, end = self._center_of_mass_px[step], self._center_of_mass_px[step + 1]
                if np.isnan(start).any() or np.isnan(end).any():
                    continue
                fresh = 1 - (time_s[index] - time_s[step]) / PATH_S
                _line(layer, start, end, PATH, self._width_px * (0.3 + 0.9 * fresh))

        _blend(picture, 0.85, path)

    def _paint_center_of_mass(self, picture: Picture, place: FloatArray) -> None:
        """The engineer's sign: a disc of two dark and two light quarters."""
        radius = self._width_px * 2.2
        _disc(picture, place, radius * 1.25, PATH)
        for quarter in range(4):
            color = DARK if quarter % 2 else MIDDLE
            _pie(picture, place, radius, quarter * 90.0, 90.0, color)

    def _paint_angles(self, picture: Picture, index: int) -> None:
        places = self._poses.landmarks_px[index]
        reach = round(self._width_px * 2.2)
        x, y = self._center_of_mass_px[index].round().astype(int)
        taken = [_Box(int(x) - reach, int(y) - reach, 2 * reach, 2 * reach)]
        labels: list[tuple[_Box, str, Color]] = []
        for angle, value_deg in zip(JOINT_ANGLES, self._joint_angles_deg[index], strict=True):
            if np.isnan(value_deg):
                continue
            joint, color = places[angle.joint], _JOINTS[angle.joint]
            start_deg = _direction_deg(places[angle.proximal] - joint)
            sweep_deg = (_direction_deg(places[angle.distal] - joint) - start_deg + 180) % 360 - 180
            radius = self._width_px * 4.5
            _arc(picture, joint, radius, start_deg, sweep_deg, color, self._width_px * 0.5)
            text = f"{value_deg:.0f}°"
            box = self._free_box(joint, start_deg + sweep_deg / 2 + 180, text, taken)
            taken.append(box)
            labels.append((box, text, color))
        for box, text, color in labels:  # over every arc
            _label(picture, (box.left, box.top), text, self._text_px, color)

    def _free_box(self, joint: FloatArray, outward_deg: float, text: str, taken: list["_Box"]) -> "_Box":
        """Beside the joint, outside of the bend; turned from there while another label is in the way."""
        width, height = _text_width(text, self._text_px), self._text_px
        boxes: list[_Box] = []
        for turn_deg in (0, 50, -50, 100, -100, 150, -150):
            direction = math.radians(outward_deg + turn_deg)
            x, y = joint + self._text_px * 2.1 * np.array([math.cos(direction), math.sin(direction)])
            boxes.append(_Box(round(x - width / 2), round(y - height / 2), width, height))
        return next((box for box in boxes if not any(box.touches(other) for other in taken)), boxes[0])


@dataclass(frozen=True)
class _Box:
    left: int
    top: int
    width: int
    height: int

    def touches(self, other: "_Box") -> bool:
        pad = self.height // 2
        return (
            abs(2 * (self.left - other.left) + self.width - other.width) < self.width + other.width + 2 * pad
            and abs(2 * (self.top - other.top) + self.height - other.height)
            < self.height + other.height + 2 * pad
        )


def _seen_joints(visibility: FloatArray) -> list[Landmark]:
    return [joint for joint in _JOINTS if visibility[joint] >= VISIBLE]


def _direction_deg(vector: FloatArray) -> float:
    return math.degrees(math.atan2(vector[1], vector[0]))


def _blend(picture: Picture, opacity: float, draw: Callable[[Picture], None]) -> None:
    """Let `draw` paint on a copy, then lay the copy over `picture`."""
    layer = picture.copy()
    draw(layer)
    cv2.addWeighted(layer, opacity, picture, 1 - opacity, 0, dst=picture)


def _fine(place: FloatArray) -> tuple[int, int]:
    limit = 2**15  # far outside of any picture; OpenCV's own grid must not overflow
    x, y = np.clip(place, -limit, limit) * 2**_SHIFT
    return round(float(x)), round(float(y))


def _line(picture: Picture, start: FloatArray, end: FloatArray, color: Color, width_px: float) -> None:
    cv2.line(picture, _fine(start), _fine(end), color, max(round(width_px), 1), cv2.LINE_AA, _SHIFT)


def _dashed(picture: Picture, start: FloatArray, end: FloatArray, color: Color, width_px: float) -> None:
    length = float(np.linalg.norm(end - start))
    dashes = max(round(length / (width_px * 6)), 1)
    for dash in range(dashes):
        begin, stop = dash / dashes, (dash + 0.55) / dashes
        _line(picture, start + begin * (end - start), start + stop * (end - start), color, width_px)


def _disc(picture: Picture, center: FloatArray, radius_px: float, color: Color) -> None:
    radius = round(radius_px * 2**_SHIFT)
    cv2.circle(picture, _fine(center), radius, color, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def _pie(
    picture: Picture, center: FloatArray, radius_px: float, start_deg: float, sweep_deg: float, color: Color
) -> None:
    rim = _rim(center, radius_px, start_deg, sweep_deg)
    corners = np.array([_fine(center), *(_fine(point) for point in rim)], np.int32)
    cv2.fillPoly(picture, [corners], color, cv2.LINE_AA, _SHIFT)


def _arc(
    picture: Picture,
    center: FloatArray,
    radius_px: float,
    start_deg: float,
    sweep_deg: float,
    color: Color,
    width_px: float,
) -> None:
    rim = np.array([_fine(point) for point in _rim(center, radius_px, start_deg, sweep_deg)], np.int32)
    cv2.polylines(picture, [rim], False, color, max(round(width_px), 1), cv2.LINE_AA, _SHIFT)


def _rim(center: FloatArray, radius_px: float, start_deg: float, sweep_deg: float) -> FloatArray:
    turns = np.radians(np.linspace(start_deg, start_deg + sweep_deg, 24))
    return center + radius_px * np.stack([np.cos(turns), np.sin(turns)], axis=1)


def _text_width(text: str, size_px: int) -> int:
    _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _FONT, size_px, 600)
    return width


def _label(picture: Picture, corner: tuple[int, int], text: str, size_px: int, color: Color) -> None:
    """Text with its top left at `corner`, on a dark half-transparent ground, kept inside the picture."""
    pad = max(size_px // 4, 2)
    width, height = _text_width(text, size_px) + 2 * pad, size_px + 2 * pad
    left = min(max(corner[0] - pad, 0), max(picture.shape[1] - width, 0))
    top = min(max(corner[1] - pad, 0), max(picture.shape[0] - height, 0))
    ground = picture[top : top + height, left : left + width]
    cv2.addWeighted(ground, 0.35, np.full_like(ground, DARK), 0.65, 0, dst=ground)
    baseline = (left + pad, top + pad + round(size_px * 0.86))
    cv2.putText(picture, text, baseline, color, _FONT, size_px, 600)
