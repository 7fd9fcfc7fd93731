"""Heads are covered wherever they are seen, and between the moments at which they are."""

from pathlib import Path

import numpy as np
import pytest

from ascension.vision import networks
from ascension.vision.blurring import write_blurred
from ascension.vision.faces import Head, Heads, find_heads
from ascension.vision.video import VideoReader
from tests.clips import cut_climb


def at(heads: Heads, time_s: float) -> list[tuple[int, int]]:
    return [(round(head.x_px), round(head.y_px)) for head in heads.at(time_s)]


def test_a_head_is_covered_on_its_way_and_before_and_after_it_is_seen() -> None:
    heads = Heads()
    for step in range(5):
        heads.see(2 + step / 8, [Head(100 + 8 * step, 50, 20)])
    assert at(heads, 2 + 1 / 16) == [(104, 50)]
    assert at(heads, 1.2) == [(100, 50)]
    assert at(heads, 3.4) == [(132, 50)]
    assert heads.at(1.2)[0].radius_px > 20, "nobody knows where it was before"
    assert at(heads, 0.5) == []
    assert at(heads, 4) == []


def test_a_head_that_is_lost_for_a_while_stays_covered_in_between() -> None:
    heads = Heads()
    heads.see(0, [Head(100, 50, 20)])
    heads.see(0.125, [])
    heads.see(3, [Head(160, 50, 20)])
    [between] = heads.at(1.5)
    assert (round(between.x_px), round(between.y_px)) == (130, 50)
    assert between.radius_px > 25


def test_two_heads_keep_apart_and_one_far_away_is_another() -> None:
    heads = Heads()
    heads.see(0, [Head(100, 50, 20), Head(400, 50, 20)])
    heads.see(0.125, [Head(405, 50, 20), Head(102, 50, 20)])
    heads.see(0.25, [Head(900, 400, 20)])
    assert sorted(at(heads, 0.06)) == [(101, 50), (402, 50), (900, 400)]


@pytest.fixture(scope="module")
def climb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_climb(tmp_path_factory.mktemp("faces") / "climb.mp4", 30)


def test_in_every_frame_of_a_climb_the_head_loses_its_detail_and_the_wall_keeps_it(
    climb: Path, tmp_path: Path
) -> None:
    engine = networks.choose("auto")
    target = tmp_path / "blurred.mp4"
    shares: list[float] = []
    write_blurred(climb, target, engine, threads=1, on_share=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] > 0.9
    heads = find_heads(climb, engine, threads=1, on_share=lambda _: None)
    with VideoReader(climb, threads=1) as before, VideoReader(target, threads=1) as after:
        scale = after.info.width_px / before.info.width_px
        compared = 0
        for one, other in zip(before, after, strict=True):
            time_s = float(one.ticks * before.info.time_base)
            assert float(other.ticks * after.info.time_base) == time_s
            covered = heads.at(time_s)
            assert covered
            sharp, blurred = one.luma(), other.luma()
            for head in covered[:1]:
                side = round(0.5 * head.radius_px)
                x, y = round(head.x_px), round(head.y_px)
                face = sharp[max(y - side, 0) : y + side, max(x - side, 0) : x + side]
                x, y, side = round(x * scale), round(y * scale), round(side * scale)
                gone = blurred[max(y - side, 0) : y + side, max(x - side, 0) : x + side]
                assert detail(gone) < 0.3 * detail(face)
            wall = np.s_[-200:-100, :200]
            assert detail(blurred[wall]) > 0.5 * detail(sharp[wall])
            compared += 1
    assert compared == 30


def detail(picture: np.ndarray) -> float:
    """How much neighbors differ."""
    rows = np.abs(np.diff(picture.astype(np.float64), axis=0)).mean()
    return float(rows + np.abs(np.diff(picture.astype(np.float64), axis=1)).mean())
