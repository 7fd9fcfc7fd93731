"""What is thrown, at what second, at whom: worked out from the seed before anything starts."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tests.chaos.proxy import CUTS, Mode

Kind = Literal[
    "kill worker",
    "kill child",
    "kill api",
    "kill postgres",
    "kill valkey",
    "kill s3",
    "freeze worker",
    "freeze api",
    "freeze postgres",
    "freeze valkey",
    "freeze s3",
    "stop worker",
    "stop api",
    "restart postgres",
    "restart valkey",
    "restart s3",
    "flush valkey",
    "deliver twice",
    "full disk scratch",
    "full disk postgres",
    "full disk valkey",
    "full disk s3",
    "clock of a worker",
    "clock of an api",
    "cut off",
    "cut off for all",
]
ENGINES = ("postgres", "valkey", "s3")

# How often each kind comes in a long run, beside the once that every kind comes in any run.
WEIGHTS: dict[Kind, int] = {
    "kill worker": 6,
    "kill child": 4,
    "kill api": 3,
    "kill postgres": 2,
    "kill valkey": 2,
    "kill s3": 2,
    "freeze worker": 4,
    "freeze api": 2,
    "freeze postgres": 2,
    "freeze valkey": 2,
    "freeze s3": 2,
    "stop worker": 3,
    "stop api": 2,
    "restart postgres": 1,
    "restart valkey": 2,
    "restart s3": 1,
    "flush valkey": 4,
    "deliver twice": 2,
    "full disk scratch": 2,
    "full disk postgres": 1,
    "full disk valkey": 1,
    "full disk s3": 1,
    "clock of a worker": 2,
    "clock of an api": 2,
}
OF_ALL_IN_LONG: tuple[tuple[str, Mode, float], ...] = (
    ("postgres", "swallow", 90),
    ("valkey", "refuse", 45),
    ("s3", "half-open", 45),
)
OF_ALL_IN_SHORT: tuple[tuple[str, Mode, float], ...] = (("postgres", "swallow", 8),)
HOUR_S = 3600


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong and is mended `length_s` later. `target`: a process, an engine, or all."""

    kind: Kind
    at_s: float
    length_s: float
    target: str
    mode: Mode = "pass"
    engine: str = ""
    step_s: int = 0


@dataclass(frozen=True)
class Shape:
    """How large a run is."""

    seconds: float
    workers: int = 3
    apis: int = 2
    freeze_s: tuple[float, float] = (3, 15)
    away_s: tuple[float, float] = (0.5, 5)
    disk_s: tuple[float, float] = (6, 12)
    clock_s: tuple[float, float] = (8, 15)
    cut_s: tuple[float, float] = (30, 90)
    settle_s: float = 5
    compute_s: tuple[float, float] = (0.05, 0.8)
    """How long a cheap clip is computed."""
    kinds: tuple[Kind, ...] = get_args(Kind)
    of_all: tuple[tuple[str, Mode, float], ...] = OF_ALL_IN_LONG

    @property
    def worker_seats(self) -> list[str]:
        return [f"worker {number}" for number in range(1, self.workers + 1)]

    @property
    def api_seats(self) -> list[str]:
        return [f"api {number}" for number in range(1, self.apis + 1)]


SHORT = Shape(
    seconds=100,
    freeze_s=(2, 7),
    away_s=(0.2, 1.5),
    disk_s=(3, 4),
    clock_s=(3, 4),
    cut_s=(3, 7),
    settle_s=1,
    of_all=OF_ALL_IN_SHORT,
)

KILLS = Shape(
    seconds=20,
    workers=2,
    away_s=(0.2, 1),
    settle_s=1,
    compute_s=(0.5, 2),  # so that there is work under way, whenever a kill comes
    kinds=("kill worker", "kill child", "kill api", "kill postgres", "kill valkey", "kill s3"),
    of_all=(),
)


