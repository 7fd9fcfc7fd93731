"""The bench's own arithmetic: figures with known answers, rows that are missing, clips that are repeated."""

from pathlib import Path

import numpy as np
import pytest

from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.biomechanics.poses import PoseSequence
from ascension.vision.video import VideoReader
from benches import child, page
from benches.vision import table
from benches.vision.accuracy import Accuracy, judge
from benches.vision.memory import repeat
from benches.vision.ours import only_every
from benches.vision.rows import CORES, Measured, Row, rows
from tests.clips import cut_climb

TORSO_PX = 100.0
PEER = Row(None, None, 2)
OURS = Row("heavy", "openvino", 2)


def figures(frames: float, wall_s: float, cpu_s: float) -> dict[str, float]:
    parts = {"decode_wall_s": 1.0, "decode_cpu_s": 2.0, "model_wall_s": 3.0, "model_cpu_s": 6.0}
    return {"frames": frames, "wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": 400.0, **parts}


def measured(row: Row, *rounds: dict[str, float]) -> Measured:
    return Measured("climb", row, list(rounds), Accuracy(100.0, 0.5, 4.0, None))


def standing(frames: int) -> PoseSequence:
    landmarks_px = np.zeros((frames, LANDMARK_COUNT, 2))
    landmarks_px[:, 23:, 1] = TORSO_PX
    return PoseSequence(
        time_s=np.arange(frames) / 30,
        person=np.ones(frames, np.bool_),
        landmarks_px=landmarks_px,
        visibility=np.ones((frames, LANDMARK_COUNT)),
    )


def moved(poses: PoseSequence, by_px: np.ndarray) -> PoseSequence:
    return PoseSequence(poses.time_s, poses.person, poses.landmarks_px + by_px, poses.visibility)


def write_truth(path: Path, poses: PoseSequence) -> Path:
    visible = np.ones((poses.frame_count, LANDMARK_COUNT), np.bool_)
    visible[:, 11:17] = False
    np.savez(path, landmarks_px=poses.landmarks_px, visible=visible, in_frame=np.ones_like(visible))
    return path


def test_overhead_and_ratios_are_medians_of_rounds() -> None:
    peer = measured(PEER, figures(300, 20, 20), figures(300, 40, 40), figures(300, 24, 24))
    ours = measured(OURS, figures(300, 5, 10), figures(300, 8, 12), figures(300, 4, 9))
    assert ours.overhead("wall") == pytest.approx(5 / 4)
    assert ours.overhead("cpu") == pytest.approx(10 / 8)
    assert ours.times_faster(peer, "wall") == pytest.approx(5)  # 4, 5 and 6
    cells = table.render([peer, ours]).splitlines()[-1].strip("| ").split(" | ")
    assert cells[:6] == ["heavy", "openvino", "1", "2", "60.0", "30.0"]
    assert cells[-1] == "5.00"


def test_a_row_that_failed_shows_no_figure() -> None:
    peer = measured(PEER, figures(300, 20, 20))
    ours = measured(OURS, figures(300, 5, 10))
    ours.failures.append("killed")
    assert table.render([peer, ours]).splitlines()[-1].split(" | ")[4:6] == ["missing", "-"]


def test_every_row_has_a_peer_on_as_many_cores() -> None:
    for everything in (False, True):
        found = rows(everything=everything)
        assert len(set(found)) == len(found)
        assert {row.cores for row in found if row.model is None} == {row.cores for row in found} == set(CORES)
    assert len(rows(everything=True)) == 2 + 3 * 2 * 2 * 2


def test_the_page_keeps_its_words_around_the_table() -> None:
    text = "before\n<!-- table -->\nold | \\1\n<!-- end of table -->\nafter\n"
    assert page.with_table(text, r"new \1") == (
        "before\n<!-- table -->\n\nnew \\1\n<!-- end of table -->\nafter\n"
    )
    whole = page.PAGE.read_text()
    assert page.with_table(whole, "x").count("<!--") == whole.count("<!--") >= 4


def test_a_body_beside_the_truth_is_that_far_off(tmp_path: Path) -> None:
    still = standing(12)
    truth = write_truth(tmp_path / "truth.npz", still)
    found = judge(moved(still, np.array([3.0, 4.0])), truth, 1)
    assert found.error_pct == pytest.approx(5)
    assert found.hidden_error_pct == pytest.approx(5)
    assert found.jitter_pct == pytest.approx(0)
    with pytest.raises(ValueError, match="the truth has 12"):
        judge(standing(11), truth, 1)


def test_a_zigzag_of_one_pixel_bends_by_four(tmp_path: Path) -> None:
    zigzag = np.zeros((12, 1, 2))
    zigzag[::2, 0, 0], zigzag[1::2, 0, 0] = 1, -1
    assert judge(moved(standing(12), zigzag), None, 1).jitter_pct == pytest.approx(4)
    half = judge(standing(6), write_truth(tmp_path / "truth.npz", standing(12)), 2)
    assert (half.jitter_pct, half.error_pct) == (None, 0)


def test_a_clip_is_repeated_without_a_break(tmp_path: Path) -> None:
    clip = cut_climb(tmp_path / "climb.mp4", 15)
    long = tmp_path / "long.mp4"
    assert repeat(clip, long, 1.7) == pytest.approx(1.5)
    with VideoReader(long, threads=1) as video:
        ticks = [frame.ticks for frame in video]
    assert len(ticks) == 45
    assert len(set(np.diff(ticks))) == 1


def test_a_stride_leaves_frames_out_only_while_asked(tmp_path: Path) -> None:
    clip = cut_climb(tmp_path / "climb.mp4", 9)

    def count() -> int:
        with VideoReader(clip, threads=1) as video:
            return sum(1 for _ in video)

    with only_every(2):
        assert count() == 5
    assert count() == 9


def test_a_child_that_fails_or_lingers_is_told(tmp_path: Path) -> None:
    program = tmp_path / "program.sh"
    program.write_text("echo reason >&2; exit 3\n")
    with pytest.raises(child.ChildFailed, match="exit 3: reason"):
        child.run(["sh", program], 10)
    with pytest.raises(child.ChildFailed, match="timed out"):
        child.run(["sleep", "5"], 0.1)
    with pytest.raises(child.ChildFailed, match="cores asked for"):
        child.measure(["true"], 4096, 10)
