"""Analyze the example climb, and write what the client's page /demo shows of it to examples/demo/.

Made once and committed: docs/decisions/0034-first-minutes.md says why, tests/coaching/test_example.py holds
it to what this release would derive.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cv2

from ascension.accounts.choices import LANGUAGES, Language
from ascension.analyses import result
from ascension.analyses.choices import Choices
from ascension.analyses.pipeline import Analysis, analyze
from ascension.coaching.reading import coaching_of
from ascension.coaching.summary import with_attempts
from ascension.reports.annotations import annotated
from ascension.reports.texts import texts_of
from ascension.sharing.figures import shown_figures
from ascension.vision.drawing import Painter
from ascension.vision.video import VideoReader

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
CLIP: Final = EXAMPLES / "climb.mp4"
FOLDER: Final = EXAMPLES / "demo"
TOLD: Final = Choices(body_height_m=1.73)
"""How tall the body in the scene is: lengths are in meters."""
_POSTER_FRAME: Final = 150
_POSTER_WIDTH_PX: Final = 360
_POSTER_QUALITY: Final = 70


def coaching_text(data: bytes, language: Language) -> str:
    """What the API would answer about the result, as it is committed."""
    return coaching_of(data, language).model_dump_json(indent=1) + "\n"


def figures_text(summary: dict[str, Any]) -> str:
    """The figures that stand beside a result, those of them that others see."""
    return json.dumps(shown_figures(summary), indent=1, sort_keys=True) + "\n"


def main() -> int:
    analysis = analyze(CLIP, threads=os.cpu_count() or 1, choices=TOLD)
    data = result.encode(analysis.result)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "climb.ascension.gz").write_bytes(data)
    for language in LANGUAGES:
        (FOLDER / f"coaching-{language}.json").write_text(coaching_text(data, language), encoding="utf-8")
    (FOLDER / "figures.json").write_text(figures_text(with_attempts(analysis.summary(), data)))
    if analysis.wall_webp is None:
        raise SystemExit("The example shows no wall: that is a mistake.")
    (FOLDER / "wall.webp").write_bytes(analysis.wall_webp)
    (FOLDER / "poster.webp").write_bytes(_poster(analysis))
    return 0


def _poster(analysis: Analysis) -> bytes:
    """One frame with its skeleton, in no language."""
    tracks = replace(annotated(analysis.result, texts_of("en")), banners=(), captions=())
    with VideoReader(CLIP, threads=1) as video:
        painter = Painter(tracks, video.info.width_px)
        picture = next(
            painter.paint(frame.rgb(), index) for index, frame in enumerate(video) if index == _POSTER_FRAME
        )
    height, width = picture.shape[:2]
    size = (_POSTER_WIDTH_PX, round(height * _POSTER_WIDTH_PX / width))
    small = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, _POSTER_QUALITY])
    if not done:
        raise SystemExit("The picture cannot be written as WebP.")
    return encoded.tobytes()


if __name__ == "__main__":
    sys.exit(main())
