"""Skeleton, contacts, center-of-mass path, angles and words onto a frame, in sizes that follow the body."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import cv2
import numpy as np

from ascension.biomechanics.conventions import JOINT_ANGLES, VISIBLE, Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.wall import on_wall_px
from ascension.vision.region import Picture
from ascension.vision.strokes import (
    DARK,
    LIGHT,
    Color,
    arc,
    dashed,
    direction_deg,
    disc,
    label,
    line,
    pie,
    text_width,
)
from ascension.vision.tracks import Banner, Ring, Tracks

LEFT: Final[Color] = (255, 176, 0)
RIGHT: Final[Color] = (46, 184, 255)
PATH: Final[Color] = (255, 61, 139)

PATH_S: Final = 2.0
"""How much of the center of mass's way is shown behind it."""

_CAPTION_SHARE: Final = 1 / 30
_LEAST_TEXT_SHARE: Final = 1 / 44
"""Sizes of letters in widths of the picture: on a phone, 480 pixels wide, they are 16 and 11 pixels high."""
_RING_DASHES: Final = 6
_Mark = TypeVar("_Mark", Ring, Banner)


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
    Limb(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, LIGHT),
    Limb(Landmark.LEFT_HIP, Landmark.RIGHT_HIP, LIGHT),
    *_side("LEFT", LEFT),
    *_side("RIGHT", RIGHT),
)
_JOINTS: Final = {landmark: limb.color for limb in LIMBS for landmark in (limb.start, limb.end)}


