"""The arithmetic that the networks compute in, and what is right in one of them alone."""

import pytest

from ascension.vision.network_openvino import best_precision

BF16_ONLY = pytest.mark.skipif(
    best_precision() != "bf16",
    reason="right in bf16 (AMX); in f32 the clips are read a little otherwise: docs/validation.md",
)
