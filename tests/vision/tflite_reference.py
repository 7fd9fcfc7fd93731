"""What the source networks say when TensorFlow Lite itself runs them: writes data/tflite_reference.npz.

For the maintainer, in an environment of its own, since no test needs the interpreter:

    python3 -m venv /tmp/tflite && /tmp/tflite/bin/pip install ai-edge-litert==2.3.0 opencv-python-headless
    /tmp/tflite/bin/python tests/vision/tflite_reference.py
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "build/pose-weights/node_modules/@mediapipe/pose"
FILE: Final = Path(__file__).parent / "data/tflite_reference.npz"
SOURCES: Final = {
    "blazepose-detector": "pose_solution_packed_assets.data",
    "blazepose-heavy": "pose_landmark_heavy.tflite",
    "blazepose-full": "pose_landmark_full.tflite",
    "blazepose-lite": "pose_landmark_lite.tflite",
}
CELL_STEP: Final = 8
"""Of the heatmaps every eighth row and column is kept: the file stays small."""


def pictures(side_px: int) -> NDArray[np.uint8]:
    """(2, side, side, 3): the climber at two times, in the whole picture where it is for the detector."""
    found: list[NDArray[np.uint8]] = []
    clip = cv2.VideoCapture(str(ROOT / "examples/climb.mp4"))
    for place in (0, 200):
        clip.set(cv2.CAP_PROP_POS_FRAMES, place)
        _, picture = clip.read()
        square = np.asarray(cv2.copyMakeBorder(picture, 0, 0, 187, 187, cv2.BORDER_CONSTANT), np.uint8)
        if side_px == 256:
            top = 320 if place == 0 else 250
            square = square[top : top + 420, 260 : 260 + 420]
        small = cv2.resize(square[:, :, ::-1], (side_px, side_px), interpolation=cv2.INTER_AREA)
        found.append(np.asarray(small, np.uint8))
    return np.stack(found)


def outputs(source: Path, seen: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Everything the network says, by its source names, batch first."""
    interpreter: Any = importlib.import_module("ai_edge_litert.interpreter").Interpreter(str(source))
    interpreter.allocate_tensors()
    said: dict[str, list[NDArray[np.float32]]] = {}
    for picture in seen:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None])
        interpreter.invoke()
        for output in interpreter.get_output_details():
            said.setdefault(output["name"], []).append(interpreter.get_tensor(output["index"])[0].copy())
    return {name: np.stack(values) for name, values in said.items()}


def main() -> None:
    """Write the reference."""
    kept: dict[str, NDArray[np.generic]] = {"pictures_224": pictures(224), "pictures_256": pictures(256)}
    for name, source in SOURCES.items():
        if name == "blazepose-detector":
            seen = kept["pictures_224"].astype(np.float32) / np.float32(127.5) - 1
        else:
            seen = kept["pictures_256"].astype(np.float32) / np.float32(255)
        said = outputs(PACKAGE / source, seen)
        if "Identity_3" in said:
            said["Identity_3"] = said["Identity_3"][:, ::CELL_STEP, ::CELL_STEP]
            said = {key: said[key] for key in ("Identity", "Identity_1", "Identity_3")}
        kept.update({f"{name}/{key}": values for key, values in said.items()})
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(FILE, **kept)  # pyright: ignore[reportArgumentType]
    sys.stdout.write(json.dumps({key: list(values.shape) for key, values in kept.items()}) + "\n")


if __name__ == "__main__":
    main()
