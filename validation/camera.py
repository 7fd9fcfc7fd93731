"""A phone in two hands: where it stands, what it turns after, how it shakes; and what it maps to where."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from validation.geometry import UP, Array, ease, interpolated, turn, unit, vector
from validation.route import Route
from validation.scenes import Camera

NEAR_M = 0.1
FAR_M = 30.0


@dataclass(frozen=True)
class View:
    """One frame's camera. `rotation` rows: right, up, backward in the world; it looks along -backward.

    A world point p is seen at camera coordinates rotation @ (p - eye); the picture's y points down.
    """

    eye: Array
    rotation: Array
    size_px: tuple[int, int]
    field_of_view_deg: float

    @property
    def focal_px(self) -> float:
        """Pixels are square, the optical axis meets the middle of the picture."""
        return self.size_px[1] / 2 / float(np.tan(np.deg2rad(self.field_of_view_deg) / 2))

    def project(self, points: Array) -> tuple[Array, Array]:
        """Pixels (n, 2) and depths (n,) in meters of world points (n, 3)."""
        seen = (points - self.eye) @ self.rotation.T
        depth = -seen[:, 2]
        x = self.focal_px * seen[:, 0] / depth + self.size_px[0] / 2
        y = -self.focal_px * seen[:, 1] / depth + self.size_px[1] / 2
        return np.stack([x, y], 1), depth

    def wall_to_frame(self, route: Route) -> Array:
        """(3, 3) homography from wall coordinates (u, v, 1) in meters to pixels, last element 1."""
        plane = np.column_stack([route.right, route.up, -self.eye])
        seen = self.rotation @ plane
        width, height = self.size_px
        lens = np.array([
            [self.focal_px, 0.0, -width / 2],
            [0.0, -self.focal_px, -height / 2],
            [0.0, 0.0, -1.0],
        ])  # fmt: skip
        found: Array = lens @ seen
        return found / found[2, 2]

    def clip_matrix(self) -> Array:
        """(4, 4) from world points to clip space, as OpenGL wants it."""
        scale = 1 / np.tan(np.deg2rad(self.field_of_view_deg) / 2)
        width, height = self.size_px
        lens = np.zeros((4, 4))
        lens[0, 0], lens[1, 1] = scale * height / width, scale
        lens[2, 2], lens[2, 3] = (FAR_M + NEAR_M) / (NEAR_M - FAR_M), 2 * FAR_M * NEAR_M / (NEAR_M - FAR_M)
        lens[3, 2] = -1.0
        found: Array = lens @ rigid(self.rotation, self.eye)
        return found


def rigid(rotation: Array, origin: Array) -> Array:
    """(4, 4): into a frame of reference at `origin`."""
    found = np.eye(4)
    found[:3, :3] = rotation
    found[:3, 3] = -rotation @ origin
    return found


def looking(direction: Array, roll_deg: float = 0.0) -> Array:
    """Rows right, up, backward of a camera that looks along `direction`."""
    right = unit(np.cross(direction, UP))
    backward = -unit(direction)
    upright = np.stack([right, np.cross(backward, right), backward])
    return turn(UP, roll_deg) @ upright


class Filming:
    """The camera of a scene at any moment. `subject` (n, 3): what is followed, at `time_s` (n,)."""

    def __init__(self, camera: Camera, subject: Array, time_s: Array, seed: int) -> None:
        self.camera, self.time_s = camera, time_s
        step_s = float(time_s[1] - time_s[0])
        self._subject = gaussian_filter1d(subject, 0.7 / step_s, axis=0, mode="nearest")
        rng = np.random.default_rng(seed)
        shake = camera.shake
        self._sway_m = np.stack(
            [_wander(rng, time_s, 0.3, size * shake) for size in (0.012, 0.012, 0.010)], 1
        )
        slow = [_wander(rng, time_s, 0.17, 0.20 * shake) for _ in range(2)]
        quick = [_wander(rng, time_s, 0.055, 0.07 * shake) for _ in range(2)]
        self._tremble_deg = np.stack([one + other for one, other in zip(slow, quick, strict=True)], 1)
        self._roll_deg = _wander(rng, time_s, 0.27, 0.23 * shake)

    def view(self, moment_s: float, size_px: tuple[int, int]) -> View:
        """The camera at a moment, also between frames."""
        camera = self.camera
        from_side = turn(UP, camera.from_deg)
        stand = from_side @ vector(0, -camera.distance_m, 0) + UP * camera.height_m
        eye = stand + self._at(self._sway_m, moment_s)
        subject, first = self._at(self._subject, moment_s), self._subject[0]
        aim = first + camera.follow * (subject - first)
        share = float(ease(moment_s / float(self.time_s[-1])))
        tremble = self._at(self._tremble_deg, moment_s)
        pan = _from_to(camera.pan_deg, share) + float(tremble[0])
        tilt = _from_to(camera.tilt_deg, share) + float(tremble[1])
        ahead = turn(UP, pan) @ unit(aim - eye)
        ahead = turn(unit(np.cross(ahead, UP)), tilt) @ ahead
        roll = camera.roll_deg * share + float(self._at(self._roll_deg, moment_s))
        return View(eye, looking(ahead, roll), size_px, camera.field_of_view_deg)

    def _at(self, track: Array, moment_s: float) -> Array:
        """One row of a track (n,) or (n, k), between frames on a straight line."""
        columns = track.reshape(len(track), -1).T
        found = [float(interpolated(moment_s, self.time_s, column)) for column in columns]
        return np.array(found) if track.ndim > 1 else np.array(found[0])


def _from_to(angles_deg: tuple[float, float], share: float) -> float:
    return angles_deg[0] + share * (angles_deg[1] - angles_deg[0])


def _wander(rng: np.random.Generator, time_s: Array, smooth_s: float, size: float) -> Array:
    """A smooth random path with standard deviation `size`; the same for every frame rate."""
    fine_s = 1 / 240
    count = int((time_s[-1] + 4) / fine_s)
    rough = gaussian_filter1d(rng.standard_normal(count), smooth_s / fine_s)
    path = rough / (rough.std() + 1e-12) * size
    return interpolated(time_s, np.linspace(-2.0, (count - 1) * fine_s - 2.0, count), path)
