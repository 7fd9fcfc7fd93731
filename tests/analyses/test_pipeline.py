import gzip
import json
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from ascension.analyses.pipeline import Analysis, analyze, run, unheard
from ascension.analyses.result import PREFIX, decode, encode
from ascension.biomechanics import filtering
from ascension.errors.jobs import NoPerson, NotAVideo
from tests.clips import SHARED_CLIPS, cut_climb, read_pictures, wall_only, write_clip
from validation import truth
from validation.analysis import from_result
from validation.evaluation import evaluate

FRAMES = 40
EXAMPLE_TRUTH = Path(__file__).parents[2] / "examples/climb_truth.npz"
TRUE_M_PER_PX = 0.00542
"""Of the wall behind the climber, by the renderer's camera."""
SAME_PLACE = {"at_s": 0.5, "from_px": [100, 100], "to_px": [104, 100], "distance_m": 1.0}
"""A distance marked by two touches of one place."""


@pytest.fixture(scope="module")
def climb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_climb(tmp_path_factory.mktemp("climb") / "climb.mp4", FRAMES)


@pytest.fixture(scope="module")
def analysis(climb: Path) -> Analysis:
    return analyze(climb, threads=2)


def test_the_skeleton_is_where_the_body_is(analysis: Analysis) -> None:
    figures = evaluate("climb", from_result(analysis.result), truth.load(EXAMPLE_TRUTH))
    assert figures.main_joints_pct is not None
    assert figures.main_joints_pct.mean < 8, asdict(figures)
    assert figures.center_of_mass_pct is not None
    assert figures.center_of_mass_pct.mean < 3, asdict(figures)


def test_the_summary_says_what_was_done(analysis: Analysis) -> None:
    summary = analysis.summary()
    assert summary["frame_count"] == summary["frames_with_person"] == FRAMES
    assert summary["detection_rate_pct"] == 100
    assert summary["fps"] == pytest.approx(30)
    assert summary["duration_s"] == pytest.approx(FRAMES / 30, abs=0.01)
    assert summary["model"] == "blazepose-heavy"
    assert json.loads(json.dumps(summary)) == summary


@pytest.mark.proves("D16")
def test_the_header_describes_the_file(analysis: Analysis) -> None:
    facts = decode(encode(analysis.result)).facts
    video = facts.video
    assert (video.width_px, video.height_px, video.rotation_deg, video.codec) == (480, 854, 0, "h264")
    assert len(video.sha256) == len(facts.model.sha256) == 64
    assert facts.processing.smoothing == filtering.describe()
    assert facts.warnings == ()


@pytest.mark.proves("D16")
def test_a_clip_filmed_with_the_phone_turned_gives_the_same_skeleton(
    analysis: Analysis, tmp_path: Path, climb: Path
) -> None:
    lying = [np.rot90(picture) for picture in read_pictures(climb, 12)]
    turned = analyze(write_clip(tmp_path / "turned.mp4", lying, rotation_deg=-90), threads=2).result
    assert turned.facts.video.rotation_deg == 90
    assert (turned.facts.video.width_px, turned.facts.video.height_px) == (480, 854)
    distance_px = np.linalg.norm(turned.landmarks_px[:8] - analysis.result.landmarks_px[:8], axis=-1)
    assert float(np.median(distance_px)) < 3


def test_run_writes_the_result_and_reports_progress(climb: Path, tmp_path: Path, analysis: Analysis) -> None:
    result_path = tmp_path / "result"
    reports: list[tuple[str, int]] = []
    answer = run(
        {"video_path": str(climb), "result_path": str(result_path), "threads": 2},
        lambda stage, progress_pct, _figures: reports.append((stage, progress_pct)),
    )
    read = decode(result_path.read_bytes())
    assert read.landmarks_px == pytest.approx(analysis.result.landmarks_px, abs=1.0)
    summary = answer["summary"]
    assert isinstance(summary, dict)
    assert summary["result_bytes"] == result_path.stat().st_size
    percents = [progress_pct for _, progress_pct in reports]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert {stage for stage, _ in reports} == {"poses", "measures"}


def test_the_same_clip_gives_the_same_bytes(climb: Path, analysis: Analysis) -> None:
    again = analyze(climb, threads=2)
    assert encode(again.result) == encode(analysis.result)


def test_a_clip_without_a_climber_has_no_result(tmp_path: Path) -> None:
    with pytest.raises(NoPerson):
        analyze(write_clip(tmp_path / "wall.mp4", wall_only(6)), threads=2)


def test_a_bad_file_leaves_no_result(tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"nothing of a video" * 10)
    result_path = tmp_path / "result"
    with pytest.raises(NotAVideo):
        run({"video_path": str(bad), "result_path": str(result_path), "threads": 2}, unheard)
    assert not result_path.exists()


@pytest.mark.proves("D20")
def test_thirty_seconds_of_a_real_climb_fit_in_fifty_kilobytes() -> None:
    path = SHARED_CLIPS / "arete.mp4"
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine: it has no license and is not shipped")
    found = analyze(path, threads=2, model="full").result
    assert found.facts.summary.detection_rate_pct == 100
    data = encode(found)
    plain = gzip.decompress(data)
    header_bytes = len(
        gzip.compress(plain[: PREFIX.size + PREFIX.unpack_from(plain)[1]])
    )  # once, however long
    columns_bytes = len(data) - header_bytes
    assert header_bytes + columns_bytes * 30 / found.facts.video.duration_s <= 50_000


def test_the_wall_stands_still_and_has_a_picture(analysis: Analysis) -> None:
    """The rendered climb with truth, so short that the camera moves by a few pixels only."""
    wall = analysis.result.facts.wall
    assert wall is not None
    assert wall.homography_frames == FRAMES
    assert wall.residual_px < 1
    assert wall.scale.unit == "torso"
    assert wall.picture is not None
    assert analysis.wall_webp is not None
    picture = cv2.imdecode(np.frombuffer(analysis.wall_webp, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (wall.picture.height_px, wall.picture.width_px, 3)


def test_the_climbers_height_makes_meters(climb: Path, tmp_path: Path) -> None:
    request: dict[str, object] = {
        "video_path": str(climb),
        "result_path": str(tmp_path / "result"),
        "wall_path": str(tmp_path / "wall.webp"),
        "covered_wall_path": str(tmp_path / "covered.webp"),
        "thumbnail_path": str(tmp_path / "small.webp"),
        "choices": {"body_height_m": 1.7, "known_distance": SAME_PLACE},
        "threads": 2,
    }
    answer = run(request, unheard)
    wall = decode((tmp_path / "result").read_bytes()).facts.wall
    assert wall is not None
    assert (wall.scale.unit, wall.scale.method) == ("m", "height")
    assert wall.scale.unit_per_px == pytest.approx(TRUE_M_PER_PX, rel=0.12)
    assert wall.scale.reason.startswith("The distance cannot be used: ")
    assert (tmp_path / "wall.webp").read_bytes()[8:12] == b"WEBP"
    assert (tmp_path / "covered.webp").read_bytes()[8:12] == b"WEBP"
    small = cv2.imdecode(np.frombuffer((tmp_path / "small.webp").read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert small is not None
    assert answer["thumbnail"] == {"width_px": small.shape[1], "height_px": small.shape[0]}
