import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ascension.analyses.result import Result
from ascension.biomechanics.conventions import LANDMARK_NAMES, Landmark
from ascension.errors.reports import NotScaled
from ascension.reports.c3d_file import c3d_of
from ascension.reports.csv_file import csv_of
from ascension.reports.json_file import json_of
from ascension.reports.kinovea_file import kinovea_of
from ascension.reports.markers import MARKERS, unevenness_frames
from ascension.reports.trc_file import trc_of
from tests.analyses.sample import FRAME_OFF_THE_WALL, FRAMES, FRAMES_WITHOUT_PERSON, build_sample
from tests.reports.readers import (
    KinoveaVideo,
    with_csv_rules,
    with_ezc3d,
    with_kinovea_rules,
    with_trc_rules,
)

HIDDEN = (15, 17, 19, 21)
"""Landmarks that the sample does not see."""
M_PER_PX = 0.005


@pytest.fixture(scope="module")
def sample() -> Result:
    return build_sample()


def unscaled(result: Result) -> Result:
    assert result.facts.wall is not None
    scale = result.facts.wall.scale.model_copy(update={"unit": "torso", "method": "none"})
    wall = result.facts.wall.model_copy(update={"scale": scale})
    return replace(result, facts=result.facts.model_copy(update={"wall": wall}))


def test_the_table_holds_each_number_with_its_unit_and_nothing_where_nothing_is(sample: Result) -> None:
    columns = with_csv_rules(csv_of(sample))
    assert columns["frame"] == list(range(FRAMES))
    assert columns["time_s"] == pytest.approx(sample.time_s(), abs=1e-6)
    for landmark, name in enumerate(LANDMARK_NAMES):
        found = np.column_stack([columns[f"{name}_x_px"], columns[f"{name}_y_px"]])
        assert found == pytest.approx(sample.landmarks_px[:, landmark], abs=0.0051, nan_ok=True)
        assert np.flatnonzero(np.isnan(found[:, 0])).tolist() == list(FRAMES_WITHOUT_PERSON)
    on_wall = np.isnan(columns["nose_wall_x_px"])
    assert np.flatnonzero(on_wall).tolist() == sorted({*FRAMES_WITHOUT_PERSON, FRAME_OFF_THE_WALL})
    assert np.isnan(columns["left_elbow_deg"]).all()
    assert columns["center_of_mass_y_px"] == pytest.approx(
        sample.center_of_mass_px[:, 1], abs=0.0051, nan_ok=True
    )


def test_no_cell_of_the_table_can_be_taken_for_a_formula(sample: Result) -> None:
    lines = csv_of(sample).decode().splitlines()
    for cell in (cell for line in lines for cell in line.split(",")):
        assert cell[:1] not in {"=", "+", "@"}
        assert not cell.startswith("-") or float(cell) < 0
        assert '"' not in cell


def test_trc_is_what_pose2sim_reads_meters_with_y_up(sample: Result) -> None:
    found = with_trc_rules(trc_of(sample, "climb.trc"))
    assert found.names == (*MARKERS, "CenterOfMass")
    assert found.unit == "m"
    assert found.time_s == pytest.approx(sample.time_s(), abs=1e-6)
    expected = sample.landmarks_wall_px() * [M_PER_PX, -M_PER_PX]
    seen = [landmark for landmark in Landmark if landmark not in HIDDEN]
    assert found.places[:, seen, :2] == pytest.approx(expected[:, seen], abs=1e-6, nan_ok=True)
    assert np.isnan(found.places[:, HIDDEN]).all()
    nose = found.places[:, Landmark.NOSE]
    assert np.flatnonzero(np.isnan(nose[:, 0])).tolist() == sorted(
        {*FRAMES_WITHOUT_PERSON, FRAME_OFF_THE_WALL}
    )
    assert np.all(nose[np.isfinite(nose[:, 0]), 2] == 0)


def test_a_name_of_a_file_stays_in_its_line_of_trc(sample: Result) -> None:
    lines = trc_of(sample, "a\nFrame#\tb.trc").decode().split("\n")
    assert lines[0] == "PathFileType\t4\t(X/Y/Z)\ta Frame# b.trc"
    assert lines[1].startswith("DataRate\t")


def test_c3d_says_the_same_in_millimeters_with_residual_minus_one_where_missing(
    sample: Result, tmp_path: Path
) -> None:
    found, residuals = with_ezc3d(c3d_of(sample), tmp_path)
    in_trc = with_trc_rules(trc_of(sample, "climb.trc"))
    assert found.names == in_trc.names
    assert (found.unit, found.rate_hz) == ("mm", pytest.approx(in_trc.rate_hz, rel=1e-6))
    missing = np.isnan(in_trc.places[..., 0])
    assert np.array_equal(residuals == -1, missing)
    assert np.array_equal(residuals == 0, ~missing)
    assert found.places[~missing] == pytest.approx(in_trc.places[~missing] * 1000, abs=0.01)


