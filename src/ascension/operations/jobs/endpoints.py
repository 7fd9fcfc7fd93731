"""HTTP of everybody's jobs: for admins only, to all others there is no such address."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ascension.accounts.access import AdminUser, TransactionDep
from ascension.audit.entries import PLATFORM, Party, account, record
from ascension.errors.analyses import JobEnded, JobNotFound, JobNotRetryable
from ascension.errors.http import RouteNotFound
from ascension.infra.http.errors import errors
from ascension.jobs.access import QueueDep
from ascension.jobs.listing_queries import count_dead_by_code
from ascension.operations.jobs import service as job_service
from ascension.operations.jobs.schemas import (
    DeadGroupList,
    DeadGroupRead,
    DeadJobs,
    JobPage,
    JobQuery,
    JobRead,
    QueueRead,
    RetriedRead,
)
from ascension.operations.notes import note

router = APIRouter(prefix="/api/v1/operator", tags=["operations"])


@router.get(
    "/queue",
    summary="What waits and what is dead, who works, how long it takes",
    responses=errors(RouteNotFound),
)
async def look(_: AdminUser, tx: TransactionDep) -> QueueRead:
    return await job_service.look(tx.connection)


@router.get("/jobs", summary="Everybody's jobs", responses=errors(RouteNotFound))
async def list_page(_: AdminUser, tx: TransactionDep, query: Annotated[JobQuery, Query()]) -> JobPage:
    page, next_cursor = await job_service.list_page(
        tx.connection,
        query.which(),
        cursor=query.cursor,
        is_newest_first=query.order == "newest",
        limit=query.limit,
    )
    return JobPage(items=[JobRead.of(row) for row in page], next_cursor=next_cursor)


@router.get("/jobs/{job_id}", summary="One job in full", responses=errors(RouteNotFound, JobNotFound))
async def read(_: AdminUser, job_id: UUID, tx: TransactionDep) -> JobRead:
    return JobRead.of(await job_service.get(tx.connection, job_id))


@router.post(
    "/jobs/{job_id}/retry",
    summary="Run a job again that is dead or has failed",
    description="From the beginning, as if it were asked for now. For the month's quota it counts as it did.",
    responses=errors(RouteNotFound, JobNotFound, JobNotRetryable),
)
async def retry(admin_id: AdminUser, job_id: UUID, tx: TransactionDep, queue: QueueDep) -> JobRead:
    job = await job_service.retry(tx, queue, job_id)
    await record(tx.connection, "job.retried", account(admin_id), Party("job", str(job_id)))
    note(tx, "operator_retried", admin_id, job_id=str(job_id), subject_id=str(job.subject_id))
    return JobRead.of(job)


@router.get("/dead-jobs", summary="Why jobs are dead, and how many", responses=errors(RouteNotFound))
async def list_dead(_: AdminUser, tx: TransactionDep) -> DeadGroupList:
    groups = await count_dead_by_code(tx.connection)
    return DeadGroupList(items=[DeadGroupRead.of(group) for group in groups])


@router.post(
    "/dead-jobs/retry",
    summary="Run all dead jobs again, or those that are told",
    description="A hundred with one request, the oldest first: go on while some are left.",
    responses=errors(RouteNotFound),
)
async def retry_dead(body: DeadJobs, admin_id: AdminUser, tx: TransactionDep, queue: QueueDep) -> RetriedRead:
    retried, left = await job_service.retry_dead(tx, queue, body.which())
    asked = body.model_dump(mode="json", exclude_none=True)
    await record(tx.connection, "jobs.retried", account(admin_id), PLATFORM, retried=retried, left=left)
    note(tx, "operator_retried_dead", admin_id, **asked, retried=retried, left=left)
    return RetriedRead(retried=retried, left=left)


@router.post(
    "/jobs/{job_id}/cancel",
    summary="Cancel a job: at once while it waits, within 2 s while it runs",
    responses=errors(RouteNotFound, JobNotFound, JobEnded),
)
async def cancel(admin_id: AdminUser, job_id: UUID, tx: TransactionDep, queue: QueueDep) -> JobRead:
    job = await job_service.cancel(tx, queue, job_id)
    await record(tx.connection, "job.canceled", account(admin_id), Party("job", str(job_id)))
    note(tx, "operator_canceled", admin_id, job_id=str(job_id), subject_id=str(job.subject_id))
    return JobRead.of(job)
