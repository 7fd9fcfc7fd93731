from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from ascension.biomechanics.balance import center_of_mass_px
from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import PoseSequence
from ascension.vision.drawing import LEFT, Painter
from ascension.vision.overlay import write_overlay
from ascension.vision.region import Picture
from ascension.vision.tracks import Banner, Ring, Tracks
from tests.clips import EXAMPLES, checkered, read_pictures, write_clip

FRAMES = 8
HEIGHT_PX, WIDTH_PX = 854, 480


def true_poses(hidden: Landmark | None = None) -> PoseSequence:
    """The example climb's true places; the last frame has no person."""
    places = np.load(EXAMPLES / "climb_truth.npz")["landmarks_px"][:FRAMES].astype(np.float64)
    visibility = np.ones(places.shape[:2])
    if hidden is not None:
        visibility[:, hidden] = 0.1
    person = np.arange(FRAMES) < FRAMES - 1
    places[~person], visibility[~person] = np.nan, np.nan
    return PoseSequence(np.arange(FRAMES) / 30, person, places, visibility)


def tracks_of(poses: PoseSequence) -> Tracks:
    return Tracks(poses, center_of_mass_px(poses), joint_angles_deg(poses))


def painter(poses: PoseSequence, **more: object) -> Painter:
    return Painter(replace(tracks_of(poses), **more), WIDTH_PX)


