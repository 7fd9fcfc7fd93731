"""Drawn jobs follow what was asked for."""

import numpy as np
import pytest

from ascension.capacity.demand import DAY_S, GYM_VISITS, MONTH_DAYS, Demand, draw


def test_a_week_has_its_share_of_the_month_and_the_hours_their_share_of_the_week() -> None:
    demand = Demand(users=50_000, clips_per_month=10)
    jobs = draw(demand, days=7, rng=np.random.default_rng(1))
    expected = demand.clips / MONTH_DAYS * 7
    assert len(jobs) == pytest.approx(expected, rel=0.02)
    assert (np.diff(jobs.arrive_s) >= 0).all()
    hours = np.bincount((jobs.arrive_s // 3600).astype(int), minlength=7 * 24)
    peak = hours.reshape(7, 24).argmax(axis=1)
    assert set(peak[:5]) <= {18, 19}
    assert set(peak[5:]) <= {13, 14, 15, 16}
    assert hours.reshape(7, 24)[:, :5].sum() < 0.01 * len(jobs)
    assert GYM_VISITS.week().sum() == pytest.approx(1)


def test_a_single_day_is_a_monday() -> None:
    demand = Demand(users=50_000)
    week = draw(demand, days=7, rng=np.random.default_rng(2))
    monday = draw(demand, days=1, rng=np.random.default_rng(3))
    assert len(monday) == pytest.approx((week.arrive_s < DAY_S).sum(), rel=0.04)


def test_lengths_have_the_asked_for_median_and_tail() -> None:
    demand = Demand(users=50_000, clip_median_s=20, clip_p95_s=60, overhead_s=3, computed_frames_per_s=60)
    jobs = draw(demand, days=3, rng=np.random.default_rng(4))
    assert np.percentile(jobs.clip_s, 50) == pytest.approx(20, rel=0.02)
    assert np.percentile(jobs.clip_s, 95) == pytest.approx(60, rel=0.03)
    assert jobs.clip_s.max() <= demand.clip_max_s
    np.testing.assert_allclose(jobs.service_s, jobs.clip_s / 2 + 3)


def test_users_keep_their_tier_and_tiers_their_share() -> None:
    demand = Demand(users=2000, tiers={"infinity": 0.1, "premium": 0.3, "free": 0.6})
    jobs = draw(demand, days=30, rng=np.random.default_rng(5))
    tier_of: dict[int, set[str]] = {}
    for user, tier in zip(jobs.user.tolist(), jobs.tier, strict=True):
        tier_of.setdefault(user, set()).add(tier)
    assert all(len(tiers) == 1 for tiers in tier_of.values())
    for tier, share in demand.tiers.items():
        assert jobs.tier.count(tier) / len(jobs) == pytest.approx(share, abs=0.02)


def test_a_visit_brings_several_clips_of_one_user() -> None:
    demand = Demand(users=1000, clips_per_visit=4, between_clips_s=300)
    jobs = draw(demand, days=7, rng=np.random.default_rng(6))
    gaps_s = np.concatenate([np.diff(jobs.arrive_s[jobs.user == user]) for user in range(1000)])
    # of four clips three follow another within minutes
    assert (gaps_s < 1800).mean() > 0.6
