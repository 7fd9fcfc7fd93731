"""Every backend gives what TensorFlow Lite gives for the source networks (see tflite_reference.py)."""

import importlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from ascension.biomechanics.conventions import MAIN_JOINTS
from ascension.errors.setup import SetupError
from ascension.vision import network_onnx, weights
from ascension.vision.network_onnx import OnnxNetwork
from ascension.vision.networks import BACKENDS, Backend, BackendChoice, Engine, Network, choose
from ascension.vision.pose import read_poses
from ascension.vision.region import Array32, Region
from ascension.vision.weights import Weights

REFERENCE = Path(__file__).parent / "data/tflite_reference.npz"
CELL_STEP = 8
WHOLE = [Region(128, 128, 256, 0)] * 2
"""Places in the crop, not in a frame."""


@pytest.fixture(scope="module", params=BACKENDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    backend: Backend = request.param
    if backend == "onnx-cuda" and not network_onnx.has_cuda():
        pytest.skip("no CUDA: the installed ONNX Runtime is the one for processors")
    return choose(backend)


def reference(name: str) -> Array32:
    return np.asarray(np.load(REFERENCE)[name])


def pictures(network: Network) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(np.load(REFERENCE)[f"pictures_{network.side_px}"], np.uint8)


def exact(backend: Backend, entry: Weights) -> Network:
    """In single precision, whatever the processor prefers."""
    if backend != "openvino":
        return OnnxNetwork(entry, cuda=backend == "onnx-cuda")
    openvino = importlib.import_module("ascension.vision.network_openvino")  # not every platform has it
    return openvino.OpenVinoNetwork(entry, batch=2, workers=1, precision="f32")


@pytest.mark.parametrize("entry", weights.ALL, ids=lambda entry: entry.name)
def test_the_conversion_loses_nothing(engine: Engine, entry: Weights) -> None:
    """Places within 0.01 px of the crop; logits of scores and heatmaps within 0.002."""
    network = exact(engine.backend, entry)
    said = network.run(pictures(network))
    for source, name in entry.outputs:
        found = said[name][:, ::CELL_STEP, ::CELL_STEP] if name == "heatmap" else said[name]
        tolerance = 0.01 if name in {"landmarks", "boxes"} else 0.002
        assert np.abs(found - reference(f"{entry.name}/{source}")).max() < tolerance


@pytest.mark.parametrize("model", ["heavy", "full", "lite"])
def test_the_precision_that_is_used_costs_little(engine: Engine, model: weights.ModelName) -> None:
    """Main joints after the heatmaps' correction, against single precision: pixels of a crop of 256."""
    entry = weights.POSE[model]
    network = engine.load(entry, batch=2)
    used = read_poses(network.run(pictures(network)), WHOLE, 256)
    plain = read_poses(exact("onnx-cpu", entry).run(pictures(network)), WHOLE, 256)
    for one, other in zip(used, plain, strict=True):
        apart_px = np.linalg.norm(one.landmarks_px - other.landmarks_px, axis=1)[list(MAIN_JOINTS)]
        assert apart_px.mean() < 1.5
        assert abs(one.confidence - other.confidence) < 0.03


def test_pictures_do_not_disturb_their_neighbors_in_a_batch(engine: Engine) -> None:
    """Batches that are full and batches that are not, of several threads at once: the same numbers."""
    network = engine.load(weights.POSE["lite"], batch=4, workers=2)
    first, second = pictures(network)
    batches = [np.stack(one) for one in ([first, second, second, first], [second], [second, first, first])]
    alone = network.run(first[None])
    with ThreadPoolExecutor(2) as executor:
        four, one, three = executor.map(network.run, batches)
    assert [len(said["heatmap"]) for said in (four, one, three)] == [4, 1, 3]
    for name, values in alone.items():
        for said, place in ((four, 0), (four, 3), (three, 1), (three, 2)):
            assert said[name][place] == pytest.approx(values[0], abs=2e-2)
        assert np.abs(one[name] - values).max() > 2e-2 or name == "presence"


def test_the_engine_says_what_it_is(engine: Engine) -> None:
    name, device, precision = engine.describe().split(", ")
    assert name.split()[0] == ("openvino" if engine.backend == "openvino" else "onnxruntime")
    assert device == ("cuda" if engine.backend == "onnx-cuda" else "cpu")
    assert precision in ({"bf16", "f32"} if engine.backend == "openvino" else {"f32"})


def test_auto_takes_the_first_that_runs() -> None:
    runs: list[Backend] = []
    for backend in BACKENDS:
        try:
            runs.append(choose(backend).backend)
        except SetupError:
            continue
    assert choose("auto").backend == runs[0]
    assert set(get_args(BackendChoice)) == {"auto", *BACKENDS}


def test_a_backend_that_is_not_here_is_refused_with_the_reason() -> None:
    if network_onnx.has_cuda():
        pytest.skip("every backend is installed on this machine")
    with pytest.raises(SetupError, match="has no CUDA in it"):
        choose("onnx-cuda")
    assert "no CUDA" in choose("auto").reason


def test_nobody_is_told_that_the_networks_run() -> None:
    """OpenVINO's package reports its use over the network, unless it is kept from it."""
    program = """
import json, sys
calls = []
sys.addaudithook(lambda event, args: calls.append(event) if event in WATCHED else None)
from ascension.vision import networks, weights
import numpy
network = networks.choose("openvino").load(weights.POSE["lite"])
network.run(numpy.zeros((1, 256, 256, 3), numpy.uint8))
print(json.dumps([calls, sorted(name for name in sys.modules if "telemetry" in name)]))
"""
    watched = {"socket.connect", "socket.getaddrinfo", "socket.__new__", "subprocess.Popen", "os.posix_spawn"}
    ran = subprocess.run(
        [sys.executable, "-c", f"WATCHED = {watched}\n{program}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(ran.stdout) == [[], []]


@pytest.mark.parametrize("loads", [True, False])
def test_onnx_runtime_tells_its_maker_nothing_once_the_product_is_loaded(tmp_path: Path, loads: bool) -> None:
    program = "import ascension, onnxruntime" if loads else "import onnxruntime"
    # what it would send, and a number for this machine, it keeps here
    kept_in = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env=kept_in, timeout=60, check=True)
    assert bool(list(tmp_path.rglob("*device*"))) is not loads
