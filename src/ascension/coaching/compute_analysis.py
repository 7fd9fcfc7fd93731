"""ENTRY of the compute child: `analyses.pipeline.run`, and the scores of its result in the summary."""

from pathlib import Path

from ascension.analyses import pipeline
from ascension.analyses.pipeline import ReportProgress
from ascension.coaching.summary import with_attempts


def run(request: dict[str, object], report_progress: ReportProgress) -> dict[str, object]:
    """Analyze a video and say how its attempts score, or load what that needs. Raises a JobFailure."""
    answer = pipeline.run(request, report_progress)
    if not answer:
        return {}
    data = Path(str(request["result_path"])).read_bytes()
    return {**answer, "summary": with_attempts(dict(answer["summary"]), data)}
