"""The rows of the table, and what their rounds brought."""

from dataclasses import dataclass, field
from itertools import product
from statistics import median
from typing import Final

from ascension.vision.networks import Backend
from ascension.vision.weights import POSE, ModelName
from benches.vision.accuracy import Accuracy

Figures = dict[str, float]
"""As a measuring process prints them: frames, wall_s, cpu_s, decode_*, model_*, peak_mb."""

CORES: Final = (1, 2)
STRIDES: Final = (1, 2)
BACKENDS: Final[tuple[Backend, ...]] = ("openvino", "onnx-cpu")


@dataclass(frozen=True)
class Row:
    """One way to analyze a clip. `model` None is MediaPipe heavy, a backend of its own."""

    model: ModelName | None
    backend: Backend | None
    cores: int
    stride: int = 1

    def method(self) -> str:
        return self.model or "MediaPipe heavy"

    def __str__(self) -> str:
        return f"{self.method()}, {self.backend or 'own backend'}, stride {self.stride}, cores: {self.cores}"


@dataclass
class Measured:
    """All rounds of one row on one clip, and why rounds are missing."""

    clip: str
    row: Row
    rounds: list[Figures] = field(default_factory=list[Figures])
    accuracy: Accuracy | None = None
    failures: list[str] = field(default_factory=list[str])

    def median(self, name: str) -> float:
        return median(figures[name] for figures in self.rounds)

    def overhead(self, kind: str) -> float:
        """Whole analysis over decoding and inferences alone, of each round; `kind` is wall or cpu."""
        return median(
            one[f"{kind}_s"] / (one[f"decode_{kind}_s"] + one[f"model_{kind}_s"]) for one in self.rounds
        )

    def times_faster(self, other: "Measured", kind: str) -> float:
        """How many times the frames per second of `other`, round by round."""
        return median(
            theirs[f"{kind}_s"] / theirs["frames"] * ours["frames"] / ours[f"{kind}_s"]
            for ours, theirs in zip(self.rounds, other.rounds, strict=True)
        )


def rows(*, everything: bool) -> list[Row]:
    """MediaPipe on every number of cores, and every combination of ours, or those that are worth the time."""
    peers = [Row(None, None, cores) for cores in CORES]
    ours = [Row(*combination) for combination in product(POSE, BACKENDS, CORES, STRIDES)]
    return peers + [row for row in ours if everything or _is_telling(row)]


def _is_telling(row: Row) -> bool:
    """The default model on every frame in every way; a stride and the other models in the fastest way."""
    plain = (row.model == "heavy") + (row.stride == 1)
    fastest = (row.backend, row.cores) == (BACKENDS[0], CORES[-1])
    return plain == 2 or (plain == 1 and fastest)
