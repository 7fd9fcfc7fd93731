import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.smoothness import (
    entropy,
    hull_perimeter,
    ldlj,
    low_pass,
    normalized_jerk,
    path_length,
    sparc,
)

REACH_S = 1.2


def reach(
    fps: float, *, lasts_s: float = REACH_S, length: float = 1.0
) -> tuple[FloatArray, FloatArray, float]:
    """An ideal (minimum-jerk) reach: places (n, 2), speed (n,) and the time between samples."""
    samples = round(lasts_s * fps) + 1
    share = np.arange(samples) / (samples - 1)
    way = length * (10 * share**3 - 15 * share**4 + 6 * share**5)
    speed = length / lasts_s * 30 * share**2 * (1 - share) ** 2
    return np.column_stack([0.6 * way, 0.8 * way]), speed, 1 / fps


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_an_ideal_reach_at_any_frame_rate(fps: float) -> None:
    places, speed, step_s = reach(fps)
    assert sparc(speed, step_s) == pytest.approx(-1.40, abs=0.005)
    assert ldlj(speed, step_s) == pytest.approx(-np.log(204.8), abs=0.001)
    assert normalized_jerk(places, step_s) == pytest.approx(720, rel=0.001)


@given(st.floats(0.01, 100), st.floats(0.5, 5))
def test_smoothness_knows_neither_size_nor_duration(length: float, lasts_s: float) -> None:
    places, speed, step_s = reach(60 / lasts_s, lasts_s=lasts_s, length=length)
    assert ldlj(speed, step_s) == pytest.approx(-np.log(204.8), abs=0.01)
    assert normalized_jerk(places, step_s) == pytest.approx(720, rel=0.01)
    assert sparc(speed, step_s) == pytest.approx(sparc(speed / length, step_s))


def test_noise_hurts_jerk_not_sparc() -> None:
    """1 cm on a reach of 0.6 m at rest before and after, filtered at 6 Hz: findings of the project."""
    time_s = np.arange(180) / 30
    share = np.clip((time_s - 2) / REACH_S, 0, 1)
    way = 0.6 * (10 * share**3 - 15 * share**4 + 6 * share**5)
    sparcs: list[float] = []
    ldljs: list[float] = []
    for seed in range(20):
        places = np.column_stack([way, 0 * way]) + np.random.default_rng(seed).normal(0, 0.01, (180, 2))
        velocity: FloatArray = np.gradient(low_pass(places, 1 / 30, 6.0), 1 / 30, axis=0)
        speed = np.linalg.norm(velocity, axis=1)[60:97]
        sparcs.append(sparc(speed, 1 / 30))
        ldljs.append(ldlj(speed, 1 / 30))
    assert -2.3 < np.mean(sparcs) < -1.4
    assert np.mean(ldljs) < -9


def test_rests_between_moves_count_as_roughness() -> None:
    """Why smoothness is taken per move: four perfect ones, 3 s apart, are far from one."""
    _, speed, step_s = reach(30)
    climb = np.concatenate([np.concatenate([speed, np.zeros(90)]) for _ in range(4)])
    assert sparc(climb, step_s) < -7
    assert ldlj(climb, step_s) < -12


@pytest.mark.parametrize("samples", [1, 5])
def test_too_short_or_still_is_not_smooth_but_unknown(samples: int) -> None:
    assert np.isnan(sparc(np.ones(samples), 1 / 30))
    assert np.isnan(ldlj(np.ones(samples), 1 / 30))
    assert np.isnan(normalized_jerk(np.ones((samples, 2)), 1 / 30))
    assert np.isnan(sparc(np.zeros(40), 1 / 30))
    assert np.isnan(ldlj(np.zeros(40), 1 / 30))
    assert np.isnan(normalized_jerk(np.ones((40, 2)), 1 / 30))


