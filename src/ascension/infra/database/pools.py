"""How many connections to the database a fleet may open: the one place that adds them up."""

from dataclasses import dataclass

OF_READINESS = 1
"""Of an API, besides its pool: it says that it is ready while every connection of the pool is lent."""
BESIDE_SLOTS = 2
"""Of a worker, besides one for each job: its sweep and its report."""
FOR_OPERATORS = 5
"""Migrations, a backup, a check of the storage, and two people who look."""


def worker_pool_size(slots: int) -> int:
    """The pool of a worker that runs so many jobs at once."""
    return slots + BESIDE_SLOTS


@dataclass(frozen=True)
class Fleet:
    """Processes on one database."""

    apis: int
    api_pool_size: int
    workers: int
    slots: int

    @property
    def connections(self) -> int:
        """The most that it opens at once, operators included."""
        of_apis = self.apis * (self.api_pool_size + OF_READINESS)
        return of_apis + self.workers * worker_pool_size(self.slots) + FOR_OPERATORS

    def describe(self) -> str:
        """The sum in words."""
        of_worker = worker_pool_size(self.slots)
        return (
            f"{self.apis} API x {self.api_pool_size + OF_READINESS} + {self.workers} workers x {of_worker}"
            f" + {FOR_OPERATORS} for operators = {self.connections}"
        )
