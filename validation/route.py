"""The wall as a plane, and the holds on it. Wall coordinates: u to the right, v up along the wall, meters."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from validation.geometry import Array, Numbers, unit, vector
from validation.scenes import Limb, Rgb, Wall

HALF_WIDTH_M: Final = 3.6
HEIGHT_M: Final = 4.8
MAT_M: Final = 0.25
"""Height of the mat's surface over the foot of the wall."""

_GREEN: Final[Rgb] = (0.02, 0.36, 0.10)
_COLORS: Final[dict[str, Rgb]] = {
    "blue": (0.02, 0.10, 0.50), "yellow": (0.75, 0.45, 0.02), "red": (0.55, 0.03, 0.03),
    "purple": (0.20, 0.03, 0.32), "pink": (0.75, 0.10, 0.30), "black": (0.02, 0.02, 0.02),
    "white": (0.70, 0.70, 0.68), "orange": (0.75, 0.17, 0.01),
}  # fmt: skip
_SIZES: Final = {
    "jug": (0.20, 0.12, 0.08), "crimp": (0.17, 0.06, 0.04), "sloper": (0.28, 0.20, 0.09),
    "pinch": (0.10, 0.20, 0.08), "foothold": (0.10, 0.08, 0.05),
}  # fmt: skip
_ROUNDNESS: Final = {"jug": 2.6, "crimp": 4.0, "sloper": 2.0, "pinch": 2.8, "foothold": 2.4, "volume": 6.0}
_FLATNESS: Final = {"jug": 3.2, "crimp": 7.0, "sloper": 2.0, "pinch": 3.0, "foothold": 3.5, "volume": 1.3}

_ROUTE: Final = {
    "S1": (-0.20, 1.78, "jug", 0.20, 0.11, 0.075),
    "S2": (0.24, 1.83, "jug", 0.20, 0.11, 0.075),
    "H3": (0.46, 2.22, "crimp", 0.18, 0.07, 0.045),
    "H4": (-0.30, 2.36, "sloper", 0.24, 0.20, 0.08),
    "H5": (0.16, 2.74, "pinch", 0.10, 0.20, 0.08),
    "H6": (-0.22, 2.96, "jug", 0.20, 0.11, 0.08),
    "H7": (0.24, 3.12, "jug", 0.28, 0.14, 0.09),
    "J1": (-0.10, 2.62, "jug", 0.20, 0.12, 0.085),
    "J2": (0.18, 2.60, "jug", 0.20, 0.12, 0.085),
    "F1": (-0.28, 0.50, "foothold", 0.12, 0.08, 0.06),
    "F2": (0.27, 0.56, "foothold", 0.12, 0.08, 0.06),
    "F3": (-0.42, 0.92, "foothold", 0.11, 0.09, 0.06),
    "F4": (0.38, 1.12, "foothold", 0.13, 0.08, 0.065),
    "F5": (-0.16, 1.42, "foothold", 0.12, 0.09, 0.065),
}
"""id: u, v, kind, width, height, depth."""

_TOP: Final = "H7"
"""Wide enough for both hands, side by side."""

_ONLY_FOR_DYNOS: Final = ("J1", "J2")
_NEVER_FOR_DYNOS: Final = ("H5",)

_PILE: Final = (
    (0.05, 2.42, "sloper", 0.24, 0.27, 0.13), (0.02, 1.98, "volume", 0.46, 0.62, 0.16),
    (-0.42, 2.30, "volume", 0.14, 0.52, 0.10), (0.46, 2.28, "volume", 0.13, 0.55, 0.10),
    (-0.46, 2.72, "jug", 0.14, 0.16, 0.08), (0.50, 2.70, "jug", 0.14, 0.16, 0.08),
    (-0.20, 1.36, "volume", 0.17, 0.52, 0.12), (0.24, 1.34, "volume", 0.17, 0.50, 0.12),
    (-0.26, 0.92, "volume", 0.13, 0.40, 0.09), (0.32, 0.94, "volume", 0.13, 0.40, 0.09),
    (-0.30, 0.62, "foothold", 0.18, 0.10, 0.07), (0.36, 0.64, "foothold", 0.18, 0.10, 0.07),
)  # fmt: skip
_PILE_COLORS: Final = ("pink", *["purple"] * 3, *["pink"] * 2, *["black"] * 4, *["white"] * 2)


