"""From a stored result to what the climber did on the wall. Needs no video."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import numpy as np

from ascension.analyses import climb_part
from ascension.analyses import result as result_file
from ascension.analyses.choices import Choices
from ascension.analyses.corrections import keypoints, placing
from ascension.analyses.corrections.edits import Edits, KeypointEdit
from ascension.analyses.corrections.keypoints import Correction
from ascension.analyses.result import Result, Wall
from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray, torsos
from ascension.biomechanics.wall import on_wall_px
from ascension.climbing import climb
from ascension.climbing.body import Body, with_body
from ascension.climbing.contacts import timeline_of
from ascension.climbing.correcting import MisplacedError
from ascension.climbing.motion import Motion
from ascension.climbing.support import scene_of
from ascension.errors.jobs import CorrectionMisplaced

ReportProgress = Callable[[str, int, dict[str, float]], None]
"""Stage, percent of the whole, figures of this moment with their unit in the name."""

_UP: Final = np.array([1.0, -1.0])
"""Pixels count downwards, the wall upwards."""


def body_of(told: Choices) -> Body:
    """The climber's body as far as it was told."""
    return Body(height_m=told.body_height_m, **dict(told.body or {}))


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, dict[str, object]]:
    """Derive `source_path` anew with `corrections` and `choices`, write the bytes to `result_path`.

    Without corrections these are the bytes of `source_path`. Returns {"summary": {...}}: that of the request
    with the new size. Raises CorrectionMisplaced.
    """
    report_progress("measures", 0, {})
    edits = [Edits.model_validate(one) for one in cast("list[object]", request["corrections"])]
    data = Path(str(request["source_path"])).read_bytes()
    if edits:
        told = Choices.model_validate(request.get("choices") or {})
        data = result_file.encode(corrected(result_file.decode(data), told, edits))
    Path(str(request["result_path"])).write_bytes(data)
    report_progress("measures", 100, {})
    summary = cast("dict[str, object]", request["summary"])
    return {"summary": {**summary, "result_bytes": len(data)}}


def corrected(result: Result, told: Choices, edits: Sequence[Edits]) -> Result:
    """The result with everything that was put right, in the order it was told. Raises CorrectionMisplaced."""
    for number, edit in enumerate(edits, 1):
        with _naming(number):
            placing.check_keypoints(result.person, edit)
    moved = [one for edit in edits for one in edit.keypoints]
    if moved:
        # rounded as it will be stored, so that deriving once more changes nothing
        result = result_file.decode(result_file.encode(_with_keypoints(result, moved)))
    return with_climb(result, told, edits)


@contextmanager
def _naming(number: int) -> Generator[None]:
    """Raises CorrectionMisplaced, with the correction's number from 1, for an entry that is."""
    try:
        yield
    except MisplacedError as error:
        raise CorrectionMisplaced(
            f"Correction {number} names what is not there: {error}. Take it back; the rest is kept."
        ) from error


def _with_keypoints(result: Result, edits: Sequence[KeypointEdit]) -> Result:
    return keypoints.corrected(
        result,
        tuple(Correction(one.frame, Landmark[one.landmark.upper()], one.x_px, one.y_px) for one in edits),
    )


def with_climb(result: Result, told: Choices, edits: Sequence[Edits] = ()) -> Result:
    """The same result with what its climber did on the wall; without, where no body has a place on it.

    Give it a result as it is stored: rounded places give the same climb today and after a correction. Raises
    CorrectionMisplaced for an edit of a hold, of frames or of a wall that are not there.
    """
    try:
        motion = motion_of(result, told.overhang_deg)
    except ValueError:
        found = None
        for number, edit in enumerate(edits, 1):
            with _naming(number):
                placing.check_on_wall(edit)
    else:
        body = body_of(told)
        found = climb_part.stored(_climb(motion, body, edits), body)
    return replace(result, facts=result.facts.model_copy(update={"climb": found}))


def _climb(motion: Motion, body: Body, edits: Sequence[Edits]) -> climb.Climb:
    scene = scene_of(with_body(motion, body))
    timeline = timeline_of(scene)
    for number, edit in enumerate(edits, 1):
        with _naming(number):
            timeline = placing.placed(timeline, edit, torso=motion.torso, frames=len(motion.known))
    return climb.read_timeline(scene, timeline, body)


def motion_of(result: Result, overhang_deg: float | None = None) -> Motion:
    """The body of a result on the plane of the wall, y up, in the unit of the result's scale.

    Without a wall that was followed: places in the picture in torso lengths, `registered` False. Raises
    ValueError where no frame shows a person, or none of those that do has a place on the wall.
    """
    wall = result.facts.wall
    if wall is None or result.wall_corners_px is None:
        unit_per_px = 1 / result.facts.torso_px
        return Motion(
            poses=result.poses(),
            landmarks=result.landmarks_px * unit_per_px * _UP,
            center_of_mass=result.center_of_mass_px * unit_per_px * _UP,
            unit="torso",
            torso=1.0,
            overhang_deg=overhang_deg,
            registered=False,
        )
    landmarks = _in_unit(result.landmarks_wall_px(), wall)
    center_px = on_wall_px(result.center_of_mass_px[:, None], result.frame_to_wall())
    return Motion(
        poses=result.poses(),
        landmarks=landmarks,
        center_of_mass=_in_unit(center_px, wall)[:, 0],
        unit=wall.scale.unit,
        torso=_torso(landmarks),
        overhang_deg=overhang_deg,
        error_pct=wall.scale.error_pct,
        parallax_pct=wall.scale.parallax_pct,
    )


def _in_unit(places_px: FloatArray, wall: Wall) -> FloatArray:
    """Wall pixels (frames, k, 2), y down, to the wall's plane in its unit, y up."""
    to_unit = np.array(wall.scale.wall_to_unit).reshape(3, 3)
    return on_wall_px(places_px, np.tile(to_unit, (len(places_px), 1, 1))) * _UP


def _torso(landmarks: FloatArray) -> float:
    """The median over the frames that have a place on the wall."""
    lengths = torsos(landmarks)
    known = np.isfinite(lengths)
    if not known.any():
        raise ValueError("no frame shows a person who has a place on the wall")
    return float(np.median(lengths[known]))
