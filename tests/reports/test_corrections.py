import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.analyses.corrections.keypoints import Correction, corrected
from ascension.analyses.result import Result, decode, encode
from ascension.biomechanics.conventions import Landmark
from ascension.errors.reports import (
    KeypointNotPlaceable,
    KeypointsOfOtherClip,
    KeypointsRefused,
    KeypointsUnreadable,
    NotScaled,
    UnknownMarker,
    WrongUnit,
)
from ascension.reports.corrections import corrections_of
from ascension.reports.csv_file import csv_of, read_csv
from ascension.reports.json_file import json_of, read_json
from ascension.reports.told import Told
from ascension.reports.trc_file import read_trc, trc_of
from tests.analyses.sample import FRAME_OFF_THE_WALL, build_sample

SAMPLE = decode(encode(build_sample()))
FRAME = 5
KNEE = Landmark.LEFT_KNEE
HIDDEN_WRIST = Landmark.LEFT_WRIST


def write_trc(result: Result) -> bytes:
    return trc_of(result, "climb.trc")


WRITERS: dict[str, Callable[[Result], bytes]] = {"csv": csv_of, "json": json_of, "trc": write_trc}
READERS: dict[str, Callable[[bytes, Result], Told]] = {"csv": read_csv, "json": read_json, "trc": read_trc}
each_format = pytest.mark.parametrize("format_name", sorted(READERS))


def moved(landmark: Landmark, frame: int, by_px: tuple[float, float]) -> Result:
    """What another tool would hold after somebody dragged a landmark; a dragged one is drawn as seen."""
    landmarks_px, visibility = SAMPLE.landmarks_px.copy(), SAMPLE.visibility.copy()
    landmarks_px[frame, landmark] += by_px
    visibility[frame, landmark] = 1.0
    return replace(SAMPLE, landmarks_px=landmarks_px, visibility=visibility)


def edited(format_name: str, old: str, new: str) -> bytes:
    text = WRITERS[format_name](SAMPLE).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


@each_format
def test_an_untouched_file_corrects_nothing(format_name: str) -> None:
    told = READERS[format_name](WRITERS[format_name](SAMPLE), SAMPLE)
    assert np.isfinite(told.landmarks_px).any()
    assert corrections_of(told, SAMPLE) == ()


@each_format
@given(
    frame=st.sampled_from([1, FRAME, 10, 23]),
    landmark=st.sampled_from([Landmark.NOSE, KNEE, HIDDEN_WRIST]),
    by_px=st.tuples(st.floats(1, 60), st.floats(-60, -1)),
)
@settings(max_examples=15, deadline=None)
def test_what_was_dragged_comes_back_in_pixels_and_nothing_else(
    format_name: str, frame: int, landmark: Landmark, by_px: tuple[float, float]
) -> None:
    dragged = moved(landmark, frame, by_px)
    found = corrections_of(READERS[format_name](WRITERS[format_name](dragged), SAMPLE), SAMPLE)
    assert [(one.frame, one.landmark) for one in found] == [(frame, landmark)]
    place = dragged.landmarks_px[frame, landmark]
    assert [found[0].x_px, found[0].y_px] == pytest.approx(place.tolist(), abs=0.01)


def test_a_corrected_result_has_the_new_place_seen_and_what_follows_from_it() -> None:
    x, y = SAMPLE.landmarks_px[FRAME, HIDDEN_WRIST] + [25, -10]
    assert np.isnan(SAMPLE.joint_angles_deg[FRAME, 0])
    found = decode(encode(corrected(SAMPLE, (Correction(FRAME, HIDDEN_WRIST, x, y),))))
    assert found.landmarks_px[FRAME, HIDDEN_WRIST] == pytest.approx([x, y], abs=0.2)
    assert found.visibility[FRAME, HIDDEN_WRIST] == 1
    shoulder, elbow = SAMPLE.landmarks_px[FRAME, [Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW]]
    towards, away = shoulder - elbow, np.array([x, y]) - elbow
    cosine = towards @ away / np.linalg.norm(towards) / np.linalg.norm(away)
    assert found.joint_angles_deg[FRAME, 0] == pytest.approx(np.degrees(np.arccos(cosine)), abs=0.6)
    assert not np.array_equal(found.center_of_mass_px[FRAME], SAMPLE.center_of_mass_px[FRAME])
    others = np.arange(len(SAMPLE.time_ticks)) != FRAME
    for name in ("landmarks_px", "visibility", "joint_angles_deg", "center_of_mass_px"):
        assert np.array_equal(getattr(found, name)[others], getattr(SAMPLE, name)[others], equal_nan=True)