class TestEntropy:
    def test_a_straight_line_has_none(self) -> None:
        share = np.linspace(0, 1, 50)[:, None]
        assert entropy(share * (1.0, 3.0)) == pytest.approx(0, abs=1e-12)

    def test_there_and_back_is_ln_two(self) -> None:
        share = np.concatenate([np.linspace(0, 1, 50), np.linspace(1, 0, 50)])[:, None]
        assert entropy(share * (1.0, 3.0)) == pytest.approx(np.log(2))

    def test_a_circle(self) -> None:
        turn = np.linspace(0, 2 * np.pi, 500)
        assert entropy(np.column_stack([np.cos(turn), np.sin(turn)])) == pytest.approx(np.log(2), abs=1e-3)

    def test_standing_has_no_value(self) -> None:
        assert np.isnan(entropy(np.ones((50, 2))))

    @given(st.floats(0, 6.28), st.floats(0.1, 10))
    def test_turned_and_enlarged_it_stays(self, turn: float, times: float) -> None:
        path = np.random.default_rng(0).normal(0, 1, (40, 2))
        rotation = times * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        assert entropy(path @ rotation) == pytest.approx(entropy(path))

    def test_filtering_takes_out_what_noise_adds(self) -> None:
        time_s = np.arange(600) / 30
        path = np.column_stack([0.3 * np.sin(time_s / 3), 0.15 * time_s])
        noisy = path + np.random.default_rng(0).normal(0, 0.005, path.shape)
        clean = entropy(path)
        assert entropy(noisy) > clean + 0.3
        assert entropy(low_pass(noisy, 1 / 30, 3.0)[::5]) == pytest.approx(clean, abs=0.03)


class TestHull:
    def test_a_square_with_points_inside(self) -> None:
        corners = np.array([(0, 0), (2, 0), (2, 2), (0, 2)], np.float64)
        inside = np.random.default_rng(0).uniform(0.1, 1.9, (50, 2))
        assert hull_perimeter(np.concatenate([inside, corners])) == pytest.approx(8)

    def test_on_one_line_it_is_twice_the_extent(self) -> None:
        assert hull_perimeter(np.array([(0, 0), (3, 4), (1.5, 2)], np.float64)) == pytest.approx(10)

    def test_a_point_has_none(self) -> None:
        assert hull_perimeter(np.ones((5, 2))) == 0

    def test_a_path_is_as_long_as_its_pieces(self) -> None:
        assert path_length(np.array([(0, 0), (3, 4), (3, 0)], np.float64)) == pytest.approx(9)


class TestLowPass:
    @pytest.mark.parametrize("fps", [25, 30, 60, 240])
    def test_slow_stays_fast_goes_and_the_corner_halves_the_power(self, fps: float) -> None:
        time_s = np.arange(round(20 * fps)) / fps
        middle = slice(round(5 * fps), round(15 * fps))
        for hertz, gain in ((0.5, 1.0), (3.0, np.sqrt(0.5)), (10.0, 0.01)):
            wave = np.sin(2 * np.pi * hertz * time_s)
            kept = low_pass(wave, 1 / fps, 3.0)[middle]
            assert np.sqrt(2) * kept.std() == pytest.approx(gain, abs=0.015), hertz

    def test_a_straight_line_is_kept_to_its_ends(self) -> None:
        line = np.linspace(0, 5, 100)
        assert low_pass(line, 1 / 30, 3.0) == pytest.approx(line, abs=1e-6)

    def test_nothing_is_delayed(self) -> None:
        bump = np.exp(-(((np.arange(201) - 100) / 10) ** 2))
        kept = low_pass(bump, 1 / 30, 3.0)
        assert kept == pytest.approx(kept[::-1], abs=1e-6)

    def test_what_is_sampled_too_slowly_stays_as_it_is(self) -> None:
        wave = np.random.default_rng(0).normal(0, 1, 50)
        assert low_pass(wave, 1 / 5, 3.0) is wave
        assert low_pass(wave[:2], 1 / 30, 3.0) == pytest.approx(wave[:2])
