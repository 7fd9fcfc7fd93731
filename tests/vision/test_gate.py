"""The gate: which clips are refused, what is said about the others, and nothing about a good one."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.errors.jobs import VideoBlack, VideoTooShort, VideoTooSparse
from ascension.vision import gate
from ascension.vision.appearance import Appearance, AppearanceMeter, sharpness
from ascension.vision.losses import Losses, Span
from ascension.vision.region import Region
from ascension.vision.remarks import Remark
from ascension.vision.video import VideoInfo, VideoReader
from tests.clips import (
    CLIMB,
    EXAMPLES,
    SHARED_CLIPS,
    TICKS_PER_FRAME,
    Coding,
    Picture,
    checkered,
    encode_clip,
    read_pictures,
    write_clip,
)
from tests.vision.test_damage import join_sizes

INFO = VideoInfo(720, 1280, 0, "h264", Fraction(1, 15360), 90, 3.0, False, "sdr", None)
TIMES_S = np.arange(90) / 30
PLAIN = Appearance(
    brightness=np.full(90, 0.5),
    contrast=np.full(90, 0.15),
    change=np.full(90, 0.004),
    sharpness=np.full(9, 0.3),
    overexposed=np.full(9, 0.02),
)


def climber(frames: int = 90, torso_px: float = 150.0, top_px: float = 300.0) -> PoseSequence:
    """A body standing upright: nose above shoulders above hips above ankles, three torsos tall."""
    heights = {
        Landmark.NOSE: 0.0,
        Landmark.LEFT_SHOULDER: 0.5,
        Landmark.RIGHT_SHOULDER: 0.5,
        Landmark.LEFT_HIP: 1.5,
        Landmark.RIGHT_HIP: 1.5,
        Landmark.LEFT_ANKLE: 3.0,
        Landmark.RIGHT_ANKLE: 3.0,
    }
    body = np.full((LANDMARK_COUNT, 2), (360.0, top_px + torso_px))
    for landmark, height in heights.items():
        body[landmark] = (360.0, top_px + torso_px * height)
    return PoseSequence(
        time_s=np.arange(frames) / 30,
        person=np.ones(frames, np.bool_),
        landmarks_px=np.tile(body, (frames, 1, 1)),
        visibility=np.full((frames, LANDMARK_COUNT), 0.9),
    )


def codes(remarks: list[Remark]) -> list[str]:
    assert all(remark.sentence().endswith(".") for remark in remarks)
    return [remark.code for remark in remarks]


def measured(path: Path) -> tuple[Appearance, FloatArray]:
    meter = AppearanceMeter()
    with VideoReader(path, threads=2) as video:
        ticks: list[int] = []
        for frame in video:
            meter.add(frame)
            ticks.append(frame.ticks)
        return meter.measured(), np.array(ticks) * float(video.info.time_base)


def example_body(worsen: Callable[[Picture], Picture]) -> Appearance:
    """What is measured of the example climber after `worsen` was done to the brightness."""
    with np.load(EXAMPLES / "climb_truth.npz") as truth:
        places = truth["landmarks_px"].astype(np.float64)
    meter = AppearanceMeter()
    with VideoReader(CLIMB, threads=2) as video:
        for frame, body in zip(video, places[:91], strict=False):
            hips, reach = body[23:25].mean(axis=0), float(np.ptp(body, axis=0).max())
            region = Region(float(hips[0]), float(hips[1]), 1.6 * reach, 0.0)
            meter.add(replace(frame, y=worsen(frame.y)), [region])
    return meter.measured()


# ------------------------------------------------------------------ a good clip


def test_nothing_is_said_about_a_good_clip() -> None:
    still = np.zeros((90, 2))
    assert gate.remarks(INFO, Losses(), PLAIN, climber(), still) == []


def test_the_example_looks_good() -> None:
    gate.look(CLIMB)
    appearance, time_s = measured(CLIMB)
    assert gate.about_appearance(appearance, time_s) == []


@pytest.mark.parametrize("name", ["arete.mp4", "pan-volumes.mp4"])
def test_clips_from_phones_look_good(name: str) -> None:
    path = SHARED_CLIPS / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    gate.look(path)
    appearance, time_s = measured(path)
    assert gate.about_appearance(appearance, time_s) == []


# ------------------------------------------------------------------ refused


def test_a_black_clip_is_refused_before_the_analysis(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    grainy = [rng.integers(0, 9, (240, 320, 3)).astype(np.uint8) for _ in range(40)]
    often = Coding(key_every=8)
    with pytest.raises(VideoBlack):
        gate.look(encode_clip(tmp_path / "black.mp4", grainy, often))
    gate.look(encode_clip(tmp_path / "ends.mp4", [*grainy, *checkered(240, 320, 40)], often))


def test_a_black_clip_of_few_key_frames_is_refused_after_the_pass(tmp_path: Path) -> None:
    black = [np.zeros((240, 320, 3), np.uint8)] * 40
    path = write_clip(tmp_path / "black.mp4", black)
    gate.look(path)
    with pytest.raises(VideoBlack):
        gate.refuse_black(measured(path)[0])
    gate.refuse_black(measured(write_clip(tmp_path / "ends.mp4", [*black, *checkered(240, 320, 2)]))[0])


def test_a_time_lapse_and_a_single_picture_are_refused_before_the_analysis(tmp_path: Path) -> None:
    slow = [15360 * index for index in range(6)]
    with pytest.raises(VideoTooSparse):
        gate.look(write_clip(tmp_path / "slow.mp4", checkered(240, 320, 6), ticks=slow))
    with pytest.raises(VideoTooShort):
        gate.look(write_clip(tmp_path / "one.mp4", checkered(240, 320, 1)))


def test_times_are_refused_after_the_pass_too() -> None:
    with pytest.raises(VideoTooShort):
        gate.refuse_times(np.array([0.0, 0.03]))
    with pytest.raises(VideoTooSparse):
        gate.refuse_times(np.arange(10.0))
    gate.refuse_times(np.arange(10) / 10)


# ------------------------------------------------------------------ the file


def test_what_the_file_says_is_passed_on() -> None:
    assert codes(gate.about_file(replace(INFO, width_px=240))) == ["low_resolution"]
    assert codes(gate.about_file(replace(INFO, transfer="pq"))) == ["hdr"]
    assert codes(gate.about_file(replace(INFO, mirrored=True))) == ["mirrored"]


def test_rates_and_lengths() -> None:
    assert codes(gate.about_times(np.arange(60) / 15, None)) == ["low_frame_rate"]
    assert codes(gate.about_times(np.arange(600) / 240, 240.0)) == []
    assert codes(gate.about_times(TIMES_S, 240.0)) == ["slow_motion"]
    assert codes(gate.about_times(np.arange(30) / 30, None)) == ["short_clip"]
    gap = np.concatenate([np.arange(40), np.arange(48, 90)]) / 30
    (remark,) = gate.about_times(gap, None)
    assert (remark.code, "0.30 s, at 1.3 s" in remark.sentence()) == ("uneven_frames", True)
    dropped = np.concatenate([np.arange(40), np.arange(41, 90)]) / 30
    assert codes(gate.about_times(dropped, None)) == [], "one dropped frame is smoothed over"
    thinned = np.delete(np.arange(90), np.arange(5, 90, 6)) / 30
    assert codes(gate.about_times(thinned, None)) == ["uneven_frames"]


def test_losses_say_how_many_and_where() -> None:
    losses = Losses(
        missing=(Span(1.0, 1.0, 1), Span(2.0, 2.5, 15)),
        damaged=(Span(1.1, 1.9, 25), *[Span(float(start), start + 0.1, 3) for start in range(3, 7)]),
        end_s=2.25,
        unordered=4,
        interlaced=90,
        resized=7,
    )
    found = {remark.code: remark.sentence() for remark in gate.about_losses(losses)}
    assert list(found) == [
        "frames_missing",
        "frames_damaged",
        "end_missing",
        "times_out_of_order",
        "interlaced",
        "size_changes",
    ]
    assert found["frames_missing"].startswith(
        "16 frames of the file cannot be decoded, at 1.0 s, 2.0 to 2.5 s."
    )
    assert "3.0 to 3.1 s, 4.0 to 4.1 s and 2 more" in found["frames_damaged"]
    assert "last 2.2 s" in found["end_missing"] or "last 2.3 s" in found["end_missing"]


# ------------------------------------------------------------------ the picture


def test_light() -> None:
    assert codes(gate.about_appearance(replace(PLAIN, brightness=np.full(90, 0.05)), TIMES_S)) == ["dark"]
    assert codes(gate.about_appearance(replace(PLAIN, contrast=np.full(90, 0.01)), TIMES_S)) == [
        "low_contrast"
    ]
    white = replace(PLAIN, overexposed=np.full(9, 0.6))
    assert codes(gate.about_appearance(white, TIMES_S)) == ["overexposed"]


def test_nobody_is_explained_by_what_the_picture_lacks_most() -> None:
    few = len(PLAIN.sharpness)
    lacking = {
        "nobody_in_the_dark": replace(PLAIN, brightness=np.full(90, 0.05)),
        "nobody_in_the_haze": replace(PLAIN, contrast=np.full(90, 0.01), sharpness=np.zeros(few)),
        "nobody_in_the_glare": replace(PLAIN, overexposed=np.full(few, 0.6)),
        "nobody_in_the_blur": replace(PLAIN, sharpness=np.zeros(few)),
        "no_person": PLAIN,
    }
    assert {code: gate.nobody(appearance).code for code, appearance in lacking.items()} == {
        code: code for code in lacking
    }


def test_a_picture_without_structure_has_no_sharpness() -> None:
    assert sharpness(np.zeros((64, 64), np.uint8)) == 0
    assert sharpness(np.full((64, 64), 90, np.uint8)) == 0
    assert sharpness(np.tile(np.arange(64, dtype=np.uint8) + 1, (64, 1))) == 0, "a soft ramp"


def test_blur_is_told_where_the_error_grows() -> None:
    """At a blur of 4 px the heavy network's error on these frames is half as large again; at 2 px a fifth."""
    ways: list[tuple[Callable[[Picture], Picture], list[str]]] = [
        (lambda y: y, []),
        (lambda y: cv2.GaussianBlur(y, (0, 0), 2).astype(np.uint8), []),
        (lambda y: cv2.GaussianBlur(y, (0, 0), 4).astype(np.uint8), ["blurred"]),
        (lambda y: cv2.blur(y, (31, 1)).astype(np.uint8), ["blurred"]),
    ]
    for worsen, expected in ways:
        appearance = example_body(worsen)
        time_s = np.arange(len(appearance.change)) / 30
        assert codes(gate.about_appearance(appearance, time_s)) == expected, np.median(appearance.sharpness)


