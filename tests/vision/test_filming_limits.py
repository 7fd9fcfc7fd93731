"""The hints while filming go by the gate's own limits and arithmetic."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from ascension.vision.appearance import sharpness
from scripts.filming import FILE, limits
from scripts.prepare import node
from tests.clips import CLIMB, read_pictures

MEASURE = """
import { readFileSync } from "node:fs";
import { grayOf, lightOf, sharpnessOf } from %s;
const data = readFileSync(process.argv[1]);
const gray = grayOf({ data, width: 256, height: 256 });
console.log(JSON.stringify({ ...lightOf(gray), sharpness: sharpnessOf(gray) }));
"""


def test_the_client_has_the_limits_of_today() -> None:
    assert FILE.read_text() == limits(), "run `make openapi`"


@pytest.mark.parametrize("blur_px", [0, 1, 3])
def test_the_client_measures_as_the_analysis_does(tmp_path: Path, blur_px: int) -> None:
    picture = read_pictures(CLIMB, 1)[0][200:456, 100:356].mean(axis=2)
    for _ in range(blur_px):
        padded = np.pad(picture, 1, mode="edge")
        picture = (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] + picture) / 5
    gray = np.clip(picture.round(), 1, 255).astype(np.uint8)  # 0 is outside of the picture there
    pixels = tmp_path / "pixels"
    pixels.write_bytes(np.repeat(gray[..., None], 4, axis=2).tobytes())
    npm, env = node()
    program = MEASURE % json.dumps(str(FILE.with_name("looks.ts")))
    command = [npm[0], "--input-type=module", "-e", program, str(pixels)]
    said = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    measured = json.loads(said.stdout)
    assert measured["sharpness"] == pytest.approx(sharpness(gray), rel=0.03)
    assert measured["brightness"] == pytest.approx(gray.mean() / 255, abs=0.001)
    assert measured["contrast"] == pytest.approx(gray.std() / 255, abs=0.001)
