"""Can a body rest on these holds, and what does each of them carry? Statics on a leaning wall.

Frame: x to the right, y up along the wall, z out of the wall. Forces are body weights, lengths torso lengths.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import scipy

from ascension.biomechanics.poses import FloatArray

FEASIBLE_RESIDUAL: Final = 0.001
"""Body weights that the forces may miss, and torso lengths times body weights that the torques may."""
FRICTION: Final = 0.7
"""Of a shoe on a hold or on the wall: 0.6-0.8."""
HAND_CONE_DEG: Final = 60.0
"""How far a hand's pull may turn from straight up."""
_EFFORT: Final = 0.001
"""Weight of effort against balance: so small that only ways to rest are compared by it."""


@dataclass(frozen=True)
class Support:
    """An end that carries. `capacity`: the most it can give, in body weights; place on the wall."""

    kind: Literal["hand", "foot"]
    x: float
    y: float
    capacity: float


@dataclass(frozen=True)
class Balance:
    """How a body rests on its supports, in their order.

    forces:   (supports, 3) what each gives to the body, body weights
    residual: what of gravity and its torque is not borne; up to FEASIBLE_RESIDUAL the body can rest so
    effort:   largest part of its capacity that a support is asked for; above 1 it is asked too much
    """

    forces: FloatArray
    residual: float
    effort: float

    @property
    def loads(self) -> FloatArray:
        """(supports,) sizes of the forces."""
        return np.linalg.norm(self.forces, axis=1)

    @property
    def feasible(self) -> bool:
        return self.residual < FEASIBLE_RESIDUAL


def depth_torso(overhang_deg: float) -> float:
    """How far the center of mass is off the wall: 0.10 + 0.15 cos(overhang) m at a torso of 0.5 m."""
    return 0.2 + 0.3 * float(np.cos(np.radians(overhang_deg)))


def balance(
    supports: Sequence[Support], center: tuple[float, float], overhang_deg: float, depth: float | None = None
) -> Balance:
    """The forces of least effort by which a body rests, its center of mass at `center` on the wall.

    Each support gives non-negative parts of the edges of a cone: a hand pulls up, up to HAND_CONE_DEG
    sideways and towards the wall, or leans on it; a foot is borne by an edge or by the wall, both with
    FRICTION.
    Their sum has to balance gravity and its torque about the center of mass. Solved by non-negative least
    squares over (forces, torques) with effort as a small regularizer (idea of Bretl 2006; Lawson & Hanson
    1974 for the solver). overhang_deg: how far the wall leans over the climber, below 0 = slab; depth: of the
    center of mass in front of the wall in torso lengths, `depth_torso` when None.

    Known limits: statics alone does not say who carries how much; this is the laziest way, and real climbers
    grip harder. The body is one rigid piece, holds are upright edges, knees and backs do not press.
    Without a support, all of the weight is residual.
    """
    lean = np.radians(overhang_deg)
    gravity = np.array([0.0, -np.cos(lean), np.sin(lean)])
    if not supports:
        return Balance(np.zeros((0, 3)), float(np.linalg.norm(gravity)), 0.0)
    reach = depth_torso(overhang_deg) if depth is None else depth
    cones = [HAND_CONE if support.kind == "hand" else FOOT_CONE for support in supports]
    owners = np.repeat(np.arange(len(supports)), [len(cone) for cone in cones])
    edges = np.concatenate(cones)
    arms = np.array([[support.x - center[0], support.y - center[1], -reach] for support in supports])
    wrench = np.concatenate([edges, _torques(arms[owners], edges)], axis=1).T
    needed = np.concatenate([-gravity, np.zeros(3)])
    capacity = np.array([support.capacity for support in supports])
    effort_rows = _EFFORT * np.diag(1 / capacity[owners])
    shares, _ = scipy.optimize.nnls(
        np.concatenate([wrench, effort_rows]), np.concatenate([needed, np.zeros(len(owners))])
    )
    forces = np.zeros((len(supports), 3))
    np.add.at(forces, owners, shares[:, None] * edges)
    effort = float(np.max(np.linalg.norm(forces, axis=1) / capacity))
    return Balance(forces, float(np.linalg.norm(wrench @ shares - needed)), effort)


def _torques(arms: FloatArray, forces: FloatArray) -> FloatArray:
    """(n, 3) cross products; NumPy's own takes longer than the solver for so few."""
    (x, y, z), (fx, fy, fz) = arms.T, forces.T
    return np.column_stack([y * fz - z * fy, z * fx - x * fz, x * fy - y * fx])


def _hand_cone() -> FloatArray:
    """Unit forces on a hand: up, HAND_CONE_DEG off it sideways and inwards; outwards when it leans on."""
    off = np.radians(HAND_CONE_DEG)
    around = np.radians([0, 45, 90, 135, 180])
    rim = np.column_stack([
        np.sin(off) * np.cos(around), np.full(5, np.cos(off)), -np.sin(off) * np.sin(around),
    ])  # fmt: skip
    return np.concatenate([[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], rim])


def _foot_cone() -> FloatArray:
    """Unit pushes that a foot gets: from an edge below it and from the wall in front of it, with friction."""
    edges = np.array([
        (0, 1, 0), (FRICTION, 1, 0), (-FRICTION, 1, 0), (0, 1, FRICTION), (0, 1, -FRICTION),
        (0, 0, 1), (FRICTION, 0, 1), (-FRICTION, 0, 1),
    ])  # fmt: skip
    return edges / np.linalg.norm(edges, axis=1, keepdims=True)


HAND_CONE: Final = _hand_cone()
FOOT_CONE: Final = _foot_cone()
"""(edges, 3) unit forces of which every force on a hand or a foot is a sum."""
