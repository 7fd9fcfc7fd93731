"""The committed truth agrees with itself and with its clip."""

from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from validation import truth as truths
from validation.camera import View
from validation.evaluation import inverse, mapped
from validation.geometry import Array
from validation.listed import CLIPS, LISTS, files_of
from validation.motion import Phase
from validation.planted import PAIR, PLANTED
from validation.scenes import SCENES, FaultKind, Scene
from validation.truth import Truth

MAX_BYTES = 15_000_000
EXAMPLE = CLIPS.parents[1] / "examples"
SEEN_AT_LEAST = 0.35

COMMITTED = (*SCENES, *PLANTED, *PAIR)
rendered = pytest.mark.parametrize("scene", COMMITTED, ids=lambda scene: scene.name)


def known(scene: Scene) -> Truth:
    return truths.load(files_of(scene)[1])


def times_of(clip: Path) -> list[float]:
    """Of the packets, in the order of display: a frame that is there need not be decoded to be counted."""
    with av.open(clip) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        ticks = sorted(packet.pts for packet in container.demux(stream) if packet.pts is not None)
        return [float(tick * stream.time_base) for tick in ticks]


def test_every_scene_is_there_and_together_they_are_small() -> None:
    files = [file for scene in COMMITTED for file in files_of(scene)]
    assert [file for file in files if not file.exists()] == []
    assert len({scene.name for _, scenes in LISTS.values() for scene in scenes}) == sum(
        len(scenes) for _, scenes in LISTS.values()
    )
    assert len(SCENES) >= 16
    assert sum(file.stat().st_size for file in CLIPS.iterdir()) <= MAX_BYTES


@rendered
def test_clip_and_truth_have_the_same_frames(scene: Scene) -> None:
    truth = known(scene)
    assert times_of(files_of(scene)[0]) == pytest.approx(truth.time_s.tolist(), abs=1e-3)
    assert tuple(truth.size_px) == scene.size_px
    assert truth.fps == scene.fps


@rendered
def test_places_in_the_picture_are_those_in_the_world(scene: Scene) -> None:
    truth = known(scene)
    width, height = scene.size_px
    for frame in range(0, len(truth.time_s), 20):
        view = View(
            truth.eye_m[frame], truth.camera_rotation[frame], (width, height), scene.camera.field_of_view_deg
        )
        assert view.focal_px == pytest.approx(truth.focal_px)
        holds = truth.hold_center_m
        on_wall = holds[:, :1] * truth.wall_axes[0] + holds[:, 1:] * truth.wall_axes[1]
        assert np.allclose(mapped(truth.wall_to_frame[frame], holds), view.project(on_wall)[0], atol=1e-6)
        if truth.person[frame]:
            assert np.allclose(
                view.project(truth.landmarks_m[frame])[0], truth.landmarks_px[frame], atol=0.02
            )


@rendered
def test_what_is_seen_is_in_the_frame_and_on_the_climber(scene: Scene) -> None:
    truth = known(scene)
    assert not (truth.visible & ~truth.in_frame).any()
    assert truth.person.any() == (scene.climber is not None)
    if scene.climber is None:
        assert np.isnan(truth.landmarks_px).all()
        return
    assert truth.height_m == scene.climber.body.height_m
    left, top, right, bottom = truth.box_px.T[:, :, None]
    inside = truth.visible & (
        (truth.landmarks_px[..., 0] < left - 4)
        | (truth.landmarks_px[..., 0] > right + 4)
        | (truth.landmarks_px[..., 1] < top - 4)
        | (truth.landmarks_px[..., 1] > bottom + 4)
    )
    assert not inside.any()
    assert truth.visible[:, [11, 12, 23, 24]].mean() > SEEN_AT_LEAST


@rendered
def test_hands_and_feet_touch_the_holds_they_are_said_to_touch(scene: Scene) -> None:
    truth = known(scene)
    ends = (Landmark.LEFT_INDEX, Landmark.RIGHT_INDEX, Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX)
    for column, end in enumerate(ends):
        touching = truth.contact_hold[:, column] >= 0
        places = truth.landmarks_m[touching, end]
        on_wall = places @ truth.wall_axes[:2].T
        centers = truth.hold_center_m[truth.contact_hold[touching, column]]
        assert (np.linalg.norm(on_wall - centers, axis=1) < 0.22).all()
        assert (np.abs(places @ truth.wall_axes[2]) < 0.2).all()
    falling = truth.phase == Phase.FALLING
    assert (truth.contact_hold[falling] == -1).all()


