"""What endpoints that ask for jobs need of the process."""

from typing import Annotated

from fastapi import Depends, Request

from ascension.jobs.service import JobQueue


async def _queue(request: Request) -> JobQueue:
    return request.app.state.queue


QueueDep = Annotated[JobQueue, Depends(_queue)]
