"""Jobs, tiers, admission and workers, event by event.

Follows the job protocol (docs/decisions/0004-jobs.md): turns between tiers by `jobs.turns`, at most a few
jobs of one user in the streams, a lease that runs out, a job handed back. Not simulated: outages, failed or
canceled jobs, a second delivery of what waits long.
"""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.capacity.demand import DAY_S, Jobs
from ascension.capacity.fleet import FleetSettings, Worker, WorkerLife
from ascension.capacity.scaling import PERIOD_S, Depth, Observation, Rule
from ascension.jobs.turns import WEIGHTS

REMEMBERED_PERIODS: Final = 60
Event = tuple[float, int, Callable[..., None], tuple[object, ...]]


@dataclass(frozen=True)
class Minute:
    """What a metric's period showed."""

    at_s: float
    queued: float
    """Mean of the period."""
    running: int
    workers: int
    """That can work now."""
    booting: int


@dataclass(frozen=True)
class Outcome:
    """What became of every job and worker. Arrays have one entry a job, in the order of arrival."""

    started_s: NDArray[np.float64]
    """Start of the run that ended it, as `started_at` on its row."""
    finished_s: NDArray[np.float64]
    runs: NDArray[np.int64]
    minutes: tuple[Minute, ...]
    workers: tuple[WorkerLife, ...]
    longest_queue: int
    busy_s: float
    """Slot seconds at work within the time asked for, runs that were lost included."""
    handed_back: int
    """Runs ended by a spot interruption, done again elsewhere."""
    lost_runs: int
    """Runs ended by a crash, done again after the lease."""


