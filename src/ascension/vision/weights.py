"""The one table of model weights: where each file comes from, its license, its hash, its size."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ascension.errors.setup import SetupError

ModelName = Literal["heavy", "full", "lite"]

FOLDER: Final = Path(__file__).parent / "models"
PACKAGE: Final = "@mediapipe/pose"
"""npm package, pinned with its integrity hash in models/package-lock.json."""


@dataclass(frozen=True)
class Weights:
    """One network. `source` is the file in the package, `onnx` what our converter makes of it.

    darkest: what the network was trained to see as black; white is 1
    outputs: names we give to the outputs we keep, by their name in the source; other heads are cut off.
    """

    name: str
    source: str
    source_sha256: str
    source_bytes: int
    onnx: str
    onnx_sha256: str
    onnx_bytes: int
    license: str
    darkest: float
    outputs: tuple[tuple[str, str], ...]

    @property
    def path(self) -> Path:
        return FOLDER / self.onnx

    def checked_path(self) -> Path:
        """Where the converted file lies. SetupError when it is missing or not the one named here."""
        if not self.path.exists():
            raise SetupError(
                "The pose model is missing. Make it with: python -m ascension.vision.build_models"
            )
        if sha256_of(self.path) != self.onnx_sha256:
            raise SetupError(
                f"The pose model {self.onnx} is not the expected file."
                " Make it anew with: python -m ascension.vision.build_models"
            )
        return self.path


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_POSE_OUTPUTS: Final = (("Identity", "landmarks"), ("Identity_1", "presence"), ("Identity_3", "heatmap"))

DETECTOR: Final = Weights(
    name="blazepose-detector",
    source="pose_solution_packed_assets.data",
    source_sha256="a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
    source_bytes=2_962_288,
    onnx="pose_detector.onnx",
    onnx_sha256="8145af30a4eaf39e9802e5ee8e37a755a3dfe9487dcff410a24dcae1d0e7a9ef",
    onnx_bytes=5_961_382,
    license="Apache-2.0",
    darkest=-1.0,
    outputs=(("Identity", "boxes"), ("Identity_1", "scores")),
)

POSE: Final[dict[ModelName, Weights]] = {
    "heavy": Weights(
        name="blazepose-heavy",
        source="pose_landmark_heavy.tflite",
        source_sha256="59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        source_bytes=27_709_200,
        onnx="pose_heavy.onnx",
        onnx_sha256="740c902ab83e53accea2ae1c8932f29a69672008c9635a4855872e118b15e7b9",
        onnx_bytes=27_300_612,
        license="Apache-2.0",
        darkest=0.0,
        outputs=_POSE_OUTPUTS,
    ),
    "full": Weights(
        name="blazepose-full",
        source="pose_landmark_full.tflite",
        source_sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        source_bytes=6_440_512,
        onnx="pose_full.onnx",
        onnx_sha256="2193a2ebe75716ef68d6c763b4a55d3b377f0c58ff9479a0dbb1c8dd6be1f172",
        onnx_bytes=6_096_464,
        license="Apache-2.0",
        darkest=0.0,
        outputs=_POSE_OUTPUTS,
    ),
    "lite": Weights(
        name="blazepose-lite",
        source="pose_landmark_lite.tflite",
        source_sha256="f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        source_bytes=2_819_824,
        onnx="pose_lite.onnx",
        onnx_sha256="ac659d80d85484f671d7aafc57760cd2a6679bfb98f11fde857f7543488d835d",
        onnx_bytes=2_578_351,
        license="Apache-2.0",
        darkest=0.0,
        outputs=_POSE_OUTPUTS,
    ),
}

ALL: Final = (DETECTOR, *POSE.values())