def test_a_cut_is_found_where_it_is_and_a_pan_is_none(tmp_path: Path) -> None:
    wall = read_pictures(CLIMB, 60)
    cut = [*(picture[:400] for picture in wall[:30]), *(255 - picture[400:800] for picture in wall[30:60])]
    appearance, time_s = measured(write_clip(tmp_path / "cut.mp4", cut))
    assert gate.cut_frames(appearance.change, time_s) == [30]
    (remark,) = gate.about_appearance(appearance, time_s)
    assert (remark.code, "at 1.0 s:" in remark.sentence()) == ("cut", True)
    pan = [np.roll(wall[0], (-8 * index, 11 * index), axis=(0, 1)) for index in range(30)]
    appearance, time_s = measured(write_clip(tmp_path / "pan.mp4", pan))
    assert gate.cut_frames(appearance.change, time_s) == []


def test_frozen_and_repeated_pictures(tmp_path: Path) -> None:
    moving = checkered(240, 320, 40)
    hung = write_clip(tmp_path / "hung.mp4", [*moving[:20], *[moving[20]] * 45, *moving[21:]])
    (remark,) = gate.about_appearance(*measured(hung))
    assert remark.code == "frozen"
    assert re.search(r"from 0\.[78] to 2\.1 s", remark.sentence())
    doubled = write_clip(tmp_path / "doubled.mp4", [picture for picture in moving for _ in range(2)])
    (remark,) = gate.about_appearance(*measured(doubled))
    assert remark.code == "repeated_frames"
    assert remark.sentence().startswith(("48 %", "51 %"))


