"""TensorFlow Lite pose networks into ONNX: any batch size, only the outputs we use, half-precision weights.

The source networks are NHWC; inside, ONNX convolutions are NCHW. The input stays (batch, height, width, 3)
and 4-dimensional outputs leave as (batch, height, width, channels). Covers the operators these networks have
and refuses any other by name.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ascension.vision.tflite_file import Graph, Operator

OPSET: Final = 17
_SAME_PADDING: Final = 0
_NHWC_TO_NCHW: Final = (0, 3, 1, 2)
_NCHW_TO_NHWC: Final = (0, 2, 3, 1)
_PICTURE_DIMENSIONS: Final = 4
_SMALLEST_HALVED: Final = 256
"""Below so many numbers a constant is not worth the extra node."""


_Attribute = Any
"""What an ONNX node takes as an attribute: a number, a text or a list of numbers."""


@dataclass
class _Writer:
    """The ONNX graph while it grows."""

    graph: Graph
    nodes: list[onnx.NodeProto] = field(default_factory=list[onnx.NodeProto])
    constants: dict[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])

    def value(self, tensor: int) -> str:
        """The ONNX name of a source tensor; constants are written out on first use."""
        if tensor not in self.graph.constants:
            return f"t{tensor}"
        values = self.graph.constants[tensor]
        return self.constant(
            f"k{tensor}", values.transpose(_NHWC_TO_NCHW) if values.ndim == _PICTURE_DIMENSIONS else values
        )

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants[name] = np.ascontiguousarray(values)
        return name

    def shape(self, tensor: int) -> tuple[int, ...]:
        return self.graph.tensors[tensor].shape

    def emit(self, kind: str, inputs: list[str], output: str, **attributes: _Attribute) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def emit_activated(
        self, operator: Operator, kind: str, inputs: list[str], **attributes: _Attribute
    ) -> None:
        output = self.value(operator.output)
        if operator.activation == "none":
            self.emit(kind, inputs, output, **attributes)
            return
        plain = self.emit(kind, inputs, f"{output}_plain", **attributes)
        if operator.activation == "relu":
            self.emit("Relu", [plain], output)
        else:
            low, high = (
                self.constant("zero", np.array(0, np.float32)),
                self.constant("six", np.array(6, np.float32)),
            )
            self.emit("Clip", [plain, low, high], output)


def convert(graph: Graph, outputs: dict[str, str]) -> onnx.ModelProto:
    """Rewrite `graph`, keeping the outputs named in `outputs` (source name -> new name).

    ValueError for an operator or a layout that the pose networks do not have.
    """
    writer = _Writer(graph)
    height, width, channels = writer.shape(graph.input)[1:]
    writer.emit("Transpose", ["input"], writer.value(graph.input), perm=_NHWC_TO_NCHW)
    for operator in graph.operators:
        rewrite = _REWRITES.get(operator.kind)
        if rewrite is None:
            raise ValueError(f"the operator {operator.kind} is not known to the converter")
        rewrite(writer, operator)
    results = [_emit_output(writer, tensor, outputs) for tensor in graph.outputs]
    kept = [result for result in results if result is not None]
    if len(kept) != len(outputs):
        raise ValueError(f"the network does not have all of the outputs {sorted(outputs)}")
    _drop_unused(writer, {result.name for result in kept})
    weights = _halve_weights(writer)
    source = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", height, width, channels])
    return helper.make_model(
        helper.make_graph(writer.nodes, "pose", [source], kept, weights),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=9,
        producer_name="ascension",
    )


def _same_or_valid(
    writer: _Writer, operator: Operator, kernel: tuple[int, int], dilation: tuple[int, int]
) -> dict[str, Any]:
    """Strides and padding. The source's SAME puts the odd row or column at the end."""
    options = operator.options
    strides = (options["stride_h"], options["stride_w"])
    before, after = [0, 0], [0, 0]
    if options["padding"] == _SAME_PADDING:
        for axis, size in enumerate(writer.shape(operator.inputs[0])[1:3]):
            covered = (math.ceil(size / strides[axis]) - 1) * strides[axis]
            missing = max(covered + (kernel[axis] - 1) * dilation[axis] + 1 - size, 0)
            before[axis], after[axis] = missing // 2, missing - missing // 2
    return {"strides": strides, "pads": (*before, *after), "kernel_shape": kernel}


def _convolution(writer: _Writer, operator: Operator) -> None:
    source, kernel_tensor, bias = operator.inputs
    kernel = writer.graph.constants[kernel_tensor]
    depthwise = operator.kind == "DEPTHWISE_CONV_2D"
    dilation = (operator.options["dilation_h"], operator.options["dilation_w"])
    placement = _same_or_valid(writer, operator, (kernel.shape[1], kernel.shape[2]), dilation)
    # depthwise kernels are (1, h, w, channels), others (out, h, w, in)
    weights = writer.constant(
        f"w{kernel_tensor}", kernel.transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
    )
    group = writer.shape(source)[3] if depthwise else 1
    inputs = [writer.value(source), weights, writer.value(bias)]
    writer.emit_activated(operator, "Conv", inputs, dilations=dilation, group=group, **placement)