@rendered
def test_what_is_planned_is_what_the_contacts_show(scene: Scene) -> None:
    truth = known(scene)
    frame_s = 1 / truth.fps
    assert not (truth.on_floor & (truth.contact_hold >= 0)).any()
    for kind, limb, (begin_s, end_s), hold in zip(
        truth.event_kinds, truth.event_limbs, truth.event_times_s, truth.event_holds, strict=True
    ):
        during = (truth.time_s > begin_s + frame_s) & (truth.time_s < end_s - frame_s)
        held = truth.contact_hold >= 0
        after = np.flatnonzero(truth.time_s >= end_s + frame_s)[:1]
        if kind in ("reach", "readjustment"):
            assert not held[during, limb].any()
            assert (truth.contact_hold[after, limb] == hold).all()
        if kind in ("foot_cut", "dyno", "fall"):
            assert not held[during][:, 2:].any()
        if kind in ("dyno", "fall"):
            assert not held[during][:, :2].any()
        if kind == "match":
            assert (truth.contact_hold[during, :2] == hold).all()


@rendered
def test_segments_are_those_of_the_body_in_every_frame(scene: Scene) -> None:
    truth = known(scene)
    lengths = dict(zip(truth.segment_names.tolist(), truth.segment_m.tolist(), strict=True))
    bones = {"upper_arm": (11, 13), "forearm": (13, 15), "thigh": (23, 25), "shank": (25, 27)}
    for name, (first, second) in bones.items():
        found = np.linalg.norm(truth.landmarks_m[:, first] - truth.landmarks_m[:, second], axis=1)
        if scene.climber is None:
            assert np.isnan(lengths[name])
            continue
        assert found == pytest.approx(lengths[name], rel=0.01)
    if scene.climber is not None:
        assert lengths["arm_span"] == pytest.approx(scene.climber.body.height_m, rel=0.12)


def test_each_fault_is_planted_once_and_one_climb_has_none() -> None:
    told = [known(scene).fault_kinds.tolist() for scene in PLANTED]
    assert sorted(kind for kinds in told for kind in kinds) == sorted(get_args(FaultKind))
    assert [len(kinds) for kinds in told] == [0, *[1] * (len(PLANTED) - 1)]


@pytest.mark.parametrize("scene", PLANTED, ids=lambda scene: scene.name)
def test_nobody_rests_on_bent_arms_but_where_it_is_planted(scene: Scene) -> None:
    truth = known(scene)
    torso_m = truth.segment_m[truth.segment_names.tolist().index("torso")]
    hips = truth.landmarks_m[:, [23, 24]].mean(1)
    speed = np.linalg.norm(np.gradient(hips, 1 / truth.fps, axis=0), axis=1) / torso_m
    bent = (elbows_deg(truth) < 120).any(1) & (speed < 0.15) & (truth.contact_hold >= 0).all(1)
    resting = np.array([bent[frame : frame + round(truth.fps)].all() for frame in range(len(bent) - 24)])
    assert resting.any() == (truth.fault_kinds.tolist() == ["bent_arm_rest"])
    for frame in np.flatnonzero(resting):
        assert truth.fault_times_s[0, 0] <= truth.time_s[frame] <= truth.fault_times_s[0, 1]


def elbows_deg(truth: Truth) -> Array:
    """(n, 2) left and right, 180 when straight."""
    shoulder, elbow, wrist = (truth.landmarks_m[:, [first, first + 1]] for first in (11, 13, 15))
    upper, lower = shoulder - elbow, wrist - elbow
    cosine = (upper * lower).sum(-1) / np.linalg.norm(upper, axis=-1) / np.linalg.norm(lower, axis=-1)
    return np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))


def test_holds_are_in_the_picture_where_the_wall_is() -> None:
    truth = truths.load(CLIPS / "pan.npz")
    for frame in (0, len(truth.time_s) - 1):
        expected = mapped(truth.wall_to_frame[frame], truth.hold_center_m)
        assert truth.hold_center_px[frame] == pytest.approx(expected)


def test_the_scenes_differ_as_they_should() -> None:
    climbs = [scene for scene in SCENES if scene.climber]
    assert len([scene for scene in SCENES if not scene.climber]) >= 3
    assert {scene.fps for scene in SCENES} >= {24, 30, 60}
    assert len({scene.climber.body for scene in climbs if scene.climber}) >= 3
    assert {np.sign(scene.wall.overhang_deg) for scene in climbs} == {-1, 0, 1}
    phases = {int(phase) for scene in climbs for phase in np.unique(known(scene).phase)}
    assert phases == {int(phase) for phase in Phase}


def test_a_fall_has_the_acceleration_of_gravity() -> None:
    truth = truths.load(CLIPS / "fall.npz")
    falling = np.flatnonzero(truth.phase == Phase.FALLING)[2:-2]
    hips = truth.landmarks_m[falling][:, [23, 24], 2].mean(1)
    gravity = np.diff(hips, n=2) * truth.fps**2
    assert gravity.mean() == pytest.approx(-9.81, rel=0.15)


def test_the_example_climb_has_the_same_truth() -> None:
    truth = truths.load(EXAMPLE / "climb_truth.npz")
    assert len(times_of(EXAMPLE / "climb.mp4")) == len(truth.time_s)
    start = mapped(inverse(truth.wall_to_frame[0]), truth.landmarks_px[0, [19]])
    hold = truth.hold_center_m[truth.contact_hold[0, 0]]
    assert np.linalg.norm(start[0] - hold) < 0.2
