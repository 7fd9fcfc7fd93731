"""A result in which somebody put landmarks right."""

from dataclasses import dataclass, replace

from ascension.analyses.result import Result
from ascension.biomechanics.balance import center_of_mass_px, seen_mass_pct
from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.kinematics import joint_angles_deg


@dataclass(frozen=True)
class Correction:
    """One landmark in one frame (from 0), displayed-frame pixels."""

    frame: int
    landmark: Landmark
    x_px: float
    y_px: float


def corrected(result: Result, corrections: tuple[Correction, ...]) -> Result:
    """The result with these landmarks, seen for sure; angles and center of mass of their frames follow."""
    landmarks_px, visibility = result.landmarks_px.copy(), result.visibility.copy()
    interpolated = None if result.interpolated is None else result.interpolated.copy()
    for one in corrections:
        landmarks_px[one.frame, one.landmark] = one.x_px, one.y_px
        visibility[one.frame, one.landmark] = 1.0
        if interpolated is not None:
            interpolated[one.frame, one.landmark] = False
    found = replace(result, landmarks_px=landmarks_px, visibility=visibility, interpolated=interpolated)
    poses, frames = found.poses(), sorted({one.frame for one in corrections})
    angles, center, mass_pct = (
        result.joint_angles_deg.copy(),
        result.center_of_mass_px.copy(),
        None if result.center_of_mass_seen_pct is None else result.center_of_mass_seen_pct.copy(),
    )
    angles[frames], center[frames] = joint_angles_deg(poses)[frames], center_of_mass_px(poses)[frames]
    if mass_pct is not None:
        mass_pct[frames] = seen_mass_pct(poses)[frames]
    return replace(found, joint_angles_deg=angles, center_of_mass_px=center, center_of_mass_seen_pct=mass_pct)
