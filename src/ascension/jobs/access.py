"""How endpoints get at the queue."""

from typing import Annotated

from ascension.infra.http.parts import kept
from ascension.jobs.service import JobQueue

QueueDep = Annotated[JobQueue, kept("queue")]