class Simulation:
    """One fleet under one rule."""

    def __init__(
        self, jobs: Jobs, fleet: FleetSettings, rule: Rule, *, until_s: float, rng: np.random.Generator
    ) -> None:
        self._jobs, self._fleet, self._rule, self._rng = jobs, fleet, rule, rng
        self._until_s = until_s
        self._now = 0.0
        self._events: list[Event] = []
        self._sequence = 0
        self._arrive_s: list[float] = jobs.arrive_s.tolist()
        self._service_s: list[float] = jobs.service_s.tolist()
        self._user: list[int] = jobs.user.tolist()
        self._tier = jobs.tier
        self._started_s = [0.0] * len(jobs)
        self._finished_s = [0.0] * len(jobs)
        self._runs = [0] * len(jobs)
        self._left = len(jobs)
        self._admitted: dict[int, int] = {}
        self._held: dict[int, deque[int]] = {}
        self._streams: dict[str, deque[int]] = {tier: deque() for tier in WEIGHTS}
        self._idle: deque[Worker] = deque()
        self._active: list[Worker] = []
        self._lives: list[Worker] = []
        self._depth = Depth()
        self._running = 0
        self._busy_s = 0.0
        self._recent: deque[Observation] = deque(maxlen=REMEMBERED_PERIODS)
        self._changed_at_s: float | None = None
        self._minutes: list[Minute] = []
        self._handed_back = self._lost_runs = 0

    def run(self) -> Outcome:
        """From an empty queue and ready workers until the time is over and every job has ended."""
        for _ in range(self._rule.first):
            self._launch(boot_s=0)
        self._later(PERIOD_S, self._close_period)
        upcoming, count = 0, len(self._arrive_s)
        while self._left or self._now < self._until_s:
            event_s = self._events[0][0]
            if upcoming < count and self._arrive_s[upcoming] <= event_s:
                self._now = self._arrive_s[upcoming]
                self._arrive(upcoming)
                upcoming += 1
            else:
                self._now, _, act, arguments = heapq.heappop(self._events)
                act(*arguments)
        return self._outcome()

    # --- jobs ---

    def _arrive(self, job: int) -> None:
        self._depth.change(self._now, 1)
        user = self._user[job]
        admitted = self._admitted.get(user, 0)
        if admitted < self._fleet.admitted_per_user:
            self._admitted[user] = admitted + 1
            self._deliver(job)
        else:
            self._held.setdefault(user, deque()).append(job)

    def _deliver(self, job: int) -> None:
        """Into its stream, or straight to the reader that has been blocked longest."""
        while self._idle:
            worker = self._idle.popleft()
            if worker.state == "ready":
                self._start(worker, job)
                return
        self._streams[self._tier[job]].append(job)

    def _take(self, worker: Worker) -> None:
        for tier in worker.turns.order():
            stream = self._streams[tier]
            if stream:
                worker.turns.charge(tier)
                self._start(worker, stream.popleft())
                return
        self._idle.append(worker)

    def _start(self, worker: Worker, job: int) -> None:
        self._depth.change(self._now, -1)
        self._running += 1
        worker.free -= 1
        worker.running.add(job)
        self._started_s[job] = self._now
        self._runs[job] += 1
        self._later(self._service_s[job], self._finish, worker, job, self._runs[job])

    def _finish(self, worker: Worker, job: int, run: int) -> None:
        if self._runs[job] != run or job not in worker.running:
            return  # that run was cut short
        self._end_run(worker, job)
        self._finished_s[job] = self._now
        self._left -= 1
        self._admit_next(self._user[job])
        worker.free += 1
        if worker.state == "ready":
            self._take(worker)
        elif worker.state == "draining" and not worker.running:
            self._remove(worker)

    def _end_run(self, worker: Worker, job: int) -> None:
        worker.running.discard(job)
        self._running -= 1
        self._busy_s += max(min(self._now, self._until_s) - min(self._started_s[job], self._until_s), 0)

    def _admit_next(self, user: int) -> None:
        held = self._held.get(user)
        if held:
            self._deliver(held.popleft())
            if not held:
                del self._held[user]
        elif self._admitted[user] == 1:
            del self._admitted[user]
        else:
            self._admitted[user] -= 1

    def _again(self, job: int) -> None:
        self._depth.change(self._now, 1)
        self._deliver(job)

    def _cut_short(self, worker: Worker, again_s: float) -> int:
        """Every run of this worker ends here; its jobs wait again some time later."""
        cut = sorted(worker.running)
        for job in cut:
            self._end_run(worker, job)
            self._later(again_s, self._again, job)
        return len(cut)

    # --- workers ---

    def _launch(self, *, boot_s: float) -> None:
        spot = sum(one.spot for one in self._active) < self._fleet.spot_share * (len(self._active) + 1) - 1e-9
        worker = Worker(self._now, spot, self._fleet.slots)
        self._active.append(worker)
        self._lives.append(worker)
        if boot_s:
            self._later(boot_s, self._ready, worker)
        else:
            self._ready(worker)
        if spot:
            self._at_rate(self._fleet.interruptions_per_day, self._interrupt, worker)

    def _ready(self, worker: Worker) -> None:
        if worker.state != "booting":
            return
        worker.state = "ready"
        worker.ready_s = self._now if worker.ready_s is None else worker.ready_s
        worker.free = worker.slots
        for _ in range(worker.slots):
            self._take(worker)
        self._at_rate(self._fleet.crashes_per_day, self._crash, worker)

    def _drain(self, worker: Worker) -> None:
        """Take no more, finish what runs."""
        self._active.remove(worker)
        worker.state = "draining"
        if not worker.running:
            self._remove(worker)

    def _remove(self, worker: Worker) -> None:
        worker.state = "gone"
        worker.gone_s = self._now

    def _interrupt(self, worker: Worker) -> None:
        """The two-minute notice of a spot machine."""
        if worker.state not in ("booting", "ready"):
            return
        worker.state = "interrupted"
        self._later(self._fleet.notice_s, self._reclaim, worker)

    def _reclaim(self, worker: Worker) -> None:
        self._handed_back += self._cut_short(worker, self._fleet.sweep_s)
        if worker in self._active:  # unless the rule has taken it away meanwhile
            self._active.remove(worker)
            self._remove(worker)
            self._launch(boot_s=self._fleet.boot_s)
        elif worker.state != "gone":
            self._remove(worker)

    def _crash(self, worker: Worker) -> None:
        """The process dies; the machine stays and starts it again."""
        if worker.state != "ready":
            return
        self._lost_runs += self._cut_short(worker, self._fleet.lease_s)
        worker.state = "booting"
        # other readers' places in the queue of blocked ones stay
        self._idle = deque(one for one in self._idle if one is not worker)
        self._later(self._fleet.restart_s, self._ready, worker)

    # --- metrics and scaling ---

    def _close_period(self) -> None:
        oldest = [self._arrive_s[stream[0]] for stream in self._streams.values() if stream]
        seen = Observation(
            at_s=self._now,
            mean_queued=self._depth.close(self._now),
            queued=self._depth.jobs,
            running=self._running,
            oldest_s=self._now - min(oldest) if oldest else 0.0,
        )
        self._recent.append(seen)
        self._scale(self._rule.wanted(tuple(self._recent), len(self._active), self._changed_at_s))
        states = [worker.state for worker in self._active]
        if self._now <= self._until_s:
            ready, booting = states.count("ready"), states.count("booting")
            self._minutes.append(Minute(self._now, seen.mean_queued, self._running, ready, booting))
        self._later(PERIOD_S, self._close_period)

    def _scale(self, wanted: int) -> None:
        more = wanted - len(self._active)
        if more:
            self._changed_at_s = self._now
        for _ in range(more):
            self._launch(boot_s=self._fleet.boot_s)
        for _ in range(-more):
            # those that boot have nothing to lose; then those with the least at work
            self._drain(min(self._active, key=lambda one: (one.state == "ready", len(one.running))))

    # --- time ---

    def _later(self, delay_s: float, act: Callable[..., None], *arguments: object) -> None:
        self._sequence += 1
        heapq.heappush(self._events, (self._now + delay_s, self._sequence, act, arguments))

    def _at_rate(self, per_day: float, act: Callable[..., None], worker: Worker) -> None:
        if per_day > 0:
            self._later(float(self._rng.exponential(DAY_S / per_day)), act, worker)

    def _outcome(self) -> Outcome:
        return Outcome(
            started_s=np.array(self._started_s),
            finished_s=np.array(self._finished_s),
            runs=np.array(self._runs, dtype=np.int64),
            minutes=tuple(self._minutes),
            workers=tuple(
                WorkerLife(one.spot, one.launched_s, one.ready_s, one.gone_s) for one in self._lives
            ),
            longest_queue=self._depth.longest,
            busy_s=self._busy_s,
            handed_back=self._handed_back,
            lost_runs=self._lost_runs,
        )


def simulate(
    jobs: Jobs, fleet: FleetSettings, rule: Rule, *, until_s: float, rng: np.random.Generator
) -> Outcome:
    """Serve all jobs. `until_s`: the time that workers are counted for; jobs may end later."""
    return Simulation(jobs, fleet, rule, until_s=until_s, rng=rng).run()
