"""What a tier may do stands in one table; an installation sets what it wants of it."""

from itertools import pairwise

import pytest

from ascension.infra.settings import PlanSettings
from ascension.jobs.turns import WEIGHTS
from ascension.plans.rights import SHIPPED, Plans, Rights
from ascension.plans.tiers import TIERS


def test_the_shipped_table_is_what_was_agreed_on() -> None:
    plans = Plans.of(PlanSettings())
    assert [plans.rights_of(tier).analyses_per_month for tier in TIERS] == [10, 30, 100]
    assert [plans.rights_of(tier).saved_max_bytes for tier in TIERS] == [2 * 10**9, 20 * 10**9, 200 * 10**9]
    assert list(WEIGHTS.items()) == [("infinity", 8), ("premium", 4), ("free", 1)]


def test_more_of_a_tier_is_more_of_everything() -> None:
    for less, more in pairwise(TIERS):
        for name in Rights.model_fields:
            assert getattr(SHIPPED[less], name) < getattr(SHIPPED[more], name)


def test_an_installation_sets_what_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSES_PER_MONTH_FREE", "3")
    monkeypatch.setenv("SAVED_MAX_BYTES_INFINITY", "0")
    plans = Plans.of(PlanSettings())
    assert plans.rights_of("free") == SHIPPED["free"].model_copy(update={"analyses_per_month": 3})
    assert plans.rights_of("infinity").saved_max_bytes == 0
    assert plans.rights_of("premium") == SHIPPED["premium"]
