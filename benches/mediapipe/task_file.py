"""Pack two TensorFlow Lite networks into the `.task` file that MediaPipe's PoseLandmarker opens.

`python task_file.py <detector.tflite> <landmarks.tflite> <out.task>`, in the peer's environment.

A task file is a zip, stored, with every member aligned. The npm package's networks lack one thing that
Tasks asks for: how pixels become numbers. The graphs of MediaPipe's legacy solution feed the detector -1 to 1
and the landmark network 0 to 1; that is written into the networks as metadata, with MediaPipe's own writer.
"""
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false

import sys
from pathlib import Path

from mediapipe.tasks.python.metadata.metadata_writers.metadata_writer import MetadataWriter
from mediapipe.tasks.python.metadata.metadata_writers.model_asset_bundle_utils import (
    create_model_asset_bundle,
)


def with_normalization(network: bytes, name: str, mean: float, deviation: float) -> bytes:
    """The network with metadata: input = (pixel - mean) / deviation."""
    writer = MetadataWriter.create(bytearray(network))
    written = writer.add_general_info(name).add_image_input([mean], [deviation]).populate()
    return bytes(written[0])


def main() -> None:
    detector, landmarks, task = (Path(argument) for argument in sys.argv[1:])
    half_made = task.with_suffix(".part")
    create_model_asset_bundle(
        {
            "pose_detector.tflite": with_normalization(detector.read_bytes(), "detector", 127.5, 127.5),
            "pose_landmarks_detector.tflite": with_normalization(
                landmarks.read_bytes(), "landmarks", 0.0, 255.0
            ),
        },
        str(half_made),
    )
    half_made.replace(task)


if __name__ == "__main__":
    main()