def _add(writer: _Writer, operator: Operator) -> None:
    writer.emit_activated(operator, "Add", [writer.value(tensor) for tensor in operator.inputs])


def _pad(writer: _Writer, operator: Operator) -> None:
    source, widths = operator.inputs
    before_after = writer.graph.constants[widths].reshape(-1, 2)[list(_NHWC_TO_NCHW)].T
    pads = writer.constant(f"p{widths}", before_after.reshape(-1).astype(np.int64))
    writer.emit("Pad", [writer.value(source), pads], writer.value(operator.output))


def _max_pool(writer: _Writer, operator: Operator) -> None:
    kernel = (operator.options["filter_h"], operator.options["filter_w"])
    placement = _same_or_valid(writer, operator, kernel, (1, 1))
    writer.emit("MaxPool", [writer.value(operator.inputs[0])], writer.value(operator.output), **placement)


def _resize(writer: _Writer, operator: Operator) -> None:
    mode = "asymmetric"
    if operator.options["align_corners"]:
        mode = "align_corners"
    elif operator.options["half_pixel_centers"]:
        mode = "half_pixel"
    source = writer.shape(operator.inputs[0])
    target = writer.shape(operator.output)
    factors = np.array([1, 1, target[1] / source[1], target[2] / source[2]], np.float32)
    scales = writer.constant(f"s{operator.output}", factors)
    writer.emit(
        "Resize",
        [writer.value(operator.inputs[0]), "", scales],
        writer.value(operator.output),
        mode="linear",
        coordinate_transformation_mode=mode,
    )


def _depth_to_space(writer: _Writer, operator: Operator) -> None:
    writer.emit(
        "DepthToSpace",
        [writer.value(operator.inputs[0])],
        writer.value(operator.output),
        blocksize=operator.options["block_size"],
        mode="DCR",
    )


def _reshape(writer: _Writer, operator: Operator) -> None:
    target = writer.shape(operator.output)
    if len(target) == _PICTURE_DIMENSIONS:
        raise ValueError("the converter does not reshape into a picture")
    source = writer.value(operator.inputs[0])
    if len(writer.shape(operator.inputs[0])) == _PICTURE_DIMENSIONS:
        source = writer.emit(
            "Transpose", [source], f"{writer.value(operator.output)}_nhwc", perm=_NCHW_TO_NHWC
        )
    batch_kept = np.array([0, *target[1:]], np.int64)  # 0: the size of the input's axis
    shape = writer.constant(f"r{operator.output}", batch_kept)
    writer.emit("Reshape", [source, shape], writer.value(operator.output))


def _concatenation(writer: _Writer, operator: Operator) -> None:
    if len(writer.shape(operator.output)) == _PICTURE_DIMENSIONS:
        raise ValueError("the converter does not join pictures")
    inputs = [writer.value(tensor) for tensor in operator.inputs]
    writer.emit("Concat", inputs, writer.value(operator.output), axis=operator.options["axis"])


def _logistic(writer: _Writer, operator: Operator) -> None:
    writer.emit("Sigmoid", [writer.value(operator.inputs[0])], writer.value(operator.output))


_REWRITES: Final[dict[str, Callable[[_Writer, Operator], None]]] = {
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "ADD": _add,
    "PAD": _pad,
    "MAX_POOL_2D": _max_pool,
    "RESIZE_BILINEAR": _resize,
    "DEPTH_TO_SPACE": _depth_to_space,
    "RESHAPE": _reshape,
    "CONCATENATION": _concatenation,
    "LOGISTIC": _logistic,
}


def _emit_output(writer: _Writer, tensor: int, outputs: dict[str, str]) -> onnx.ValueInfoProto | None:
    name = outputs.get(writer.graph.tensors[tensor].name)
    if name is None:
        return None
    shape = writer.shape(tensor)
    if len(shape) == _PICTURE_DIMENSIONS:
        writer.emit("Transpose", [writer.value(tensor)], name, perm=_NCHW_TO_NHWC)
    else:
        writer.emit("Identity", [writer.value(tensor)], name)
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape[1:]])


def _drop_unused(writer: _Writer, needed: set[str]) -> None:
    kept: list[onnx.NodeProto] = []
    for node in reversed(writer.nodes):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    writer.nodes = kept[::-1]
    writer.constants = {name: values for name, values in writer.constants.items() if name in needed}


def _halve_weights(writer: _Writer) -> list[onnx.TensorProto]:
    """Store a constant in half precision where that loses nothing; the runtime widens it once, on loading."""
    tensors: list[onnx.TensorProto] = []
    casts: list[onnx.NodeProto] = []
    for name, values in writer.constants.items():
        if values.dtype == np.float32 and values.size >= _SMALLEST_HALVED:
            halved = values.astype(np.float16)
            if np.array_equal(halved.astype(np.float32), values):
                tensors.append(numpy_helper.from_array(halved, f"{name}_half"))
                casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
                continue
        tensors.append(numpy_helper.from_array(values, name))
    writer.nodes = casts + writer.nodes
    return tensors
