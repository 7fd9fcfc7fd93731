"""Write what the phone's hints while filming go by, from the gate that judges the clip later."""

import sys
from pathlib import Path
from typing import Final

from ascension.infra.settings import UploadSettings
from ascension.vision import appearance, gate, video

FILE: Final = Path(__file__).parents[1] / "web/src/features/filming/limits.gen.ts"
NUMBERS: Final = {
    "dark": gate.DARK,
    "flat": gate.FLAT,
    "blurred": gate.BLURRED,
    "smallTorsoPx": gate.SMALL_TORSO_PX,
    "large": gate.LARGE,
    "samples": appearance.SAMPLES,
    "bodyPx": appearance.BODY_PX,
    "stepPx": appearance.STEP_PX,
    "longestS": video.MAX_DURATION_S,
    "mostBytes": UploadSettings.model_fields["upload_max_bytes"].default,
}


def limits() -> str:
    """The file as it has to be."""
    lines = [f"  {name}: {number}," for name, number in NUMBERS.items()]
    head = "/** The limits of the analysis, written by scripts/filming.py: hints are what is said later. */"
    return "\n".join([head, "export const limits = {", *lines, "} as const;", ""])


def main() -> int:
    FILE.write_text(limits())
    return 0


if __name__ == "__main__":
    sys.exit(main())