@pytest.mark.thorough
def test_more_frames_than_c3d_counts_in_its_header_are_all_there(sample: Result, tmp_path: Path) -> None:
    times = 70_000 // FRAMES
    assert sample.wall_corners_px is not None
    long = replace(
        sample,
        time_ticks=np.arange(times * FRAMES) * 64,
        person=np.tile(sample.person, times),
        landmarks_px=np.tile(sample.landmarks_px, (times, 1, 1)),
        visibility=np.tile(sample.visibility, (times, 1)),
        center_of_mass_px=np.tile(sample.center_of_mass_px, (times, 1)),
        wall_corners_px=np.tile(sample.wall_corners_px, (times, 1, 1)),
    )
    found, _ = with_ezc3d(c3d_of(long), tmp_path)
    short, _ = with_ezc3d(c3d_of(sample), tmp_path)
    assert len(found.places) == times * FRAMES > 65_535
    assert found.places[-FRAMES:] == pytest.approx(short.places, nan_ok=True)


def test_without_a_scale_nothing_is_written_in_meters(sample: Result) -> None:
    with pytest.raises(NotScaled, match="--height-m"):
        trc_of(unscaled(sample), "climb.trc")
    with pytest.raises(NotScaled):
        c3d_of(replace(sample, wall_corners_px=None))
    assert len(with_csv_rules(csv_of(replace(sample, wall_corners_px=None)))["frame"]) == FRAMES


@pytest.mark.parametrize("video", [KinoveaVideo(15360, 0), KinoveaVideo(90_000, 3003), KinoveaVideo(1e6, 40)])
def test_kinovea_puts_each_point_at_its_place_and_time_whatever_the_time_base(
    sample: Result, video: KinoveaVideo
) -> None:
    found = with_kinovea_rules(kinovea_of(sample, "climb"), video)
    since_first_s = sample.time_s() - sample.time_s()[0]
    points = found["nose"] + found["nose (2)"]
    known = np.flatnonzero(sample.person)
    assert [point[2] for point in points] == pytest.approx(since_first_s[known], abs=2e-3 / 30 + 1e-4)
    places = np.array([point[:2] for point in points])
    assert places == pytest.approx(sample.landmarks_px[known, Landmark.NOSE], abs=0.0051)
    assert "left_wrist" not in found
    assert "center_of_mass" in found


def test_no_track_of_kinovea_bridges_a_gap(sample: Result) -> None:
    frame_s = 1 / 30
    for points in with_kinovea_rules(kinovea_of(sample, "climb"), KinoveaVideo(15360, 0)).values():
        assert all(after[2] - before[2] < 1.5 * frame_s for before, after in pairwise(points))


def test_a_name_of_a_video_cannot_break_kinoveas_file(sample: Result) -> None:
    made = kinovea_of(sample, "<Tracks>&\x00\n")
    assert with_kinovea_rules(made, KinoveaVideo(15360, 0))["nose"]


def test_json_is_plain_json_with_null_where_nothing_was_measured(sample: Result) -> None:
    found = json.loads(json_of(sample), parse_constant=pytest.fail)
    assert (found["format"], found["version"]) == ("ascension-keypoints", 1)
    assert found["landmarks"] == list(LANDMARK_NAMES)
    frames = found["frames"]
    assert [at for at, frame in enumerate(frames) if frame["landmarks_px"] is None] == list(
        FRAMES_WITHOUT_PERSON
    )
    assert frames[5]["landmarks_px"][0] == pytest.approx(sample.landmarks_px[5, 0].tolist(), abs=0.0051)
    assert frames[5]["joint_angles_deg"][0] is None
    assert frames[FRAME_OFF_THE_WALL]["frame_to_wall"] is None
    place = np.array(frames[5]["frame_to_wall"]).reshape(3, 3) @ [*frames[5]["landmarks_px"][0], 1]
    assert place[:2] / place[2] == pytest.approx(sample.landmarks_wall_px()[5, 0], abs=0.02)


def test_an_uneven_frame_rate_is_noticed(sample: Result) -> None:
    assert unevenness_frames(sample) < 0.01
    ticks = sample.time_ticks.copy()
    ticks[12:] += 512
    assert unevenness_frames(replace(sample, time_ticks=ticks)) == pytest.approx(0.5, abs=0.05)