@dataclass(frozen=True)
class Hold:
    """One hold: center on the wall, size, how far it is turned, linear color."""

    id: str
    u_m: float
    v_m: float
    kind: str
    size_m: tuple[float, float, float]
    turned_deg: float
    color: str
    rgb: Rgb
    on_route: bool


class Route:
    """A wall with its holds, and where hands and feet take them."""

    def __init__(self, wall: Wall, *, dyno: bool = False) -> None:
        lean = np.deg2rad(wall.overhang_deg)
        self.wall = wall
        self.right = vector(1, 0, 0)
        self.up = vector(0, -np.sin(lean), np.cos(lean))
        self.normal = vector(0, -np.cos(lean), -np.sin(lean))
        """Out of the wall, towards the climber."""
        rng = np.random.default_rng(wall.seed)
        holds = [*(_pile() if wall.pile else _route(wall, dyno, rng)), *_extras(wall)]
        self.holds = {hold.id: hold for hold in _with_decoys(holds, wall.decoys, rng)}

    def point(self, u_m: float, v_m: float, out_m: float = 0.0) -> Array:
        """Wall coordinates, and a distance out of the wall, in the world."""
        return self.right * u_m + self.up * v_m + self.normal * out_m

    def grip(self, hold: str, limb: Limb) -> Array:
        """Where the fingers or the toes of a limb take a hold."""
        taken = self.holds[hold]
        width, height, depth = taken.size_m
        if limb[1] == "H":
            aside = 0.24 * width * (1 if limb[0] == "R" else -1) if hold == _TOP else 0.0
            return self.point(taken.u_m + aside, taken.v_m + 0.18 * height, 0.75 * depth)
        return self.point(taken.u_m, taken.v_m + 0.42 * height, 0.62 * depth)

    def mesh(self, hold: Hold) -> tuple[Array, Numbers]:
        """Vertices (n, 3) in the world and triangles (m, 3) of a hold."""
        surface, triangles = _surface(hold)
        return surface[:, :1] * self.right + surface[:, 1:2] * self.up + surface[
            :, 2:
        ] * self.normal, triangles

    def outline(self, hold: Hold) -> Array:
        """(n, 2) convex outline on the wall, meters: what is seen straight from the front."""
        surface, _ = _surface(hold)
        hull = cv2.convexHull(surface[:, :2].astype(np.float32))
        return hull[:, 0].astype(np.float64)


def _route(wall: Wall, dyno: bool, rng: np.random.Generator) -> list[Hold]:
    if not wall.usual:
        return []
    left_out = _NEVER_FOR_DYNOS if dyno else _ONLY_FOR_DYNOS
    side = -wall.spread if wall.mirrored else wall.spread
    return [
        Hold(
            name,
            side * u,
            wall.spread * v,
            kind,
            (w, h, d),
            float(rng.uniform(-12, 12)),
            "green",
            _GREEN,
            True,
        )
        for name, (u, v, kind, w, h, d) in _ROUTE.items()
        if name not in left_out
    ]


def _extras(wall: Wall) -> list[Hold]:
    """Holds in the color of the route, volumes in another; none takes part in what is random."""
    looks: dict[bool, tuple[str, Rgb]] = {True: ("purple", _COLORS["purple"]), False: ("green", _GREEN)}
    found: list[Hold] = []
    for extra in wall.extras:
        volume = extra.kind == "volume"
        color, rgb = looks[volume]
        place = (extra.u_m, extra.v_m)
        found.append(Hold(extra.id, *place, extra.kind, extra.size_m, 0.0, color, rgb, not volume))
    return found


def _pile() -> list[Hold]:
    """Volumes and holds that lie like a person with raised arms."""
    return [
        Hold(f"P{number}", u, v, kind, (w, h, d), 8.0 * (-1) ** number, color, _COLORS[color], False)
        for number, ((u, v, kind, w, h, d), color) in enumerate(zip(_PILE, _PILE_COLORS, strict=True))
    ]