# ------------------------------------------------------------------ the climber and the camera


def test_distance_and_framing() -> None:
    def said(poses: PoseSequence) -> list[str]:
        return codes(gate.about_framing(poses, 720, 1280))

    assert said(climber()) == []
    assert said(climber(torso_px=30)) == ["climber_small"]
    assert said(climber(torso_px=390, top_px=50)) == ["climber_large"]
    assert said(climber(torso_px=390, top_px=200)) == ["climber_large", "body_cut_off"]
    sometimes = climber()
    sometimes.landmarks_px[:30, Landmark.LEFT_WRIST] = (-5.0, 400.0)
    assert said(sometimes) == ["body_cut_off"]


def test_how_often_and_how_surely_somebody_was_found() -> None:
    rare = climber()
    rare.person[10:] = False
    rare.landmarks_px[10:], rare.visibility[10:] = np.nan, np.nan
    assert codes(gate.about_finding(rare)) == ["climber_often_not_found"]
    hidden = replace(climber(), visibility=np.full((90, LANDMARK_COUNT), 0.3))
    assert codes(gate.about_finding(hidden)) == ["joints_often_hidden"]


def test_shaking_is_told_and_panning_is_not() -> None:
    pan = np.column_stack([TIMES_S * 200, TIMES_S * -90])
    assert gate.about_camera(pan, TIMES_S, 150.0) == []
    shake = pan + 40 * np.sin(2 * np.pi * 5 * TIMES_S)[:, None]
    assert codes(gate.about_camera(shake, TIMES_S, 150.0)) == ["camera_shakes"]
    shake[5:] = np.nan
    shake[2:4] = np.nan
    assert gate.about_camera(np.full((90, 2), np.nan), TIMES_S, 150.0) == []
    assert isinstance(gate.about_camera(shake, TIMES_S, 150.0), list)