def test_some_markers_are_enough() -> None:
    lines = [line.split(",") for line in csv_of(moved(KNEE, FRAME, (9, 9))).decode().splitlines()]
    kept = [lines[0].index(name) for name in ("frame", "left_knee_y_px", "left_knee_x_px")]
    table = "\n".join(",".join(line[at] for at in kept) for line in lines)
    found = corrections_of(read_csv(table.encode(), SAMPLE), SAMPLE)
    assert [(one.frame, one.landmark) for one in found] == [(FRAME, KNEE)]


def test_a_line_of_trc_may_end_early_and_markers_may_come_in_any_order() -> None:
    rows = [f"{at}\t{time:.4f}\t\t\t\t" for at, time in enumerate(SAMPLE.time_s(), 1)]
    rows[FRAME] = f"{FRAME + 1}\t{SAMPLE.time_s()[FRAME]:.4f}\t\t\t\t1.0\t-1.5\t0.2"
    head = trc_of(SAMPLE, "a.trc").decode().split("\n")[:3]
    labels = ["Frame#\tTime\tNose\t\t\tLKnee\t\t", "\t\tX1\tY1\tZ1\tX2\tY2\tZ2", ""]
    found = corrections_of(read_trc("\n".join([*head, *labels, *rows]).encode(), SAMPLE), SAMPLE)
    assert [(one.frame, one.landmark) for one in found] == [(FRAME, KNEE)]
    to_wall = SAMPLE.frame_to_wall()[FRAME] @ [found[0].x_px, found[0].y_px, 1]
    assert to_wall[:2] / to_wall[2] == pytest.approx([200, 300], abs=0.01)


@each_format
def test_a_file_of_another_clip_is_refused(format_name: str) -> None:
    longer = build_sample(25)
    with pytest.raises(KeypointsOfOtherClip, match="25 frames"):
        READERS[format_name](WRITERS[format_name](longer), SAMPLE)
    slower = replace(SAMPLE, time_ticks=SAMPLE.time_ticks * 2)
    told = READERS[format_name](WRITERS[format_name](slower), SAMPLE)
    with pytest.raises(KeypointsOfOtherClip, match="another time"):
        corrections_of(told, SAMPLE)


def test_json_of_another_video_is_refused() -> None:
    with pytest.raises(KeypointsOfOtherClip, match="another video"):
        read_json(edited("json", "0" * 64, "1" * 64), SAMPLE)