def _with_decoys(holds: list[Hold], count: int, rng: np.random.Generator) -> list[Hold]:
    """Other holds on the grid of bolt holes, never closer than 26 cm to one that is there."""
    wanted = len(holds) + count
    for _ in range(2000):
        if len(holds) >= wanted:
            break
        u = round(rng.uniform(-2.2, 2.2) / 0.2) * 0.2
        v = round(rng.uniform(0.3, 4.3) / 0.2) * 0.2
        kind = str(rng.choice(list(_SIZES)))
        scale, turned = rng.uniform(0.8, 1.25), rng.uniform(-40, 40)
        color = str(rng.choice(list(_COLORS)))
        if any(np.hypot(u - other.u_m, v - other.v_m) < 0.26 for other in holds):
            continue
        width, height, depth = (float(scale * size) for size in _SIZES[kind])
        name = f"D{len(holds)}"
        size = (width, height, depth)
        holds.append(Hold(name, u, v, kind, size, float(turned), color, _COLORS[color], False))
    return holds


def _surface(hold: Hold, rings: int = 9, spokes: int = 32) -> tuple[Array, Numbers]:
    """Vertices (u, v, out) and triangles of a rounded lump; its bumps follow from the hold's name."""
    rng = np.random.default_rng(sum(map(ord, hold.id)) * 97)
    angle = np.linspace(0, 2 * np.pi, spokes, endpoint=False)
    power = _ROUNDNESS[hold.kind]
    edge = 1 / (np.abs(np.cos(angle)) ** power + np.abs(np.sin(angle)) ** power) ** (1 / power)
    for bump in (2, 3, 4, 5):
        edge *= 1 + 0.04 * rng.standard_normal() * np.cos(bump * angle + rng.uniform(0, 6))
    width, height, depth = hold.size_m
    turned = np.deg2rad(hold.turned_deg)
    layers: list[Array] = []
    for share in np.linspace(0, 1, rings) ** 0.7:
        x = share * edge * np.cos(angle) * width / 2
        y = share * edge * np.sin(angle) * height / 2
        out = np.full(spokes, depth * (1 - share ** _FLATNESS[hold.kind]))
        if hold.kind == "jug":
            y = y + height * (0.30 * out / depth - 0.05)
        u = x * np.cos(turned) - y * np.sin(turned) + hold.u_m
        v = x * np.sin(turned) + y * np.cos(turned) + hold.v_m
        layers.append(np.stack([u, v, out], 1))
    return np.concatenate(layers), _ring_triangles(rings, spokes)


def _ring_triangles(rings: int, spokes: int) -> Numbers:
    ring, spoke = np.meshgrid(np.arange(rings - 1), np.arange(spokes), indexing="ij")
    inner, inner_next = ring * spokes + spoke, ring * spokes + (spoke + 1) % spokes
    outer, outer_next = inner + spokes, inner_next + spokes
    pairs = np.stack([inner, outer, inner_next, inner_next, outer, outer_next], -1)
    return pairs.reshape(-1, 3).astype(np.int64)


def tube(x_m: float, y_m: float, radius_m: float, spokes: int = 20) -> tuple[Array, Numbers]:
    """Vertices and triangles of an upright pole or rope from the mat to above the wall."""
    angle = np.linspace(0, 2 * np.pi, spokes, endpoint=False)
    ring = np.stack([x_m + radius_m * np.cos(angle), y_m + radius_m * np.sin(angle)], 1)
    low = np.column_stack([ring, np.full(spokes, MAT_M)])
    high = np.column_stack([ring, np.full(spokes, HEIGHT_M + 2.0)])
    return np.concatenate([low, high]), _ring_triangles(2, spokes)[:, ::-1]


def normals(vertices: Array, triangles: Numbers) -> Array:
    """(n, 3) unit normals of a mesh, averaged by area at each vertex."""
    first, second, third = (vertices[triangles[:, corner]] for corner in range(3))
    flat = np.cross(second - first, third - first)
    found = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(found, triangles[:, corner], flat)
    return np.array([unit(normal) for normal in found])
