"""The wall's share of an analysis: frames placed on it, its length scale, its picture."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, cast

import numpy as np

from ascension.analyses import result
from ascension.analyses.cautions import caution_of, in_others
from ascension.analyses.choices import Choices, KnownDistance, KnownRectangle
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence
from ascension.biomechanics.scale import (
    Scale,
    scale_from_corners,
    scale_from_distance,
    scale_from_height,
    scale_from_torso,
)
from ascension.biomechanics.wall import frame_corners_px, on_wall_px
from ascension.vision.faces import heads_in
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine
from ascension.vision.region import Region
from ascension.vision.remarks import Remark, why_words
from ascension.vision.thumbnail import Thumbnail, thumbnail_of
from ascension.vision.wall.covered import covered
from ascension.vision.wall.picture import WallPainter, WallPicture
from ascension.vision.wall.registration import Registration, WallTracker

_TRUNK_OF_REGION: Final = 0.5
"""Side of the square that hides a person from the tracker, of the network's square, which has room for
stretched limbs: points to follow are short, and a few wrong ones do no harm."""
_BODY_OF_REGION: Final = (0.5, 0.84)
"""Width and height of the box that hides a person in the picture, upright as the person is."""
_OFTEN_LOST_PCT: Final = 10.0
_END_S: Final = 0.5
"""Players stop a little after the last frame; what was marked later was marked in another clip."""
_TRUNK_M: Final = (0.1, 1.5)
"""Shoulders to hips, 0.2-0.7 m from child to giant; wider, because it may point at the camera or be nearer
to it than the marks. A length beyond that was told in another unit, or of something else."""


@dataclass(frozen=True)
class OnWall:
    """What is known of the wall.

    corners_px: (frames, 4, 2) wall pixels of the frames' corners; shift_px: (frames, 2) where the middle of
    the reference frame lies in each frame; both NaN where a frame has no place
    covered_webp: the picture with heads covered, where that was asked for and is certain
    """

    facts: result.Wall | None
    corners_px: FloatArray | None
    shift_px: FloatArray | None
    webp: bytes | None
    cautions: tuple[result.Caution, ...]
    covered_webp: bytes | None = None


class WallWatch:
    """Sees every frame while the clip is read, then says what it has made of the wall."""

    def __init__(self) -> None:
        self._tracker: WallTracker | None = None
        self._painter: WallPainter | None = None

    def see(self, frame: Frame, regions: list[Region]) -> None:
        """The next frame, and the squares around everyone in it."""
        if self._tracker is None or self._painter is None:
            self._tracker = WallTracker(frame.width_px, frame.height_px)
            self._painter = WallPainter(frame.width_px, frame.height_px)
        self._tracker.see(frame.luma(), [_box_px(region, _TRUNK_OF_REGION) for region in regions])
        self._painter.add(frame, [_body_px(region) for region in regions])

    def thumbnail(self, poses: PoseSequence) -> Thumbnail | None:
        """A small picture of the climb; None where the climber is in none of the kept frames."""
        return None if self._painter is None else thumbnail_of(self._painter.kept(), poses)

    def finish(
        self,
        poses: PoseSequence,
        size_px: tuple[int, int],
        choices: Choices,
        covering: Engine | None = None,
    ) -> OnWall:
        """Everything about the wall; `size_px`: width and height of the displayed frame.

        covering: make the picture with heads covered, too, with this engine
        """
        registration = None if self._tracker is None else self._tracker.finish()
        if registration is None or self._painter is None or registration.reference_frame is None:
            reasons = () if registration is None else registration.reasons
            return OnWall(None, None, None, None, (caution_of(Remark("wall_not_found", reasons=reasons)),))
        corners = np.tile(frame_corners_px(*size_px), (poses.frame_count, 1, 1))
        corners_px = on_wall_px(corners, registration.frame_to_wall)
        corners_px[np.isnan(corners_px).any(axis=(1, 2))] = np.nan
        picture = self._painter.compose(registration, poses.landmarks_px)
        others = None
        if picture is not None and covering is not None:
            others = covered(picture, partial(heads_in, covering, is_closer=True))
        scale = _scale(poses, registration, size_px, choices)
        return OnWall(
            facts=_facts(registration, scale, picture),
            corners_px=corners_px,
            shift_px=_shift_px(registration, size_px),
            webp=None if picture is None else picture.webp(),
            cautions=_cautions(registration, poses.frame_count),
            covered_webp=None if others is None else others.webp(),
        )


def _box_px(region: Region, share: float) -> list[float]:
    half = region.side_px * share / 2
    x, y = region.center_x_px, region.center_y_px
    return [x - half, y - half, x + half, y + half]


def _body_px(region: Region) -> list[float]:
    """Left, top, right, bottom around an upright or leaning body."""
    across, along = (region.side_px * share / 2 for share in _BODY_OF_REGION)
    cosine, sine = abs(math.cos(region.angle_rad)), abs(math.sin(region.angle_rad))
    half_x, half_y = across * cosine + along * sine, across * sine + along * cosine
    x, y = region.center_x_px, region.center_y_px
    return [x - half_x, y - half_y, x + half_x, y + half_y]


def _shift_px(registration: Registration, size_px: tuple[int, int]) -> FloatArray:
    middle = np.full((len(registration.kind), 1, 2), np.array(size_px) / 2)
    back = np.full_like(registration.frame_to_wall, np.nan)
    placed = registration.placed
    back[placed] = np.linalg.inv(registration.frame_to_wall[placed])
    return on_wall_px(middle, back)[:, 0]


def _scale(
    poses: PoseSequence, registration: Registration, size_px: tuple[int, int], choices: Choices
) -> Scale:
    """By the surest of what the user told; what cannot be used is named in the reason of what is."""
    places = _Places(poses, registration, float(max(size_px)))
    refused: list[str] = []
    for name, told, scale_by in (
        ("rectangle", choices.known_rectangle, places.scale_by_rectangle),
        ("distance", choices.known_distance, places.scale_by_distance),
        ("height", choices.body_height_m, places.scale_by_height),
    ):
        if told is None:
            continue
        try:
            scale = cast("Callable[[object], Scale]", scale_by)(told)
            places.check_trunk(scale)
        except ValueError as error:
            refused.append(f"The {name} cannot be used: {error}.")
        else:
            return replace(scale, reason=" ".join([*refused, scale.reason]))
    scale = scale_from_torso(places.torso_px())
    return replace(scale, reason=" ".join(refused) or scale.reason)


@dataclass(frozen=True)
class _Places:
    """The body and what the user marked, in wall pixels."""

    poses: PoseSequence
    registration: Registration
    side_px: float

    def scale_by_rectangle(self, told: KnownRectangle) -> Scale:
        corners_px = self._marked(told.at_s, told.corners_px)
        return scale_from_corners(corners_px, told.width_m, told.height_m, self.side_px)

    def scale_by_distance(self, told: KnownDistance) -> Scale:
        ends_px = self._marked(told.at_s, (told.from_px, told.to_px))
        return scale_from_distance(ends_px, told.distance_m, self.side_px)

    def scale_by_height(self, height_m: float) -> Scale:
        return scale_from_height(self._body(), self.poses.visibility, height_m, self.side_px)

    def check_trunk(self, scale: Scale) -> None:
        """Raises ValueError where the climber would be no person of any size."""
        trunk_m = self.torso_px() * scale.unit_per_px
        if not _TRUNK_M[0] <= trunk_m <= _TRUNK_M[1]:
            raise ValueError(f"by it the climber's trunk would be {trunk_m:.2g} m long")

    def torso_px(self) -> float:
        """The ruler of the body on the wall; in the picture when the body was never seen on a known wall."""
        body = self._body()
        on_wall: BoolArray = np.isfinite(body.sum(axis=(1, 2)))
        if not on_wall.any():
            return self.poses.torso_px()
        body[~on_wall] = np.nan
        visibility = np.where(on_wall[:, None], self.poses.visibility, np.nan)
        return PoseSequence(self.poses.time_s, on_wall, body, visibility).torso_px()

    def _body(self) -> FloatArray:
        return on_wall_px(self.poses.landmarks_px, self.registration.frame_to_wall)

    def _marked(self, at_s: float, places_px: Sequence[tuple[float, float]]) -> FloatArray:
        """Places in the frame that is shown at a time; ValueError when it has no place on the wall."""
        end_s = float(self.poses.time_s[-1])
        if at_s > end_s + _END_S:
            raise ValueError(f"it was marked at {at_s:g} s, and the clip ends at {end_s:.1f} s")
        last = self.poses.frame_count - 1
        frame = int(np.clip(np.searchsorted(self.poses.time_s, at_s + 1e-6, side="right") - 1, 0, last))
        found = on_wall_px(np.array([places_px]), self.registration.frame_to_wall[frame : frame + 1])[0]
        if np.isnan(found).any():
            raise ValueError(f"the frame at {at_s:g} s has no place on the wall")
        return found


def _facts(registration: Registration, scale: Scale, picture: WallPicture | None) -> result.Wall:
    kinds = registration.kind
    return result.Wall(
        reference_frame=registration.reference_frame or 0,
        homography_frames=kinds.count("homography"),
        similarity_frames=kinds.count("similarity"),
        lost_frames=kinds.count("none"),
        residual_px=round(float(np.nanmedian(registration.residual_px)), 3),
        cut_frames=registration.cut_frames[: result.MAX_CUTS],
        reason=why_words(registration.reasons),
        reason_in=in_others(partial(why_words, registration.reasons)),
        scale=result.Scale(
            unit=scale.unit,
            method=scale.method,
            unit_per_px=scale.unit_per_px,
            wall_to_unit=_listed(scale.wall_to_unit),
            error_pct=scale.error_pct,
            parallax_pct=scale.parallax_pct,
            reason=scale.reason,
        ),
        picture=None if picture is None else _picture_facts(picture),
    )


def _picture_facts(picture: WallPicture) -> result.WallPicture:
    height_px, width_px = picture.seen.shape
    return result.WallPicture(
        width_px=width_px,
        height_px=height_px,
        wall_to_picture=_listed(picture.wall_to_picture),
        hole_pct=round(100 * float(1 - picture.seen.mean()), 1),
        frames=len(picture.layers),
    )


def _listed(matrix: FloatArray) -> result.Matrix:
    return cast("result.Matrix", tuple(float(f"{value:.9g}") for value in matrix.ravel()))


def _cautions(registration: Registration, frames: int) -> tuple[result.Caution, ...]:
    lost_pct = 100 * registration.kind.count("none") / frames
    if lost_pct < _OFTEN_LOST_PCT:
        return ()
    return (caution_of(Remark("wall_lost", {"lost_pct": lost_pct}, reasons=registration.reasons)),)
