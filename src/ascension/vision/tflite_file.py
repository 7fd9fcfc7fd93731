"""A TensorFlow Lite file as plain Python: the typed boundary of the untyped `tflite` package.

Written from the public schema (tensorflow/lite/schema/schema.fbs). Constants come out dense and in single
precision, whatever form the file stores them in (half precision behind DEQUANTIZE, sparse behind DENSIFY).
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import tflite
from numpy.typing import NDArray

_DTYPES: Final = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64, 9: np.int8}
_KINDS: Final = {code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)}
_ACTIVATIONS: Final = {0: "none", 1: "relu", 3: "relu6"}
_CONSTANT_STEPS: Final = ("DEQUANTIZE", "DENSIFY")

Constant = NDArray[np.float32] | NDArray[np.int32]


@dataclass(frozen=True)
class Tensor:
    """A place in the graph; height and width come before the channels."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Operator:
    """`options` holds the operator's numbers under the schema's names, in snake case."""

    kind: str
    inputs: tuple[int, ...]
    output: int
    options: dict[str, int]
    activation: str


@dataclass(frozen=True)
class Graph:
    """The whole network. Numbers in `constants`, `operators`, `input` and `outputs` index `tensors`."""

    tensors: tuple[Tensor, ...]
    constants: dict[int, Constant]
    operators: tuple[Operator, ...]
    input: int
    outputs: tuple[int, ...]


def read(data: bytes) -> Graph:
    """The first (only) graph of the file. ValueError for what the pose models do not use."""
    model: Any = tflite.Model.GetRootAsModel(data, 0)
    graph: Any = model.Subgraphs(0)
    tensors = tuple(
        Tensor(tensor.Name().decode(), tuple(tensor.Shape(axis) for axis in range(tensor.ShapeLength())))
        for tensor in (graph.Tensors(index) for index in range(graph.TensorsLength()))
    )
    constants = _stored_constants(model, graph)
    operators: list[Operator] = []
    for index in range(graph.OperatorsLength()):
        operator = _operator(model, graph.Operators(index))
        if operator.kind in _CONSTANT_STEPS:
            constants[operator.output] = constants[operator.inputs[0]]
        else:
            operators.append(operator)
    return Graph(
        tensors=tensors,
        constants={index: _single_precision(values) for index, values in constants.items()},
        operators=tuple(operators),
        input=graph.Inputs(0),
        outputs=tuple(graph.Outputs(index) for index in range(graph.OutputsLength())),
    )


def _single_precision(values: NDArray[Any]) -> Constant:
    if np.issubdtype(values.dtype, np.integer):
        return values.astype(np.int32)
    return values.astype(np.float32)


def _stored_constants(model: Any, graph: Any) -> dict[int, NDArray[Any]]:
    constants: dict[int, NDArray[Any]] = {}
    for index in range(graph.TensorsLength()):
        tensor = graph.Tensors(index)
        buffer = model.Buffers(tensor.Buffer())
        if not buffer.DataLength():
            continue
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), _DTYPES[tensor.Type()])
        shape = [tensor.Shape(axis) for axis in range(tensor.ShapeLength())]
        sparsity = tensor.Sparsity()
        constants[index] = values.reshape(shape) if sparsity is None else _dense(sparsity, shape, values)
    return constants


def _dense(sparsity: Any, shape: list[int], values: NDArray[Any]) -> NDArray[Any]:
    """Undo the schema's SparsityParameters: walk the levels in storage order, one stored value per leaf."""
    order = [sparsity.TraversalOrder(level) for level in range(sparsity.TraversalOrderLength())]
    blocked = [sparsity.BlockMap(block) for block in range(sparsity.BlockMapLength())]
    levels = [_level(sparsity.DimMetadata(level)) for level in range(len(order))]
    coordinates = _leaf_coordinates(levels)
    if len(coordinates) != len(values):
        raise ValueError("a sparse constant holds another number of values than its index")
    places = np.zeros((len(values), len(shape)), np.int64)
    for level, dimension in enumerate(order):
        if dimension < len(shape):
            block_level = len(shape) + blocked.index(dimension) if dimension in blocked else None
            block_size = levels[block_level][0] if block_level is not None else 1
            places[:, dimension] += coordinates[:, level] * block_size
        else:
            places[:, blocked[dimension - len(shape)]] += coordinates[:, level]
    dense = np.zeros(shape, values.dtype)
    dense[tuple(places.T)] = values
    return dense


