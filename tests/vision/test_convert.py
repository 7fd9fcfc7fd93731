"""The converter, operator by operator on networks built here, and the product's own networks."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from ascension.vision import weights
from ascension.vision.convert import convert
from ascension.vision.tflite_file import Constant, Graph, Operator, Tensor

Array = NDArray[np.float32]


def network(
    kind: str, shapes: Sequence[tuple[int, ...]], constants: dict[int, Constant], **options: int
) -> Graph:
    """Tensor 0 is the input, the last one the output, those between are constants."""
    return Graph(
        tensors=tuple(Tensor(f"tensor{index}", shape) for index, shape in enumerate(shapes)),
        constants=constants,
        operators=(Operator(kind, tuple(range(len(shapes) - 1)), len(shapes) - 1, options, "none"),),
        input=0,
        outputs=(len(shapes) - 1,),
    )


def run(graph: Graph, picture: Array) -> Array:
    model: onnx.ModelProto = convert(graph, {graph.tensors[-1].name: "out"})
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["out"], {"input": picture})[0], np.float32)


def picture(height: int, width: int, channels: int, batch: int = 2) -> Array:
    return np.random.default_rng(7).normal(size=(batch, height, width, channels)).astype(np.float32)


def convolved(source: Array, kernel: Array, stride: int) -> Array:
    """SAME convolution by its definition; kernel: (out, h, w, in)."""
    _, height, width, _ = source.shape
    out_height, out_width = -(-height // stride), -(-width // stride)
    missing = [
        (n - 1) * stride + k - s
        for n, k, s in ((out_height, kernel.shape[1], height), (out_width, kernel.shape[2], width))
    ]
    pads = [(max(m, 0) // 2, max(m, 0) - max(m, 0) // 2) for m in missing]
    padded = np.pad(source, ((0, 0), *pads, (0, 0)))
    result = np.zeros((len(source), out_height, out_width, len(kernel)), np.float32)
    for row in range(out_height):
        for column in range(out_width):
            window = padded[:, row * stride :, column * stride :][:, : kernel.shape[1], : kernel.shape[2]]
            result[:, row, column] = np.einsum("bhwc,ohwc->bo", window, kernel)
    return result


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("side", [6, 7])
def test_convolution_pads_like_the_source(stride: int, side: int) -> None:
    source = picture(side, side, 3)
    kernel = picture(3, 3, 3, batch=4)
    bias = np.arange(4, dtype=np.float32)
    out = -(-side // stride)
    graph = network(
        "CONV_2D",
        [source.shape, kernel.shape, (4,), (1, out, out, 4)],
        {1: kernel, 2: bias},
        padding=0,
        stride_h=stride,
        stride_w=stride,
        dilation_h=1,
        dilation_w=1,
    )
    assert run(graph, source) == pytest.approx(convolved(source, kernel, stride) + bias, abs=1e-4)


def test_depthwise_convolution_keeps_channels_apart() -> None:
    source = picture(5, 5, 3)
    kernel = picture(3, 3, 3, batch=1)
    graph = network(
        "DEPTHWISE_CONV_2D",
        [source.shape, kernel.shape, (3,), (1, 5, 5, 3)],
        {1: kernel, 2: np.zeros(3, np.float32)},
        padding=0,
        stride_h=1,
        stride_w=1,
        dilation_h=1,
        dilation_w=1,
    )
    each = [convolved(source[..., c : c + 1], kernel[..., c : c + 1], 1) for c in range(3)]
    assert run(graph, source) == pytest.approx(np.concatenate(each, axis=3), abs=1e-4)


def test_depth_to_space_and_padding() -> None:
    source = picture(2, 3, 8)
    spread = run(network("DEPTH_TO_SPACE", [source.shape, (1, 4, 6, 2)], {}, block_size=2), source)
    expected = source.reshape(2, 2, 3, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(2, 4, 6, 2)
    assert np.array_equal(spread, expected)
    widths = np.array([[0, 0], [0, 1], [2, 0], [0, 3]], np.int32)
    padded = run(network("PAD", [source.shape, (4, 2), (1, 3, 5, 11)], {1: widths}), source)
    assert np.array_equal(padded, np.pad(source, widths))


def test_an_unknown_operator_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="SOFTMAX"):
        convert(network("SOFTMAX", [(1, 2, 2, 1), (1, 2, 2, 1)], {}), {"tensor1": "out"})


def test_an_output_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="outputs"):
        convert(network("LOGISTIC", [(1, 2, 2, 1), (1, 2, 2, 1)], {}), {"other": "out"})


@pytest.mark.parametrize("entry", weights.ALL, ids=lambda entry: entry.name)
def test_the_networks_are_the_pinned_files(entry: weights.Weights) -> None:
    assert entry.checked_path().stat().st_size == entry.onnx_bytes
    assert entry.license == "Apache-2.0"
