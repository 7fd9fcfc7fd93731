"""The truth of a clip as a result: what an analysis without any error of seeing would store."""

from dataclasses import replace

import numpy as np

from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Result
from ascension.biomechanics.balance import center_of_mass_px
from ascension.biomechanics.poses import BoolArray, PoseSequence
from ascension.biomechanics.wall import frame_corners_px, on_wall_px
from tests.analyses.sample import build_sample
from validation.analysis import told_of
from validation.truth import Truth

WALL_PX_PER_M = 200.0


def perfect(truth: Truth) -> Result:
    """The truth as a result: true places, true visibility, the true wall at 200 pixels a meter."""
    frames = len(truth.time_s)
    person: BoolArray = np.asarray(np.isfinite(truth.landmarks_px).all(axis=(1, 2)))
    landmarks = np.where(person[:, None, None], truth.landmarks_px, np.nan)
    visibility = np.where(person[:, None], np.where(truth.visible, 0.95, 0.05), np.nan)
    poses = PoseSequence(truth.time_s, person, landmarks, visibility)
    width_px, height_px = (int(side) for side in truth.size_px)
    corners = np.tile(frame_corners_px(width_px, height_px), (frames, 1, 1))
    to_wall = np.linalg.inv(truth.wall_to_frame).astype(np.float64)
    on_wall = on_wall_px(corners, to_wall / to_wall[:, 2:, 2:]) * (WALL_PX_PER_M, -WALL_PX_PER_M)
    sample = build_sample(frames)
    wall = sample.facts.wall
    assert wall is not None
    scale = wall.scale.model_copy(
        update={"wall_to_unit": (1 / WALL_PX_PER_M, 0, 0, 0, 1 / WALL_PX_PER_M, 0, 0, 0, 1)}
    )
    video = sample.facts.video.model_copy(
        update={"width_px": width_px, "height_px": height_px, "time_base": (1, 15360)}
    )
    facts = sample.facts.model_copy(
        update={
            "video": video,
            "wall": wall.model_copy(update={"scale": scale}),
            "torso_px": poses.torso_px(),
        }
    )
    found = replace(
        sample,
        facts=facts,
        time_ticks=np.round(truth.time_s * 15360).astype(np.int64),
        person=person,
        landmarks_px=landmarks,
        visibility=visibility,
        center_of_mass_px=center_of_mass_px(poses),
        wall_corners_px=on_wall,
    )
    return with_climb(found, told_of(truth))
