from pathlib import Path

import av
import numpy as np
import pytest

from ascension.biomechanics.balance import center_of_mass_px
from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import PoseSequence
from ascension.vision.drawing import LEFT, Painter
from ascension.vision.overlay import Tracks, write_overlay
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


def painter(poses: PoseSequence) -> Painter:
    return Painter(poses, center_of_mass_px(poses), joint_angles_deg(poses))


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
    picture = painter(true_poses()).paint(gray(), FRAMES - 1)
    changed = np.abs(picture.astype(int) - 128).max(axis=2) > 20
    assert not changed[: HEIGHT_PX // 3].any()
    assert changed[-60:].any(), "the caption says so"


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
    tracks = Tracks(poses, center_of_mass_px(poses), joint_angles_deg(poses))
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