def make_plan(seed: int, shape: Shape, impossible: Sequence[Kind] = ()) -> list[Fault]:
    """Every possible kind of the shape at least once, in an order of the seed's, until the time is full.

    Faults of single processes and engines follow each other; beside them, one worker and one API at a time
    are cut off from one engine. What cuts everybody off stands alone.
    """
    dice = random.Random(seed)
    kinds: list[Kind] = [kind for kind in WEIGHTS if kind in shape.kinds and kind not in impossible]
    once: list[Kind | tuple[str, Mode, float]] = [*kinds, *shape.of_all]
    dice.shuffle(once)
    more: list[Kind] = [kind for kind in kinds for _ in range(WEIGHTS[kind])]
    main: list[Fault] = []
    now_s = shape.settle_s
    while once or now_s < shape.seconds:
        chosen = once.pop() if once else dice.choice(more)
        fault = _of_all(chosen, now_s) if isinstance(chosen, tuple) else _fault(dice, chosen, now_s, shape)
        main.append(fault)
        now_s += fault.length_s + shape.settle_s
    beside = _cuts(dice, main, now_s, shape) if "cut off" in shape.kinds else []
    return sorted([*main, *beside], key=lambda fault: fault.at_s)


def _of_all(chosen: tuple[str, Mode, float], at_s: float) -> Fault:
    engine, mode, length_s = chosen
    return Fault("cut off for all", at_s, length_s, "all", mode, engine)


def _fault(dice: random.Random, kind: Kind, at_s: float, shape: Shape) -> Fault:
    verb, _, rest = kind.partition(" ")
    length_s = dice.uniform(*shape.away_s)
    if verb == "freeze":
        length_s = dice.uniform(*shape.freeze_s)
    elif verb == "full":
        length_s = dice.uniform(*shape.disk_s)
    elif verb == "clock":
        length_s = dice.uniform(*shape.clock_s)
    elif kind in ("kill child", "flush valkey", "deliver twice"):
        length_s = 0
    target = rest.removeprefix("disk ")
    # whose clock or disk can be changed
    if verb == "clock":
        target = shape.api_seats[-1] if rest.endswith("api") else shape.worker_seats[0]
    elif rest in ("worker", "child"):
        target = dice.choice(shape.worker_seats)
    elif rest == "api":
        target = dice.choice(shape.api_seats)
    elif kind == "full disk scratch":
        target = shape.worker_seats[-1]
    step_s = dice.choice((-HOUR_S, HOUR_S)) if verb == "clock" else 0
    return Fault(kind, round(at_s, 2), round(length_s, 2), target, step_s=step_s)


def _cuts(dice: random.Random, main: list[Fault], until_s: float, shape: Shape) -> list[Fault]:
    """One worker and one API at a time, every engine in every mode in turn; none while all are cut off."""
    alone = [(fault.at_s, fault.at_s + fault.length_s) for fault in main if fault.target == "all"]
    engines, modes = dice.sample(ENGINES, len(ENGINES)), dice.sample(CUTS, len(CUTS))
    free_s = {tuple(seats): shape.settle_s for seats in (shape.worker_seats, shape.api_seats)}
    found: list[Fault] = []
    while True:
        seats = min(free_s, key=lambda row: free_s[row])
        at_s, length_s = free_s[seats], dice.uniform(*shape.cut_s)
        for begin_s, end_s in alone:
            if at_s < end_s + shape.settle_s and at_s + length_s > begin_s - shape.settle_s:
                at_s = end_s + shape.settle_s
        if at_s + length_s > until_s:
            return found
        # three engines and five modes: fifteen in a row are fifteen different ones
        engine, mode = engines[len(found) % len(engines)], modes[len(found) % len(modes)]
        found.append(Fault("cut off", round(at_s, 2), round(length_s, 2), dice.choice(seats), mode, engine))
        free_s[seats] = at_s + length_s + shape.settle_s
