"""Draw the pictures of the installed app from web/src/app/icon.svg.

    .venv/bin/python scripts/icons.py [FOLDER]

Systems want pixels in fixed sizes. The mark is a rectangle, two lines and a dot, so the OpenCV of the lock
draws it, sixteen times too large and then made small, the same on every machine. Other shapes are refused.
"""

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT: Final = Path(__file__).resolve().parent.parent
ICON: Final = ROOT / "web/src/app/icon.svg"
FOLDER: Final = ROOT / "web/public/icons"
SIDE: Final = 64
FINER: Final = 16

Color = tuple[int, int, int]
Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Form:
    """`full`: color to the edges, for systems that cut their own shape; `share` of the side is the mark's."""

    name: str
    side_px: int
    full: bool = False
    share: float = 1.0


FORMS: Final = (
    Form("icon-192", 192),
    Form("icon-512", 512),
    Form("maskable-192", 192, full=True, share=0.8),  # all of it lies within the circle that masks may leave
    Form("maskable-512", 512, full=True, share=0.8),
    Form("apple-touch-icon", 180, full=True, share=0.9),
)


def color_of(text: str) -> Color:
    """`#rrggbb` as blue, green, red."""
    red, green, blue = (int(text[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red


def points_of(path: str) -> list[tuple[float, float]]:
    """The corners of a path of lines, `M` and `l` alone."""
    found: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        if command not in "Ml":
            raise ValueError(f"icon.svg: a path with {command!r} cannot be drawn here")
        values = [float(number) for number in numbers.split()]
        for x, y in zip(values[::2], values[1::2], strict=True):
            last = found[-1] if command == "l" else (0.0, 0.0)
            found.append((last[0] + x, last[1] + y))
    return found


def drawn(form: Form) -> Picture:
    """Blue, green, red and cover, as large as the form says."""
    side = form.side_px * FINER
    scale = side / SIDE * form.share
    margin = side * (1 - form.share) / 2
    picture = np.zeros((side, side, 4), np.uint8)

    def place(x: float, y: float) -> tuple[int, int]:
        return round(margin + x * scale), round(margin + y * scale)

    for shape in ET.parse(ICON).getroot():
        kind, get = shape.tag.rpartition("}")[2], shape.attrib
        if kind == "rect":
            radius = 0 if form.full else round(float(get["rx"]) * scale)
            _rectangle(picture, radius, (*color_of(get["fill"]), 255))
        elif kind == "path":
            line = np.array([place(*point) for point in points_of(get["d"])], np.int32)
            ink, width = (*color_of(get["stroke"]), 255), float(get["stroke-width"]) * scale
            cv2.polylines(picture, [line], False, ink, round(width))
            for point in line:
                cv2.circle(picture, (int(point[0]), int(point[1])), round(width / 2), ink, cv2.FILLED)
        elif kind == "circle":
            center = place(float(get["cx"]), float(get["cy"]))
            cv2.circle(
                picture, center, round(float(get["r"]) * scale), (*color_of(get["fill"]), 255), cv2.FILLED
            )
        else:
            raise ValueError(f"icon.svg: {kind} cannot be drawn here")
    return _smaller(picture, form.side_px)


def _rectangle(picture: Picture, radius: int, ink: tuple[int, int, int, int]) -> None:
    """All of the picture, with round corners."""
    end = len(picture) - 1
    cv2.rectangle(picture, (radius, 0), (end - radius, end), ink, cv2.FILLED)
    cv2.rectangle(picture, (0, radius), (end, end - radius), ink, cv2.FILLED)
    for x in (radius, end - radius):
        for y in (radius, end - radius):
            cv2.circle(picture, (x, y), radius, ink, cv2.FILLED)


def _smaller(picture: Picture, side_px: int) -> Picture:
    """Means of squares; colors count as much as they cover, so that no edge turns dark."""
    cover = picture[..., 3:].astype(np.float64) / 255
    blocks = (side_px, FINER, side_px, FINER, -1)
    mean_cover = cover.reshape(blocks).mean(axis=(1, 3))
    colors = (picture[..., :3] * cover).reshape(blocks).mean(axis=(1, 3)) / np.maximum(mean_cover, 1e-9)
    return np.dstack([colors, mean_cover * 255]).round().astype(np.uint8)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for form in FORMS:
        picture = drawn(form)
        done, encoded = cv2.imencode(".png", picture[..., :3] if form.full else picture)
        if not done:
            raise OSError(f"{form.name}: could not be encoded")
        (folder / f"{form.name}.png").write_bytes(encoded.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
