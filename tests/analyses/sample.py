"""A small made-up result: the fixture that readers in every language are tested on.

`python -m tests.analyses.sample` writes `data/sample.ascension.gz` and what a reader must find in it,
`data/sample.json`, anew.
"""

import json
from pathlib import Path

import numpy as np

from ascension.analyses.result import (
    Caution,
    Facts,
    Model,
    Person,
    Processing,
    Result,
    Scale,
    Summary,
    Video,
    Wall,
    WallPicture,
    decode,
    encode,
)
from ascension.biomechanics.conventions import ANGLE_NAMES, LANDMARK_COUNT
from ascension.biomechanics.poses import FloatArray

DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "sample.ascension.gz"
EXPECTED = DATA / "sample.json"

FRAMES = 24
FRAMES_WITHOUT_PERSON = (0, 11, 12)
FRAME_OFF_THE_WALL = 13
FILLED_FRAME = 10
FILLED_LANDMARKS = (14, 16)
REPAIRED_FRAME = 2
LISTED_FRAMES = (0, 1, 2, 10, 11, 13, 23)


def build_sample(frames: int = FRAMES) -> Result:
    """A body of 33 landmarks drifting up a wall; three frames without it, one forearm not seen."""
    time = np.arange(frames)
    person = ~np.isin(time, FRAMES_WITHOUT_PERSON)
    angle = np.arange(LANDMARK_COUNT)
    places: FloatArray = np.stack([240 + 60 * np.cos(angle), 420 + 150 * np.sin(angle * 0.7)], axis=-1)
    drift = np.stack([8 * np.sin(time / 5), -3.5 * time], axis=-1)
    landmarks: FloatArray = places[None] + drift[:, None]
    visibility = np.clip(0.98 - 0.01 * angle[None] - 0.004 * time[:, None], 0, 1)
    visibility[:, [15, 17, 19, 21]] = 0.2
    angles = 90 + 40 * np.sin(time[:, None] / 4 + np.arange(len(ANGLE_NAMES)))
    angles[:, 0] = np.nan
    for values in (landmarks, visibility, angles):
        values[~person] = np.nan
    return Result(
        facts=_facts(frames, int(person.sum())),
        time_ticks=(time * 512 + (time > 15)).astype(np.int64),
        person=person,
        landmarks_px=landmarks,
        visibility=visibility,
        center_of_mass_px=landmarks[:, 23:25].mean(axis=1),
        joint_angles_deg=angles,
        wall_corners_px=_wall_corners_px(frames),
        interpolated=(time[:, None] % 24 == FILLED_FRAME) & np.isin(angle, FILLED_LANDMARKS)[None],
        sides_repaired=time % 24 == REPAIRED_FRAME,
        center_of_mass_seen_pct=np.where(person, 80.0 - time % 40, np.nan),
    )


def _wall_corners_px(frames: int) -> FloatArray:
    """A camera that pans to the right and turns a little; the frame that is not on the wall is NaN."""
    time = np.arange(frames)[:, None, None]
    corners = np.array([[0, 0], [480, 0], [480, 854], [0, 854]], np.float64)
    drift = np.array([[2.5, -0.4], [2.9, 0.1], [3.0, 0.3], [2.4, 0.2]])
    places: FloatArray = corners + drift * (time - frames // 2)
    places[FRAME_OFF_THE_WALL : FRAME_OFF_THE_WALL + 1] = np.nan
    return places


def _facts(frames: int, with_person: int) -> Facts:
    return Facts(
        producer="ascension sample",
        video=Video(
            width_px=480,
            height_px=854,
            rotation_deg=90,
            fps=30.0,
            frame_count=frames,
            duration_s=frames / 30,
            time_base=(1, 15360),
            codec="h264",
            sha256="0" * 64,
        ),
        model=Model(name="made-up", sha256="0" * 64, detector_sha256="0" * 64, runtime="none"),
        processing=Processing(frame_step=1, person_threshold=0.5, smoothing="none", visible_threshold=0.5),
        warnings=(
            Caution(
                code="made_up",
                detail="These numbers were not measured \N{EM DASH} a fixture.",
                detail_in={"fr": "Ces nombres n'ont pas été mesurés."},
            ),
        ),
        summary=Summary(
            duration_s=frames / 30,
            frame_count=frames,
            frames_with_person=with_person,
            detection_rate_pct=100 * with_person / frames,
            mean_visibility=0.71,
            fps=30.0,
            model="made-up",
        ),
        torso_px=104.0,
        people=_people(frames),
        wall=_wall(frames),
    )


def _wall(frames: int) -> Wall:
    return Wall(
        reference_frame=frames // 2,
        homography_frames=frames - 1,
        similarity_frames=0,
        lost_frames=1,
        residual_px=0.4,
        cut_frames=(),
        reason="1 frames show another place or moved too fast to follow",
        scale=Scale(
            unit="m",
            method="height",
            unit_per_px=0.005,
            wall_to_unit=(0.005, 0, 0, 0, 0.005, 0, 0, 0, 1),
            error_pct=7.2,
            parallax_pct=9.0,
            reason="made up",
        ),
        picture=WallPicture(
            width_px=600,
            height_px=900,
            wall_to_picture=(1, 0, 60, 0, 1, 23, 0, 0, 1),
            hole_pct=3.1,
            frames=25,
        ),
    )


def _people(frames: int) -> tuple[Person, ...]:
    """The climber in the middle, somebody standing at the right, one box a second each."""
    times_s = [round(0.1 + second, 2) for second in range(1 + frames // 30)]
    climbing = tuple((at_s, 170, 262 - round(105 * at_s), 142, 316) for at_s in times_s)
    standing = tuple((at_s, 372, 560, 96, 262) for at_s in times_s)
    return (
        Person(id=1, is_climber=True, boxes=climbing),
        Person(id=2, is_climber=False, boxes=standing),
    )


def describe(result: Result) -> dict[str, object]:
    """What `sample.json` holds: the header's facts and a few frames in full, null where not measured."""
    on_wall = result.landmarks_wall_px()
    return {
        "facts": result.facts.model_dump(mode="json"),
        "time_ticks": result.time_ticks.tolist(),
        "person": result.person.astype(int).tolist(),
        "frames": [
            {
                "index": index,
                "time_s": float(result.time_s()[index]),
                "landmarks_px": _listed(result.landmarks_px[index]),
                "visibility": _listed(result.visibility[index]),
                "center_of_mass_px": _listed(result.center_of_mass_px[index]),
                "joint_angles_deg": _listed(result.joint_angles_deg[index]),
                "landmarks_wall_px": _listed(on_wall[index]),
                **_doubts(result, index),
            }
            for index in LISTED_FRAMES
        ],
    }


def _doubts(result: Result, index: int) -> dict[str, object]:
    assert result.interpolated is not None
    assert result.sides_repaired is not None
    assert result.center_of_mass_seen_pct is not None
    return {
        "interpolated": np.flatnonzero(result.interpolated[index]).tolist(),
        "sides_repaired": bool(result.sides_repaired[index]),
        "center_of_mass_seen_pct": _listed(result.center_of_mass_seen_pct[index : index + 1])[0],
    }


def _listed(values: FloatArray) -> list[object]:
    if values.ndim > 1:
        return [_listed(row) for row in values]
    return [None if np.isnan(value) else round(float(value), 6) for value in values]


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    SAMPLE.write_bytes(encode(build_sample()))
    EXPECTED.write_text(json.dumps(describe(decode(SAMPLE.read_bytes())), indent=1) + "\n", encoding="utf-8")