# ------------------------------------------------------------------ anything goes in


MEASURE = st.floats(0, 1, allow_nan=False)


@given(
    change=st.integers(3, 60).flatmap(lambda count: arrays(np.float64, count, elements=MEASURE)),
    steps=st.lists(st.integers(1, 5 * TICKS_PER_FRAME), min_size=60, max_size=60),
    level=MEASURE,
)
def test_any_measurements_give_remarks(change: FloatArray, steps: list[int], level: float) -> None:
    time_s = np.cumsum(steps)[: len(change)] / 15360
    appearance = Appearance(
        np.full(len(change), level), np.full(len(change), level), change, np.full(2, level), np.full(2, level)
    )
    found = codes(gate.about_appearance(appearance, time_s) + gate.about_times(time_s, level * 1000 + 1))
    assert len(found) == len(set(found)), "a code is said once"


@given(
    body=arrays(np.float64, (5, LANDMARK_COUNT, 2), elements=st.floats(-1e4, 1e4)),
    size=st.tuples(st.integers(144, 4096), st.integers(144, 4096)),
)
def test_any_body_gives_remarks(body: FloatArray, size: tuple[int, int]) -> None:
    poses = PoseSequence(np.arange(5) / 30, np.ones(5, np.bool_), body, np.full((5, LANDMARK_COUNT), 0.5))
    found = codes(gate.about_framing(poses, *size))
    assert len(found) == len(set(found))
    assert gate.whole_body(body, *size).shape == (5,)


@given(shift=arrays(np.float64, (40, 2), elements=st.floats(-1e4, 1e4) | st.just(float("nan"))))
def test_any_camera_path_gives_at_most_one_remark(shift: FloatArray) -> None:
    assert len(gate.about_camera(shift, np.arange(40) / 30, 100.0)) <= 1


def test_measuring_a_frame_is_cheap() -> None:
    """Less than 0.3 ms of processor time per 720p frame was asked; a loose bound, since machines differ."""
    with VideoReader(CLIMB, threads=1) as video:
        frames = [frame for _, frame in zip(range(60), video, strict=False)]
    meter = AppearanceMeter()
    region = [Region(240.0, 400.0, 350.0, 0.1)]
    began = time.process_time()
    for frame in frames:
        meter.add(frame, region)
    assert (time.process_time() - began) / len(frames) < 0.003
    assert len(meter.measured().sharpness) == 3


def test_a_picture_that_becomes_a_line_midway_is_measured(tmp_path: Path) -> None:
    """Found by `make fuzz-gate`: its thumbnail had no rows."""
    meter = AppearanceMeter()
    with VideoReader(join_sizes(tmp_path, [(240, 320), (2, 320)], frames=4), threads=1) as video:
        for frame in video:
            meter.add(frame)
        assert video.losses().resized == 4
    assert len(meter.measured().brightness) == 8