@pytest.mark.parametrize(
    ("format_name", "old", "new", "error"),
    [
        ("csv", "nose_x_px", "snout_x_px", UnknownMarker),
        ("csv", "nose_x_px", "=cmd|'/C calc'!A0", UnknownMarker),
        ("csv", "nose_x_px", "nose_x_m", WrongUnit),
        ("csv", "nose_x_px", "nose_y_px", KeypointsUnreadable),
        ("csv", "\r\n1,", "\r\n2,", KeypointsUnreadable),
        ("csv", "\r\n1,", '\r\n"1,', KeypointsUnreadable),
        ("csv", "\r\n1,0", "\r\n1,=1+1", KeypointsUnreadable),
        ("csv", "\r\n1,0", "\r\n1,1e999", KeypointsUnreadable),
        ("csv", "\r\n1,0", "\r\n1,0,0", KeypointsUnreadable),
        ("trc", "\tm\t", "\tmm\t", WrongUnit),
        ("trc", "\tNose\t", "\tSnout\t", UnknownMarker),
        ("trc", "\tNose\t", "\tLKnee\t", KeypointsUnreadable),
        ("trc", "PathFileType", "FileType", KeypointsUnreadable),
        ("trc", "Frame#", "Field#", KeypointsUnreadable),
        ("trc", "\n2\t", "\n3\t", KeypointsUnreadable),
        ("trc", "\n2\t", "\nx\t", KeypointsUnreadable),
        ("json", '"px"', '"m"', KeypointsUnreadable),
        ("json", '"version":1', '"version":2', KeypointsUnreadable),
        ("json", '"landmarks":["nose"', '"landmarks":["snout"', UnknownMarker),
        ("json", '"time_s":0.0', '"time_s":NaN', KeypointsUnreadable),
        ("json", "}]}", "}]", KeypointsUnreadable),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    format_name: str, old: str, new: str, error: type[KeypointsRefused]
) -> None:
    with pytest.raises(error) as refusal:
        READERS[format_name](edited(format_name, old, new), SAMPLE)
    assert refusal.value.detail.endswith((".", "?"))
    assert len(refusal.value.detail) < 250


@each_format
@pytest.mark.parametrize(
    "hostile",
    [b"", b"\x00" * 64, b"\x1f\x8b\x08\x00", b"\xff\xfe" + b"a\0b\0", b"[" * 100_000, b"a,b\n" * 1000,
     b"9" * 1_000_000, b'"' + b"x" * 200_000, b"PathFileType\t4\n\n\n\n\n\n\n"],
)  # fmt: skip
def test_no_bytes_do_harm(format_name: str, hostile: bytes) -> None:
    with pytest.raises(KeypointsRefused):
        READERS[format_name](hostile, SAMPLE)


@each_format
def test_a_huge_file_is_not_even_taken_apart(format_name: str) -> None:
    with pytest.raises(KeypointsUnreadable, match="too large"):
        READERS[format_name](WRITERS[format_name](SAMPLE) + b"\n" * 10**6, SAMPLE)


@each_format
@given(at=st.integers(0, 10**9), byte=st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_a_damaged_byte_is_refused_or_is_a_correction(format_name: str, at: int, byte: int) -> None:
    data = bytearray(WRITERS[format_name](SAMPLE))
    data[at % len(data)] = byte
    try:
        found = corrections_of(READERS[format_name](bytes(data), SAMPLE), SAMPLE)
    except KeypointsRefused:
        return
    decode(encode(corrected(SAMPLE, found)))


def told_with(landmark: int, frame: int, place: tuple[float, float]) -> Told:
    landmarks_px = np.full_like(SAMPLE.landmarks_px, np.nan)
    landmarks_px[frame, landmark] = place
    return Told(landmarks_px, None)


def test_half_a_place_a_place_without_a_body_and_one_far_off_are_refused() -> None:
    with pytest.raises(KeypointsUnreadable, match="Frame 5, left_knee"):
        corrections_of(told_with(KNEE, FRAME, (100, np.nan)), SAMPLE)
    with pytest.raises(KeypointNotPlaceable, match="Frame 11, nose"):
        corrections_of(told_with(Landmark.NOSE, 11, (100, 100)), SAMPLE)
    with pytest.raises(WrongUnit, match="far outside"):
        corrections_of(told_with(KNEE, FRAME, (9000, 100)), SAMPLE)
    assert len(corrections_of(told_with(KNEE, FRAME, (-100, 900)), SAMPLE)) == 1


def test_without_a_scale_there_is_no_way_back_from_meters() -> None:
    with pytest.raises(NotScaled):
        read_trc(write_trc(SAMPLE), replace(SAMPLE, wall_corners_px=None))


def test_no_place_on_the_wall_no_way_back_into_the_picture() -> None:
    text = write_trc(SAMPLE).decode()
    row = next(line for line in text.split("\n") if line.startswith(f"{FRAME_OFF_THE_WALL + 1}\t"))
    placed = row.replace("\t\t\t\t", "\t1.0\t1.0\t0\t", 1)
    with pytest.raises(KeypointNotPlaceable, match=f"Frame {FRAME_OFF_THE_WALL + 1} "):
        read_trc(text.replace(row, placed).encode(), SAMPLE)


def test_the_corrections_are_numbers_that_json_can_hold() -> None:
    found = corrections_of(told_with(KNEE, FRAME, (100.5, 200.25)), SAMPLE)
    assert json.dumps([found[0].x_px, found[0].y_px]) == "[100.5, 200.25]"
