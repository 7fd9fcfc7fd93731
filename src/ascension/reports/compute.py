"""What the compute child does for `ascension analyze`: all that reads the clip, and what is made of it."""

from pathlib import Path
from typing import Any, Final, cast

from ascension.accounts.choices import Language
from ascension.analyses import result
from ascension.analyses.choices import Choices
from ascension.analyses.pipeline import Analysis, ReportProgress, analyze
from ascension.reports.annotations import annotated
from ascension.reports.content import Clip, Material
from ascension.reports.options import ReportFormat
from ascension.reports.reading import climb_of
from ascension.reports.rendering import report_as
from ascension.reports.texts import texts_of
from ascension.vision.networks import BackendChoice
from ascension.vision.overlay import write_overlay
from ascension.vision.weights import ModelName

_ANALYZE_SHARE: Final = 0.8
"""Of the bar, when an overlay video follows."""


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, object]:
    """Analyze `video_path`; write result, picture of the wall, reports and overlay where the request says.

    Returns {"summary": {...}, "seconds": ...}. Raises a JobFailure, or SetupError.
    """
    told = cast("dict[str, Any]", request)  # of our own command, made just now
    video = Path(told["video_path"])
    share = _ANALYZE_SHARE if told["overlay_path"] else 1.0
    analysis = analyze(
        video,
        threads=told["threads"],
        model=cast("ModelName", told["model"]),
        backend=cast("BackendChoice", told["backend"]),
        choices=Choices.model_validate(told["choices"]),
        on_progress=lambda stage, progress_pct, figures: report_progress(
            stage, int(progress_pct * share), figures
        ),
    )
    Path(told["result_path"]).write_bytes(result.encode(analysis.result))
    if analysis.wall_webp is not None:
        Path(told["wall_path"]).write_bytes(analysis.wall_webp)
    language: Language = told["language"]
    for to, path in told["report_paths"].items():
        Path(path).write_bytes(_reported(analysis, told, cast("ReportFormat", to), language))
    if told["overlay_path"]:
        write_overlay(
            video,
            annotated(analysis.result, texts_of(language)),
            Path(told["overlay_path"]),
            threads=told["threads"],
            on_progress=lambda progress_pct, figures: report_progress(
                "overlay", int(100 * share + progress_pct * (1 - share)), figures
            ),
        )
    return {"summary": analysis.summary(), "seconds": analysis.seconds}


def _reported(analysis: Analysis, told: dict[str, Any], to: ReportFormat, language: Language) -> bytes:
    clip = Clip(told["overlay_name"]) if told["overlay_path"] else None
    material = Material(analysis.result, climb_of(analysis.result), told["name"], analysis.wall_webp, clip)
    return report_as(to, material, language)