class Painter:
    """Draws one analysis onto its frames, which are `width_px` wide."""

    def __init__(self, tracks: Tracks, width_px: int) -> None:
        self._tracks = tracks
        self._poses = tracks.poses
        torso_px = tracks.poses.torso_px()
        self._line_px = max(torso_px / 26, 1.5)
        self._text_px = round(max(torso_px / 9, width_px * _LEAST_TEXT_SHARE, 11))
        self._caption_px = round(max(width_px * _CAPTION_SHARE, 11))
        self._rings = _by_frame(tracks.rings, tracks.poses.frame_count)
        self._banners = _by_frame(tracks.banners, tracks.poses.frame_count)
        self._layer: Picture | None = None

    def paint(self, frame: Picture, index: int) -> Picture:
        """A copy of `frame` (height, width, 3; RGB) with everything known about frame `index` drawn in."""
        picture = frame.copy()
        self._paint_path(picture, index)
        if self._poses.person[index]:
            self._paint_skeleton(picture, index)
            self._paint_center_of_mass(picture, self._tracks.center_of_mass_px[index])
            for ring in self._rings[index]:
                self._paint_ring(picture, ring, self._place_of(ring, index))
            self._paint_labels(picture, index)
        self._paint_words(picture, index)
        return picture

    def _paint_skeleton(self, picture: Picture, index: int) -> None:
        places, visibility = self._poses.landmarks_px[index], self._poses.visibility[index]
        seen = [limb for limb in LIMBS if min(visibility[limb.start], visibility[limb.end]) >= VISIBLE]
        guessed = [limb for limb in LIMBS if limb not in seen]
        drawn = places[list(_JOINTS)]

        def guesses(layer: Picture) -> None:
            for limb in guessed:
                dashed(layer, places[limb.start], places[limb.end], limb.color, self._line_px * 0.7)

        def outlines(layer: Picture) -> None:
            for limb in seen:
                line(layer, places[limb.start], places[limb.end], DARK, self._line_px * 1.9)
            for joint in _seen_joints(visibility):
                disc(layer, places[joint], self._line_px * 1.5, DARK)

        def lines(layer: Picture) -> None:
            for limb in seen:
                line(layer, places[limb.start], places[limb.end], limb.color, self._line_px)

        if guessed:
            self._blend(picture, 0.55, drawn, guesses)
        self._blend(picture, 0.45, drawn, outlines)
        self._blend(picture, 0.95, drawn, lines)
        for joint in _seen_joints(visibility):
            disc(picture, places[joint], self._line_px * 0.95, _JOINTS[joint])
            disc(picture, places[joint], self._line_px * 0.5, LIGHT)

    def _paint_path(self, picture: Picture, index: int) -> None:
        """The way of the center of mass over the last seconds, thin where it is old."""
        time_s = self._poses.time_s
        first = int(np.count_nonzero(time_s < time_s[index] - PATH_S))
        way = self._way_px(first, index)
        known = np.asarray(np.isfinite(way).all(axis=1), np.bool_)
        if known.sum() < 2:
            return

        def path(layer: Picture) -> None:
            for step in np.flatnonzero(known[:-1] & known[1:]):
                fresh = 1 - (time_s[index] - time_s[first + step]) / PATH_S
                line(layer, way[step], way[step + 1], PATH, self._line_px * (0.3 + 0.9 * fresh))

        self._blend(picture, 0.85, way[known], path)

    def _way_px(self, first: int, index: int) -> FloatArray:
        """Places of the center of mass in frames [first, index] as the camera of frame `index` sees them."""
        way, maps = self._tracks.center_of_mass_px[first : index + 1], self._tracks.frame_to_wall
        if maps is None or np.isnan(maps[index]).any():
            return way
        to_now = np.asarray(np.linalg.inv(maps[index]), np.float64)
        return on_wall_px(way[:, None], to_now @ maps[first : index + 1])[:, 0]

    def _paint_center_of_mass(self, picture: Picture, place: FloatArray) -> None:
        """The engineer's sign: a disc of two dark and two light quarters."""
        radius = self._line_px * 2.2
        disc(picture, place, radius * 1.25, PATH)
        for quarter in range(4):
            color = DARK if quarter % 2 else LIGHT
            pie(picture, place, radius, quarter * 90.0, 90.0, color)

    def _place_of(self, ring: Ring, index: int) -> FloatArray:
        place: FloatArray = self._poses.landmarks_px[index, ring.landmarks].mean(axis=0)
        return place

    def _paint_ring(self, picture: Picture, ring: Ring, place: FloatArray) -> None:
        radius, color = self._line_px * 3.4, _JOINTS[ring.landmarks[0]]
        if not ring.dashed:
            arc(picture, place, radius, 0, 360, DARK, self._line_px * 1.4)
            arc(picture, place, radius, 0, 360, color, self._line_px * (0.4 if ring.faint else 0.8))
            return
        for dash in range(_RING_DASHES):
            start_deg, sweep_deg = 360 / _RING_DASHES * dash, 165 / _RING_DASHES
            arc(picture, place, radius, start_deg - 4, sweep_deg + 8, DARK, self._line_px * 1.2)
            arc(picture, place, radius, start_deg, sweep_deg, color, self._line_px * 0.7)

    def _paint_labels(self, picture: Picture, index: int) -> None:
        """What is held beside its ring, then angles beside their joints, where room is left."""
        reach = round(self._line_px * 2.2)
        center = self._tracks.center_of_mass_px[index]
        x, y = center.round().astype(int)
        taken = [_Box(int(x) - reach, int(y) - reach, 2 * reach, 2 * reach)]
        labels: list[tuple[_Box, str, Color, int]] = []
        for ring in self._rings[index]:
            if not ring.label:
                continue
            place, size = self._place_of(ring, index), max(self._caption_px, self._text_px)
            away_px = self._line_px * 4.2 + size * 0.3
            box = _free_box(place, direction_deg(place - center), away_px, (ring.label, size), taken)
            taken.append(box)
            labels.append((box, ring.label, _JOINTS[ring.landmarks[0]], size))
        labels += self._angles(picture, index, taken)
        for box, text, color, size in labels:  # over every arc
            label(picture, (box.left, box.top), text, size, color)

    def _angles(
        self, picture: Picture, index: int, taken: "list[_Box]"
    ) -> "list[tuple[_Box, str, Color, int]]":
        """Draw the arcs; where their numbers go."""
        places = self._poses.landmarks_px[index]
        labels: list[tuple[_Box, str, Color, int]] = []
        for angle, value_deg in zip(JOINT_ANGLES, self._tracks.joint_angles_deg[index], strict=True):
            if np.isnan(value_deg):
                continue
            joint, color = places[angle.joint], _JOINTS[angle.joint]
            start_deg = direction_deg(places[angle.proximal] - joint)
            sweep_deg = (direction_deg(places[angle.distal] - joint) - start_deg + 180) % 360 - 180
            arc(picture, joint, self._line_px * 4.5, start_deg, sweep_deg, color, self._line_px * 0.5)
            text = (f"{value_deg:.0f}°", self._text_px)
            outside_deg = start_deg + sweep_deg / 2 + 180  # of the bend
            box = _free_box(joint, outside_deg, self._text_px * 1.1, text, taken)
            taken.append(box)
            labels.append((box, text[0], color, self._text_px))
        return labels

    def _paint_words(self, picture: Picture, index: int) -> None:
        size, margin = self._caption_px, self._caption_px // 2
        lines = self._tracks.captions[index] if self._tracks.captions else ()
        for row, text in enumerate(reversed(lines)):
            place = (margin, picture.shape[0] - margin - size - row * round(1.7 * size))
            label(picture, place, text, size, LIGHT)
        for row, banner in enumerate(self._banners[index]):
            large = round(size * 1.3)
            left = (picture.shape[1] - text_width(banner.text, large)) // 2
            label(picture, (left, margin + row * 2 * large), banner.text, large, LIGHT)

    def _blend(
        self, picture: Picture, opacity: float, around: FloatArray, draw: Callable[[Picture], None]
    ) -> None:
        """Let `draw` paint on a copy, then lay the copy over `picture`: the part `around` these places."""
        if self._layer is None or self._layer.shape != picture.shape:
            self._layer = np.empty_like(picture)
        pad, sides = 3 * self._line_px, np.array(picture.shape[1::-1])
        left, top = np.clip(np.floor(around.min(axis=0) - pad), 0, sides).astype(int)
        right, bottom = np.clip(np.ceil(around.max(axis=0) + pad), 0, sides).astype(int)
        if left >= right or top >= bottom:
            return
        below, layer = picture[top:bottom, left:right], self._layer[top:bottom, left:right]
        layer[:] = below
        draw(self._layer)
        cv2.addWeighted(layer, opacity, below, 1 - opacity, 0, dst=below)


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


def _free_box(
    place: FloatArray, outward_deg: float, away_px: float, text: tuple[str, int], taken: list[_Box]
) -> _Box:
    """Beside a place, outward; turned from there while another label is in the way. text: letters, size."""
    letters, height = text
    width = text_width(letters, height)
    boxes: list[_Box] = []
    for turn_deg in (0, 50, -50, 100, -100, 150, -150):
        direction = math.radians(outward_deg + turn_deg)
        x = place[0] + math.cos(direction) * (away_px + width / 2)
        y = place[1] + math.sin(direction) * (away_px + height / 2)
        boxes.append(_Box(round(x - width / 2), round(y - height / 2), width, height))
    return next((box for box in boxes if not any(box.touches(other) for other in taken)), boxes[0])


def _seen_joints(visibility: FloatArray) -> list[Landmark]:
    return [joint for joint in _JOINTS if visibility[joint] >= VISIBLE]


def _by_frame(marks: Sequence[_Mark], frames: int) -> list[list[_Mark]]:
    found: list[list[_Mark]] = [[] for _ in range(frames)]
    for mark in marks:
        for frame in range(mark.start, min(mark.end, frames)):
            found[frame].append(mark)
    return found
