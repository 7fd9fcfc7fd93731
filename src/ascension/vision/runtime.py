"""ONNX Runtime on the CPU: the typed boundary of the untyped `onnxruntime` package."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from functools import cache
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ascension.vision.weights import Weights

Array32 = NDArray[np.float32]


class Network:
    """One loaded network. Input: (batch, height, width, 3); outputs by name, batch first."""

    def __init__(self, weights: Weights, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # waiting threads sleep: other jobs share this machine
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(weights.checked_path()), options, providers=["CPUExecutionProvider"]
        )
        self._outputs: list[str] = [output.name for output in self._session.get_outputs()]
        self.side_px = int(self._session.get_inputs()[0].shape[1])

    def run(self, pictures: Array32) -> dict[str, Array32]:
        """All outputs for a batch of pictures."""
        values = cast("list[Array32]", self._session.run(None, {"input": pictures}))
        return dict(zip(self._outputs, values, strict=True))


@cache
def load(weights: Weights, threads: int) -> Network:
    """The network, loaded once per process. SetupError when its file is missing or changed."""
    return Network(weights, threads)


def describe() -> str:
    """What runs the networks, for the result's header."""
    return f"onnxruntime {onnxruntime.__version__}, cpu"
