"""Bodies of the operator's endpoints. Who climbs is an id here, and what they climb is not told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ascension.analyses.schemas import failure_of
from ascension.infra.http.body import ErrorBody, RequestBody
from ascension.jobs.choices import State
from ascension.jobs.listing_queries import DeadGroup, JobRow, Which
from ascension.jobs.turns import WEIGHTS
from ascension.jobs.worker_queries import StateCount, WorkerReport
from ascension.operations.queries import Spread
from ascension.plans.tiers import Tier

Name = r"^[a-z_]{1,40}$"


class StateRead(BaseModel):
    jobs: int
    oldest_s: float | None = Field(description="Since the oldest was asked for; null: there is none.")


class TierRead(BaseModel):
    tier: str
    weight: int = Field(description="How many turns it has when all tiers wait.")
    queued: StateRead
    processing: StateRead
    dead: StateRead


class WorkerRead(BaseModel):
    id: str
    version: str
    slots: int = Field(description="Jobs that it may run.")
    running: int = Field(description="Jobs that it runs.")
    is_draining: bool = Field(description="It takes no more jobs, because it is about to stop.")
    seen_s_ago: float = Field(description="Since its last report.")
    figures: dict[str, float] = Field(description="As it reports them: docs/guides/operations.md.")


class SpreadRead(BaseModel):
    """How long jobs took that ended lately: start of the last run to its end."""

    kind: str
    state: str
    jobs: int
    p50_s: float
    p95_s: float


class WaitRead(BaseModel):
    """How long jobs waited that ended lately: request to the start of the last run."""

    tier: str
    jobs: int
    p50_s: float
    p95_s: float


class QueueRead(BaseModel):
    tiers: list[TierRead]
    workers: list[WorkerRead] = Field(description="Those that reported in the last minute.")
    lately_s: int = Field(description="How far back `processing` and `waiting` look.")
    processing: list[SpreadRead]
    waiting: list[WaitRead]

    @classmethod
    def of(
        cls,
        states: Sequence[StateCount],
        workers: Iterable[WorkerReport],
        took: Iterable[Spread],
        waited: Iterable[Spread],
        *,
        within_s: int,
    ) -> "QueueRead":
        """The answer for what was counted; tiers in the order of their weights."""
        counted = {(row.tier, row.state): row for row in states}

        def state_of(tier: str, state: str) -> StateRead:
            row = counted.get((tier, state))
            return StateRead(jobs=row.jobs if row else 0, oldest_s=max(0.0, row.oldest_s) if row else None)

        tiers = [*WEIGHTS, *sorted({row.tier for row in states} - WEIGHTS.keys())]
        return cls(
            tiers=[
                TierRead(
                    tier=tier,
                    weight=WEIGHTS.get(tier, 0),
                    queued=state_of(tier, "queued"),
                    processing=state_of(tier, "processing"),
                    dead=state_of(tier, "dead"),
                )
                for tier in tiers
            ],
            workers=[
                WorkerRead(
                    id=one.id,
                    version=one.version,
                    slots=one.slots,
                    running=one.running,
                    is_draining=bool(one.figures.get("draining")),
                    seen_s_ago=max(0.0, one.age_s),  # a report may be younger than this transaction
                    figures=one.figures,
                )
                for one in workers
            ],
            lately_s=within_s,
            processing=[
                SpreadRead(kind=one.name, state=one.part, jobs=one.jobs, p50_s=one.p50_s, p95_s=one.p95_s)
                for one in took
            ],
            waiting=[
                WaitRead(tier=one.name, jobs=one.jobs, p50_s=one.p50_s, p95_s=one.p95_s) for one in waited
            ],
        )


class JobRead(BaseModel):
    id: UUID
    kind: str
    subject_id: UUID = Field(description="What it is about: an analysis, or a comparison.")
    user_id: UUID
    tier: str
    state: State
    failure: ErrorBody | None = Field(
        description="Why it ended without a result; of one that waits, why its last run did."
    )
    attempt: int = Field(description="Runs begun since it was last asked for.")
    crashes: int = Field(description="Of them, those that ended with a dead child or a lost worker.")
    interruptions: int = Field(description="Of them, those that ended because a part did not answer.")
    admitted: bool = Field(description="It is one of the few of its user that workers may see.")
    cancel_requested: bool
    stage: str | None
    progress_pct: int
    worker_id: str | None = Field(description="Who ran it last.")
    request_id: str | None = Field(description="Stands in every log line about it.")
    created_at: datetime = Field(description="When it was last asked for.")
    started_at: datetime | None = Field(description="When its last run began.")
    finished_at: datetime | None
    resting_until: datetime | None = Field(description="It waits for a part, or for its next try.")
    timings: dict[str, float] | None = Field(description="Seconds of each stage, of a job that is done.")

    @classmethod
    def of(cls, row: JobRow) -> "JobRead":
        """The answer for one row."""
        has_failed = row.failure_code is not None or row.state in ("failed", "dead")
        return cls.model_validate(
            {
                **vars(row),
                "failure": failure_of(row.failure_code, row.failure_detail) if has_failed else None,
            }
        )


class JobPage(BaseModel):
    items: list[JobRead]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null at the end.")


class DeadGroupRead(BaseModel):
    failure: ErrorBody = Field(description="Why they ended without a result.")
    jobs: int
    oldest_at: datetime | None = Field(description="When the first of them ended.")
    newest_at: datetime | None

    @classmethod
    def of(cls, group: DeadGroup) -> "DeadGroupRead":
        return cls(
            failure=failure_of(group.failure_code, None),
            jobs=group.jobs,
            oldest_at=group.oldest_at,
            newest_at=group.newest_at,
        )


class DeadGroupList(BaseModel):
    items: list[DeadGroupRead] = Field(description="The most first.")


class DeadJobs(RequestBody):
    """Which dead ones; nothing told: all."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "analysis", "failure_code": "worker_lost"}]}
    )

    kind: str | None = Field(default=None, pattern=Name)
    tier: Tier | None = None
    user_id: UUID | None = None
    failure_code: str | None = Field(default=None, pattern=Name)

    def which(self) -> Which:
        return Which(kind=self.kind, tier=self.tier, user_id=self.user_id, failure_code=self.failure_code)


class JobQuery(BaseModel):
    """Which jobs, in which order, from where on."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    kind: str | None = Field(default=None, pattern=Name)
    tier: Tier | None = None
    user_id: UUID | None = None
    failure_code: str | None = Field(default=None, pattern=Name)
    order: Literal["newest", "oldest"] = Field(default="newest", description="By the first request.")
    limit: int = Field(default=50, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=100)

    def which(self) -> Which:
        return Which(
            state=self.state,
            kind=self.kind,
            tier=self.tier,
            user_id=self.user_id,
            failure_code=self.failure_code,
        )


class RetriedRead(BaseModel):
    retried: int = Field(description="How many wait again; at most 100 with one request.")
    left: int = Field(description="How many of them are still dead: ask again.")