_Level = tuple[int, NDArray[np.int64] | None, NDArray[np.int64] | None]
"""Dense size, or the segments and indices of a compressed level."""


def _level(metadata: Any) -> _Level:
    if metadata.Format() == tflite.DimensionType.DENSE:
        return metadata.DenseSize(), None, None
    return 0, _index_vector(metadata, "Segments"), _index_vector(metadata, "Indices")


def _index_vector(metadata: Any, field: str) -> NDArray[np.int64]:
    kinds = {
        tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
        tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
        tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
    }
    vector = kinds[getattr(metadata, f"Array{field}Type")()]()
    table = getattr(metadata, f"Array{field}")()
    vector.Init(table.Bytes, table.Pos)
    return np.array([vector.Values(index) for index in range(vector.ValuesLength())], np.int64)


def _leaf_coordinates(levels: list[_Level]) -> NDArray[np.int64]:
    """(stored values, levels): the index of every stored value on every level, in storage order."""
    coordinates = np.zeros((1, 0), np.int64)
    positions = np.zeros(1, np.int64)
    for size, segments, indices in levels:
        if segments is None or indices is None:
            parents = np.repeat(np.arange(len(positions)), size)
            own = np.tile(np.arange(size), len(positions))
            positions = positions[parents] * size + own
        else:
            counts = segments[positions + 1] - segments[positions]
            parents = np.repeat(np.arange(len(positions)), counts)
            within = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
            positions = segments[positions][parents] + within
            own = indices[positions]
        coordinates = np.concatenate([coordinates[parents], own[:, None]], axis=1)
    return coordinates


def _operator(model: Any, operator: Any) -> Operator:
    code = model.OperatorCodes(operator.OpcodeIndex())
    kind = _KINDS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
    options, activation = _options(kind, operator)
    return Operator(
        kind=kind,
        inputs=tuple(operator.Inputs(index) for index in range(operator.InputsLength())),
        output=operator.Outputs(0),
        options=options,
        activation=activation,
    )


_OPTIONS: Final[dict[str, tuple[Callable[[], Any], dict[str, str]]]] = {
    "CONV_2D": (
        tflite.Conv2DOptions,
        {
            "padding": "Padding",
            "stride_h": "StrideH",
            "stride_w": "StrideW",
            "dilation_h": "DilationHFactor",
            "dilation_w": "DilationWFactor",
        },
    ),
    "DEPTHWISE_CONV_2D": (
        tflite.DepthwiseConv2DOptions,
        {
            "padding": "Padding",
            "stride_h": "StrideH",
            "stride_w": "StrideW",
            "dilation_h": "DilationHFactor",
            "dilation_w": "DilationWFactor",
        },
    ),
    "MAX_POOL_2D": (
        tflite.Pool2DOptions,
        {
            "padding": "Padding",
            "stride_h": "StrideH",
            "stride_w": "StrideW",
            "filter_h": "FilterHeight",
            "filter_w": "FilterWidth",
        },
    ),
    "ADD": (tflite.AddOptions, {}),
    "CONCATENATION": (tflite.ConcatenationOptions, {"axis": "Axis"}),
    "DEPTH_TO_SPACE": (tflite.DepthToSpaceOptions, {"block_size": "BlockSize"}),
    "RESIZE_BILINEAR": (
        tflite.ResizeBilinearOptions,
        {"align_corners": "AlignCorners", "half_pixel_centers": "HalfPixelCenters"},
    ),
}


def _options(kind: str, operator: Any) -> tuple[dict[str, int], str]:
    if kind not in _OPTIONS:
        return {}, "none"
    make, fields = _OPTIONS[kind]
    options = make()
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    activation = getattr(options, "FusedActivationFunction", lambda: 0)()
    return {name: int(getattr(options, method)()) for name, method in fields.items()}, _ACTIVATIONS[
        activation
    ]
