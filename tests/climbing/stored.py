"""Made-up climbers as results of an analysis, and everything that is said of them."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from ascension.accounts.choices import LANGUAGES, Language
from ascension.analyses import result as result_file
from ascension.analyses.choices import Choices
from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Result
from ascension.biomechanics.balance import center_of_mass_px
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.wall import frame_corners_px
from ascension.climbing.motion import Motion
from ascension.coaching.reading import coaching_of
from ascension.coaching.schemas import AttemptRead, CoachingRead
from ascension.reports.content import Material, Report, report_of
from ascension.reports.document import document_of
from ascension.reports.page import page_of
from ascension.reports.reading import climb_of
from tests.analyses.sample import build_sample
from tests.climbing.climbers import PX_PER_M, TORSO_M, Climber, motion

Lengths = Literal["meters", "torsos", "no wall"]

_TICKS_PER_S: Final = 15360


@dataclass(frozen=True)
class Said:
    """What is stored of a climber, and what the coaching endpoint and the report make of it."""

    climb: ClimbPart | None
    coaching: dict[Language, CoachingRead]
    reports: dict[Language, Report]

    @property
    def attempts(self) -> list[AttemptRead]:
        return self.coaching["en"].attempts

    def value(self, name: str, attempt: int = 0) -> float:
        """Of a measure; an assertion says the reason where there is none."""
        found = next(one for one in self.attempts[attempt].measures if one.name == name)
        assert found.value is not None, found.reason_code
        return found.value

    def why_not(self, name: str, attempt: int = 0) -> str:
        """The code of the reason why a measure has no value."""
        found = next(one for one in self.attempts[attempt].measures if one.name == name)
        assert found.value is None, found.value
        return found.reason_code


def stored(seen: Motion, lengths: Lengths = "meters") -> Result:
    """The motion as the pipeline stores it, before its climb is read. The camera stands still."""
    frames = seen.frame_count
    sample = build_sample(frames)
    wall = sample.facts.wall
    assert wall is not None
    per_px = 1 / PX_PER_M if lengths == "meters" else 1 / PX_PER_M / TORSO_M
    known = lengths == "meters"
    scale = wall.scale.model_copy(
        update={
            "unit": "m" if known else "torso",
            "unit_per_px": per_px,
            "method": "distance" if known else "none",
            "wall_to_unit": (per_px, 0, 0, 0, per_px, 0, 0, 0, 1),
            "error_pct": 2.0 if known else None,
            "parallax_pct": 0.0 if known else None,
        }
    )
    poses = seen.poses
    torso_px = PX_PER_M * TORSO_M
    facts = sample.facts.model_copy(
        update={
            "wall": None if lengths == "no wall" else wall.model_copy(update={"scale": scale}),
            "torso_px": torso_px,
        }
    )
    corners = np.tile(frame_corners_px(480, 854), (frames, 1, 1)).astype(np.float64)
    return replace(
        sample,
        facts=facts,
        time_ticks=np.round(poses.time_s * _TICKS_PER_S).astype(np.int64),
        person=poses.person,
        landmarks_px=poses.landmarks_px,
        visibility=poses.visibility,
        center_of_mass_px=center_of_mass_px(poses),
        joint_angles_deg=joint_angles_deg(poses),
        wall_corners_px=None if lengths == "no wall" else corners,
        interpolated=None,
        sides_repaired=None,
        center_of_mass_seen_pct=None,
    )


def said_of(
    climber: Climber, fps: float = 30.0, lengths: Lengths = "meters", told: Choices | None = None
) -> Said:
    """Read as by the pipeline, stored, read back, advised and reported, in every language."""
    bare = result_file.decode(result_file.encode(stored(motion(climber, fps), lengths)))
    data = result_file.encode(with_climb(bare, told or Choices()))
    back = result_file.decode(data)
    read = climb_of(back)
    reports: dict[Language, Report] = {
        language: report_of(Material(back, read, "a clip"), language) for language in LANGUAGES
    }
    for report in reports.values():
        assert page_of(report)
    assert document_of(reports["en"]).startswith(b"%PDF")
    coaching: dict[Language, CoachingRead] = {language: coaching_of(data, language) for language in LANGUAGES}
    return Said(back.facts.climb, coaching, reports)
