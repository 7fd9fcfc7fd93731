"""Two stored results beside each other, without the platform."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ascension.analyses.choices import Choices
from ascension.analyses.climb_part import ClimbPart
from ascension.analyses.deriving import with_climb
from ascension.analyses.result import Result, decode, encode
from ascension.comparisons import compute
from ascension.comparisons.compute import Side, side_by_side
from ascension.comparisons.files import RESULT_FILE, WALL_FILE
from ascension.errors.jobs import AttemptMissing, NothingShared, WallPictureMissing
from tests.comparisons.walls import (
    ELSEWHERE,
    PAUSE_S,
    Filmed,
    first_clip,
    paused,
    pictured,
    second_clip,
)
from tests.web.seeds import FRAMES


def side(filmed: Filmed, attempt: int = 1) -> Side:
    return Side(filmed.result, attempt, filmed.wall)


def changed(result: Result, **facts: Any) -> Result:
    return replace(result, facts=result.facts.model_copy(update=facts))


def twice(result: Result) -> Result:
    """A clip of two attempts that are alike, one after the other."""
    climb = result.facts.climb
    assert climb is not None
    frames = len(result.person)
    order = np.tile(np.arange(frames), 2)
    step = int(np.median(np.diff(result.time_ticks)))
    length = int(result.time_ticks[-1] - result.time_ticks[0]) + step
    columns = {
        one.name: getattr(result, one.name)[order]
        for one in fields(result)
        if one.name not in {"facts", "time_ticks"} and getattr(result, one.name) is not None
    }
    video = result.facts.video.model_copy(update={"frame_count": 2 * frames})
    return replace(
        changed(result, video=video, climb=_twice(climb, frames)),
        time_ticks=result.time_ticks[order] + length * (np.arange(2 * frames) >= frames),
        **columns,
    )


def _twice(climb: ClimbPart, frames: int) -> ClimbPart:
    (part,) = climb.attempts

    def later(one: Any, *names: str) -> Any:
        return replace(one, **{name: getattr(one, name) + frames for name in names})

    move_frames = ("preparation_start", "reach_start", "reach_end", "settled")
    return climb.model_copy(
        update={
            "contacts": (*climb.contacts, *(later(one, "start", "end") for one in climb.contacts)),
            "moves": (*climb.moves, *(later(one, *move_frames) for one in climb.moves)),
            "events": (*climb.events, *(later(one, "start", "end") for one in climb.events)),
            "attempts": (
                part,
                part.model_copy(update={"attempt": later(part.attempt, "start", "end")}),
            ),
        }
    )


def test_one_wall_from_two_places_and_a_pause() -> None:
    found = side_by_side(side(first_clip()), side(second_clip()), same_analysis=False)
    matrix = np.array(found.wall.second_to_first).reshape(3, 3) @ ELSEWHERE
    assert np.allclose(matrix / matrix[2, 2], np.eye(3), atol=[[0.01, 0.01, 1.5]] * 2 + [[1e-4, 1e-4, 1e-9]])
    assert found.wall.residual_cm == pytest.approx(0.5 * found.wall.residual_px, abs=0.05)
    assert all(hold.apart is None or hold.apart < 0.02 for hold in found.holds)
    (pause,) = found.differences
    assert (pause.kind, pause.who, pause.number) == ("pause", "second", found.headline.main)
    assert found.headline.main_cost_s == pause.cost_s == pytest.approx(PAUSE_S, abs=0.1)
    assert found.is_whole
    assert len(found.model_dump_json()) < 20_000


def test_the_other_way_round_the_headline_changes_its_sign() -> None:
    there = side_by_side(side(first_clip()), side(second_clip()), same_analysis=False)
    back = side_by_side(side(second_clip()), side(first_clip()), same_analysis=False)
    assert back.headline.difference_s == pytest.approx(-there.headline.difference_s, abs=0.01)
    assert (there.headline.quicker, back.headline.quicker) == ("first", "second")
    assert [one.cost_s for one in back.differences] == pytest.approx(
        [-(one.cost_s or 0.0) for one in there.differences], abs=0.05
    )


def test_two_attempts_of_one_clip_need_no_picture() -> None:
    clip = decode(encode(twice(first_clip().result)))
    found = side_by_side(Side(clip, 1, None), Side(clip, 2, None), same_analysis=True)
    assert (found.wall.method, found.wall.inliers, found.differences) == ("same_analysis", None, [])
    first, second = found.pieces[0].knots[0]
    assert second - first == FRAMES
    assert found.second.span.start_frame == found.first.span.start_frame + FRAMES
    assert found.headline.quicker == "even"


def test_where_the_wall_was_not_followed_the_doubt_is_said() -> None:
    bare = changed(replace(first_clip().result, wall_corners_px=None), wall=None)
    clip = twice(with_climb(decode(encode(bare)), Choices()))
    found = side_by_side(Side(clip, 1, None), Side(clip, 2, None), same_analysis=True)
    assert (found.unit, found.wall.residual_cm) == ("torso", None)
    assert found.wall.confidence == 0.5
    with pytest.raises(WallPictureMissing):
        side_by_side(Side(clip, 1, first_clip().wall), side(second_clip()), same_analysis=False)


def test_meters_beside_torso_lengths_are_not_subtracted() -> None:
    second = second_clip().result
    wall = second.facts.wall
    assert wall is not None
    scale = wall.scale.model_copy(
        update={"unit": "torso", "method": "none", "error_pct": None, "parallax_pct": None}
    )
    unscaled = with_climb(changed(second, wall=wall.model_copy(update={"scale": scale})), Choices())
    found = side_by_side(side(first_clip()), Side(unscaled, 1, second_clip().wall), same_analysis=False)
    assert found.unit == "m"
    (way,) = [row for row in found.measures if row.name == "excess_path"]
    assert (way.unit, way.second, way.difference, way.reason) == ("m", None, None, "other_unit")
    (reaches,) = [row for row in found.measures if row.name == "reach_count"]
    assert reaches.difference == 0
    assert all(hold.apart is None or hold.apart < 0.02 for hold in found.holds), "places are, on one wall"


def test_what_is_not_there_is_refused() -> None:
    first, second = first_clip(), second_clip()
    with pytest.raises(AttemptMissing):
        side_by_side(side(first, 2), side(second), same_analysis=False)
    nobody = changed(second.result, climb=None)
    with pytest.raises(AttemptMissing):
        side_by_side(side(first), Side(nobody, 1, second.wall), same_analysis=False)
    with pytest.raises(WallPictureMissing):
        side_by_side(side(first), Side(second.result, 1, None), same_analysis=False)
    climb = second.result.facts.climb
    assert climb is not None
    idle = climb.model_copy(update={"contacts": tuple(one for one in climb.contacts if "foot" in one.limb)})
    with pytest.raises(NothingShared):
        side_by_side(
            side(first), Side(changed(second.result, climb=idle), 1, second.wall), same_analysis=False
        )


def test_the_child_reads_folders_and_says_how_far_it_is(tmp_path: Path) -> None:
    for name, filmed in (("first", first_clip()), ("second", second_clip())):
        (tmp_path / name).mkdir()
        (tmp_path / name / RESULT_FILE).write_bytes(filmed.stored)
        (tmp_path / name / WALL_FILE).write_bytes(filmed.wall)
    request: dict[str, object] = {
        "first_folder": str(tmp_path / "first"),
        "second_folder": str(tmp_path / "second"),
        "first_attempt": 1,
        "second_attempt": 1,
        "same_analysis": False,
        "first_is_own": True,
        "second_is_own": True,
    }
    said: list[tuple[str, int]] = []
    answer = compute.run(request, lambda stage, percent, _: said.append((stage, percent)))
    assert said[0] == ("walls", 0)
    assert said[-1][1] == 100
    comparison = answer["comparison"]
    assert isinstance(comparison, dict)
    assert comparison["headline"]["main_kind"] == "pause"
    (tmp_path / "second" / RESULT_FILE).write_bytes(first_clip().stored[:300])
    with pytest.raises(AttemptMissing):
        compute.run(request, _say_nothing)


def _say_nothing(stage: str, progress_pct: int, figures: dict[str, float]) -> None:
    """Nobody listens."""


def test_a_rest_of_four_minutes_stays_small() -> None:
    long = with_climb(decode(encode(paused(first_clip().result, 150, 240 * 30))), Choices())
    found = side_by_side(side(first_clip()), Side(pictured(long), 1, first_clip().wall), same_analysis=False)
    (pause,) = [one for one in found.differences if one.kind == "pause"]
    assert pause.cost_s == pytest.approx(240, abs=0.5)
    assert len(found.model_dump_json()) < 20_000
