"""What makes a picture look filmed: the wall's texture, and a phone's lens and sensor."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from validation.geometry import Array
from validation.route import HALF_WIDTH_M, HEIGHT_M
from validation.scenes import WOOD, Sensor, Wall

Picture = NDArray[np.uint8]

_TEXELS_PER_M: Final = 300
_PANEL_M: Final = (2.44, 1.22)


@lru_cache(maxsize=2)
def wall_texture(wall: Wall) -> Picture:
    """(rows, columns, 3) sRGB, row 0 at the foot of the wall: panels, bolt holes, chalk, boot marks."""
    rng = np.random.default_rng(wall.seed + 1000)
    columns, rows = int(2 * HALF_WIDTH_M * _TEXELS_PER_M), int(HEIGHT_M * _TEXELS_PER_M)
    u, v = np.meshgrid(
        (np.arange(columns, dtype=np.float32) + 0.5) / _TEXELS_PER_M - HALF_WIDTH_M,
        (np.arange(rows, dtype=np.float32) + 0.5) / _TEXELS_PER_M,
    )
    size = (columns, rows)
    grain = _blotches(size, rng, ((150, 0.35), (45, 0.25))) + _blotches(
        size, rng, ((20, 0.5), (7, 0.35), (3, 0.25)), stretched=0.12
    )
    shade = (1 + 0.10 * grain) * _panels(u, v, rng)
    bolt = np.hypot((u + 0.1) % 0.2 - 0.1, (v + 0.1) % 0.2 - 0.1)
    shade *= np.where((bolt >= 0.0085) & (bolt < 0.0115), 0.75, 1.0)
    marks = np.clip(_blotches(size, rng, ((70, 1), (23, 0.5))) - 1.1, 0, 1) * np.exp(-v / 1.6)
    chalk = 0.13 * np.clip(_blotches(size, rng, ((110, 1), (30, 0.6), (9, 0.4))) - 0.9, 0, 2)
    plain = np.array(wall.color, np.float32) ** (1 / 2.2)
    color = (
        plain * (shade * (1 - 0.35 * marks))[..., None]
        + (chalk * (1 if wall.color == WOOD else 0.6))[..., None]
    )
    color[bolt < 0.0085] = 0.17
    return (np.clip(color, 0, 1) * 255).astype(np.uint8)


def _panels(u: Array, v: Array, rng: np.random.Generator) -> Array:
    """Each panel a little lighter or darker, a dark line where two meet."""
    width, height = _PANEL_M
    number = (np.floor(v / height).astype(int) * 7 + np.floor((u + width / 2) / width).astype(int) * 13) % 200
    across_m = np.abs((u + width) % width - width / 2)
    seam = np.minimum(np.abs((v + height / 2) % height - height / 2), across_m)
    found: Array = rng.uniform(0.88, 1.10, 200)[number] * (1 - 0.65 * np.exp(-((seam / 0.004) ** 2)))
    return found


def _blotches(
    size: tuple[int, int],
    rng: np.random.Generator,
    octaves: tuple[tuple[int, float], ...],
    stretched: float = 1.0,
) -> Array:
    """Smooth noise: spots of so many texels with such an amplitude; `stretched` below 1 makes them long."""
    columns, rows = size
    total = np.zeros((rows, columns), np.float32)
    for texels, amplitude in octaves:
        small = (max(2, int(rows / texels)), max(2, int(columns / texels * stretched)))
        spots = rng.standard_normal(small).astype(np.float32)
        total += amplitude * cv2.resize(spots, size, interpolation=cv2.INTER_CUBIC)
    return total.astype(np.float64)


def expose(picture: Picture, sensor: Sensor, seed: tuple[int, int]) -> Picture:
    """Lens blur, darker corners and noise. The noise follows from `seed` (scene, frame) alone."""
    height, width = picture.shape[:2]
    light = picture.astype(np.float32)
    if sensor.blur_px:
        light = cv2.GaussianBlur(light, (0, 0), sensor.blur_px)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light *= (1 - 0.10 * (x**2 + y**2)).astype(np.float32)[..., None]
    rng = np.random.default_rng(seed)
    gray = rng.standard_normal((height, width, 1), np.float32)
    color = cv2.GaussianBlur(rng.standard_normal((height, width, 3), np.float32), (0, 0), 0.8)
    return np.clip(light + sensor.noise * (gray + color), 0, 255).astype(np.uint8)
