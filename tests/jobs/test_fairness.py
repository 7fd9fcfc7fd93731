"""Nobody's many jobs hold up another's one, and no tier starves: real streams, workers and children."""

import statistics
from collections import Counter
from uuid import UUID

import pytest

from ascension.jobs.turns import WEIGHTS
from tests.jobs.rows import run_sql
from tests.jobs.stubs import Fleet, stub_task

pytestmark = pytest.mark.usefixtures("stub_program")


@pytest.mark.thorough
async def test_fifty_clips_of_one_user_do_not_hold_up_the_others(fleet: Fleet) -> None:
    many = await fleet.enqueue(50)
    admitted = [fleet.row(one)["admitted"] for one in many]
    assert admitted == [True, True] + [False] * 48, "the rest of a user's jobs wait outside the stream"
    others = [(await fleet.enqueue(1, user_id=fleet.user()))[0] for _ in range(5)]
    async with fleet.worker(stub_task({"sleep_s": 0.01})):
        rows = await fleet.ended([*many, *others], 60)
    order = [row["id"] for row in rows]
    assert max(order.index(one) for one in others) <= len(others) + 2, "behind two of the fifty at most"
    assert all(row["state"] == "done" and row["attempt"] == 1 for row in rows)
    waits = [(row["finished_at"] - row["created_at"]).total_seconds() for row in rows]
    print(f"56th of 50 + 5: {max(waits):.2f} s; the others: {statistics.median(waits[2:7]):.2f} s")


@pytest.mark.thorough
async def test_free_goes_on_while_the_paying_tiers_are_full(fleet: Fleet) -> None:
    tier_of: dict[UUID, str] = {}
    for tier in WEIGHTS:
        for _ in range(26):
            (job_id,) = await fleet.enqueue(1, user_id=fleet.user(tier), tier=tier)
            tier_of[job_id] = tier
    async with fleet.worker(stub_task()):
        rows = await fleet.ended(list(tier_of), 60)
    served = [tier_of[row["id"]] for row in rows]
    first = Counter(served[:39])
    print(f"of the first 39: {dict(first)}")
    # by weight, as long as every tier has jobs: 8 + 4 + 1
    assert abs(first["infinity"] - 24) <= 2
    assert abs(first["premium"] - 12) <= 2
    assert abs(first["free"] - 3) <= 1
    assert run_sql(fleet.engines, "select count(*) as n from jobs where attempt <> 1")[0]["n"] == 0
