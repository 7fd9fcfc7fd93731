"""OpenVINO on the CPU: the typed boundary of the untyped `openvino` package."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportArgumentType=false

import queue
import sys
from functools import cache
from typing import Any, Final, cast

import numpy as np

# The package tells its maker of each import over the network, in its conversion tools. We do not need them.
_REPORTING: Final = "openvino.tools.ovc"
sys.modules[_REPORTING] = cast("Any", None)
import openvino  # noqa: E402
from openvino.preprocess import PrePostProcessor  # noqa: E402

from ascension.vision.region import Array32, Picture  # noqa: E402
from ascension.vision.weights import Weights  # noqa: E402

VERSION: Final = openvino.__version__.partition("-")[0]


@cache
def best_precision() -> str:
    """bf16 where the processor computes in it (AMX, AVX512-BF16), else f32.

    Raises RuntimeError when OpenVINO knows no way to use this processor.
    """
    abilities = cast("list[str]", openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    return "bf16" if "BF16" in abilities else "f32"


class OpenVinoNetwork:
    """One loaded network, for batches of up to `batch` pictures and `workers` callers at once, a core each.

    precision: of the arithmetic, "bf16" or "f32".
    Raises SetupError when the weights are missing or changed, RuntimeError when OpenVINO cannot use them.
    """

    def __init__(self, weights: Weights, *, batch: int, workers: int, precision: str) -> None:
        core = openvino.Core()
        model = core.read_model(weights.checked_path())
        self.side_px = int(model.input(0).partial_shape[1].get_length())
        self._batch = batch
        # sizes that are known when it is loaded make it faster
        model.reshape([batch, self.side_px, self.side_px, 3])
        compiled = core.compile_model(
            _from_bytes(model, weights.darkest),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": precision,
                "NUM_STREAMS": workers,
                "INFERENCE_NUM_THREADS": workers,
                "ENABLE_CPU_PINNING": False,  # other jobs share this machine
            },
        )
        self._outputs = [(output.get_any_name(), output) for output in compiled.outputs]
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(workers):
            self._idle.put(compiled.create_infer_request())

    def run(self, pictures: Picture) -> dict[str, Array32]:
        """All outputs by name for (at most `batch`, side_px, side_px, 3) RGB pictures; batch first."""
        count = len(pictures)
        if count < self._batch:
            filled = np.zeros((self._batch, *pictures.shape[1:]), np.uint8)
            filled[:count] = pictures
            pictures = filled
        request = self._idle.get()
        try:
            found = request.infer({0: pictures}, share_inputs=True)
            return {name: cast("Array32", found[output])[:count] for name, output in self._outputs}
        finally:
            self._idle.put(request)


def _from_bytes(model: Any, darkest: float) -> Any:
    """The same network for pictures of 0-255, scaled to what it was trained on inside of it."""
    wrapped = PrePostProcessor(model)
    pixels = wrapped.input()
    pixels.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    pixels.model().set_layout(openvino.Layout("NHWC"))
    steps = pixels.preprocess().convert_element_type(openvino.Type.f32)
    scale = 255 / (1 - darkest)
    steps.mean(-darkest * scale).scale(scale)
    return wrapped.build()
