"""What analyses need of the process."""

from dataclasses import dataclass

from ascension.infra.storage.steady_links import SteadyLinks
from ascension.jobs.service import JobQueue
from ascension.plans.rights import Plans


@dataclass(frozen=True)
class AnalysisParts:
    """`links`: to their small pictures."""

    queue: JobQueue
    plans: Plans
    links: SteadyLinks
