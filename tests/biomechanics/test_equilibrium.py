import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ascension.biomechanics.equilibrium import (
    FEASIBLE_RESIDUAL,
    FOOT_CONE,
    HAND_CONE,
    Balance,
    Support,
    balance,
    depth_torso,
)

SPREAD = (
    Support("hand", -0.5, 1.8, 0.8),
    Support("hand", 0.5, 1.8, 0.8),
    Support("foot", -0.4, -1.8, 2.0),
    Support("foot", 0.4, -1.8, 2.0),
)


def share_of_hands(found: Balance) -> float:
    return float(found.loads[:2].sum() / found.loads.sum())


def borne(
    supports: tuple[Support, ...], found: Balance, center: tuple[float, float], lean_deg: float
) -> None:
    """The forces carry one body weight and do not turn the body."""
    lean = np.radians(lean_deg)
    assert found.forces.sum(axis=0) == pytest.approx((0, np.cos(lean), -np.sin(lean)), abs=FEASIBLE_RESIDUAL)
    arms = np.array([(one.x - center[0], one.y - center[1], -depth_torso(lean_deg)) for one in supports])
    assert np.cross(arms, found.forces).sum(axis=0) == pytest.approx((0, 0, 0), abs=FEASIBLE_RESIDUAL)


def test_hanging_from_one_hold_above_the_center_of_mass() -> None:
    """All of the weight on it: effort is the weight over what the hand can hold."""
    found = balance([Support("hand", 0, 1.5, 0.8)], (0, 0), 0.0, depth=0.0)
    assert found.feasible
    assert found.effort == pytest.approx(1 / 0.8, rel=0.001)
    assert found.forces[0] == pytest.approx((0, 1, 0), abs=0.001)


def test_hanging_beside_the_hold_is_no_balance() -> None:
    found = balance([Support("hand", 0.5, 1.5, 0.8)], (0, 0), 0.0, depth=0.0)
    assert not found.feasible
    assert found.residual > 0.1


def test_two_hands_share_the_weight() -> None:
    found = balance([Support("hand", -0.3, 1, 0.8), Support("hand", 0.3, 1, 0.8)], (0, 0), 0.0, depth=0.0)
    assert found.forces[:, 1] == pytest.approx((0.5, 0.5), abs=0.001)


def test_upright_hands_hold_only_what_the_body_stands_off_the_wall() -> None:
    """The weight's lever is the depth, that of the hands the height between hands and feet."""
    found = balance(SPREAD, (0, 0), 0.0)
    borne(SPREAD, found, (0, 0), 0.0)
    assert -found.forces[:2, 2].sum() == pytest.approx(depth_torso(0) / 3.6, abs=0.001)


def test_the_steeper_the_more_is_on_the_hands() -> None:
    shares = [share_of_hands(balance(SPREAD, (0, 0), lean)) for lean in (-20, 0, 20, 40)]
    assert shares == sorted(shares)
    assert shares[0] < 0.15
    assert shares[-1] > 0.4


def test_nobody_stands_on_nothing() -> None:
    found = balance([], (0, 0), 10.0)
    assert found.residual == pytest.approx(1)
    assert not found.feasible


def test_a_weaker_hand_is_asked_for_less() -> None:
    injured = (Support("hand", -0.5, 1.8, 0.24), *SPREAD[1:])
    found = balance(injured, (0, 0), 20.0)
    assert found.loads[0] < 0.8 * balance(SPREAD, (0, 0), 20.0).loads[0]
    borne(injured, found, (0, 0), 20.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_mirror_swaps_the_sides(seed: int) -> None:
    supports, center, lean = random_stance(np.random.default_rng(seed))
    other = [Support(one.kind, -one.x, one.y, one.capacity) for one in supports]
    found, swapped = balance(supports, center, lean), balance(other, (-center[0], center[1]), lean)
    assert swapped.loads == pytest.approx(found.loads, abs=1e-5)
    assert swapped.residual == pytest.approx(found.residual, abs=1e-6)


def test_the_verdict_is_that_of_linear_programming() -> None:
    """What an exact search balances, ours does; what it does not, ours may where 0.1 % are missing."""
    random = np.random.default_rng(7)
    verdicts: list[tuple[bool, bool]] = []
    for _ in range(200):
        supports, center, lean = random_stance(random)
        found = balance(supports, center, lean)
        verdicts.append((found.feasible, possible(supports, center, lean)))
        if found.feasible:
            borne(supports, found, center, lean)
    feasible = sum(exact for _, exact in verdicts)
    assert 40 < feasible < 160
    assert all(ours for ours, exact in verdicts if exact)
    assert sum(ours for ours, exact in verdicts if not exact) <= 3


def random_stance(random: np.random.Generator) -> tuple[tuple[Support, ...], tuple[float, float], float]:
    hands, feet = (
        random.uniform((-1, low), (1, high), (random.integers(1, 3), 2))
        for low, high in ((0.5, 2.2), (-2, -1))
    )
    supports = [
        *(Support("hand", float(x), float(y), 0.8) for x, y in hands),
        *(Support("foot", float(x), float(y), 2.0) for x, y in feet),
    ]
    return tuple(supports), (float(random.uniform(-0.8, 0.8)), 0.0), float(random.uniform(0, 30))


def possible(supports: tuple[Support, ...], center: tuple[float, float], lean_deg: float) -> bool:
    cones = {"hand": HAND_CONE, "foot": FOOT_CONE}
    columns = [
        np.concatenate([edge, np.cross((one.x - center[0], one.y - center[1], -depth_torso(lean_deg)), edge)])
        for one in supports
        for edge in cones[one.kind]
    ]
    lean = np.radians(lean_deg)
    needed = np.array([0, np.cos(lean), -np.sin(lean), 0, 0, 0])
    answer = linprog(np.ones(len(columns)), A_eq=np.array(columns).T, b_eq=needed, method="highs")
    return bool(answer.status == 0)
