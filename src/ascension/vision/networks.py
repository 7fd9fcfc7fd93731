"""What runs the networks on this machine: OpenVINO or ONNX Runtime, on the CPU or a GPU, chosen once."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, Protocol

import numpy as np

from ascension.errors.setup import SetupError
from ascension.vision import memory, network_onnx
from ascension.vision.network_onnx import OnnxNetwork
from ascension.vision.region import Array32, Picture
from ascension.vision.weights import DETECTOR, Weights

Backend = Literal["openvino", "onnx-cpu", "onnx-cuda"]
BackendChoice = Literal["auto", "openvino", "onnx-cpu", "onnx-cuda"]

BACKENDS: Final[tuple[Backend, ...]] = ("onnx-cuda", "openvino", "onnx-cpu")
"""What `auto` tries, fastest first."""


class Network(Protocol):
    """One loaded network. Several threads may run it at once, as many as it was loaded for."""

    side_px: int

    def run(self, pictures: Picture) -> dict[str, Array32]:
        """All outputs by name, batch first, for (batch, side_px, side_px, 3) RGB pictures."""
        ...


@dataclass(frozen=True)
class Engine:
    """A backend that runs here. precision: of its arithmetic; reason: why it was chosen, a clause."""

    backend: Backend
    version: str
    precision: str
    reason: str

    def load(self, weights: Weights, *, batch: int = 1, workers: int = 1) -> Network:
        """The network, once per process, for `workers` threads that give up to `batch` pictures at a time.

        Raises SetupError when its file is missing or changed.
        """
        return _load(self.backend, weights, batch, workers)

    def describe(self) -> str:
        """For the result's header."""
        device = "cuda" if self.backend == "onnx-cuda" else "cpu"
        name = "openvino" if self.backend == "openvino" else "onnxruntime"
        return f"{name} {self.version}, {device}, {self.precision}"


@cache
def choose(choice: BackendChoice = "auto") -> Engine:
    """The engine that was asked for, or the fastest one that runs on this machine.

    Raises SetupError when the one asked for does not run here, with the reason.
    """
    if choice != "auto":
        return _tried(choice, "asked for")
    refusals: list[str] = []
    for backend in BACKENDS[:-1]:
        try:
            return _tried(backend, "; ".join(["the fastest that runs here", *refusals]))
        except SetupError as error:
            refusals.append(error.detail.rstrip("."))
    return _tried(BACKENDS[-1], "; ".join(["it runs everywhere", *refusals]))


def _tried(backend: Backend, reason: str) -> Engine:
    """SetupError unless a small network really runs."""
    if backend == "onnx-cuda" and not network_onnx.has_cuda():
        raise SetupError("onnx-cuda: the installed ONNX Runtime has no CUDA in it.")
    try:
        network = _load(backend, DETECTOR, 1, 1)
        network.run(np.zeros((1, network.side_px, network.side_px, 3), np.uint8))
        if backend == "openvino":
            from ascension.vision.network_openvino import VERSION, best_precision

            return Engine(backend, VERSION, best_precision(), reason)
    except (ImportError, RuntimeError) as error:
        words = str(error).strip().splitlines()[0]
        raise SetupError(f"{backend} does not run here: {words}") from error
    return Engine(backend, network_onnx.VERSION, "f32", reason)


@cache
def _load(backend: Backend, weights: Weights, batch: int, workers: int) -> Network:
    if backend == "openvino":
        from ascension.vision.network_openvino import OpenVinoNetwork, best_precision

        network = OpenVinoNetwork(weights, batch=batch, workers=workers, precision=best_precision())
        memory.give_back()
        return network
    return OnnxNetwork(weights, cuda=backend == "onnx-cuda")
