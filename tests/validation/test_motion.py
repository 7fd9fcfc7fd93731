"""What nothing holds falls freely, and nothing is jerked, at whatever rate it is filmed."""

from functools import cache

import numpy as np
import pytest

from validation import climbing
from validation import truth as truths
from validation.geometry import Array
from validation.listed import files_of, named
from validation.motion import GRAVITY_M_PER_S2, Motion, Phase, play
from validation.posing import Poser
from validation.rig import SIDES, Body, body_of
from validation.route import Route

DYNOS = ("dyno", "dyno-blurred")
RATES = (30, 60, 240)
GREATEST_M_PER_S2 = 60.0
OF_GRAVITY = 0.02
AWAY_MM = 0.5
STRETCHED = 0.98


@cache
def composed(name: str) -> tuple[climbing.Composer, Body, Route]:
    climber = named(name).climber
    assert climber is not None
    route = Route(named(name).wall, dyno=True)
    composer = climbing.Composer(climber, body_of(climber.body), route)
    composer.compose()
    return composer, composer.body, route


@cache
def played(name: str, fps: int) -> tuple[Array, Motion]:
    composer, body, route = composed(name)
    time_s: Array = np.arange(round(named(name).seconds * fps)) / fps
    return time_s, play(composer.score, body, time_s, route.normal)


def falls_freely(time_s: Array, center_m: Array) -> None:
    """A parabola of gravity, straight down, from which no place is half a millimeter away."""
    fitted = np.polyfit(time_s, center_m, 2)
    assert 2 * fitted[0] == pytest.approx([0, 0, -GRAVITY_M_PER_S2], abs=OF_GRAVITY * GRAVITY_M_PER_S2)
    away = center_m - np.vander(time_s, 3) @ fitted
    assert 1000 * np.abs(away).max() < AWAY_MM


@pytest.mark.parametrize("name", DYNOS)
def test_in_the_committed_flights_the_center_of_mass_falls_freely(name: str) -> None:
    truth = truths.load(files_of(named(name))[1])
    begin_s, end_s = truth.event_times_s[truth.event_kinds.tolist().index("dyno")]
    flying = (truth.time_s >= begin_s) & (truth.time_s <= end_s)
    assert flying.sum() >= 6
    falls_freely(truth.time_s[flying], truth.center_of_mass_m[flying])


@pytest.mark.parametrize("name", DYNOS)
def test_a_flight_is_free_between_the_frames_of_its_clip_too(name: str) -> None:
    time_s, motion = played(name, 240)
    _, body, route = composed(name)
    poser = Poser(body, route.normal, route.up)
    flying = np.flatnonzero(motion.phase == Phase.IN_FLIGHT)
    centers = [body.center_of_mass(body.skin(poser.pose(motion, int(frame)))[0]) for frame in flying]
    falls_freely(time_s[flying], np.array(centers))


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("name", DYNOS)
def test_nothing_jerks_the_trunk(name: str, fps: int) -> None:
    _, motion = played(name, fps)
    acceleration = np.diff(motion.trunk[:, :3], n=2, axis=0) * fps**2
    assert np.linalg.norm(acceleration, axis=1).max() < GREATEST_M_PER_S2


@pytest.mark.parametrize("name", DYNOS)
def test_a_dyno_is_the_same_at_every_rate(name: str) -> None:
    finest_s, finest = played(name, 240)
    for fps in RATES[:-1]:
        time_s, motion = played(name, fps)
        there = finest.trunk[np.searchsorted(finest_s, time_s - 1e-9)]
        assert 1000 * np.abs(motion.trunk[:, :3] - there[:, :3]).max() < 2


@pytest.mark.parametrize("name", DYNOS)
def test_legs_and_arms_have_something_left_in_flight_and_at_the_catch(name: str) -> None:
    _, motion = played(name, 240)
    _, body, route = composed(name)
    poser = Poser(body, route.normal, route.up)
    flying = np.flatnonzero(motion.phase == Phase.IN_FLIGHT).tolist()
    for frame in (*flying, flying[-1] + 1):
        heads = dict(zip(body.bones, poser.pose(motion, frame).heads, strict=True))
        for side in SIDES:
            limbs = body.limbs[side]
            leg = np.linalg.norm(heads[f"foot.{side}"] - heads[f"upperleg01.{side}"])
            arm = np.linalg.norm(heads[f"wrist.{side}"] - heads[f"upperarm01.{side}"])
            assert leg < STRETCHED * limbs.leg
            assert arm < STRETCHED * (limbs.upper_arm + limbs.forearm)