def changed(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Pixels that are no longer gray."""
    return np.abs(picture.astype(int) - 128).max(axis=2) > 20


def gray() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((HEIGHT_PX, WIDTH_PX, 3), 128, np.uint8)


def test_limbs_are_drawn_where_they_are_in_the_color_of_their_side() -> None:
    poses = true_poses()
    picture = painter(poses).paint(gray(), 3)
    thigh = poses.landmarks_px[3, [Landmark.LEFT_HIP, Landmark.LEFT_KNEE]].mean(axis=0).round().astype(int)
    assert picture[thigh[1], thigh[0]].astype(int) == pytest.approx(LEFT, abs=30)


def test_a_limb_that_is_not_seen_is_fainter_and_has_gaps() -> None:
    poses, hidden = true_poses(), true_poses(Landmark.LEFT_KNEE)
    along = np.linspace(0.1, 0.4, 60)[:, None]
    hip, knee = poses.landmarks_px[3, Landmark.LEFT_HIP], poses.landmarks_px[3, Landmark.LEFT_KNEE]
    columns, rows = (hip + along * (knee - hip)).round().astype(int).T
    solid = painter(poses).paint(gray(), 3)[rows, columns].astype(int)
    dashed = painter(hidden).paint(gray(), 3)[rows, columns].astype(int)
    assert np.abs(solid - 128).max(axis=1).min() > 60
    assert np.abs(dashed - 128).max(axis=1).min() < 10, "gaps show the picture"


def test_a_frame_without_a_person_shows_no_skeleton() -> None:
    captions = (("",),) * (FRAMES - 1) + (("nobody",),)
    picture = painter(true_poses(), captions=captions, rings=(ring(),)).paint(gray(), FRAMES - 1)
    assert not changed(picture)[: HEIGHT_PX // 3].any()
    assert changed(picture)[-60:].any(), "the caption says so"


def ring(**changes: object) -> Ring:
    ends = (Landmark.LEFT_WRIST, Landmark.LEFT_PINKY, Landmark.LEFT_INDEX)
    return replace(Ring(2, 5, ends, ""), **changes)


def around_the_wrist(picture: Picture, poses: PoseSequence, index: int) -> float:
    """Share of a circle of the ring's radius around the left hand that has the color of that side."""
    center = poses.landmarks_px[index, ring().landmarks].mean(axis=0)
    turns = np.radians(np.arange(360))
    at = center + 3.4 * poses.torso_px() / 26 * np.column_stack([np.cos(turns), np.sin(turns)])
    columns, rows = at.round().astype(int).T
    return float((np.abs(picture[rows, columns].astype(int) - LEFT).max(axis=1) < 60).mean())


def test_a_contact_has_a_ring_while_it_lasts_and_a_broken_one_where_it_is_hidden() -> None:
    poses = true_poses()
    held, hidden = painter(poses, rings=(ring(),)), painter(poses, rings=(ring(dashed=True),))
    assert around_the_wrist(held.paint(gray(), 2), poses, 2) > 0.9
    assert 0.4 < around_the_wrist(hidden.paint(gray(), 4), poses, 4) < 0.85
    for outside in (1, 5):
        assert around_the_wrist(held.paint(gray(), outside), poses, outside) < 0.3


def test_the_number_of_a_hold_stands_beside_its_ring() -> None:
    poses = true_poses()
    with_number = painter(poses, rings=(ring(label="12 · 31 %"),)).paint(gray(), 3)
    without = painter(poses, rings=(ring(),)).paint(gray(), 3)
    rows, columns = np.nonzero((with_number != without).any(axis=2))
    place = poses.landmarks_px[3, ring().landmarks].mean(axis=0)
    assert len(rows) > 300
    assert np.hypot(columns.mean() - place[0], rows.mean() - place[1]) < 0.8 * poses.torso_px()


def test_an_event_has_its_words_at_the_top_while_it_lasts() -> None:
    shown = painter(true_poses(), banners=(Banner(3, 5, "Top"), Banner(4, 5, "Dyno")))
    heights = [int(changed(shown.paint(gray(), index))[:150].any(axis=1).sum()) for index in (2, 3, 4, 5)]
    assert heights[0] == heights[3] == 0
    assert 20 < heights[1] < heights[2], "the second is below the first"


def test_the_way_of_the_center_of_mass_stays_on_the_wall_when_the_camera_moves() -> None:
    poses = true_poses()
    center = np.tile([240.0, 700.0], (FRAMES, 1)) + [[10.0 * index, 0] for index in range(FRAMES)]
    panned = np.tile(np.eye(3), (FRAMES, 1, 1))
    panned[:, 0, 2] = [-10.0 * index for index in range(FRAMES)]  # the camera pans; the body does not move
    still = painter(poses, center_of_mass_px=center).paint(gray(), 6)
    on_wall = painter(poses, center_of_mass_px=center, frame_to_wall=panned).paint(gray(), 6)

    def way(picture: Picture) -> int:
        return int(changed(picture)[700, 240:285].sum())

    assert way(still) > 30
    assert way(on_wall) == 0


def test_places_far_outside_of_the_frame_are_no_problem() -> None:
    poses = true_poses()
    places = poses.landmarks_px.copy()
    places[:, Landmark.LEFT_WRIST] = (-1e6, 3e7)
    far = PoseSequence(
        poses.time_s, poses.person, np.where(np.isnan(poses.landmarks_px), np.nan, places), poses.visibility
    )
    assert painter(far).paint(gray(), 0).shape == (HEIGHT_PX, WIDTH_PX, 3)


def test_the_video_keeps_the_clips_times_and_upright_size(tmp_path: Path) -> None:
    ticks = [0, 512, 1500, 2048, 2560, 3072, 4000, 9000]
    clip = write_clip(
        tmp_path / "clip.mp4", checkered(481 // 2 * 2, 854, FRAMES), ticks=ticks, rotation_deg=-90
    )
    poses = true_poses()
    tracks = tracks_of(poses)
    out = tmp_path / "overlay.part"
    shares: list[int] = []
    write_overlay(clip, tracks, out, threads=2, on_progress=lambda share, _figures: shares.append(share))
    with av.open(out) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        frames = list(container.decode(stream))
        assert [float(frame.time) for frame in frames] == pytest.approx(
            [tick / 15360 for tick in ticks], abs=1e-4
        )
    assert read_pictures(out)[0].shape == (HEIGHT_PX, WIDTH_PX, 3)
    assert shares[-1] == 100
