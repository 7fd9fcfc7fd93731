"""ONNX Runtime, on the CPU or a GPU: the typed boundary of the untyped `onnxruntime` package."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from typing import Final, cast

import numpy as np
import onnxruntime

from ascension.errors.setup import SetupError
from ascension.vision.region import Array32, Picture
from ascension.vision.weights import Weights

VERSION: Final = onnxruntime.__version__
_CUDA: Final = "CUDAExecutionProvider"


def has_cuda() -> bool:
    """The GPU flavor of the package is installed; whether a GPU answers shows on loading."""
    return _CUDA in onnxruntime.get_available_providers()


class OnnxNetwork:
    """One loaded network in single precision; any batch size, any number of callers at once.

    Each call computes on its caller's thread: several callers use several cores better than one call does.
    Raises SetupError when the weights are missing or changed, or when no GPU answers where one is wanted.
    """

    def __init__(self, weights: Weights, *, cuda: bool) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = str(weights.checked_path())
        if cuda:
            onnxruntime.preload_dlls()
            # without TF32: the GPU gives the numbers that the CPU gives
            provider = (_CUDA, {"use_tf32": "0"})
            self._session = onnxruntime.InferenceSession(path, options, providers=[provider])
            if self._session.get_providers()[0] != _CUDA:
                raise SetupError("ONNX Runtime finds no usable GPU.")
        else:
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self._outputs: list[str] = [output.name for output in self._session.get_outputs()]
        self._darkest = np.float32(weights.darkest)
        self.side_px = int(self._session.get_inputs()[0].shape[1])

    def run(self, pictures: Picture) -> dict[str, Array32]:
        """All outputs by name for (batch, side_px, side_px, 3) RGB pictures; batch first."""
        scale = (1 - self._darkest) / np.float32(255)
        values = cast("list[Array32]", self._session.run(None, {"input": pictures * scale + self._darkest}))
        return dict(zip(self._outputs, values, strict=True))
